"""JSON Lines, read so that every fault names its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from lhs_evidence.errors import RecordError


def parse_objects(data: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each line's number (from 1) and JSON object; blank lines are passed over.

    Raises:
        RecordError: A line is not UTF-8, not JSON (NaN and Infinity are not), not an object, or
            gives a field twice.
    """
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield number, parse_object(line, number)


def parse_object(line: bytes, number: int) -> dict[str, Any]:
    """Return the JSON object on one line; faults as in `parse_objects`."""
    try:
        # A byte order mark is what some editors put before the first line.
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        record = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise RecordError(number, "not UTF-8 text") from error
    except json.JSONDecodeError as error:
        raise RecordError(number, f"not valid JSON: {error.msg}, column {error.colno}") from error
    except RecursionError as error:
        raise RecordError(number, "not valid JSON: nested too deep") from error
    except ValueError as error:
        raise RecordError(number, f"not valid JSON: {error}") from error
    if not isinstance(record, dict):
        raise RecordError(number, "not a JSON object")
    return record


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    # JSON parsers keep the last of two equal keys and say nothing; here both may be labels.
    given = dict(pairs)
    if len(given) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"field {twice!r} given twice")
    return given


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
