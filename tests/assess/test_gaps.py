"""Each reason for a gap, what is said of it, and the order of gaps."""

from lhs_evidence.model import DocumentStatus, Level, Page, Polarity, Reason, Status

KEY = "safe.risk"


def test_a_facet_without_a_passage_is_absent_in_what_was_read(kit, case):
    case.says(case.document("policy"), {"secure.access": 0.9})
    gap = kit.gap(case.assess(), KEY)
    assert (gap.reason, gap.status) == (Reason.ABSENT, Status.NOT_EVIDENCED)
    assert gap.why == "No passage found for it in the 1 passage of 1 document read."
    assert gap.suggestion == kit.framework.facet("safe", "risk").suggestion


def test_absence_names_what_was_not_read(kit, case):
    pages = (Page(1, "1", 0, 5), Page(2, "2", 5, 9), Page(3, "3", 9, 9, has_text=False))
    case.says(case.document("a.pdf", pages=pages), {})
    case.document("scan.pdf", status=DocumentStatus.NO_TEXT)
    why = kit.gap(case.assess(), KEY).why
    assert "(2 pages)" in why
    assert '1 document not read: "scan.pdf".' in why
    assert "1 page has no text that was read." in why


def test_absence_says_what_was_not_examined_for_its_language(kit, case):
    case.says(case.document("plan.pdf", pages=(Page(1, "1", 0, 5),)), {}, language="en")
    case.says(case.document("mixed.md"), {}, language="nl")
    case.says(case.documents[1], {}, language="")
    case.says(case.document("beleid.pdf", pages=(Page(1, "1", 0, 5),)), {}, language="nl")
    assert kit.gap(case.assess(), KEY).why == (
        "No passage found for it in the 2 passages of 2 documents read (1 page). "
        '2 passages in Dutch were not examined: "beleid.pdf", "mixed.md".'
    )


def test_nothing_is_said_where_nothing_was_in_english(kit, case):
    case.says(case.document("beleid.pdf", language="nl"), {KEY: 0.9}, language="nl")
    assessment = case.assess()
    gap = kit.gap(assessment, KEY)
    assert (gap.reason, gap.status) == (Reason.NOT_ASSESSABLE, Status.NOT_ASSESSABLE)
    assert {item.status for item in assessment.commitments} == {Status.NOT_ASSESSABLE}
    assert gap.why == (
        "Nothing can be said: no text in English was read. "
        '1 passage in Dutch was not examined: "beleid.pdf".'
    )


def test_what_was_found_in_english_stands_though_most_is_not_in_it(kit, case):
    case.says(case.document("plan"), {KEY: 0.9}, language="en", level=Level.MEASURED)
    for _ in range(3):
        case.says(case.documents[0], {}, language="fr")
    assessment = case.assess()
    assert kit.facet(assessment, KEY).status is Status.MEASURED
    gap = kit.gap(assessment, "secure.ai")
    assert gap.status is Status.NOT_ASSESSABLE
    assert "too little could be examined to call it missing. 3 passages in French" in gap.why


def test_nothing_is_said_where_nothing_was_read(kit, case):
    case.document("scan.pdf", status=DocumentStatus.NO_TEXT)
    gap = kit.gap(case.assess(), KEY)
    assert (gap.reason, gap.status) == (Reason.NOT_ASSESSABLE, Status.NOT_ASSESSABLE)
    assert gap.why == ('Nothing can be said: no text was read. 1 document not read: "scan.pdf".')


def test_no_documents_at_all_is_not_assessable(case):
    assessment = case.assess()
    assert {item.status for item in assessment.commitments} == {Status.NOT_ASSESSABLE}


def test_unread_documents_do_not_hide_what_was_found(kit, case):
    case.says(case.document("policy"), {KEY: 0.9}, level=Level.MEASURED)
    for number in range(5):
        case.document(f"scan {number}", status=DocumentStatus.FAILED)
    assessment = case.assess()
    assert kit.facet(assessment, KEY).status is Status.MEASURED
    assert kit.gap(assessment, "secure.ai").reason is Reason.NOT_ASSESSABLE


def test_a_declared_facet_is_an_intent_only(kit, case):
    document = case.document("policy")
    case.says(document, {KEY: 0.9}, level=Level.DECLARED)
    near = case.says(document, {KEY: 0.3})
    gap = kit.gap(case.assess(), KEY)
    assert (gap.reason, gap.status) == (Reason.INTENT_ONLY, Status.DECLARED)
    assert gap.why.startswith("1 passage speaks of it; none that surely says who does what")
    assert gap.nearest == (near,)


def test_practice_without_a_figure_has_no_measure(kit, case):
    document = case.document("policy")
    case.says(document, {KEY: 0.9})
    figure = case.says(document, {KEY: 0.2}, level=Level.MEASURED)
    case.says(document, {KEY: 0.3})
    gap = kit.gap(case.assess(), KEY)
    assert gap.reason is Reason.NO_MEASURE
    assert gap.nearest == (figure,)


def test_a_doubtful_figure_is_enough_not_to_say_that_there_is_none(kit, case):
    document = case.document("policy")
    case.says(document, {KEY: 0.9})
    case.says(document, {KEY: 0.41}, level=Level.MEASURED)
    assessment = case.assess()
    assert kit.facet(assessment, KEY).status is Status.OPERATIONAL
    assert kit.gap(assessment, KEY) is None


def test_a_measured_facet_is_no_gap(kit, case):
    case.says(case.document("report"), {KEY: 0.9}, level=Level.MEASURED)
    assert kit.gap(case.assess(), KEY) is None


def test_evidence_only_in_a_document_past_its_date_is_outdated(kit, case):
    case.says(case.document("policy", "Next review due: March 2023"), {KEY: 0.9})
    gap = kit.gap(case.assess(), KEY)
    assert (gap.reason, gap.status) == (Reason.OUTDATED, Status.OPERATIONAL)
    assert gap.why == (
        "The only passage found stands in a document past its date. "
        '"policy": Review was due in March 2023.'
    )


def test_one_current_document_is_enough_not_to_be_outdated(kit, case):
    case.says(case.document("old", "Next review due: March 2023"), {KEY: 0.9})
    case.says(case.document("new"), {KEY: 0.5})
    assert kit.gap(case.assess(), KEY).reason is Reason.NO_MEASURE


def test_a_sure_report_of_failure_contradicts_the_policy(kit, case):
    case.says(case.document("policy"), {KEY: 0.95})
    audit = case.document("audit")
    failure = case.says(audit, {KEY: 0.8}, level=Level.MEASURED, polarity=Polarity.COUNTER)
    gap = kit.gap(case.assess(), KEY)
    assert (gap.reason, gap.status) == (Reason.CONTRADICTED, Status.CONTRADICTED)
    assert gap.nearest == (failure,)
    assert gap.why == (
        '1 passage of "audit" reports an absence, failure or breach; 1 passage found in support.'
    )


def test_a_doubtful_report_of_failure_contradicts_nothing(kit, case):
    case.says(case.document("policy"), {KEY: 0.95})
    case.says(case.document("audit"), {KEY: 0.55}, level=Level.MEASURED, polarity=Polarity.COUNTER)
    assert kit.facet(case.assess(), KEY).status is Status.OPERATIONAL


def test_facets_not_expected_of_a_kind_are_no_gaps(kit, case):
    case.says(case.document("policy"), {})
    assert kit.gap(case.assess(), "engaged.caring") is not None
    assessment = case.assess(kind="payer")
    assert kit.gap(assessment, "engaged.caring") is None
    assert not kit.facet(assessment, "engaged.caring").expected


def test_nearest_misses_are_the_best_three_and_no_copies(kit, case):
    document = case.document("policy")
    misses = [case.says(document, {KEY: 0.3 - 0.05 * number}) for number in range(4)]
    case.says(document, {KEY: 0.29}, text=case.passages[0].text)
    assert list(kit.gap(case.assess(), KEY).nearest) == misses[:3]


def test_what_is_far_off_is_no_near_miss(kit, case):
    case.says(case.document("policy"), {KEY: 0.01})
    assert kit.gap(case.assess(), KEY).nearest == ()


def test_gaps_come_by_urgency_and_then_in_the_order_of_the_framework(kit, case):
    old = case.document("old", "Next review due: March 2023")
    now = case.document("now")
    case.says(old, {"engaged.caring": 0.9})
    case.says(now, {"safe.protocols": 0.9}, level=Level.DECLARED)
    case.says(now, {"secure.use": 0.9})
    case.says(now, {"secure.ai": 0.9}, polarity=Polarity.COUNTER)
    gaps = case.assess().gaps
    reasons = list(dict.fromkeys(gap.reason for gap in gaps))
    assert reasons == ["contradicted", "absent", "outdated", "intent_only", "no_measure"]
    keys = list(kit.framework.facet_keys)
    absent = [f"{gap.commitment}.{gap.facet}" for gap in gaps if gap.reason is Reason.ABSENT]
    assert absent == sorted(absent, key=keys.index)
