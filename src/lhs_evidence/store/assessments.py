"""Assessments as rows that are never changed."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from lhs_evidence.errors import WorkspaceError
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Assessment
from lhs_evidence.store.codec import dump, load
from lhs_evidence.store.tables import AssessmentRow


class AssessmentEntry(NamedTuple):
    """One line in the list of assessments; `created` is an ISO 8601 time in UTC."""

    id: str
    created: str
    organization: str


def put_assessment(session: Session, assessment: Assessment) -> None:
    """Keep an assessment; one that came out before is only noted as confirmed.

    Raises:
        WorkspaceError: Another assessment is kept under the same id.
    """
    row = session.get(AssessmentRow, assessment.id)
    if row is not None:
        kept = load(Assessment, row.content)
        if replace(assessment, created=kept.created) != kept:
            raise WorkspaceError(f"another assessment is kept under the id {assessment.id}")
        row.confirmed = max(row.confirmed, assessment.created)
        return
    content = dump(assessment)
    session.add(
        AssessmentRow(
            id=assessment.id,
            organization=assessment.organization,
            created=assessment.created,
            confirmed=assessment.created,
            content=content,
            digest=text_hash(content),
        )
    )


def get_assessment(session: Session, assessment: str | None) -> Assessment:
    """Return one assessment, or the one that came out last.

    Raises:
        WorkspaceError: There is no such assessment, or none at all.
    """
    if assessment is None:
        query = select(AssessmentRow).order_by(
            AssessmentRow.confirmed.desc(), AssessmentRow.id.desc()
        )
        row = session.scalar(query.limit(1))
        if row is None:
            raise WorkspaceError("the workspace holds no assessment yet")
    else:
        row = session.get(AssessmentRow, assessment)
        if row is None:
            raise WorkspaceError(f"the workspace holds no assessment {assessment}")
    return load(Assessment, row.content)


def list_assessments(session: Session) -> list[AssessmentEntry]:
    """Return the assessments, the one that came out last first."""
    query = select(AssessmentRow.id, AssessmentRow.created, AssessmentRow.organization).order_by(
        AssessmentRow.confirmed.desc(), AssessmentRow.id.desc()
    )
    return [AssessmentEntry(*row) for row in session.execute(query)]
