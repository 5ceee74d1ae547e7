from collections.abc import Callable

import pytest

from lhs_evidence.ids import document_id
from lhs_evidence.model import Block, BlockKind, BlockRole, Document, DocumentStatus

KINDS = {
    "#": BlockKind.HEADING,
    "p": BlockKind.PARAGRAPH,
    "-": BlockKind.LIST_ITEM,
    "|": BlockKind.TABLE_ROW,
    "c": BlockKind.CAPTION,
    "n": BlockKind.FOOTNOTE,
}


def lay_out(*parts) -> Document:
    """Build a document from (kind, text) or (kind, text, changes to the block)."""
    text = ""
    blocks: list[Block] = []
    for mark, words, *changes in parts:
        kind = KINDS[mark]
        close = blocks and blocks[-1].kind is kind and mark in "-|"
        text += ("\n" if close else "\n\n") if blocks else ""
        fields = {"level": 1 if mark == "#" else 0} | (changes[0] if changes else {})
        blocks.append(Block(kind, len(text), len(text) + len(words), **fields))
        text += words
    return Document(
        id=document_id("policy.md", "0" * 64),
        name="policy.md",
        sha256="0" * 64,
        status=DocumentStatus.READY,
        title="Policy",
        text=text,
        blocks=tuple(blocks),
    )


@pytest.fixture
def document() -> Callable[..., Document]:
    return lay_out


@pytest.fixture
def furniture() -> dict[str, BlockRole]:
    return {"role": BlockRole.FURNITURE}
