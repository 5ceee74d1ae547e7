"""`classify`: order kept, odd records survived, bad ones named."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from lhs_evidence.framework import load_framework

COMMAND = (sys.executable, "-m", "lhs_evidence.cli.main", "classify")
FRAMEWORK = load_framework()


def classify(source, output):
    return subprocess.run(
        [*COMMAND, "--input", str(source), "--output", str(output)],
        capture_output=True,
        text=True,
        timeout=300,
    )


ODD = [
    {"id": "plain", "text": "Two nurses check each dose of insulin, and hands are washed first."},
    {"id": "empty", "text": ""},
    {"id": "long", "text": "Incidents are reported to the safety officer every day. " * 1800},
    {"id": "greek", "text": "Οι ασθενείς έχουν δικαίωμα πρόσβασης στον φάκελό τους."},
    {"id": "arabic", "text": "للمرضى الحق في الحصول على سجلاتهم الطبية", "heading": "الحقوق"},
    {"id": "trail", "text": "Passwords expire.", "heading": ["Access", "Passwords"], "title": "IT"},
    {"id": "emoji", "text": "😀" * 50},
    {"id": "lone", "text": "broken \ud800 surrogate"},
]


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    folder = tmp_path_factory.mktemp("classify")
    source = folder / "in.jsonl"
    lines = [json.dumps(record) for record in ODD]
    lines[3:3] = ["{not json", json.dumps({"id": "textless"}), json.dumps({"text": "no id"}), ""]
    source.write_text("\n".join(lines) + "\n")
    result = classify(source, folder / "out.jsonl")
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]
    return result, rows


def test_good_records_come_out_in_order(answered):
    _, rows = answered
    assert [row["id"] for row in rows] == [record["id"] for record in ODD]


def test_bad_records_are_named_by_line_and_end_with_one(answered):
    result, _ = answered
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for line in ("line 4:", "line 5:", "line 6:"):
        assert line in result.stderr


def test_every_row_has_the_contract_shape(answered):
    _, rows = answered
    for row in rows:
        assert tuple(row["commitments"]) == FRAMEWORK.commitment_ids
        for commitment, score in row["commitments"].items():
            facets = {facet.id for facet in FRAMEWORK.commitment(commitment).facets}
            assert set(score["facets"]) == facets
            assert 0 <= score["confidence"] <= 1
            assert isinstance(score["positive"], bool)
            assert isinstance(score["review"], bool)
        assert sum(row["level"].values()) == pytest.approx(1, abs=1e-4)
        assert sum(row["polarity"].values()) == pytest.approx(1, abs=1e-4)


def test_text_without_words_evidences_nothing(answered):
    _, rows = answered
    for row in rows:
        if row["id"] in {"empty", "emoji"}:
            assert not any(score["positive"] for score in row["commitments"].values())
            assert row["level"]["none"] == 1


def test_a_double_check_of_medication_is_about_safety(answered):
    _, [plain, *_] = answered
    confidences = {name: score["confidence"] for name, score in plain["commitments"].items()}
    assert max(confidences, key=lambda name: confidences[name]) == "safe"


def test_the_end_of_a_long_text_counts(tmp_path):
    filler = "The building has four floors and a garden with old trees. " * 300
    secret = (
        "Two nurses check each dose of a high-alert medication before it is given. "
        "Hands are washed before and after every contact with a patient. "
        "The surgical checklist is read aloud before the first incision. "
        "Any near miss or adverse event is reported the same day, and its root cause is found. "
    ) * 3
    source = tmp_path / "in.jsonl"
    source.write_text(
        "\n".join(
            json.dumps({"id": str(at), "text": text})
            for at, text in enumerate((filler, filler + secret))
        )
    )
    assert classify(source, tmp_path / "out.jsonl").returncode == 0
    without, with_it = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    safe = [row["commitments"]["safe"]["confidence"] for row in (without, with_it)]
    assert safe[1] > safe[0] + 0.2


def test_an_output_that_cannot_be_written_is_one_line(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text('{"id": "a", "text": "b"}\n')
    result = classify(source, tmp_path / "no" / "such" / "out.jsonl")
    assert result.returncode == 1
    assert len(result.stderr.strip().splitlines()) == 1
