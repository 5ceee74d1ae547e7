from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, f1_score

from lhs_eval.metrics.agreement import agreement
from lhs_evidence.classify.labelled import Judgement, LabelledPassage, read_labelled

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def judged(number: int, **strengths: int) -> LabelledPassage:
    annotators = {
        name: Judgement({"safe": {"risk": strength}} if strength else {})
        for name, strength in strengths.items()
    }
    return LabelledPassage(str(number), "Text.", "", "", "", {}, None, None, annotators)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60))
def test_agreement_is_what_scikit_learn_says_at_strength_two(strengths):
    passages = [judged(number, a=one, b=two) for number, (one, two) in enumerate(strengths)]
    first, second = (np.array(own) == 2 for own in zip(*strengths, strict=True))
    own = agreement(passages, ["safe"], draws=0, seed=0)
    (label,) = own.labels
    assert label.positives == (first.sum(), second.sum())
    if first.any() or second.any():
        assert label.f1.value == pytest.approx(f1_score(first, second))
    if len(set(first) | set(second)) == 2:
        assert label.kappa.value == pytest.approx(cohen_kappa_score(first, second))
    else:
        assert label.kappa.value is None


def test_the_two_who_share_most_passages_are_compared():
    passages = [judged(0, a=2, b=2), judged(1, b=2, c=2), judged(2, b=0, c=2), judged(3, c=2)]
    own = agreement(passages, ["safe"], draws=0, seed=0)
    assert (own.annotators, own.passages) == (("b", "c"), 2)


def test_without_shared_passages_there_is_nothing_to_agree_on():
    assert agreement([judged(0, a=2), judged(1, b=2)], ["safe"], draws=0, seed=0) is None


@pytest.mark.skipif(not SHARED.is_dir(), reason="no labelled passages beside the checkout")
def test_real_annotators_agree_as_far_as_was_published_with_their_labels(framework):
    published = json.loads((SHARED / "labelling" / "agreement.json").read_text("utf-8"))
    passages = read_labelled(SHARED / "labelling" / "train.jsonl", framework)
    own = agreement(passages, framework.commitment_ids, draws=0, seed=0)
    assert own.passages == published["passages"]
    for label in own.labels:
        expected = published["commitments"][label.label]["strength_2"]
        assert label.f1.value == pytest.approx(expected["f1"], abs=0.0006)
        assert label.kappa.value == pytest.approx(expected["kappa"], abs=0.0006)
