"""`train`: heads of one's own, from labelled passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import FrameworkOption, load_analyzer


def train(
    labelled: Annotated[
        list[Path], typer.Option(help="A labelled set (JSONL); may be given more than once.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the heads.", show_default=False)],
    framework: FrameworkOption = None,
) -> None:
    """Train classification heads from labelled passages.

    Calibration and thresholds are chosen on organizations left out of fitting. Use the result by
    setting LHS_CLASSIFIER to the folder. `held-out.jsonl` beside the heads holds, for each
    passage, the prediction of heads that had not seen its organization: give it to `evaluate`.
    """
    from lhs_evidence.classify.labelled import read_labelled  # noqa: PLC0415 - see cli.loading
    from lhs_evidence.classify.records import record_of  # noqa: PLC0415
    from lhs_evidence.classify.training import train as fit  # noqa: PLC0415

    analyzer = load_analyzer(framework)
    passages = [p for path in labelled for p in read_labelled(path, analyzer.framework)]
    with console.progress() as progress:
        tell = (lambda done, total: progress("Fitting", done, total, "")) if progress else None
        run = fit(passages, analyzer.framework, analyzer.encoder, tell)
    run.heads.write(out)
    records = map(record_of, [p.id for p in passages], run.findings(passages, analyzer.framework))
    held_out = out / "held-out.jsonl"
    held_out.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    typer.echo(
        f"{out}: heads for {len(run.heads.card.labels)} labels from {len(passages)} passages"
    )
