"""Keep how faithfully documents were read, and language and legibility of passages.

Rows written before know none of it. Their digests are taken anew over the nouns with the new
fields, and their empty reader has the files read again when they are next handed over.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from pydantic_core import from_json, to_json

revision = "0002"
down_revision = "0001"

_FIDELITY: dict[str, Any] = {
    "pages_failed": [],
    "pages_recognised": [],
    "characters_removed": 0,
    "characters_hidden": 0,
    "encoding": "",
    "agreement": None,
    "reader": "",
}
# The fields of each noun in the order in which it is written; those in _JSON are kept as JSON.
_DOCUMENT = "id name sha256 status media_type title language text pages blocks warnings reason"
_PASSAGE = "id document start end text heading title pages boxes"
_JSON = frozenset({"pages", "blocks", "warnings", "heading", "boxes"})


def upgrade() -> None:
    """Add the columns and bring digests up to date."""
    unknown = to_json(_FIDELITY).decode()
    op.add_column(
        "document", sa.Column("fidelity", sa.Text, nullable=False, server_default=unknown)
    )
    op.add_column("passage", sa.Column("language", sa.Text, nullable=False, server_default=""))
    op.add_column("passage", sa.Column("ocr_confidence", sa.Double, nullable=True))
    _renew("document", _DOCUMENT.split(), {"fidelity": _FIDELITY})
    _renew("passage", _PASSAGE.split(), {"language": "", "ocr_confidence": None})


def _renew(table: str, fields: list[str], added: Mapping[str, Any]) -> None:
    """Write new digests, and the new field of blocks, row by row: texts are long."""
    connection = op.get_bind()
    rows = sa.table(table, *(sa.column(name) for name in [*fields, "digest"]))
    ids = connection.scalars(sa.select(rows.c.id)).all()
    for row_id in ids:
        query = sa.select(*(rows.c[name] for name in fields)).where(rows.c.id == row_id)
        row = connection.execute(query).mappings().one()
        noun = {name: from_json(row[name]) if name in _JSON else row[name] for name in fields}
        for block in noun.get("blocks", []):
            block["ocr_confidence"] = None
        digest = hashlib.sha256(to_json({**noun, **added})).hexdigest()
        values = {"digest": digest}
        if "blocks" in noun:
            values["blocks"] = to_json(noun["blocks"]).decode()
        connection.execute(sa.update(rows).where(rows.c.id == row_id).values(values))
