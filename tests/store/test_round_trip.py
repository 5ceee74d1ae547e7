"""Any text a reader may hand over comes back from a workspace as it was."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.passages import in_its_language, split, with_remark
from lhs_evidence.readers import SourceFile
from lhs_evidence.readers.canonical import to_document
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.store import Workspace

SOURCE = SourceFile(Path("any.pdf"), "any.pdf")
# Text of any kind: astral, right to left, CJK, combining marks, lone surrogates, controls.
ANY = st.text(st.characters(exclude_categories=()), max_size=40)
SCRIPTS = st.sampled_from(
    [
        "𝔸 𐍈𐌰 🏥 care",
        "سياسة السلامة",
        "מדיניות בטיחות",
        "患者安全方針",
        "e\u0301te\u0301 naïve",
        "a\x00b",
    ]
)
BLOCKS = st.builds(
    RawBlock,
    st.sampled_from(BlockKind),
    st.lists(ANY | SCRIPTS, min_size=1, max_size=6).map(" ".join),
    level=st.integers(0, 3),
    role=st.sampled_from([BlockRole.BODY] * 4 + list(BlockRole)),
    pages=st.lists(st.integers(1, 3), max_size=2, unique=True).map(tuple),
    ocr_confidence=st.none() | st.floats(0, 1),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("workspace"), create=True) as store:
        yield store


@settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(blocks=st.lists(BLOCKS, max_size=8), title=ANY, label=ANY, warning=ANY)
def test_a_document_and_its_passages_come_back_as_they_were(
    workspace, blocks, title, label, warning
):
    content = Content(
        "application/pdf",
        title=title,
        blocks=blocks,
        pages=[RawPage(1, label), RawPage(2, "2"), RawPage(3, "3")],
        recognised_pages=[2],
        agreement=0.5,
        warnings=[warning],
    )
    document = in_its_language(to_document(SOURCE, "0" * 64, content))
    passages = split(document, len, 60)
    document = with_remark(document, passages)
    workspace.put_document(document, passages)
    assert workspace.document(document.id) == document
    assert tuple(workspace.passages(document.id)) == passages
    for passage in workspace.passages():
        assert workspace.texts()[document.id][passage.start : passage.end] == passage.text
