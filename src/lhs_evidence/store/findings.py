"""Findings as rows, keyed by classifier and passage."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lhs_evidence.errors import WorkspaceError
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Finding
from lhs_evidence.store.codec import dump, load
from lhs_evidence.store.tables import FindingRow, PassageRow
from lhs_evidence.store.vectors import batches


def get_findings(session: Session, classifier: str) -> dict[str, Finding]:
    """Return all findings of a classifier, by passage id."""
    query = select(FindingRow.passage, FindingRow.content).where(
        FindingRow.classifier == classifier
    )
    return {passage: load(Finding, content) for passage, content in session.execute(query)}


def put_findings(session: Session, classifier: str, findings: Sequence[Finding]) -> None:
    """Keep findings of a classifier in place of earlier ones on the same passages.

    Raises:
        WorkspaceError: A finding is on a passage that the workspace does not hold.
    """
    by_passage = {finding.passage: finding for finding in findings}
    for batch in batches(by_passage):
        known = set(session.scalars(select(PassageRow.id).where(PassageRow.id.in_(batch))))
        for passage in batch:
            if passage not in known:
                raise WorkspaceError(f"the workspace holds no passage {passage}")
        session.execute(
            delete(FindingRow).where(
                FindingRow.classifier == classifier, FindingRow.passage.in_(batch)
            )
        )
        contents = [(passage, dump(by_passage[passage])) for passage in batch]
        values = [
            {
                "classifier": classifier,
                "passage": passage,
                "content": content,
                "digest": text_hash(content),
            }
            for passage, content in contents
        ]
        session.execute(insert(FindingRow), values)
