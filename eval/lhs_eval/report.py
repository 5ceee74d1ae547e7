"""Writes an evaluation: `metrics.json` for programs and papers, `evaluation.html` for people."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lhs_eval.metrics.classification import Reading
from lhs_eval.metrics.intervals import Estimate
from lhs_eval.plots import Forest, Reliability
from lhs_eval.result import EvaluationResult, Scores
from lhs_evidence.durable import replace_files
from lhs_evidence.errors import OutputError
from lhs_evidence.framework import Framework

METRICS = "metrics.json"
PAGE = "evaluation.html"


def write_evaluation(
    result: EvaluationResult, framework: Framework, directory: Path
) -> dict[str, Path]:
    """Write both files, each whole or not at all, and return their paths by name.

    Raises:
        OutputError: The folder or a file in it cannot be written.
    """
    metrics = json.dumps(result.as_json(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    contents = {METRICS: metrics, PAGE: render(result, framework)}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        replace_files({directory / name: text.encode() for name, text in contents.items()})
    except OSError as error:
        raise OutputError(f"cannot write {directory}: {error.strerror}") from error
    return {name: directory / name for name in contents}


def render(result: EvaluationResult, framework: Framework) -> str:
    """Return the page: one file that needs no other and runs no script."""
    scores = result.headline
    return (
        _environment()
        .get_template("evaluation.html")
        .render(
            result=result,
            scores=scores,
            framework=framework,
            direct=scores.commitments[Reading.DIRECT_ONLY],
            dont_care=scores.commitments[Reading.DONT_CARE],
            any_strength=scores.commitments[Reading.ANY],
            names=_names(framework),
            forest=_forest(scores, framework),
            reliability=_reliability(scores),
            agreements=_agreements(scores),
            css=Markup(files("lhs_eval").joinpath("templates/evaluation.css").read_text("utf-8")),  # noqa: S704 - our own style sheet
        )
    )


def _forest(scores: Scores, framework: Framework) -> Forest:
    direct = scores.commitments[Reading.DIRECT_ONLY]
    agreements, names = _agreements(scores), _names(framework)
    others = scores.agreement
    rows: list[tuple[str, Estimate, Estimate | None, bool]] = [
        (names[own.label], own.f1, agreements.get(own.label), False) for own in direct.labels
    ]
    rows.append(("Macro average", direct.macro.f1, others.macro_f1 if others else None, True))
    rows.append(("Micro average", direct.micro.f1, others.micro_f1 if others else None, True))
    return Forest.of(rows)


def _agreements(scores: Scores) -> dict[str, Estimate]:
    return {own.label: own.f1 for own in scores.agreement.labels} if scores.agreement else {}


def _reliability(scores: Scores) -> list[tuple[str, str, Reliability]]:
    if scores.calibration is None:
        return []
    return [
        (
            "All passage and commitment pairs",
            "Ten bins of equal width.",
            Reliability.of(scores.calibration.bins),
        ),
        (
            "Most confident commitment of each passage",
            "Ten bins of equally many passages.",
            Reliability.of(scores.calibration.top_label_bins),
        ),
    ]


def _names(framework: Framework) -> dict[str, str]:
    """Return display names of everything that can be a label, by its id."""
    names = {item.id: item.name for item in framework.commitments}
    for item in framework.commitments:
        names |= {f"{item.id}.{facet.id}": facet.name for facet in item.facets}
    names |= {level.value: term.name for level, term in framework.levels.items()}
    return names | {polarity.value: term.name for polarity, term in framework.polarities.items()}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lhs_eval"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "figure": figure,
        "interval": interval,
        "count": lambda number: f"{number:,}",
    }
    return environment


def figure(estimate: Estimate | None) -> str:
    """Return an estimate with two decimals, or a dash where it is not defined."""
    return "–" if estimate is None or estimate.value is None else f"{estimate.value:.2f}"


def interval(estimate: Estimate) -> str:
    """Return an estimate's interval, or nothing where it has none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return f"{estimate.low:.2f} to {estimate.high:.2f}"
