"""Content-addressed identity: the same content has the same id, on every machine.

An id is a short prefix for people and 24 hexadecimal digits (96 bits) of a SHA-256 over canonical
JSON. Canonical JSON (sorted keys, no spaces, UTF-8, no NaN) is part of the contract: changing it
changes every id.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

ID_DIGITS = 24
_READ_SIZE = 1 << 20


def canonical_json(value: Any) -> str:
    """Return the one JSON text that stands for `value`."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def content_hash(value: Any) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a JSON value's canonical form."""
    return hashlib.sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_READ_SIZE):
            digest.update(piece)
    return digest.hexdigest()


def text_hash(text: str) -> str:
    """Return the SHA-256 (64 hexadecimal digits) of a text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def document_id(name: str, sha256: str) -> str:
    """Return the id of one version of one document: its name and its bytes."""
    return "doc_" + content_hash(["document", name, sha256])[:ID_DIGITS]


def passage_id(document: str, start: int, end: int, text: str) -> str:
    """Return the id of a passage: where it stands, and what it says."""
    return "psg_" + content_hash(["passage", document, start, end, text])[:ID_DIGITS]


def assessment_id(content: Any) -> str:
    """Return the id of an assessment from everything in it but its time."""
    return "asm_" + content_hash(["assessment", content])[:ID_DIGITS]
