"""The pages: home with the upload form, one page for each analysis, its gap report."""

from __future__ import annotations

from importlib.resources import files

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from lhs_service.api.analyses import html_report
from lhs_service.desk import AtDesk, Desk
from lhs_service.intake import take_in
from lhs_service.web.rendering import page

router = APIRouter(include_in_schema=False)

_SHOWN = 50
# Refusals that the form can be sent again for, so they are said on the form itself.
_FORM_FAULTS = frozenset({400, 408, 413, 415, 422})
# What the analyzer calls its stages, and what people are told.
STAGES = {
    "Reading": "Reading the documents",
    "Encoding": "Taking in what passages mean",
    "Classifying": "Finding evidence",
    "Reporting": "Writing the gap report",
}


@router.get("/")
async def home(desk: AtDesk) -> HTMLResponse:
    """Show the upload form and earlier analyses."""
    return _home(desk)


@router.post("/analyses")
async def upload(request: Request, desk: AtDesk) -> Response:
    """Take an upload in and go to its page; a refused one gets the form back with the reason."""
    try:
        analysis = await take_in(request, desk)
    except HTTPException as error:
        if error.status_code not in _FORM_FAULTS:
            raise
        return _home(desk, status=error.status_code, fault=str(error.detail))
    return RedirectResponse(f"/analyses/{analysis.id}", 303)


@router.get("/analyses")
async def analyses() -> RedirectResponse:
    """Go to the list, which is on the home page."""
    return RedirectResponse("/#analyses", 303)


@router.get("/analyses/{analysis}")
async def show(analysis: str, desk: AtDesk) -> HTMLResponse:
    """Show how far an analysis is, or what came of it."""
    found = desk.analysis(analysis)
    kinds = {kind.id: kind.name for kind in desk.framework.kinds}
    return page(
        "analysis.html",
        analysis=found,
        kind=kinds.get(found.kind, found.kind),
        stages=STAGES,
    )


@router.get("/analyses/{analysis}/report")
async def report(analysis: str, desk: AtDesk) -> FileResponse:
    """Show the gap report."""
    return html_report(desk, analysis)


@router.get("/analyses/{analysis}/gap-report.json")
async def download(analysis: str, desk: AtDesk) -> FileResponse:
    """Hand the gap report over as a file."""
    return FileResponse(
        desk.report(analysis, "json"), media_type="application/json", filename="gap-report.json"
    )


@router.post("/analyses/{analysis}/delete")
async def delete(analysis: str, desk: AtDesk) -> RedirectResponse:
    """Delete an analysis and go home."""
    await run_sync(desk.delete, analysis)
    return RedirectResponse("/", 303)


@router.get("/static/report.css")
async def report_style() -> Response:
    """Return the gap report's own style sheet, which the pages build on."""
    style = files("lhs_evidence.report") / "templates" / "report.css"
    return Response(
        style.read_bytes(), media_type="text/css", headers={"Cache-Control": "no-cache"}
    )


def _home(desk: Desk, *, status: int = 200, fault: str = "") -> HTMLResponse:
    analyses = desk.catalogue.all()
    return page(
        "home.html",
        status=status,
        fault=fault,
        kinds=desk.framework.kinds,
        settings=desk.settings,
        analyses=analyses[:_SHOWN],
        total=len(analyses),
    )
