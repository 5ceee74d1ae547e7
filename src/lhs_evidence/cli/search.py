"""`search`: passages that answer a query."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.text import Text

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import FrameworkOption, JsonOption, WorkspaceOption, load_analyzer


def search(
    query: Annotated[str, typer.Argument(help="What to look for, in plain words.")],
    workspace: WorkspaceOption,
    commitment: Annotated[
        str | None, typer.Option(help="Only passages that would be cited for this commitment.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most passages shown.")] = 10,
    as_json: JsonOption = False,
    framework: FrameworkOption = None,
) -> None:
    """Search a workspace by meaning and by words together."""
    analyzer = load_analyzer(framework)
    known = analyzer.framework.commitment_ids
    if commitment is not None and commitment not in known:
        raise typer.BadParameter(
            f"{commitment!r} is not one of {', '.join(known)}", param_hint="--commitment"
        )
    hits = analyzer.search(workspace, query, commitment=commitment, limit=limit)
    if as_json:
        found = [
            {
                "passage": hit.passage.id,
                "document": hit.document_name,
                "pages": list(hit.passage.pages),
                "start": hit.passage.start,
                "end": hit.passage.end,
                "heading": list(hit.passage.heading),
                "quote": hit.passage.text,
                "language": hit.passage.language,
                "ocr_confidence": hit.passage.ocr_confidence,
                "score": round(hit.score, 6),
                "similarity": None if hit.similarity is None else round(hit.similarity, 4),
            }
            for hit in hits
        ]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    screen = console.out()
    for hit in hits:
        pages = f", page {', '.join(map(str, hit.passage.pages))}" if hit.passage.pages else ""
        screen.print(Text(f"{hit.document_name}{pages}", style="bold"))
        if hit.passage.heading:
            screen.print(Text(" > ".join(hit.passage.heading), style="dim"))
        screen.print(Text(hit.passage.text))
        screen.print()
    if not hits:
        console.say("nothing found in the text that was read")
