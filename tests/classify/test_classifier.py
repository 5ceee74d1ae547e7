"""Heads on disk and at work."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lhs_evidence.classify import Classifier, DescriptionClassifier
from lhs_evidence.classify.combine import strongest
from lhs_evidence.classify.heads import CARD_FILE, WEIGHTS_FILE, read_heads
from lhs_evidence.errors import ModelError
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Level, Passage


def passage(text, heading=()):
    return Passage(text_hash(text)[:8], "", 0, len(text), text, heading)


def classify(classifier, encoder, *texts):
    passages = [passage(text) for text in texts]
    return classifier.classify(passages, encoder.encode(list(texts)))


@pytest.fixture
def folder(run, tmp_path):
    run.heads.write(tmp_path)
    return tmp_path


@pytest.fixture
def classifier(folder, framework, encoder):
    return Classifier.load(framework, encoder, folder)


def test_heads_come_back_from_disk_as_they_were(run, folder):
    heads, identity = read_heads(folder)
    np.testing.assert_array_equal(
        heads.parts.wording.weights.astype(np.float16),
        run.heads.parts.wording.weights.astype(np.float16),
    )
    assert heads.card == run.heads.card
    assert read_heads(folder)[1] == identity


def test_another_threshold_is_another_classifier(folder):
    before = read_heads(folder)[1]
    card = json.loads((folder / CARD_FILE).read_text())
    card["thresholds"][0] = 0.77
    (folder / CARD_FILE).write_text(json.dumps(card))
    assert read_heads(folder)[1] != before


@pytest.mark.parametrize("damage", ["missing", "torn", "not json", "short card"])
def test_damaged_heads_are_refused(folder, damage):
    weights, card = folder / WEIGHTS_FILE, folder / CARD_FILE
    if damage == "missing":
        weights.unlink()
    elif damage == "torn":
        weights.write_bytes(weights.read_bytes()[:-1000])
    elif damage == "not json":
        card.write_text("{")
    else:
        card.write_text(json.dumps({**json.loads(card.read_text()), "thresholds": [0.5]}))
    with pytest.raises(ModelError, match="trained heads"):
        read_heads(folder)


def test_heads_of_another_encoder_are_refused(folder, framework, encoder):
    card = json.loads((folder / CARD_FILE).read_text())
    (folder / CARD_FILE).write_text(json.dumps({**card, "encoder_weights": "0" * 64}))
    with pytest.raises(ModelError, match="belong to encoder"):
        Classifier.load(framework, encoder, folder)


def test_confidences_are_probabilities_and_facets_carry_their_commitment(classifier, encoder):
    text = "Nurses check two identifiers before each transfusion and record the check."
    [finding] = classify(classifier, encoder, text)
    for score in finding.commitments.values():
        assert 0 <= score.confidence <= 1
        assert sum(score.facets.values()) >= score.confidence - 1e-6
        assert bool(score.positive_facets) == score.positive
    assert sum(finding.level.values()) == pytest.approx(1)


def test_a_passage_has_the_same_finding_in_any_company(classifier, encoder):
    texts = ["Passwords expire.", "The ward is upstairs.", "Staff report each fall. " * 9]
    together = classify(classifier, encoder, *texts)
    for text, finding in zip(texts, together, strict=True):
        [alone] = classify(classifier, encoder, text)
        for name, score in alone.commitments.items():
            assert finding.commitments[name].confidence == pytest.approx(score.confidence, abs=1e-4)


def test_text_without_words_is_nothing(classifier, encoder):
    [finding] = classify(classifier, encoder, "12 — 34 … 56 %")
    assert finding.likely_level is Level.NONE
    assert not any(score.confidence for score in finding.commitments.values())


def test_descriptions_rank_without_any_training(framework, encoder):
    classifier = DescriptionClassifier(framework, encoder)
    text = "Interpreters and translation are offered to patients who do not speak English."
    [finding] = classify(classifier, encoder, text)
    best = max(finding.commitments.values(), key=lambda score: score.confidence)
    assert best.commitment == "equitable"
    assert all(score.review for score in finding.commitments.values() if score.positive)
    assert not classifier.calibrated


def test_the_strongest_piece_speaks_for_a_long_text(classifier, encoder):
    pieces = classify(
        classifier,
        encoder,
        "The ward is on the second floor.",
        "Nurses check two identifiers before every dose and record the check.",
    )
    whole = strongest("long", pieces)
    for name, score in whole.commitments.items():
        assert score.confidence == max(piece.commitments[name].confidence for piece in pieces)
    assert whole.passage == "long"


def test_the_packaged_heads_fit_the_packaged_framework_and_encoder(framework, encoder):
    assert Classifier.load(framework, encoder).id.startswith("heads-")
