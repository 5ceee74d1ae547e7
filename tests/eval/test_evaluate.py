from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest
import typer
from typer.testing import CliRunner

from lhs_eval.command import evaluate as command
from lhs_eval.evaluate import evaluate
from lhs_eval.metrics.classification import Reading
from lhs_eval.predictions import read_predictions
from lhs_eval.report import write_evaluation
from lhs_eval.systems import SystemRun, run_system
from lhs_evidence.classify.labelled import read_labelled
from lhs_evidence.classify.training import train
from lhs_evidence.encoders import load_encoder
from lhs_evidence.errors import InputError, OutputError
from lhs_evidence.model import Level, Polarity
from lhs_evidence.settings import Settings

STRENGTHS = {"safe": {"protocols": 2}}


def ignore(done: int, total: int) -> None:
    """Stand for progress that nobody watches."""


@pytest.fixture
def files(record, prediction, write_lines):
    """Return a labelled set and predictions for it that get every fourth passage wrong."""
    labels = [STRENGTHS if number % 2 else {"safe": {"risk": 1}} for number in range(48)]
    lines = [
        record(number, labels=own, organization=f"organization {number % 6}")
        for number, own in enumerate(labels)
    ]
    answers = [
        prediction(line["id"], ["safe"] if (number % 2 == 1) != (number % 4 == 0) else [])
        for number, line in enumerate(lines)
    ]
    return write_lines(lines), write_lines(answers, "predictions.jsonl")


@pytest.fixture
def evaluated(files, framework):
    """Return a function that evaluates the files, with some passages seen in training."""

    def run(seen=frozenset(), draws=50):
        findings, _ = read_predictions(files[1], framework)
        said = SystemRun("predictions", "model", True, findings, frozenset(seen))
        return evaluate(read_labelled(files[0], framework), said, framework, draws=draws)

    return run


def run_command(*arguments: object) -> object:
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_command_scores_a_file_of_predictions(files, tmp_path):
    labelled, predictions = files
    out = tmp_path / "out"
    outcome = run_command(
        "--labelled", labelled, "--predictions", predictions, "--out", out, "--draws", "50"
    )
    assert outcome.exit_code == 0, outcome.output
    assert "48 passages; bootstrap over 6 organizations" in outcome.output
    metrics = json.loads((out / "metrics.json").read_text("utf-8"))
    safe = metrics["scores"]["commitments"]["partial_is_negative"]["labels"][1]
    # 24 direct labels, all found; 12 of the 24 passages with partial labels taken for direct ones.
    assert (safe["label"], safe["support"], safe["predicted"]) == ("safe", 24, 36)
    assert safe["precision"]["value"] == pytest.approx(2 / 3, abs=1e-6)
    assert safe["recall"]["value"] == 1.0
    assert safe["f1"]["value"] == pytest.approx(0.8)
    without_partial = metrics["scores"]["commitments"]["partial_is_dont_care"]["labels"][1]
    assert without_partial["f1"]["value"] == 1.0


def test_the_same_inputs_give_the_same_bytes(files, tmp_path):
    labelled, predictions = files
    for name in ("one", "two"):
        arguments = ("--labelled", labelled, "--predictions", predictions, "--draws", "50")
        assert run_command(*arguments, "--out", tmp_path / name).exit_code == 0
    for file in ("metrics.json", "evaluation.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    shuffled = labelled.read_text("utf-8").splitlines()[::-1]
    labelled.write_text("\n".join(shuffled), encoding="utf-8")
    run_command(*arguments, "--out", tmp_path / "three")
    metrics = [(tmp_path / name / "metrics.json").read_bytes() for name in ("one", "three")]
    assert metrics[0] == metrics[1]


def test_predictions_and_a_system_exclude_each_other(files, tmp_path):
    labelled, predictions = files
    outcome = run_command(
        "--labelled", labelled, "--predictions", predictions, "--system", "shipped", "--out", "o"
    )
    assert outcome.exit_code == 2


def test_passages_seen_in_training_are_told_and_left_out(evaluated):
    result = evaluated(seen={f"p{number:04d}" for number in range(0, 48, 4)})
    assert (result.seen, result.scores.passages, result.unseen.passages) == (12, 48, 36)
    # What was seen are just the passages that were got wrong.
    assert result.headline.commitments[Reading.DIRECT_ONLY].micro.f1.value == 1.0
    assert result.scores.commitments[Reading.DIRECT_ONLY].micro.f1.value == pytest.approx(0.8)


def test_where_all_was_seen_no_rest_is_scored(evaluated):
    result = evaluated(seen={f"p{number:04d}" for number in range(48)})
    assert (result.seen, result.unseen) == (48, None)


def test_agreement_is_told_even_where_only_seen_passages_have_it(
    record, prediction, write_lines, framework, tmp_path
):
    own = {"labels": {"safe": {"risk": 2}}}
    lines = [record(0, annotators={"x": own, "y": own}), record(1), record(2)]
    said = write_lines([prediction(line["id"]) for line in lines], "predictions.jsonl")
    findings, _ = read_predictions(said, framework)
    run = SystemRun("predictions", "model", True, findings, frozenset({"p0000"}))
    result = evaluate(read_labelled(write_lines(lines), framework), run, framework, draws=5)
    assert result.headline.agreement.macro_f1.value == 1.0
    assert result.headline.double_labelled is None
    page = write_evaluation(result, framework, tmp_path)["evaluation.html"].read_text("utf-8")
    assert "Annotators’ kappa" in page
    assert "On double-labelled passages" not in page


def test_level_is_scored_where_it_is_not_disputed(record, prediction, write_lines, framework):
    levels = ["operational", "declared", None, "operational"]
    lines = [record(number, level=level) for number, level in enumerate(levels)]
    said = write_lines([prediction(line["id"]) for line in lines], "predictions.jsonl")
    findings, _ = read_predictions(said, framework)
    run = SystemRun("predictions", "model", True, findings)
    result = evaluate(read_labelled(write_lines(lines), framework), run, framework, draws=0)
    assert result.scores.level.micro.f1.value == pytest.approx(2 / 3)


def test_a_passage_without_a_prediction_is_an_error(record, prediction, write_lines, framework):
    labelled = read_labelled(write_lines([record(1), record(2)]), framework)
    said = write_lines([prediction("p0001")], "predictions.jsonl")
    run = SystemRun("predictions", "model", True, read_predictions(said, framework)[0])
    with pytest.raises(InputError, match=r"1 of 2 labelled passages, the first of them 'p0002'"):
        evaluate(labelled, run, framework, draws=0)


class Page(HTMLParser):
    """Collects what a page would load, its ids, and what its drawings are called by."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.labelled_by: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.loads += [given[name] for name in ("src", "href") if name in given]
        self.loads += [tag] if tag in ("script", "link", "iframe") else []
        self.ids += [given["id"]] if "id" in given else []
        if given.get("role") == "img":
            self.labelled_by.append(given["aria-labelledby"])

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone_and_names_its_drawings(evaluated, framework, tmp_path):
    paths = write_evaluation(evaluated(seen={"p0000"}), framework, tmp_path)
    page = Page()
    page.feed(paths["evaluation.html"].read_text("utf-8"))
    assert page.loads == []
    assert len(page.ids) == len(set(page.ids))
    assert page.labelled_by
    assert set(page.labelled_by) <= set(page.ids)
    assert "1 of 48 passages were used in training" in page.text
    for commitment in framework.commitments:
        assert commitment.name in page.text


def test_a_model_name_cannot_write_markup_into_the_page(files, framework, tmp_path):
    findings, _ = read_predictions(files[1], framework)
    run = SystemRun("<b>bold</b>", "<script>alert(1)</script>", False, findings)
    result = evaluate(read_labelled(files[0], framework), run, framework, draws=0)
    page = write_evaluation(result, framework, tmp_path)["evaluation.html"].read_text("utf-8")
    assert "<script" not in page
    assert "<b>" not in page


def test_a_folder_that_cannot_be_written_is_an_output_error(evaluated, framework, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot write"):
        write_evaluation(evaluated(draws=0), framework, tmp_path / "file")


def test_an_unknown_system_is_told_with_the_known_ones(framework):
    with pytest.raises(InputError, match=r"no system 'magic' \(known: shipped, zero-shot\)"):
        run_system("magic", [], framework, Settings(), ignore)


@pytest.mark.slow
def test_zero_shot_finds_what_facets_describe(record, write_lines, framework):
    facets = [(item.id, facet) for item in framework.commitments[:3] for facet in item.facets]
    lines = [
        record(number, text=facet.description, labels={name: {facet.id: 2}})
        for number, (name, facet) in enumerate(facets)
    ]
    passages = read_labelled(write_lines(lines), framework)
    run = run_system("zero-shot", passages, framework, Settings(), ignore)
    for passage, (name, _) in zip(passages, facets, strict=True):
        scores = run.findings[passage.id].commitments
        assert max(scores, key=lambda own: scores[own].confidence) == name
    assert evaluate(passages, run, framework, draws=0).scores.calibration is None


@pytest.mark.slow
def test_the_shipped_classifier_says_what_it_was_trained_on(
    record, write_lines, framework, tmp_path
):
    facets = [(item.id, facet) for item in framework.commitments for facet in item.facets]
    lines = [
        record(
            number,
            text=f"{facet.description} Said the {number}th time.",
            labels={name: {facet.id: 2}},
            organization=f"organization {number % 4}",
            level=list(Level)[number % 3],
            polarity=list(Polarity)[number % 2],
        )
        for number, (name, facet) in enumerate(facets * 3)
    ]
    passages = read_labelled(write_lines(lines), framework)
    settings = Settings(classifier=tmp_path / "heads")
    trained = passages[: 2 * len(facets)]
    encoder = load_encoder(settings.encoder, settings.cache)
    train(trained, framework, encoder).heads.write(settings.classifier)
    run = run_system("shipped", passages, framework, settings, ignore)
    assert run.seen == {passage.id for passage in trained}
    result = evaluate(passages, run, framework, draws=0)
    assert result.unseen.passages == len(facets)
    assert result.headline.calibration is not None


def test_help_loads_nothing_heavy():
    heavy = {"numpy", "pydantic", "jinja2", "torch", "sklearn"}
    code = "import sys, lhs_eval.command; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not heavy & set(done.stdout.split())
