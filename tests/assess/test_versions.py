"""Documents replaced by others that were handed over with them."""

from lhs_evidence.model import Reason


def outdated(case):
    return {item.name: item.outdated for item in case.assess().documents if item.outdated}


def test_the_older_version_of_a_title_is_replaced(case):
    case.document("a.pdf", "Version: 1.9", title="Incident Reporting Policy")
    case.document("b.pdf", "Version: 1.10", title="Incident reporting policy (v1.10)")
    assert outdated(case) == {"a.pdf": 'Replaced by "b.pdf" (version 1.10).'}


def test_without_versions_the_date_tells(case):
    case.document("a.pdf", "Effective 1 May 2019", title="Incident Reporting Policy")
    case.document("b.pdf", "Effective 1 May 2024", title="Incident Reporting Policy")
    assert outdated(case) == {"a.pdf": 'Replaced by "b.pdf" (dated 1 May 2024).'}


def test_versions_may_stand_in_the_names_of_files(case):
    case.document("incidents_v1.docx", title="Incident Reporting Policy")
    case.document("incidents_v2.docx", title="Incident Reporting Policy")
    assert outdated(case) == {"incidents_v1.docx": 'Replaced by "incidents_v2.docx" (version 2).'}


def test_the_same_version_twice_replaces_nothing(case):
    for name in ("a.pdf", "a.docx"):
        case.document(name, "Version: 2", title="Incident Reporting Policy")
    assert outdated(case) == {}


def test_a_title_that_says_nothing_tells_no_documents_apart(case):
    case.document("a.pdf", "Version: 1", title="Policy")
    case.document("b.pdf", "Version: 2", title="Policy")
    assert outdated(case) == {}


def test_a_version_and_a_date_do_not_compare(case):
    case.document("a.pdf", "Version: 1", title="Incident Reporting Policy")
    case.document("b.pdf", "Effective 1 May 2024", title="Incident Reporting Policy")
    assert outdated(case) == {}


def test_a_document_may_say_which_one_it_replaces(case):
    case.document("a.pdf", title="Adverse Event Procedure")
    case.document(
        "b.pdf",
        "This policy supersedes the Adverse Event Procedure of 2015.",
        title="Incident Reporting Policy",
    )
    assert outdated(case) == {"a.pdf": 'Replaced by "b.pdf", which says so.'}


def test_evidence_in_a_replaced_document_is_outdated(kit, case):
    old = case.document("a.pdf", "Version: 1", title="Incident Reporting Policy")
    case.document("b.pdf", "Version: 2", title="Incident Reporting Policy")
    case.says(old, {"safe.risk": 0.9})
    gap = kit.gap(case.assess(), "safe.risk")
    assert gap.reason is Reason.OUTDATED
    assert 'Replaced by "b.pdf" (version 2).' in gap.why
