"""`analyze`: the main job in one step."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import (
    FrameworkOption,
    KindOption,
    OcrOption,
    OrganizationOption,
    check_kind,
    load_analyzer,
)
from lhs_evidence.cli.summary import print_scorecard, say_unread

DEFAULT_FORMATS = "html,json"


def analyze(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders to read.", show_default=False)
    ],
    out: Annotated[Path, typer.Option(help="Folder for the report.", show_default=False)],
    organization: OrganizationOption = "",
    kind: KindOption = "hospital",
    formats: Annotated[
        str, typer.Option("--format", help="Formats of the report, with commas between.")
    ] = DEFAULT_FORMATS,
    framework: FrameworkOption = None,
    workspace: Annotated[
        Path | None,
        typer.Option(help="Where texts and vectors are kept (default: OUT/workspace)."),
    ] = None,
    ocr: OcrOption = None,
) -> None:
    """Read documents and write the gap report, in one step.

    Files that cannot be read are named here and in the report, and the rest goes on. Run again on
    changed files, only what changed is read and encoded.
    """
    from lhs_evidence.report import write_reports  # noqa: PLC0415 - see cli.loading

    analyzer = load_analyzer(framework, ocr=ocr)
    check_kind(analyzer, kind)
    wanted = parse_formats(formats)
    with console.progress() as progress:
        report = analyzer.analyze(
            paths,
            workspace or out / "workspace",
            organization=organization or _name_from(paths),
            kind=kind,
            progress=progress,
        )
    written = write_reports(report, out, wanted)
    say_unread(report)
    print_scorecard(report, written)
    if not any(document.status.has_text for document in report.documents):
        console.fail(
            f"no text could be read from any of the {len(report.documents)} files; "
            "the report says why"
        )


def parse_formats(formats: str) -> list[str]:
    """Return the formats named, refusing an unknown one as bad usage."""
    from lhs_evidence.report import FORMATS  # noqa: PLC0415 - see cli.loading

    wanted = [name.strip().lower() for name in formats.split(",") if name.strip()]
    for name in wanted:
        if name not in FORMATS:
            raise typer.BadParameter(
                f"{name!r} is not one of {', '.join(FORMATS)}", param_hint="--format"
            )
    return wanted


def _name_from(paths: list[Path]) -> str:
    """Return what to call an organization nobody named: the folder its documents came in."""
    first = paths[0].resolve()
    return first.name if first.is_dir() else first.parent.name
