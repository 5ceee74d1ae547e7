"""Reports reach the disk whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pydantic import ValidationError

from lhs_evidence.durable import replace_files
from lhs_evidence.errors import InputError, OutputError
from lhs_evidence.report.html_format import render_html
from lhs_evidence.report.json_format import render_json
from lhs_evidence.report.schema import GapReport

_RENDERERS: Mapping[str, Callable[[GapReport], bytes]] = {
    "json": render_json,
    "html": render_html,
}
FORMATS: tuple[str, ...] = tuple(_RENDERERS)
ALWAYS = "json"


def write_reports(report: GapReport, directory: Path, formats: Collection[str]) -> dict[str, Path]:
    """Write `gap-report.<format>` for each format into a folder, and the JSON in any case.

    Everything is rendered before anything is written, and written beside its place before it is
    moved there: a fault leaves what was there before.

    Returns:
        The path of each file by format, in the order of `FORMATS`.

    Raises:
        InputError: A format is not known.
        OutputError: The folder cannot be made or written to.
    """
    wanted = _checked(formats)
    rendered = {name: _RENDERERS[name](report) for name in wanted}
    paths = {name: directory / f"gap-report.{name}" for name in wanted}
    if directory.exists() and not directory.is_dir():
        raise OutputError(f"cannot write the report to {directory}: it is not a folder")
    try:
        directory.mkdir(parents=True, exist_ok=True)
        replace_files({paths[name]: content for name, content in rendered.items()})
    except OSError as error:
        raise OutputError(
            f"cannot write the report to {directory}: {error.strerror or error}"
        ) from error
    return paths


def write_report(report: GapReport, path: Path, format_name: str) -> None:
    """Write a report in one format to a file of any name, whole or not at all.

    Raises:
        InputError: The format is not known.
        OutputError: The file cannot be written.
    """
    _checked([format_name])
    content = _RENDERERS[format_name](report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_files({path: content})
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error


def read_report(path: Path) -> GapReport:
    """Return the report in a `gap-report.json`.

    Raises:
        InputError: The file cannot be read, or holds no gap report of a known version.
    """
    try:
        return GapReport.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise InputError(f"{path} is not a gap report: {where}: {fault['msg']}") from error


def _checked(formats: Collection[str]) -> list[str]:
    if unknown := sorted(set(formats) - set(FORMATS)):
        raise InputError(f"no report format {unknown[0]!r} (known: {', '.join(FORMATS)})")
    return [name for name in FORMATS if name in formats or name == ALWAYS]
