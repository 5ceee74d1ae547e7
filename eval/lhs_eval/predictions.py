"""Predictions from a file, in the format that `lhs-evidence classify` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, Strict, StrictBool, StrictStr, ValidationError

from lhs_evidence.classify.jsonl import parse_objects
from lhs_evidence.errors import InputError, RecordError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import file_sha256
from lhs_evidence.model import CommitmentScore, Finding, Level, Polarity

FACET_THRESHOLD = 0.5

_Probability = Annotated[float, Strict(), Field(ge=0, le=1)]


class _CommitmentRecord(BaseModel):
    confidence: _Probability
    positive: StrictBool
    review: StrictBool = False
    facets: dict[StrictStr, _Probability] = Field(default_factory=dict)
    positive_facets: tuple[StrictStr, ...] | None = None


class _Record(BaseModel):
    id: Annotated[StrictStr, Field(min_length=1)]
    commitments: dict[StrictStr, _CommitmentRecord]
    level: dict[Level, _Probability] = Field(default_factory=dict)
    polarity: dict[Polarity, _Probability] = Field(default_factory=dict)


def read_predictions(path: Path, framework: Framework) -> tuple[dict[str, Finding], str]:
    """Return findings by passage id, and the SHA-256 of the file.

    Facets, level and polarity may be left out, on every line or on none. Where a line does not
    say which facets are positive, those at 0.5 or more of a positive commitment are.

    Raises:
        InputError: The file cannot be read or has a fault; the text names the file and the line.
    """
    try:
        findings, digest = dict(_read(path.read_bytes(), framework)), file_sha256(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    except RecordError as error:
        raise InputError(f"{path}, {error}") from error
    if not findings:
        raise InputError(f"{path}: holds no prediction")
    return findings, digest


def _read(data: bytes, framework: Framework) -> Iterator[tuple[str, Finding]]:
    lines: dict[str, int] = {}
    shape: tuple[bool, ...] | None = None
    for number, given in parse_objects(data):
        try:
            record = _Record.model_validate(given)
        except ValidationError as error:
            raise RecordError(number, _first_fault(error)) from error
        if fault := _misfit(record, framework):
            raise RecordError(number, fault)
        if (before := lines.setdefault(record.id, number)) != number:
            raise RecordError(number, f"id {record.id!r} was given before, on line {before}")
        own = (_has_facets(record), bool(record.level), bool(record.polarity))
        shape = shape or own
        if own != shape:
            raise RecordError(number, "facets, level or polarity given here and not before, or not")
        yield record.id, _finding(record, framework)


def _has_facets(record: _Record) -> bool:
    return any(answer.facets for answer in record.commitments.values())


def _misfit(record: _Record, framework: Framework) -> str:
    """Say what does not fit the framework, or nothing."""
    if unknown := [name for name in record.commitments if name not in framework.commitment_ids]:
        return f"unknown commitment {unknown[0]!r}"
    for commitment in framework.commitments:
        answer = record.commitments.get(commitment.id)
        if answer is None:
            return f"no answer for commitment {commitment.id!r}"
        facets = {facet.id for facet in commitment.facets}
        for facet in (*answer.facets, *(answer.positive_facets or ())):
            if facet not in facets:
                return f"unknown facet {facet!r} of {commitment.id!r}"
        if _has_facets(record) and (missing := sorted(facets - set(answer.facets))):
            return f"no confidence for facet {commitment.id}.{missing[0]}"
    for name, given, terms in (
        ("level", record.level, tuple(Level)),
        ("polarity", record.polarity, tuple(Polarity)),
    ):
        if given and (lacking := [term.value for term in terms if term not in given]):
            return f"{name} has no probability for {lacking[0]!r}"
    return ""


def _finding(record: _Record, framework: Framework) -> Finding:
    return Finding(
        passage=record.id,
        commitments={
            name: _score(name, record.commitments[name]) for name in framework.commitment_ids
        },
        level=record.level,
        polarity=record.polarity,
    )


def _score(commitment: str, answer: _CommitmentRecord) -> CommitmentScore:
    positive = answer.positive_facets
    if positive is None:
        positive = tuple(
            facet
            for facet, confidence in answer.facets.items()
            if answer.positive and confidence >= FACET_THRESHOLD
        )
    return CommitmentScore(
        commitment=commitment,
        confidence=answer.confidence,
        positive=answer.positive,
        review=answer.review,
        facets=answer.facets,
        positive_facets=positive,
    )


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_context=False)[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
