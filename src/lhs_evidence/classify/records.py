"""Passages and findings as the JSON records of the `classify` command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lhs_evidence.errors import RecordError
from lhs_evidence.ids import passage_id
from lhs_evidence.model import Finding, Passage

_DIGITS = 6


def passage_of(record: Mapping[str, Any], line: int) -> Passage:
    """Return the passage of an input record.

    `heading` may be one string or the trail of headings as a list.

    Raises:
        RecordError: `id` or `text` is missing, or a field is not text.
    """
    for required in ("id", "text"):
        if required not in record:
            raise RecordError(line, f"field {required!r} is missing")
    heading = record.get("heading") or []
    trail = [heading] if isinstance(heading, str) else heading
    title = record.get("title") or ""
    fields = {"id": record["id"], "text": record["text"], "title": title}
    if not isinstance(trail, list):
        raise RecordError(line, "field 'heading' must be a string or a list of strings")
    for name, value in [*fields.items(), *(("heading", part) for part in trail)]:
        if not isinstance(value, str):
            raise RecordError(line, f"field {name!r} must be a string")
    text = _encodable(record["text"])
    return Passage(
        id=passage_id(f"line-{line}", 0, len(text), text),
        document="",
        start=0,
        end=len(text),
        text=text,
        heading=tuple(_encodable(part) for part in trail),
        title=_encodable(title),
    )


def record_of(identity: str, finding: Finding) -> dict[str, Any]:
    """Return the output record of a finding, with the input's own id."""
    return {
        "id": identity,
        "commitments": {
            score.commitment: {
                "confidence": round(score.confidence, _DIGITS),
                "positive": score.positive,
                "review": score.review,
                "facets": {facet: round(p, _DIGITS) for facet, p in score.facets.items()},
                "positive_facets": list(score.positive_facets),
            }
            for score in finding.commitments.values()
        },
        "level": {level.value: round(p, _DIGITS) for level, p in finding.level.items()},
        "polarity": {pole.value: round(p, _DIGITS) for pole, p in finding.polarity.items()},
    }


def _encodable(text: str) -> str:
    """Return the text without lone surrogates, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
