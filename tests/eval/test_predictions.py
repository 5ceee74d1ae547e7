from __future__ import annotations

import hashlib
import json

import pytest

from lhs_eval.predictions import read_predictions
from lhs_evidence.errors import InputError
from lhs_evidence.model import Level


def test_predictions_are_read_as_written(prediction, write_lines, framework):
    findings, _ = read_predictions(write_lines([prediction("p1", ["safe"])]), framework)
    safe = findings["p1"].commitments["safe"]
    assert (safe.confidence, safe.positive) == (0.9, True)
    assert set(safe.positive_facets) == {"protocols", "risk"}
    assert findings["p1"].commitments["secure"].positive_facets == ()
    assert findings["p1"].likely_level is Level.OPERATIONAL


def test_what_a_line_says_of_positive_facets_is_taken(prediction, write_lines, framework):
    line = prediction("p1", ["safe"])
    line["commitments"]["safe"]["positive_facets"] = ["risk"]
    findings, _ = read_predictions(write_lines([line]), framework)
    assert findings["p1"].commitments["safe"].positive_facets == ("risk",)


def test_facets_level_and_polarity_may_be_left_out(prediction, write_lines, framework):
    line = prediction("p1")
    del line["level"], line["polarity"]
    for answer in line["commitments"].values():
        del answer["facets"]
    findings, _ = read_predictions(write_lines([line]), framework)
    assert findings["p1"].level == {}
    assert findings["p1"].commitments["safe"].facets == {}


def test_the_hash_names_the_file(prediction, write_lines, framework):
    file = write_lines([prediction("p1")])
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    assert read_predictions(file, framework)[1] == expected


def change(line: dict, path: str, value: object) -> dict:
    """Return the line with one value replaced, or taken out where the new value is None."""
    changed = json.loads(json.dumps(line))
    *way, last = path.split(".")
    target = changed
    for step in way:
        target = target[step]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("id", "p0", "given before, on line 1"),
        ("id", 3, "id: input should be a valid string"),
        ("commitments.safe", None, "no answer for commitment 'safe'"),
        ("commitments.saef", {"confidence": 0.1, "positive": False}, "unknown commitment 'saef'"),
        ("commitments.safe.confidence", 1.5, "less than or equal to 1"),
        ("commitments.safe.confidence", "0.5", "commitments.safe.confidence: input should be"),
        ("commitments.safe.confidence", None, "commitments.safe.confidence: field required"),
        ("commitments.safe.positive", "yes", "commitments.safe.positive"),
        ("commitments.safe.facets.ai", 0.5, "unknown facet 'ai' of 'safe'"),
        ("commitments.safe.facets.risk", None, "no confidence for facet safe.risk"),
        ("level.none", None, "level has no probability for 'none'"),
        ("level", None, "level or polarity"),
    ],
)
def test_a_fault_is_told_in_one_line_with_file_and_line(
    path, value, fault, prediction, write_lines, framework
):
    file = write_lines([prediction("p0"), change(prediction("p1"), path, value)])
    with pytest.raises(InputError) as caught:
        read_predictions(file, framework)
    message = str(caught.value)
    assert message.startswith(f"{file}, line 2: ")
    assert fault in message
    assert "\n" not in message


def test_an_empty_file_is_refused(write_lines, framework):
    with pytest.raises(InputError, match="holds no prediction"):
        read_predictions(write_lines([]), framework)
