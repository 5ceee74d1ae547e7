"""Labels on passages whose text belongs to others: places and labels, and never the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lhs_evidence.framework import load_framework

REAL = Path(__file__).resolve().parents[2] / "eval" / "labelled" / "real.jsonl"
FACETS = frozenset(load_framework().facet_keys)


@pytest.fixture(scope="module")
def records():
    return [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]


def test_no_text_of_others_came_along(records):
    kept = {"id", "organization", "source", "labels", "level", "polarity", "annotators"}
    places = {"repo", "commit", "path", "start", "end", "text_sha256"}
    assert all(set(record) == kept and set(record["source"]) == places for record in records)


def test_every_label_is_one_of_the_framework(records):
    for record in records:
        for own in (record, *record["annotators"].values()):
            for commitment, facets in own["labels"].items():
                assert {f"{commitment}.{facet}" for facet in facets} <= FACETS
                assert set(facets.values()) <= {1, 2}


def test_every_passage_stands_once_and_was_labelled_twice(records):
    assert len({record["id"] for record in records}) == len(records)
    assert all(len(record["annotators"]) == 2 for record in records)
