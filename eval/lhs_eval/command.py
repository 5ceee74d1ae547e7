"""The command `lhs-evidence evaluate`: light to import, since `--help` must answer at once."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

_RUNNER = "lhs_eval.run"


def evaluate(
    *,
    labelled: Annotated[
        Path, typer.Option(help="Labelled passages, JSONL.", exists=True, dir_okay=False)
    ],
    out: Annotated[Path, typer.Option(help="Folder for metrics.json and evaluation.html.")],
    predictions: Annotated[
        Path | None,
        typer.Option(
            help="Predictions to score, as `classify` writes them.", exists=True, dir_okay=False
        ),
    ] = None,
    system: Annotated[
        str | None,
        typer.Option(help="System to run and score: shipped (if nothing is said) or zero-shot."),
    ] = None,
    framework: Annotated[
        Path | None,
        typer.Option(help="Framework file, if not the packaged one.", exists=True, dir_okay=False),
    ] = None,
    draws: Annotated[
        int, typer.Option(help="Bootstrap draws; 0 for no intervals.", min=0, max=100_000)
    ] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.", min=0)] = 0,
) -> None:
    """Measure a classifier against labelled passages."""
    if predictions is not None and system is not None:
        raise typer.BadParameter("give either --predictions or --system, not both")
    import_module(_RUNNER).run(
        labelled=labelled,
        predictions=predictions,
        system=system or "shipped",
        framework=framework,
        out=out,
        draws=draws,
        seed=seed,
    )
