"""The one door from commands to the pipeline.

The pipeline brings numpy, faiss and spaCy with it, about a second of imports. `--help` must not
wait for that, so commands come here when they run, and nothing heavier than Typer is imported
before.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lhs_evidence.analyzer import Analyzer

FrameworkOption = Annotated[
    Path | None,
    typer.Option("--framework", help="A framework file to use in place of the packaged one."),
]
WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder of the workspace.", file_okay=False)
]
KindOption = Annotated[
    str,
    typer.Option(
        help="Kind of organization: hospital, clinic, payer, public-health, vendor or research."
    ),
]
OrganizationOption = Annotated[
    str, typer.Option("--organization", help="Name of the organization, as the report shows it.")
]


class OcrMode(StrEnum):
    """When pages are read by text recognition."""

    AUTO = "auto"
    OFF = "off"
    FORCE = "force"


OcrOption = Annotated[
    OcrMode | None,
    typer.Option(
        "--ocr",
        help="Text recognition: auto reads pages without a text layer, force every page "
        "(default: auto, or LHS_OCR__MODE).",
        show_default=False,
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def load_analyzer(framework: Path | None = None, *, ocr: OcrMode | None = None) -> Analyzer:
    """Return an analyzer for the packaged framework, or for the one in a file.

    `ocr` goes before the mode that the settings name.
    """
    from lhs_evidence.analyzer import Analyzer  # noqa: PLC0415 - see the module's docstring
    from lhs_evidence.framework import load_framework  # noqa: PLC0415
    from lhs_evidence.settings import Settings  # noqa: PLC0415

    settings = Settings()
    if ocr is not None:
        settings.ocr.mode = ocr.value
    return Analyzer(settings, load_framework(framework))


def check_kind(analyzer: Analyzer, kind: str) -> None:
    """Refuse a kind of organization that the framework does not know, as bad usage."""
    known = [candidate.id for candidate in analyzer.framework.kinds]
    if kind not in known:
        raise typer.BadParameter(f"{kind!r} is not one of {', '.join(known)}", param_hint="--kind")
