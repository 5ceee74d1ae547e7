"""Documents as JSON and back, exactly: how a reading process hands them over.

Blocks, pages and boxes are lists in a fixed order rather than objects: a long PDF has a hundred
thousand of them.
"""

from __future__ import annotations

import json
from typing import Any

from lhs_evidence.model import (
    Block,
    BlockKind,
    BlockRole,
    Box,
    Document,
    DocumentStatus,
    Fidelity,
    Page,
)

# File names may hold lone surrogates, which plain UTF-8 refuses.
_ERRORS = "surrogatepass"


def encode_json(value: Any) -> bytes:
    """Return a JSON value as compact UTF-8."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", _ERRORS)


def decode_json(data: bytes) -> Any:
    """Return the JSON value in `data`; raises `ValueError` where there is none."""
    return json.loads(data.decode("utf-8", _ERRORS))


def document_to_json(document: Document) -> dict[str, Any]:
    """Return a document as a JSON object."""
    return {
        "id": document.id,
        "name": document.name,
        "sha256": document.sha256,
        "status": document.status.value,
        "media_type": document.media_type,
        "title": document.title,
        "language": document.language,
        "text": document.text,
        "pages": [_page_to_json(page) for page in document.pages],
        "blocks": [_block_to_json(block) for block in document.blocks],
        "warnings": list(document.warnings),
        "reason": document.reason,
        "fidelity": _fidelity_to_json(document.fidelity),
    }


def document_from_json(value: Any) -> Document:
    """Return the document that `document_to_json` wrote.

    Raises:
        ValueError: The value is not a document.
    """
    try:
        return Document(
            id=value["id"],
            name=value["name"],
            sha256=value["sha256"],
            status=DocumentStatus(value["status"]),
            media_type=value["media_type"],
            title=value["title"],
            language=value["language"],
            text=value["text"],
            pages=tuple(Page(*page) for page in value["pages"]),
            blocks=tuple(_block_from_json(block) for block in value["blocks"]),
            warnings=tuple(value["warnings"]),
            reason=value["reason"],
            fidelity=_fidelity_from_json(value["fidelity"]),
        )
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"not a document: {error!r}") from error


def _fidelity_to_json(fidelity: Fidelity) -> list[Any]:
    return [
        list(fidelity.pages_failed),
        list(fidelity.pages_recognised),
        fidelity.characters_removed,
        fidelity.characters_hidden,
        fidelity.encoding,
        fidelity.agreement,
        fidelity.reader,
    ]


def _fidelity_from_json(value: Any) -> Fidelity:
    failed, recognised, *figures = value
    return Fidelity(tuple(failed), tuple(recognised), *figures)


def _page_to_json(page: Page) -> list[Any]:
    return [
        page.number,
        page.label,
        page.start,
        page.end,
        page.has_text,
        page.width,
        page.height,
    ]


def _block_to_json(block: Block) -> list[Any]:
    boxes = [[box.page, box.x0, box.y0, box.x1, box.y1] for box in block.boxes]
    return [
        block.kind.value,
        block.start,
        block.end,
        block.level,
        block.role.value,
        list(block.pages),
        boxes,
        block.ocr_confidence,
    ]


def _block_from_json(value: Any) -> Block:
    kind, start, end, level, role, pages, boxes, ocr_confidence = value
    return Block(
        BlockKind(kind),
        start,
        end,
        level,
        BlockRole(role),
        tuple(pages),
        tuple(Box(*box) for box in boxes),
        ocr_confidence,
    )
