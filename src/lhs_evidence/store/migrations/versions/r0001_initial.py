"""Create documents, passages, vectors, findings and assessments."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create all tables."""
    _create_documents()
    _create_passages()
    _create_results()


def _create_documents() -> None:
    op.create_table(
        "document",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.Column("blocks", sa.Text, nullable=False),
        sa.Column("warnings", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sa.UniqueConstraint("name", name="uq_document_name"),
    )


def _create_passages() -> None:
    op.create_table(
        "passage",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.Column("boxes", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passage"),
        sa.ForeignKeyConstraint(
            ["document"], ["document.id"], name="fk_passage_document", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_passage_document", "passage", ["document"])


def _create_results() -> None:
    op.create_table(
        "vector",
        sa.Column("encoder", sa.String(64), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("encoder", "text_hash", name="pk_vector"),
    )
    op.create_table(
        "finding",
        sa.Column("classifier", sa.Text, nullable=False),
        sa.Column("passage", sa.String(64), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("classifier", "passage", name="pk_finding"),
        sa.ForeignKeyConstraint(
            ["passage"], ["passage.id"], name="fk_finding_passage", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_finding_passage", "finding", ["passage"])
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("created", sa.String(40), nullable=False),
        sa.Column("confirmed", sa.String(40), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assessment"),
    )
