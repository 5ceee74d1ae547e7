"""What the API answers with."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lhs_service.jobs import Analysis, Progress, State, StoredFile, Summary

_EXAMPLE_ID = "5f0c1d9be2a94b7f8d3e6a1c40b29e77"


class Problem(BaseModel):
    """Why a request was refused, as RFC 9457 has it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Not Found",
                "status": 404,
                "detail": "There is no such analysis.",
            }
        }
    )

    type: str
    title: str
    status: int
    detail: str
    incident: str | None = Field(
        None, description="Only for faults on the service's side: what its log calls this."
    )


class ShownState(StrEnum):
    """Where an analysis stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Links(BaseModel):
    """Where to go from here; reports are there once the analysis is done."""

    self: str
    page: str
    report: str | None
    report_html: str | None


class AnalysisAnswer(BaseModel):
    """One analysis."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": _EXAMPLE_ID,
                "organization": "Kestrel Basin Health",
                "kind": "hospital",
                "state": "running",
                "created": "2026-10-09T14:05:00Z",
                "started": "2026-10-09T14:05:01Z",
                "finished": None,
                "progress": {"stage": "Reading", "done": 3, "total": 12, "what": "annual.pdf"},
                "reason": "",
                "files": [{"name": "annual.pdf", "bytes": 81234}],
                "summary": None,
                "links": {
                    "self": f"/api/v1/analyses/{_EXAMPLE_ID}",
                    "page": f"/analyses/{_EXAMPLE_ID}",
                    "report": None,
                    "report_html": None,
                },
            }
        }
    )

    id: str
    organization: str
    kind: str
    state: ShownState
    created: datetime
    started: datetime | None
    finished: datetime | None
    progress: Progress = Field(description="Of the present stage; `total` is 0 before it is known.")
    reason: str = Field(description="Why it failed; empty if it did not.")
    files: tuple[StoredFile, ...] = Field(description="What was uploaded, under safe names.")
    summary: Summary | None = Field(description="What the report comes to, once it is there.")
    links: Links

    @classmethod
    def of(cls, analysis: Analysis) -> AnalysisAnswer:
        """Return the answer for an analysis."""
        own = f"/api/v1/analyses/{analysis.id}"
        has_report = analysis.state is State.DONE
        return cls(
            id=analysis.id,
            organization=analysis.organization,
            kind=analysis.kind,
            state=ShownState(analysis.state),
            created=analysis.created,
            started=analysis.started,
            finished=analysis.finished,
            progress=analysis.progress,
            reason=analysis.reason,
            files=analysis.files,
            summary=analysis.summary,
            links=Links(
                self=own,
                page=f"/analyses/{analysis.id}",
                report=f"{own}/report" if has_report else None,
                report_html=f"{own}/report.html" if has_report else None,
            ),
        )


class AnalysesAnswer(BaseModel):
    """Analyses, the newest first."""

    analyses: list[AnalysisAnswer]
    total: Annotated[int, Field(ge=0, description="How many there are in all.")]


class Health(BaseModel):
    """That the service answers, and which version of it."""

    status: str = Field(examples=["ok"])
    version: str = Field(examples=["0.1.0"])
