from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.model import (
    Block,
    BlockKind,
    BlockRole,
    Box,
    Document,
    DocumentStatus,
    Fidelity,
    Page,
)
from lhs_evidence.readers.isolation.codec import (
    decode_json,
    document_from_json,
    document_to_json,
    encode_json,
)

TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)
NUMBER = st.integers(0, 1_000_000)
LENGTH = st.floats(allow_nan=False, allow_infinity=False)
BOXES = st.builds(Box, NUMBER, LENGTH, LENGTH, LENGTH, LENGTH)
BLOCKS = st.builds(
    Block,
    st.sampled_from(BlockKind),
    NUMBER,
    NUMBER,
    NUMBER,
    st.sampled_from(BlockRole),
    st.lists(NUMBER, max_size=3).map(tuple),
    st.lists(BOXES, max_size=3).map(tuple),
    st.none() | st.floats(0, 1),
)
FIDELITIES = st.builds(
    Fidelity,
    st.lists(NUMBER, max_size=3).map(tuple),
    st.lists(NUMBER, max_size=3).map(tuple),
    NUMBER,
    NUMBER,
    TEXT,
    st.none() | st.floats(0, 1),
    TEXT,
)
PAGES = st.builds(Page, NUMBER, TEXT, NUMBER, NUMBER, st.booleans(), LENGTH, LENGTH)
DOCUMENTS = st.builds(
    Document,
    id=TEXT,
    name=TEXT,
    sha256=TEXT,
    status=st.sampled_from(DocumentStatus),
    media_type=TEXT,
    title=TEXT,
    language=TEXT,
    text=TEXT,
    pages=st.lists(PAGES, max_size=3).map(tuple),
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    warnings=st.lists(TEXT, max_size=2).map(tuple),
    reason=TEXT,
    fidelity=FIDELITIES,
)


@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document: Document) -> None:
    assert document_from_json(decode_json(encode_json(document_to_json(document)))) == document


@pytest.mark.parametrize("value", [None, [], {}, {"id": 1}, "text", {"status": "splendid"}])
def test_anything_else_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a document|not a valid"):
        document_from_json(value)
