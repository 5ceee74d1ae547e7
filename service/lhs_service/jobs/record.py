"""What is known of an analysis; `job.json` holds exactly this."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from lhs_evidence.model import DocumentStatus, Status
from lhs_evidence.report import GapReport
from lhs_evidence.report.schema import Urgency

_EVIDENCED = (Status.MEASURED, Status.OPERATIONAL, Status.DECLARED)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class State(StrEnum):
    """Where an analysis stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    # On its way out: not shown any more, and removed as soon as nobody works in its folder.
    DELETED = "deleted"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self in (State.DONE, State.FAILED)


class StoredFile(_Part):
    """An uploaded file under the name it is kept by."""

    name: str
    bytes: int = Field(ge=0)


class Progress(_Part):
    """How far the present stage is: `done` of `total`, and what is being worked on."""

    stage: str = ""
    done: int = 0
    total: int = 0
    what: str = ""


class DocumentOutcome(_Part):
    """How reading a document ended."""

    name: str
    status: DocumentStatus
    status_name: str
    reason: str
    pages: int
    passages: int


class Summary(_Part):
    """What a finished report comes to, for lists that should not read whole reports."""

    documents: tuple[DocumentOutcome, ...]
    read: int
    passages: int
    facets: int
    facets_evidenced: int
    gaps: int
    gaps_first: int

    @classmethod
    def of(cls, report: GapReport) -> Summary:
        """Return the summary of a report."""
        words = report.words.document_statuses
        facets = [facet for commitment in report.commitments for facet in commitment.facets]
        return cls(
            documents=tuple(
                DocumentOutcome(
                    name=document.name,
                    status=document.status,
                    status_name=words[document.status].name,
                    reason=document.reason or "; ".join(document.warnings),
                    pages=document.pages,
                    passages=document.passages,
                )
                for document in report.documents
            ),
            read=sum(document.status.has_text for document in report.documents),
            passages=sum(
                document.passages - document.passages_unclassified for document in report.documents
            ),
            facets=len(facets),
            facets_evidenced=sum(facet.status in _EVIDENCED for facet in facets),
            gaps=len(report.gaps),
            gaps_first=sum(gap.urgency is Urgency.FIRST for gap in report.gaps),
        )


class Analysis(_Part):
    """One analysis, from upload to report. Times are in UTC."""

    id: str = Field(pattern="^[0-9a-f]{32}$")
    organization: str
    kind: str
    created: datetime
    files: tuple[StoredFile, ...]
    state: State = State.QUEUED
    started: datetime | None = None
    finished: datetime | None = None
    attempts: int = 0
    progress: Progress = Progress()
    reason: str = ""
    summary: Summary | None = None
