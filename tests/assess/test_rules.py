"""One test for each rule, on the rule itself."""

import pytest

from lhs_evidence.assess.extent import Extent
from lhs_evidence.assess.rules import (
    absence,
    combined,
    commitment_status,
    facet_status,
    gap_reason,
    is_counter,
    is_stale,
    is_support,
    outweighs,
    reach,
    reached_level,
)
from lhs_evidence.model import FacetCoverage, Level, Polarity, Reason, Status

NOTHING = Status.NOT_EVIDENCED


def extent(*, read=4, unread=0, with_text=0, without_text=0, passages=10, unclassified=0):
    return Extent(
        read=("read",) * read,
        unread=("unread",) * unread,
        partial=(),
        foreign=(),
        pages_with_text=with_text,
        pages_without_text=without_text,
        passages=passages,
        unclassified={"fr": unclassified} if unclassified else {},
    )


def by_level(declared=0.0, operational=0.0, measured=0.0):
    return {
        Level.DECLARED: declared,
        Level.OPERATIONAL: operational,
        Level.MEASURED: measured,
    }


def facets(*statuses, expected=True):
    return [FacetCoverage("safe", "risk", status, 0.5, (), expected) for status in statuses]


def finding(kit, score=0.9, level=Level.DECLARED, polarity=Polarity.SUPPORTS):
    made = kit.make_finding("psg", {"safe.risk": score}, level, polarity)
    return made.commitments["safe"], made


def test_support_is_positive_of_some_level_and_no_report_of_failure(kit):
    assert is_support(*finding(kit))
    assert not is_support(*finding(kit, score=0.3))
    assert not is_support(*finding(kit, level=Level.NONE))
    assert not is_support(*finding(kit, polarity=Polarity.COUNTER))


def test_counter_evidence_is_positive_of_some_level_and_reports_failure(kit):
    assert is_counter(*finding(kit, polarity=Polarity.COUNTER))
    assert not is_counter(*finding(kit, polarity=Polarity.COUNTER, level=Level.NONE))
    assert not is_counter(*finding(kit))


def test_a_passage_at_a_level_is_also_one_at_the_lower_levels(kit):
    mixed = {Level.NONE: 0.1, Level.DECLARED: 0.15, Level.OPERATIONAL: 0.35, Level.MEASURED: 0.4}
    reached = reach(finding(kit, level=mixed)[1])
    assert reached == pytest.approx(by_level(declared=0.9, operational=0.75, measured=0.4))


def test_one_passage_counts_in_full_and_the_next_by_half():
    assert combined([0.6]) == pytest.approx(0.6)
    assert combined([0.6, 0.4]) == pytest.approx(1 - 0.4 * (1 - 0.2))
    assert combined([]) == 0


def test_many_weak_passages_make_no_certainty():
    assert combined([0.3] * 1000) < 0.55


def test_a_level_is_reached_by_likely_passages_only():
    assert reached_level(by_level(0.9, 0.8, 0.4)) is Level.OPERATIONAL
    assert reached_level(by_level(0.9, 0.8, 0.6)) is Level.MEASURED
    assert reached_level(by_level(0.9, 0.4)) is Level.DECLARED
    assert reached_level(by_level()) is Level.NONE


def test_a_figure_of_failure_outweighs_promises_but_not_better_figures():
    audit = by_level(0.8, 0.8, 0.8)
    assert outweighs(audit, by_level(0.99, 0.99, 0))
    assert not outweighs(audit, by_level(0.99, 0.99, 0.9))


def test_a_remark_does_not_outweigh_results_and_a_doubtful_one_nothing():
    assert not outweighs(by_level(0.8), by_level(0.9, 0.9, 0.9))
    assert not outweighs(by_level(0.5, 0.5, 0.5), by_level())


def test_absence_needs_pages_that_were_read():
    assert absence(extent()) is Status.NOT_EVIDENCED
    assert absence(extent(passages=0)) is Status.NOT_ASSESSABLE


def test_absence_is_not_said_when_more_was_unread_than_read():
    assert absence(extent(read=2, unread=2)) is Status.NOT_EVIDENCED
    assert absence(extent(read=2, unread=3)) is Status.NOT_ASSESSABLE
    assert absence(extent(with_text=5, without_text=6)) is Status.NOT_ASSESSABLE
    assert absence(extent(passages=10, unclassified=10)) is Status.NOT_EVIDENCED
    assert absence(extent(passages=10, unclassified=11)) is Status.NOT_ASSESSABLE


def test_evidence_is_stale_when_nearly_all_its_weight_is():
    assert is_stale([0.6], [])
    assert is_stale([0.9, 0.9, 0.8, 0.7], [0.7])
    assert not is_stale([0.9], [0.7])
    assert not is_stale([], [0.7])


def test_a_contradiction_comes_before_the_level():
    assert facet_status(Level.MEASURED, contradicted=True, absent=NOTHING) is Status.CONTRADICTED
    assert facet_status(Level.MEASURED, contradicted=False, absent=NOTHING) is Status.MEASURED
    assert facet_status(Level.NONE, contradicted=False, absent=NOTHING) is NOTHING


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["measured", "measured", "declared"], "measured"),
        (["measured", "operational", "not_evidenced"], "operational"),
        (["measured", "not_evidenced", "not_evidenced"], "declared"),
        (["not_evidenced", "not_evidenced"], "not_evidenced"),
        (["contradicted", "operational"], "operational"),
        (["contradicted", "contradicted", "measured"], "contradicted"),
        (["contradicted", "not_evidenced", "not_evidenced"], "contradicted"),
    ],
)
def test_a_commitment_has_the_level_that_half_its_facets_reach(statuses, expected):
    given = facets(*(Status(status) for status in statuses))
    assert commitment_status(given, NOTHING) is Status(expected)


def test_facets_that_are_not_expected_lift_a_commitment_no_higher_than_declared():
    given = facets(NOTHING) + facets(Status.MEASURED, expected=False)
    assert commitment_status(given, NOTHING) is Status.DECLARED


def test_nothing_found_where_nothing_was_read_is_not_assessable():
    given = facets(Status.NOT_ASSESSABLE)
    assert commitment_status(given, Status.NOT_ASSESSABLE) is Status.NOT_ASSESSABLE


@pytest.mark.parametrize(
    ("status", "stale", "any_measured", "reason"),
    [
        (Status.CONTRADICTED, True, True, Reason.CONTRADICTED),
        (Status.NOT_ASSESSABLE, False, False, Reason.NOT_ASSESSABLE),
        (Status.NOT_EVIDENCED, False, False, Reason.ABSENT),
        (Status.MEASURED, True, True, Reason.OUTDATED),
        (Status.DECLARED, False, False, Reason.INTENT_ONLY),
        (Status.OPERATIONAL, False, False, Reason.NO_MEASURE),
        (Status.OPERATIONAL, False, True, None),
        (Status.MEASURED, False, True, None),
    ],
)
def test_each_status_has_its_reason(status, stale, any_measured, reason):
    found = gap_reason(status, stale=stale, any_measured=any_measured)
    assert found is reason
