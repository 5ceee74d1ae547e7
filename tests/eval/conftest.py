from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from lhs_evidence.framework import Framework, load_framework

TEXTS = (
    "Every ward keeps a hand hygiene checklist and the charge nurse signs it each shift.",
    "Patients sit on the advisory council and approve the visiting rules.",
    "Waiting times in the clinic fell to nine days in March.",
    "Printed on recycled paper.",
)


@pytest.fixture(scope="session")
def framework() -> Framework:
    return load_framework()


@pytest.fixture
def record() -> Callable[..., dict[str, Any]]:
    """Return a maker of labelled records; what is given replaces what is made."""

    def make(number: int, **given: Any) -> dict[str, Any]:
        made = {
            "id": f"p{number:04d}",
            "text": f"{TEXTS[number % len(TEXTS)]} Line {number}.",
            "heading": "Quality > Wards",
            "title": f"Plan {number % 7}",
            "source": {"path": "plan.pdf"},
            "labels": {"safe": {"protocols": 2}},
            "level": "operational",
            "polarity": "supports",
        }
        return made | given

    return make


@pytest.fixture
def write_lines(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of JSON Lines; strings are written as they are."""

    def write(lines: Sequence[Mapping[str, Any] | str], name: str = "set.jsonl") -> Path:
        path = tmp_path / name
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path.write_text("\n".join(texts) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def prediction(framework: Framework) -> Callable[..., dict[str, Any]]:
    """Return a maker of prediction records: some commitments at 0.9, the others at 0.1."""

    def make(passage: str, positive: Sequence[str] = (), **given: Any) -> dict[str, Any]:
        commitments = {
            item.id: {
                "confidence": 0.9 if item.id in positive else 0.1,
                "positive": item.id in positive,
                "review": False,
                "facets": {facet.id: 0.9 if item.id in positive else 0.1 for facet in item.facets},
            }
            for item in framework.commitments
        }
        return {
            "id": passage,
            "commitments": commitments,
            "level": {"none": 0.1, "declared": 0.1, "operational": 0.7, "measured": 0.1},
            "polarity": {"supports": 0.9, "counter": 0.1},
        } | given

    return make
