"""Which passages are shown, and in which order."""

import numpy as np

from lhs_evidence.model import Level, Polarity


def cited(kit, case, key="safe"):
    return [item.passage.id for item in kit.commitment(case.assess(), key).evidence]


def test_evidence_is_positive_and_supporting(kit, case):
    document = case.document("policy")
    kept = case.says(document, {"safe.risk": 0.8})
    case.says(document, {"safe.risk": 0.3})
    case.says(document, {"safe.risk": 0.8}, level=Level.NONE)
    case.says(document, {"safe.risk": 0.5}, polarity=Polarity.COUNTER)
    assert cited(kit, case) == [kept]


def test_another_document_comes_before_a_second_passage_of_the_first(kit, case):
    one, other = case.document("one"), case.document("other")
    first = case.says(one, {"safe.risk": 0.9})
    second = case.says(one, {"safe.risk": 0.85})
    elsewhere = case.says(other, {"safe.risk": 0.7})
    assert cited(kit, case) == [first, elsewhere, second]


def test_the_same_text_in_two_documents_counts_once(kit, case):
    text = "Every incident is reported to the safety officer."
    for name, score in (("one", 0.6), ("other", 0.6)):
        case.says(case.document(name), {"safe.risk": score}, text=text)
    coverage = kit.facet(case.assess(), "safe.risk")
    assert len(coverage.evidence) == 1
    assert coverage.confidence == 0.6


def test_near_copies_by_vector_count_once(kit, case):
    vector = np.eye(64)[0]
    near = vector + 0.1 * np.eye(64)[1]
    other = vector + np.eye(64)[1]
    document = case.document("policy")
    first = case.says(document, {"safe.risk": 0.9}, vector=vector)
    case.says(document, {"safe.risk": 0.8}, vector=near)
    third = case.says(document, {"safe.risk": 0.7}, vector=other)
    assert cited(kit, case) == [first, third]


def test_of_two_copies_the_current_one_is_cited(kit, case):
    text = "Every incident is reported to the safety officer."
    old = case.document("a-old", "Next review: March 2020")
    new = case.document("b-new")
    case.says(old, {"safe.risk": 0.8}, text=text)
    current = case.says(new, {"safe.risk": 0.8}, text=text)
    assert cited(kit, case) == [current]


def test_a_commitment_shows_twelve_but_every_facet_keeps_its_best_three(kit, case):
    documents = [case.document(f"document {number}") for number in range(20)]
    for document in documents:
        case.says(document, {"safe.risk": 0.9})
    weak = {case.says(documents[0], {"safe.protocols": 0.5}) for _ in range(4)}
    shown = cited(kit, case)
    assert len(shown) == 12
    assert len(weak & set(shown)) == 3


def test_a_passage_that_carries_the_status_is_always_shown(kit, case):
    for number in range(5):
        case.says(case.document(f"document {number}"), {"safe.risk": 0.9})
    figure = case.says(case.documents[0], {"safe.risk": 0.55}, level=Level.MEASURED)
    coverage = kit.facet(case.assess(), "safe.risk")
    assert coverage.status == "measured"
    assert figure in coverage.evidence


def test_evidence_carries_facets_level_review_and_date(kit, case):
    document = case.document("policy", "Expires: 2022-12-31")
    case.says(document, {"safe.risk": 0.5, "safe.protocols": 0.55}, level=Level.DECLARED)
    (evidence,) = kit.commitment(case.assess(), "safe").evidence
    assert set(evidence.facets) == {"risk", "protocols"}
    assert (evidence.level, evidence.review, evidence.outdated) == (Level.DECLARED, True, True)
    assert evidence.document_name == "policy"
