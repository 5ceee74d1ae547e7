"""Analyses over the API: upload, watch, fetch the report, delete."""

from __future__ import annotations

from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from lhs_evidence.report import GapReport
from lhs_service.api.models import AnalysesAnswer, AnalysisAnswer, Problem
from lhs_service.desk import AtDesk
from lhs_service.intake import take_in
from lhs_service.security.headers import REPORT_POLICY

router = APIRouter(prefix="/api/v1/analyses", tags=["analyses"])

_MEANINGS = {
    400: "The form is malformed.",
    403: "The request comes from another site.",
    404: "There is no such analysis.",
    408: "The upload stood still for too long.",
    409: "The analysis is not done.",
    413: "A limit on files, their number or the request is exceeded.",
    415: "The body is not multipart/form-data.",
    421: "The Host header does not name this machine.",
    422: "Something sent is missing or unknown.",
    500: "A fault on the service's side.",
    507: "There is no room left.",
}

_UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "minItems": 1,
                            "description": "PDF, Word, Excel, PowerPoint, HTML, Markdown, text, "
                            "e-mail, or a ZIP archive of them; any other file ends as "
                            "`unsupported` in the report.",
                        },
                        "organization": {
                            "type": "string",
                            "maxLength": 200,
                            "description": "Name of the organization, as the report shows it.",
                            "examples": ["Kestrel Basin Health"],
                        },
                        "kind": {
                            "type": "string",
                            "description": "Kind of organization; says what is expected of it.",
                            "default": "hospital",
                            "examples": ["hospital", "clinic", "public-health"],
                        },
                    },
                }
            }
        },
    }
}


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {
        status: {"description": _MEANINGS[status], "model": Problem}
        for status in sorted({*statuses, 421, 500})
    }


@router.post(
    "",
    status_code=202,
    summary="Upload documents and queue their analysis",
    responses=_problems(400, 403, 408, 413, 415, 422, 507),
    openapi_extra=_UPLOAD,
)
async def create(request: Request, response: Response, desk: AtDesk) -> AnalysisAnswer:
    """Take files in; `Location` says where to watch the analysis."""
    answer = AnalysisAnswer.of(await take_in(request, desk))
    response.headers["Location"] = answer.links.self
    return answer


@router.get("", summary="List analyses, the newest first", responses=_problems(422))
async def list_all(
    desk: AtDesk,
    limit: Annotated[int, Query(ge=1, le=200, description="Most analyses returned.")] = 50,
    offset: Annotated[int, Query(ge=0, description="How many to pass over.")] = 0,
) -> AnalysesAnswer:
    """Return a stretch of the list, and how long the whole is."""
    analyses = desk.catalogue.all()
    shown = [AnalysisAnswer.of(item) for item in analyses[offset : offset + limit]]
    return AnalysesAnswer(analyses=shown, total=len(analyses))


@router.get("/{analysis}", summary="Say how far an analysis is", responses=_problems(404))
async def read(analysis: str, desk: AtDesk) -> AnalysisAnswer:
    """Return state, progress and, at the end, what the report comes to."""
    return AnalysisAnswer.of(desk.analysis(analysis))


@router.get(
    "/{analysis}/report",
    summary="Fetch the gap report as JSON",
    response_model=GapReport,
    responses=_problems(404, 409),
)
async def report(analysis: str, desk: AtDesk) -> FileResponse:
    """Return `gap-report.json`, byte for byte as it was made."""
    return FileResponse(
        desk.report(analysis, "json"),
        media_type="application/json",
        filename="gap-report.json",
        content_disposition_type="inline",
    )


@router.get(
    "/{analysis}/report.html",
    summary="Fetch the gap report as one HTML file",
    response_class=Response,
    responses=_problems(404, 409)
    | {
        200: {"content": {"text/html": {"schema": {"type": "string"}}}, "description": "The report"}
    },
)
async def report_html(analysis: str, desk: AtDesk) -> FileResponse:
    """Return `gap-report.html`; it needs nothing beside it."""
    return html_report(desk, analysis)


@router.delete(
    "/{analysis}",
    status_code=204,
    summary="Delete an analysis and all its files",
    responses=_problems(403, 404, 507),
)
async def delete(analysis: str, desk: AtDesk) -> None:
    """Delete for good; one that is running ends at its next step."""
    await run_sync(desk.delete, analysis)


def html_report(desk: AtDesk, analysis: str) -> FileResponse:
    """Return the HTML report with the policy that its own style needs."""
    return FileResponse(
        desk.report(analysis, "html"),
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": REPORT_POLICY},
    )
