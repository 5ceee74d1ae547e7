from dataclasses import replace

import numpy as np
import pytest

from lhs_evidence.errors import VerificationError, WorkspaceError
from lhs_evidence.ids import text_hash
from lhs_evidence.store import Workspace


def test_a_document_and_its_passages_come_back(workspace, document, passages):
    workspace.put_document(document, passages)
    assert workspace.documents() == [document]
    assert workspace.document(document.id) == document
    assert workspace.find(document.name) == document
    assert workspace.passages() == workspace.passages(document.id) == passages


def test_all_is_there_after_closing(tmp_path, make, document, passages):
    assessment = make.assessment(document, passages)
    with Workspace.open(tmp_path, create=True) as first:
        first.put_document(document, passages)
        first.put_assessment(assessment)
    with Workspace.open(tmp_path) as second:
        assert second.documents() == [document]
        assert second.passages() == passages
        assert second.assessment() == assessment


def test_passages_follow_the_names_and_the_order_of_reading(workspace, make):
    later, earlier = make.document("b.md"), make.document("a.md")
    for document in (later, earlier):
        workspace.put_document(document, make.passages(document))
    assert workspace.documents() == [earlier, later]
    assert workspace.passages() == make.passages(earlier) + make.passages(later)


def test_a_new_version_takes_the_place_of_the_old(filled, make, document):
    newer = make.document(paragraphs=("Hands are washed.",), version="b")
    filled.put_document(newer, make.passages(newer))
    assert filled.documents() == [newer]
    assert filled.passages() == make.passages(newer)
    assert filled.findings("c") == {}
    assert filled.check() == []


def test_an_assessment_outlives_the_documents_it_read(filled, make, document, passages):
    filled.remove_document(document.id)
    assert filled.documents() == []
    assert filled.assessment() == make.assessment(document, passages)
    assert filled.check() == []


def test_vectors_outlive_the_documents_they_came_from(filled, document, passages):
    filled.remove_document(document.id)
    key = text_hash(passages[0].text)
    assert filled.vectors("e", [key])[key].tolist() == [1, 1, 1, 1]


def test_a_document_without_text_is_kept(workspace, document):
    empty = replace(document, text="", blocks=(), pages=())
    workspace.put_document(empty, [])
    assert workspace.documents() == [empty]
    assert workspace.passages() == []


def test_a_passage_that_is_not_in_its_document_is_refused(workspace, document, passages):
    wrong = replace(passages[1], text="Falls doubled in one year.")
    with pytest.raises(VerificationError):
        workspace.put_document(document, [passages[0], wrong])
    assert workspace.documents() == []


def test_a_refused_version_leaves_the_old_one(filled, make, document, passages):
    newer = make.document(version="b")
    with pytest.raises(VerificationError):
        filled.put_document(newer, passages)
    assert filled.documents() == [document]
    assert filled.passages() == passages


def test_text_that_no_database_holds_is_refused_in_one_sentence(workspace, make):
    broken = make.document(name="torn\ud800.md")
    with pytest.raises(WorkspaceError, match="cannot hold a value"):
        workspace.put_document(broken, make.passages(broken))


def test_vectors_are_kept_apart_by_encoder(workspace):
    one, two = np.array([1, 0], np.float32), np.array([0.1, 0.2, 0.3], np.float32)
    workspace.put_vectors("one", {"h": one})
    workspace.put_vectors("two", {"h": two, "i": two})
    assert workspace.vectors("one", ["h", "i"]).keys() == {"h"}
    assert workspace.vectors("two", ["h", "i"])["h"].tobytes() == two.tobytes()


def test_a_known_vector_is_left_as_it_is(workspace):
    workspace.put_vectors("e", {"h": np.zeros(2, np.float32)})
    workspace.put_vectors("e", {"h": np.ones(2, np.float32), "i": np.ones(2, np.float32)})
    found = workspace.vectors("e", ["h", "i", "unknown"])
    assert {key: vector.tolist() for key, vector in found.items()} == {"h": [0, 0], "i": [1, 1]}


def test_more_vectors_than_one_statement_takes_come_back(workspace):
    vectors = {f"{n:064x}": np.full(3, n, np.float32) for n in range(2_501)}
    workspace.put_vectors("e", vectors)
    found = workspace.vectors("e", vectors.keys())
    assert {key: vector[0] for key, vector in found.items()} == {
        key: vector[0] for key, vector in vectors.items()
    }


def test_findings_come_back_by_classifier_and_passage(filled, make, passages):
    expected = {passage.id: make.finding(passage) for passage in passages}
    assert filled.findings("c") == expected
    assert filled.findings("another") == {}


def test_a_later_finding_takes_the_place_of_the_earlier(filled, make, passages):
    first, second = passages
    filled.put_findings("c", [make.finding(first, 0.25)])
    assert filled.findings("c")[first.id].commitments["safe"].confidence == 0.25
    assert filled.findings("c")[second.id].commitments["safe"].confidence == 0.75


def test_a_finding_on_an_unknown_passage_is_refused(filled, make, passages):
    stranger = replace(make.finding(passages[0], 0.25), passage="psg_unknown")
    with pytest.raises(WorkspaceError, match="psg_unknown"):
        filled.put_findings("c", [make.finding(passages[0], 0.25), stranger])
    assert filled.findings("c")[passages[0].id] == make.finding(passages[0])


def test_a_finding_that_is_not_a_number_is_refused(filled, make, passages):
    with pytest.raises(WorkspaceError, match="NaN"):
        filled.put_findings("c", [make.finding(passages[0], float("nan"))])


def test_the_last_assessment_comes_first(workspace, make, document, passages):
    older = make.assessment(document, passages, "asm_1", "2026-01-01T00:00:00Z")
    newer = make.assessment(document, passages, "asm_2", "2026-02-01T00:00:00Z")
    workspace.put_assessment(newer)
    workspace.put_assessment(older)
    assert workspace.assessment() == newer
    assert workspace.assessment("asm_1") == older
    assert workspace.assessments() == [
        ("asm_2", newer.created, "Hill Clinic"),
        ("asm_1", older.created, "Hill Clinic"),
    ]


def test_the_same_result_again_becomes_the_last_but_is_not_changed(
    workspace, make, document, passages
):
    first = make.assessment(document, passages, "asm_1", "2026-01-01T00:00:00Z")
    workspace.put_assessment(first)
    workspace.put_assessment(make.assessment(document, passages, "asm_2", "2026-02-01T00:00:00Z"))
    workspace.put_assessment(replace(first, created="2026-03-01T00:00:00Z"))
    assert workspace.assessment() == first
    assert len(workspace.assessments()) == 2


def test_an_assessment_is_never_changed(filled, make, document, passages):
    other = replace(make.assessment(document, passages), organization="Dale Clinic")
    with pytest.raises(WorkspaceError, match="asm_1"):
        filled.put_assessment(other)
    assert filled.assessment().organization == "Hill Clinic"


@pytest.mark.parametrize(
    "ask",
    [
        lambda space: space.document("doc_x"),
        lambda space: space.remove_document("doc_x"),
        lambda space: space.assessment("asm_x"),
        lambda space: space.assessment(),
    ],
)
def test_what_is_not_there_is_one_sentence(workspace, ask):
    with pytest.raises(WorkspaceError, match="holds no"):
        ask(workspace)


def test_an_unknown_name_is_no_document(workspace):
    assert workspace.find("unknown.md") is None


def test_names_texts_and_page_labels_come_without_the_rest(workspace, make):
    later, earlier = make.document(name="b.pdf"), make.document(name="a.pdf")
    for document in (later, earlier):
        workspace.put_document(document, ())
    assert list(workspace.names().items()) == [(earlier.id, "a.pdf"), (later.id, "b.pdf")]
    assert workspace.texts() == {earlier.id: earlier.text, later.id: later.text}
    labels = {page.number: page.label for page in later.pages}
    assert workspace.page_labels()[later.id] == labels != {}
