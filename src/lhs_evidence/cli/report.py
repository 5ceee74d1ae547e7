"""`report`: the gap report of an assessment, in one format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lhs_evidence.cli.analyze import parse_formats
from lhs_evidence.cli.loading import FrameworkOption, WorkspaceOption, load_analyzer


def report(
    workspace: WorkspaceOption,
    out: Annotated[Path, typer.Option(help="File to write.", show_default=False)],
    format_name: Annotated[str, typer.Option("--format", help="Format of the report.")] = "html",
    assessment: Annotated[
        str | None, typer.Option(help="Id of an assessment (default: the last one).")
    ] = None,
    framework: FrameworkOption = None,
) -> None:
    """Write the gap report of an assessment to a file."""
    from lhs_evidence.report import write_report  # noqa: PLC0415 - see cli.loading

    names = parse_formats(format_name)
    if len(names) != 1:
        raise typer.BadParameter("one format at a time", param_hint="--format")
    made = load_analyzer(framework).report(workspace, assessment)
    write_report(made, out, names[0])
    typer.echo(out)
