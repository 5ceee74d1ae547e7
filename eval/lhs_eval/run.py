"""What the command does once it is known what is asked: read, label, score, write, print."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from lhs_eval.evaluate import evaluate
from lhs_eval.metrics.classification import Reading
from lhs_eval.predictions import read_predictions
from lhs_eval.report import PAGE, figure, interval, write_evaluation
from lhs_eval.result import EvaluationResult, Scores
from lhs_eval.systems import SystemRun, run_system
from lhs_evidence.classify.labelled import LabelledPassage, read_labelled
from lhs_evidence.framework import Framework, load_framework
from lhs_evidence.settings import Settings


def run(
    *,
    labelled: Path,
    predictions: Path | None,
    system: str,
    framework: Path | None,
    out: Path,
    draws: int,
    seed: int,
) -> None:
    """Evaluate predictions, or a named system, and print where the results are.

    Raises:
        EvidenceError: Something handed over cannot be used, or the results cannot be written.
    """
    commitments = load_framework(framework)
    passages = read_labelled(labelled, commitments)
    if predictions is None:
        said = _label(system, passages, commitments)
    else:
        findings, content = read_predictions(predictions, commitments)
        said = SystemRun("predictions", f"predictions {content}", True, findings)
    with Console(stderr=True).status(f"Scoring {len(passages):,} passages"):
        result = evaluate(passages, said, commitments, draws=draws, seed=seed)
    paths = write_evaluation(result, commitments, out)
    console = Console()
    console.print(_table(result.headline, commitments))
    console.print(_provenance(result), highlight=False, markup=False)
    console.print(f"Report: {paths[PAGE]}", highlight=False, soft_wrap=True, markup=False)


def _label(system: str, passages: Sequence[LabelledPassage], framework: Framework) -> SystemRun:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Labelling passages", total=len(passages))
        return run_system(
            system,
            passages,
            framework,
            Settings(),
            lambda done, total: bar.update(task, completed=done, total=total),
        )


def _table(scores: Scores, framework: Framework) -> Table:
    direct, dont_care = (
        scores.commitments[reading] for reading in (Reading.DIRECT_ONLY, Reading.DONT_CARE)
    )
    agreed = scores.agreement
    annotators = {own.label: own.f1 for own in agreed.labels} if agreed else {}
    table = Table(
        title="Scores at strength 2", title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0)
    )
    table.add_column("Commitment")
    for name in ("Gold", "Prec.", "Recall", "F1", "95% interval", "F1 without\npartial"):
        table.add_column(name, justify="right")
    table.add_column("Annotators'\nF1", justify="right")
    for own, other in zip(direct.labels, dont_care.labels, strict=True):
        table.add_row(
            framework.commitment(own.label).name,
            f"{own.support:,}",
            *(figure(score) for score in (own.precision, own.recall, own.f1)),
            interval(own.f1),
            figure(other.f1),
            figure(annotators.get(own.label)),
        )
    table.add_section()
    for name, mean, other_mean, others in (
        ("Macro", direct.macro, dont_care.macro, agreed.macro_f1 if agreed else None),
        ("Micro", direct.micro, dont_care.micro, agreed.micro_f1 if agreed else None),
    ):
        table.add_row(
            name,
            "",
            *(figure(score) for score in (mean.precision, mean.recall, mean.f1)),
            interval(mean.f1),
            figure(other_mean.f1),
            figure(others),
        )
    return table


def _provenance(result: EvaluationResult) -> str:
    scores = result.headline
    drawn = f"{scores.clusters:,} {scores.clustered_by}s, {result.draws:,} draws"
    data = f"seed {result.seed}; data {result.data_hash[:12]}"
    lines = [f"{scores.passages:,} passages; bootstrap over {drawn}, {data}."]
    if result.unseen is not None:
        lines.append(
            f"{result.seen:,} further passages were used in training this classifier: they are "
            "left out above."
        )
    elif result.seen:
        lines.append(
            "All these passages were used in training this classifier: the scores say how well it "
            "remembers, not how well it reads."
        )
    if scores.calibration:
        lines.append(
            f"Calibration error (ECE): top label {figure(scores.calibration.top_label_ece)}, "
            f"mean over commitments {figure(scores.calibration.macro_ece)}."
        )
    return "\n".join(lines)
