"""The tables of a workspace.

Every row that people may rely on carries a digest of the noun it holds, so that `check` can tell
a row that was changed behind the program's back. Only portable SQL types are used.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from lhs_evidence.model import Block, Box, Fidelity, Page
from lhs_evidence.store.codec import AsJson

ID = String(64)
HASH = String(64)


class Base(DeclarativeBase):
    """Base of all rows; constraints get fixed names, so that migrations can address them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class DocumentRow(Base):
    """One document: the version of it that was read last."""

    __tablename__ = "document"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(Text, unique=True)
    sha256: Mapped[str] = mapped_column(HASH)
    status: Mapped[str] = mapped_column(String(32))
    media_type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    pages: Mapped[tuple[Page, ...]] = mapped_column(AsJson(tuple[Page, ...]))
    blocks: Mapped[tuple[Block, ...]] = mapped_column(AsJson(tuple[Block, ...]))
    warnings: Mapped[tuple[str, ...]] = mapped_column(AsJson(tuple[str, ...]))
    fidelity: Mapped[Fidelity] = mapped_column(AsJson(Fidelity))
    digest: Mapped[str] = mapped_column(HASH)


class PassageRow(Base):
    """One passage; `position` is its place among the passages of its document."""

    __tablename__ = "passage"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    document: Mapped[str] = mapped_column(
        ID, ForeignKey("document.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    heading: Mapped[tuple[str, ...]] = mapped_column(AsJson(tuple[str, ...]))
    title: Mapped[str] = mapped_column(Text)
    pages: Mapped[tuple[int, ...]] = mapped_column(AsJson(tuple[int, ...]))
    boxes: Mapped[tuple[Box, ...]] = mapped_column(AsJson(tuple[Box, ...]))
    language: Mapped[str] = mapped_column(Text)
    ocr_confidence: Mapped[float | None]
    digest: Mapped[str] = mapped_column(HASH)


class VectorRow(Base):
    """The vector of one text under one encoder.

    Keyed by what the text says and tied to no document, so that text that stays the same from one
    version of a document to the next is never encoded again.
    """

    __tablename__ = "vector"

    encoder: Mapped[str] = mapped_column(HASH, primary_key=True)
    text_hash: Mapped[str] = mapped_column(HASH, primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class FindingRow(Base):
    """What one classifier says of one passage, as JSON."""

    __tablename__ = "finding"

    classifier: Mapped[str] = mapped_column(Text, primary_key=True)
    passage: Mapped[str] = mapped_column(
        ID, ForeignKey("passage.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(HASH)


class AssessmentRow(Base):
    """One assessment as JSON; never changed once written.

    `created` is when it was first made, `confirmed` when the same result last came out again. No
    foreign key leads to documents: an assessment carries its passages and outlives them.
    """

    __tablename__ = "assessment"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    organization: Mapped[str] = mapped_column(Text)
    created: Mapped[str] = mapped_column(String(40))
    confirmed: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(HASH)
