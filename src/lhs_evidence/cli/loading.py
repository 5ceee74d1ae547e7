"""The one door from commands to the pipeline.

The pipeline brings numpy, faiss and spaCy with it, about a second of imports. `--help` must not
wait for that, so commands come here when they run, and nothing heavier than Typer is imported
before.
"""

from __future__ import annotations

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
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


def load_analyzer(framework: Path | None = None) -> Analyzer:
    """Return an analyzer for the packaged framework, or for the one in a file."""
    from lhs_evidence.analyzer import Analyzer  # noqa: PLC0415 - see the module's docstring
    from lhs_evidence.framework import load_framework  # noqa: PLC0415

    return Analyzer(framework=load_framework(framework))


def check_kind(analyzer: Analyzer, kind: str) -> None:
    """Refuse a kind of organization that the framework does not know, as bad usage."""
    known = [candidate.id for candidate in analyzer.framework.kinds]
    if kind not in known:
        raise typer.BadParameter(f"{kind!r} is not one of {', '.join(known)}", param_hint="--kind")
