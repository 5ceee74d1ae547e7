"""Templates become pages."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from lhs_evidence.report.words import counted, moment


def page(template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """Return a page; everything put into it is escaped."""
    return HTMLResponse(environment().get_template(template).render(context), status)


@cache
def environment() -> Environment:
    """Return the environment of all pages."""
    made = Environment(
        loader=PackageLoader("lhs_service.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(counted=counted, moment=moment, size=_size, duration=_duration)
    made.globals["version"] = version("lhs-evidence")
    return made


def _duration(seconds: float) -> str:
    whole = max(1, round(seconds))
    if whole < 60:
        return counted(whole, "second")
    return counted(round(whole / 60), "minute")


def _size(count: int) -> str:
    if count < 1024:
        return counted(count, "byte")
    if count < 1 << 20:
        return f"{count / 1024:.0f} KiB"
    return f"{count / (1 << 20):.1f} MiB".replace(".0 ", " ")
