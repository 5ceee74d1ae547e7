from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.index.fusion import reciprocal_rank_fusion

RANKING = st.lists(st.integers(0, 30), unique=True, max_size=20)
RANKINGS = st.lists(RANKING, max_size=5)


@given(RANKINGS, st.integers(1, 100))
def test_scores_are_the_sums_of_the_definition(rankings, k):
    found = dict(reciprocal_rank_fusion(rankings, k))
    assert found.keys() == {item for ranking in rankings for item in ranking}
    for item, score in found.items():
        exact = sum(Fraction(1, k + r.index(item) + 1) for r in rankings if item in r)
        assert abs(score - float(exact)) < 1e-15


@given(RANKINGS)
def test_scores_never_rise_along_the_result(rankings):
    scores = [score for _, score in reciprocal_rank_fusion(rankings)]
    assert scores == sorted(scores, reverse=True)


@given(RANKING)
def test_one_ranking_stays_as_it_is(ranking):
    assert [item for item, _ in reciprocal_rank_fusion([ranking])] == ranking


@given(RANKINGS)
def test_the_order_of_the_rankings_changes_no_score(rankings):
    assert dict(reciprocal_rank_fusion(rankings)) == dict(reciprocal_rank_fusion(rankings[::-1]))


@given(RANKING.filter(lambda ranking: len(ranking) > 1), RANKING)
def test_a_better_place_never_lowers_a_score(ranking, other):
    item = ranking[-1]
    better = [item, *ranking[:-1]]
    before = dict(reciprocal_rank_fusion([ranking, other]))[item]
    assert dict(reciprocal_rank_fusion([better, other]))[item] > before


def test_second_in_both_beats_first_in_one():
    (best, _), *_ = reciprocal_rank_fusion([["a", "b"], ["c", "b"]])
    assert best == "b"


def test_an_item_met_twice_counts_once():
    assert reciprocal_rank_fusion([["a", "b", "a"]], k=1) == [("a", 1 / 2), ("b", 1 / 3)]
