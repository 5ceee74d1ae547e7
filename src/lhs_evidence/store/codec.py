"""Nouns to text and back, exactly; vectors to bytes and back, bit for bit.

Pydantic reads and checks the dataclasses of `lhs_evidence.model` as they are, so a new field needs
no line here. Mappings keep their order, since ties between levels are broken by it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from lhs_evidence.ids import text_hash

T = TypeVar("T")

# The byte order is fixed so that a workspace can be carried to any machine.
_FLOAT32 = np.dtype("<f4")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(value: Any) -> str:
    """Return a noun, or a tuple of nouns or plain values, as JSON text.

    Raises:
        ValueError: A number is not finite, or a text holds a lone surrogate.
    """
    data = to_json(value, inf_nan_mode="constants")
    if b"NaN" in data or b"Infinity" in data:
        # Only a number that is not finite is refused, not a text that speaks of one.
        json.loads(data, parse_constant=_refuse)
    return data.decode()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a finite number")


def load(kind: type[T], text: str) -> T:
    """Return the noun of type `kind` that `dump` wrote as `text`.

    Raises:
        pydantic.ValidationError: The text is not such a noun.
    """
    adapter: TypeAdapter[T] = _adapter(kind)  # type: ignore[arg-type] # types are hashable
    return adapter.validate_json(text, strict=True)


def digest(value: Any) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a noun's JSON text."""
    return text_hash(dump(value))


def vector_to_bytes(vector: NDArray[np.float32]) -> bytes:
    """Return a one-dimensional vector as little-endian 32-bit floats."""
    return np.ascontiguousarray(vector, dtype=_FLOAT32).tobytes()


def vector_from_bytes(data: bytes) -> NDArray[np.float32]:
    """Return the vector that `vector_to_bytes` wrote, in this machine's byte order.

    Raises:
        ValueError: The length is not a multiple of four bytes.
    """
    return np.frombuffer(data, dtype=_FLOAT32).astype(np.float32)


class AsJson(TypeDecorator[Any]):
    """A column that holds plain values or nouns of one type as JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:  # noqa: ARG002
        """Write the value."""
        return dump(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the value."""
        return load(self.kind, value)
