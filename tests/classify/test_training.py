"""Training: what is learnt, what is held out, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from lhs_evidence.classify.columns import labels_of
from lhs_evidence.classify.training import train
from lhs_evidence.errors import InputError
from lhs_evidence.ids import text_hash


def test_held_out_predictions_tell_topics_apart(run, labelled, framework):
    columns = labels_of(framework)
    safe, secure = columns.index("safe"), columns.index("secure")
    rank = run.held_out[:, safe] > run.held_out[:, secure]
    topics = [next(iter(passage.labels), "") for passage in labelled]
    right = [rank[i] == (t == "safe") for i, t in enumerate(topics) if t]
    assert np.mean(right) > 0.9


def test_a_label_never_seen_stays_improbable(run, framework):
    column = labels_of(framework).index("transparent.results")
    assert run.held_out[:, column].max() < 0.05


def test_the_same_data_gives_the_same_heads(run, labelled, framework, encoder):
    again = train(labelled, framework, encoder)
    np.testing.assert_allclose(
        again.heads.parts.meaning.weights, run.heads.parts.meaning.weights, atol=1e-5
    )
    assert again.heads.card == run.heads.card


def test_the_heads_know_what_they_were_trained_on(run, labelled):
    assert all(text_hash(p.text)[:12] in run.heads.card.seen for p in labelled)


def test_findings_are_held_out_one_for_each_passage(run, labelled, framework):
    findings = run.findings(labelled, framework)
    assert [finding.passage for finding in findings] == [passage.id for passage in labelled]


def test_one_organization_is_not_enough(labelled, framework, encoder):
    with pytest.raises(InputError, match="two organizations"):
        train(labelled[:1], framework, encoder)
