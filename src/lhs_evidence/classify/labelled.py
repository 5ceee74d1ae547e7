"""Labelled passages: the one reader of the format that training and evaluation share.

A labelled set is JSONL, one passage a line. `id`, `text` and `labels` are required; `heading`,
`title`, `organization`, `level`, `polarity` and `annotators` may be absent or null; other fields
(`source`, `licence`) are not read. A fault anywhere stops the reading, since a set that is half
understood yields numbers that mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from lhs_evidence.classify.jsonl import parse_objects
from lhs_evidence.errors import LabelledSetError, RecordError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import content_hash
from lhs_evidence.model import Level, Polarity

PARTIAL = 1
DIRECT = 2

Labels = Mapping[str, Mapping[str, int]]
_Term = TypeVar("_Term", Level, Polarity)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one annotator said of a passage; `labels` maps commitment and facet to strength."""

    labels: Labels
    level: Level | None = None
    polarity: Polarity | None = None

    def strength(self, commitment: str, facet: str | None = None) -> int:
        """Return 0, 1 or 2 for a facet, or for a commitment its strongest facet."""
        facets = self.labels.get(commitment, {})
        return max(facets.values(), default=0) if facet is None else facets.get(facet, 0)


@dataclass(frozen=True, slots=True)
class LabelledPassage:
    """A passage with its gold labels.

    `labels` maps commitment and facet to strength: 2 direct, 1 partial, absent 0. `level` and
    `polarity` are None where nobody said or the annotators differ. `annotators` keeps each
    annotator's own judgement. `heading` is the trail of headings as one string.
    """

    id: str
    text: str
    heading: str
    title: str
    organization: str
    labels: Labels
    level: Level | None
    polarity: Polarity | None
    annotators: Mapping[str, Judgement] = field(default_factory=dict)

    @property
    def gold(self) -> Judgement:
        """The agreed labels, in the shape of one annotator's."""
        return Judgement(self.labels, self.level, self.polarity)

    def strength(self, commitment: str, facet: str | None = None) -> int:
        """Return 0, 1 or 2 for a facet, or for a commitment its strongest facet."""
        return self.gold.strength(commitment, facet)


def read_labelled(path: Path, framework: Framework) -> list[LabelledPassage]:
    """Return the passages of a labelled set, in file order, checked against a framework.

    The same text may stand in two documents, or under two headings, and be judged differently
    there; with the same text, heading and title, different labels contradict each other.

    Raises:
        LabelledSetError: The file cannot be read, holds no passage, or has a fault; the text
            names the file and the line of the first one.
    """
    try:
        passages = list(_read(path.read_bytes(), framework))
    except OSError as error:
        raise LabelledSetError(f"{path}: {error.strerror}") from error
    except RecordError as error:
        raise LabelledSetError(f"{path}, {error}") from error
    if not passages:
        raise LabelledSetError(f"{path}: holds no labelled passage")
    return passages


def data_hash(passages: Iterable[LabelledPassage]) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of what a set says, whatever its line order."""
    return content_hash(sorted(map(_as_json, passages), key=lambda record: record["id"]))


class _FaultError(Exception):
    """What is wrong with one record, before its line is known."""


def _read(data: bytes, framework: Framework) -> Iterator[LabelledPassage]:
    lines: dict[str, int] = {}
    judged: dict[tuple[str, str, str], tuple[int, Judgement]] = {}
    for number, record in parse_objects(data):
        try:
            passage = _passage(record, framework)
        except _FaultError as fault:
            raise RecordError(number, str(fault)) from fault
        if (before := lines.setdefault(passage.id, number)) != number:
            raise RecordError(number, f"id {passage.id!r} was given before, on line {before}")
        place = (passage.text, passage.heading, passage.title)
        earlier, gold = judged.setdefault(place, (number, passage.gold))
        if gold != passage.gold:
            raise RecordError(number, f"the passage of line {earlier} again, labelled differently")
        yield passage


def _passage(record: Mapping[str, Any], framework: Framework) -> LabelledPassage:
    for required in ("id", "text", "labels"):
        if record.get(required) is None:
            raise _FaultError(f"field {required!r} is missing")
    gold = _judgement(record, framework)
    return LabelledPassage(
        id=_filled(record, "id"),
        text=_filled(record, "text"),
        heading=_string(record, "heading"),
        title=_string(record, "title"),
        organization=_string(record, "organization"),
        labels=gold.labels,
        level=gold.level,
        polarity=gold.polarity,
        annotators=_annotators(record, framework),
    )


def _annotators(record: Mapping[str, Any], framework: Framework) -> dict[str, Judgement]:
    given = record.get("annotators")
    if given is None:
        return {}
    judgements: dict[str, Judgement] = {}
    for name, own in _mapping(given, "field 'annotators'").items():
        try:
            judgements[name] = _judgement(_mapping(own, "a judgement"), framework)
        except _FaultError as fault:
            raise _FaultError(f"annotator {name!r}: {fault}") from fault
    return judgements


def _judgement(record: Mapping[str, Any], framework: Framework) -> Judgement:
    return Judgement(
        labels=_labels(record.get("labels"), framework),
        level=_term(record, "level", Level),
        polarity=_term(record, "polarity", Polarity),
    )


def _labels(given: Any, framework: Framework) -> dict[str, dict[str, int]]:
    labels: dict[str, dict[str, int]] = {}
    known = set(framework.facet_keys)
    for commitment, facets in _mapping(given, "field 'labels'").items():
        if commitment not in framework.commitment_ids:
            raise _FaultError(f"unknown commitment {commitment!r}")
        labels[commitment] = {}
        for facet, strength in _mapping(facets, f"labels of {commitment!r}").items():
            if f"{commitment}.{facet}" not in known:
                raise _FaultError(f"unknown facet {facet!r} of {commitment!r}")
            if type(strength) is not int or strength not in (PARTIAL, DIRECT):
                raise _FaultError(
                    f"strength of {commitment}.{facet} must be 1 or 2, not {strength!r}"
                )
            labels[commitment][facet] = strength
        if not labels[commitment]:
            raise _FaultError(f"commitment {commitment!r} names no facet")
    return labels


def _term(record: Mapping[str, Any], name: str, terms: type[_Term]) -> _Term | None:
    value = record.get(name)
    if value is None:
        return None
    try:
        return terms(value)
    except ValueError as error:
        known = ", ".join(terms)
        raise _FaultError(f"unknown {name} {value!r} (known: {known})") from error


def _mapping(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _FaultError(f"{what} must be a JSON object")
    return value


def _string(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _FaultError(f"field {name!r} must be a string")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _FaultError(f"field {name!r} holds half a character (a lone surrogate)") from error
    return value


def _filled(record: Mapping[str, Any], name: str) -> str:
    if not (value := _string(record, name)).strip():
        raise _FaultError(f"field {name!r} is empty")
    return value


def _as_json(passage: LabelledPassage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "text": passage.text,
        "heading": passage.heading,
        "title": passage.title,
        "organization": passage.organization,
        **_judgement_json(passage.gold),
        "annotators": {name: _judgement_json(own) for name, own in passage.annotators.items()},
    }


def _judgement_json(judgement: Judgement) -> dict[str, Any]:
    return {
        "labels": {name: dict(facets) for name, facets in judgement.labels.items()},
        "level": judgement.level,
        "polarity": judgement.polarity,
    }
