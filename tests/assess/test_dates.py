"""Dates that documents state about themselves, and when they are past them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.assess.dates import read_dates
from lhs_evidence.model import Block, BlockKind, BlockRole, Document, DocumentStatus

TODAY = date(2026, 6, 1)
MONTHS = "January February March April May June July August September October November December"


def past(kit, *lines, today=TODAY):
    return read_dates(kit.make_document("policy", lines)).past(today)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Next review due: March 2023", "Review was due in March 2023."),
        ("Next scheduled review - 5th of May, 2022", "Review was due on 5 May 2022."),
        ("**Next review:** Q3 2022", "Review was due in September 2022."),
        ("Next review date | 13/02/2021 | Owner", "Review was due on 13 February 2021."),
        ("Due for review: 2021", "Review was due in 2021."),
        ("Review date 20/03/2023", "Review was due on 20 March 2023."),
        ("This policy is to be reviewed by 1 May 2021.", "Review was due on 1 May 2021."),
        ("Date of next review: May 1, 2022", "Review was due on 1 May 2022."),
        ("Expires: 2022-12-31", "It was valid until 31 December 2022."),
        ("Expiry date: 31.12.22", "It was valid until 31 December 2022."),
        ("Valid until 30 June 2021", "It was valid until 30 June 2021."),
        ("Effective: 1 July 2019 to 30 June 2021", "It was valid until 30 June 2021."),
        ("This plan expires on 30 June 2022.", "It was valid until 30 June 2022."),
        (
            "This directive is scheduled for recertification by the last working day of July 2023.",
            "Review was due in July 2023.",
        ),
        (
            "Effective 1 July 2019. This policy is to be reviewed every two years.",
            "Review was due on 1 July 2021 (every 2 years from 1 July 2019).",
        ),
        (
            "Last reviewed: June 2020. Reviewed annually",
            "Review was due in June 2021 (every year from June 2020).",
        ),
        (
            "Approved: 31 August 2021 | Review cycle: 18 months",
            "Review was due on 28 February 2023 (every 18 months from 31 August 2021).",
        ),
    ],
)
def test_dates_that_have_passed(kit, line, sentence):
    assert past(kit, line) == sentence


@pytest.mark.parametrize(
    "line",
    [
        "Next review due: March 2027",
        "Next review: 2026",
        "Next review due: June 2026",
        "Next review due 31 February 2020",
        "Effective date: 1 May 2015",
        "The vendor's licence approval expires on 31 January 1999.",
        "Effective Food Recall Initiation Process, June 2016",
        "Strategic Plan 2019-2022",
        "The next meeting was held in March 2023.",
        "Approved 1 May 2018. The care plan is reviewed every 3 months.",
        "Approved 1 May 2018. Access lists are reviewed annually by the security officer.",
        "Passwords expire after 90 days.",
        "Last reviewed: 1 July 2025. Reviewed annually",
    ],
)
def test_dates_that_say_nothing_or_lie_ahead(kit, line):
    assert past(kit, line) == ""


def test_label_and_date_may_stand_in_two_blocks(kit):
    assert past(kit, "Next review date:", "March 2023") == "Review was due in March 2023."


def test_a_month_has_passed_only_with_its_last_day(kit):
    line = "Next review: May 2026"
    assert past(kit, line, today=date(2026, 5, 31)) == ""
    assert past(kit, line, today=date(2026, 6, 1)) != ""


def test_day_and_month_in_either_order_are_read_as_the_later_day(kit):
    assert past(kit, "Next review: 01/03/2023") == "Review was due on 1 March 2023."
    assert past(kit, "Next review: 03/01/2023") == "Review was due on 1 March 2023."


def test_the_latest_of_several_due_dates_counts(kit):
    assert past(kit, "Next review: March 2023", "Next review: March 2028") == ""


def test_a_review_after_the_due_date_has_settled_it(kit):
    assert past(kit, "Next review: March 2023", "Last reviewed: 2 April 2023") == ""


def test_review_date_is_the_last_review_where_an_interval_is_stated(kit):
    lines = ("Review date: 10 May 2025", "Review cycle: every two years")
    assert past(kit, *lines) == ""
    assert past(kit, lines[0]) == "Review was due on 10 May 2025."


def test_a_list_of_reviews_counts_by_its_latest(kit):
    assert (
        past(kit, "Reviewed: 1/2019, 2/2020 and 3/2026", "This policy is reviewed annually") == ""
    )


def test_a_table_of_revisions_postpones_a_computed_date(kit):
    lines = ("Effective 1 May 2018", "This policy is reviewed annually.")
    assert past(kit, *lines) == "Review was due on 1 May 2019 (every year from 1 May 2018)."
    assert past(kit, *lines, "2.1 | 2026-01-15 | New forms") == ""


def test_only_the_ends_of_a_document_speak_of_it(kit):
    filler = ["Text."] * 50
    assert past(kit, *filler, "Next review: 2021", *filler) == ""
    assert past(kit, *filler, "Next review: 2021") == "Review was due in 2021."


def test_running_headers_count_and_hidden_text_does_not():
    for role, found in ((BlockRole.FURNITURE, True), (BlockRole.HIDDEN, False)):
        text = "Next review: 2021"
        block = Block(BlockKind.PARAGRAPH, 0, len(text), role=role)
        document = Document("doc", "policy", "", DocumentStatus.READY, text=text, blocks=(block,))
        assert bool(read_dates(document).past(TODAY)) is found


@given(
    day=st.dates(date(1980, 1, 1), date(2060, 1, 1)),
    style=st.sampled_from(["{d} {m} {y}", "{m} {d}, {y}", "{y}-{n:02}-{d:02}", "{d}-{s}-{y}"]),
)
def test_unambiguous_dates_are_read_as_written(kit, day, style):
    month = MONTHS.split()[day.month - 1]
    written = style.format(d=day.day, m=month, y=day.year, n=day.month, s=month[:3])
    found = read_dates(kit.make_document("policy", [f"Next review: {written}"])).due
    assert found is not None
    assert found.last == day
