"""`ingest`: files into a workspace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import JsonOption, OcrOption, WorkspaceOption, load_analyzer


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(help="Files or folders to read.", show_default=False)
    ],
    workspace: WorkspaceOption,
    prune: Annotated[
        bool, typer.Option("--prune", help="Take out documents that are not among the paths.")
    ] = False,
    ocr: OcrOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read documents into a workspace; what has not changed is neither read nor encoded again."""
    analyzer = load_analyzer(ocr=ocr)
    with console.progress() as progress:
        result = analyzer.ingest(paths, workspace, prune=prune, progress=progress)
    for document in result.documents:
        if document.status != "ready":
            reason = document.reason or "; ".join(document.warnings)
            console.say(f"{document.name}: {document.status}: {reason}")
    if as_json:
        summary = {
            "documents": [
                {"id": d.id, "name": d.name, "status": d.status, "reason": d.reason}
                for d in result.documents
            ],
            "passages": result.passages,
            "encoded": result.encoded,
            "removed": list(result.removed),
        }
        typer.echo(json.dumps(summary, ensure_ascii=False, indent=1))
    else:
        typer.echo(
            f"{len(result.documents)} documents, {result.passages} passages, "
            f"{result.encoded} newly encoded"
        )
    if not any(document.status.has_text for document in result.documents):
        console.fail(f"no text could be read from any of the {len(result.documents)} files")
