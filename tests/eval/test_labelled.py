from __future__ import annotations

from pathlib import Path

import pytest

from lhs_evidence.classify.labelled import data_hash, read_labelled
from lhs_evidence.errors import LabelledSetError
from lhs_evidence.model import Level, Polarity

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def test_a_set_is_read_as_written(record, write_lines, framework):
    annotators = {"x": {"labels": {"safe": {"risk": 1}}, "level": "declared", "polarity": None}}
    labels = {"safe": {"risk": 2, "protocols": 1}}
    path = write_lines([record(1, labels=labels, annotators=annotators, organization="Hillside")])
    (passage,) = read_labelled(path, framework)
    assert (passage.id, passage.organization, passage.title) == ("p0001", "Hillside", "Plan 1")
    assert (passage.level, passage.polarity) == (Level.OPERATIONAL, Polarity.SUPPORTS)
    assert passage.strength("safe") == 2
    assert passage.strength("safe", "protocols") == 1
    assert passage.strength("secure") == 0
    assert passage.annotators["x"].strength("safe") == 1
    assert passage.annotators["x"].polarity is None


FAULTS = {
    '{"id": "a", "text": ': "not valid JSON",
    '["id"]': "not a JSON object",
    '{"id": "a", "id": "b"}': "'id' given twice",
    '{"id": "a", "text": "t", "labels": {"safe": {"risk": NaN}}}': "NaN is not a number",
    '{"id": "a", "labels": {}}': "field 'text' is missing",
    '{"id": "a", "text": "t"}': "field 'labels' is missing",
    '{"id": "a", "text": " ", "labels": {}}': "field 'text' is empty",
    '{"id": 7, "text": "t", "labels": {}}': "field 'id' must be a string",
    '{"id": "a", "text": "t", "labels": []}': "field 'labels' must be a JSON object",
    '{"id": "a", "text": "t", "labels": {"saef": {"risk": 2}}}': "unknown commitment 'saef'",
    '{"id": "a", "text": "t", "labels": {"safe": {"ai": 2}}}': "unknown facet 'ai' of 'safe'",
    '{"id": "a", "text": "t", "labels": {"safe": {}}}': "commitment 'safe' names no facet",
    '{"id": "a", "text": "t", "labels": {"safe": {"risk": 3}}}': "must be 1 or 2, not 3",
    '{"id": "a", "text": "t", "labels": {"safe": {"risk": true}}}': "must be 1 or 2, not True",
    '{"id": "a", "text": "t", "labels": {}, "level": "high"}': "unknown level 'high'",
    '{"id": "a", "text": "t", "labels": {}, "polarity": "no"}': "unknown polarity 'no'",
    '{"id": "p0000", "text": "t", "labels": {}}': "given before, on line 1",
    '{"id": "a", "text": "t", "labels": {}, "annotators": {"x": {"labels": {"no": {"no": 1}}}}}': (
        "annotator 'x': unknown commitment 'no'"
    ),
    '{"id": "a", "text": "t \\ud800", "labels": {}}': "'text' holds half a character",
    "[" * 100_000: "nested too deep",
}


@pytest.mark.parametrize(("line", "fault"), FAULTS.items(), ids=FAULTS.values())
def test_a_fault_is_told_in_one_line_with_file_and_line(
    line, fault, record, write_lines, framework
):
    path = write_lines([record(0), "", line])
    with pytest.raises(LabelledSetError) as caught:
        read_labelled(path, framework)
    message = str(caught.value)
    assert message.startswith(f"{path}, line 3: ")
    assert fault in message
    assert "\n" not in message


def test_bytes_that_are_not_utf8_are_told_with_their_line(tmp_path, framework):
    path = tmp_path / "set.jsonl"
    path.write_bytes(b'{"id": "a", "text": "t", "labels": {}}\n{"id": "\xff"}\n')
    with pytest.raises(LabelledSetError, match="line 2: not UTF-8 text"):
        read_labelled(path, framework)


def test_the_same_passage_labelled_differently_is_refused(record, write_lines, framework):
    twin = record(0, id="twin", labels={"safe": {"risk": 2}})
    with pytest.raises(LabelledSetError, match="line 2: the passage of line 1 again"):
        read_labelled(write_lines([record(0), twin]), framework)


def test_the_same_text_may_mean_another_thing_in_another_document(record, write_lines, framework):
    twin = record(0, id="twin", title="Another plan", labels={"safe": {"risk": 2}})
    assert len(read_labelled(write_lines([record(0), twin]), framework)) == 2


@pytest.mark.parametrize("lines", [[], ["", "  "]])
def test_a_set_without_passages_is_refused(lines, write_lines, framework):
    with pytest.raises(LabelledSetError, match="holds no labelled passage"):
        read_labelled(write_lines(lines), framework)


def test_a_missing_file_is_told_by_its_name(tmp_path, framework):
    with pytest.raises(LabelledSetError, match="nowhere"):
        read_labelled(tmp_path / "nowhere.jsonl", framework)


def test_the_data_hash_follows_the_content_and_not_the_line_order(record, write_lines, framework):
    records = [record(0), record(1), record(2, level="measured")]
    forwards = data_hash(read_labelled(write_lines(records), framework))
    assert data_hash(read_labelled(write_lines(records[::-1]), framework)) == forwards
    records[1]["labels"] = {"safe": {"protocols": 1}}
    assert data_hash(read_labelled(write_lines(records), framework)) != forwards


@pytest.mark.skipif(not SHARED.is_dir(), reason="no labelled passages beside the checkout")
def test_a_large_real_set_is_read_whole(framework):
    path = SHARED / "labelling" / "train.jsonl"
    with path.open(encoding="utf-8") as lines:
        assert len(read_labelled(path, framework)) == sum(1 for line in lines if line.strip())
