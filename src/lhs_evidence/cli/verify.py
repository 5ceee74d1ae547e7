"""`verify`: whether what is claimed still stands in the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import FrameworkOption, JsonOption, load_analyzer

_REPORT = "gap-report.json"


def verify(
    workspace: Annotated[
        Path, typer.Option("--workspace", "-w", help="Folder of a workspace, or OUT of analyze.")
    ],
    report: Annotated[
        Path | None,
        typer.Option(help="A gap-report.json to hold against the workspace's text."),
    ] = None,
    as_json: JsonOption = False,
    framework: FrameworkOption = None,
) -> None:
    """Check every id, passage and quote against the text it comes from."""
    from lhs_evidence.report import read_report  # noqa: PLC0415 - see cli.loading

    analyzer = load_analyzer(framework)
    folder = workspace
    if not (workspace / "workspace.sqlite").exists() and (workspace / "workspace").is_dir():
        # What `analyze --out` wrote: the workspace lies beside the report.
        folder = workspace / "workspace"
        if report is None and (workspace / _REPORT).exists():
            report = workspace / _REPORT
    faults = analyzer.verify(folder)
    quotes = 0
    if report is not None:
        read = read_report(report)
        quotes = sum(1 for _ in read.quotes())
        faults += analyzer.verify_report(read, folder)
    if as_json:
        typer.echo(json.dumps({"faults": faults, "quotes": quotes}, ensure_ascii=False, indent=1))
    elif not faults:
        checked = f" and all {quotes} quotes of the report" if report else ""
        typer.echo(f"every id, passage and quote of the workspace{checked} holds")
    for fault in faults:
        console.say(fault)
    if faults:
        console.fail(f"{len(faults)} faults found")
