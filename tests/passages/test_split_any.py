"""What holds of the passages of any document, however odd."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lhs_evidence.ids import passage_id
from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.passages import split

COUNTERS = [len, lambda text: len(text.split()) + 2, lambda text: 2 + len(text.encode()) // 3]

PROSE = st.lists(
    st.sampled_from(
        ["care", "The", "risk.", "falls;", "12", "(see", "Dr.", "•", "naïve", "安全。"]
    ),
    min_size=1,
    max_size=60,
).map(" ".join)
TEXT = st.one_of(PROSE, st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
PARTS = st.lists(
    st.tuples(
        st.sampled_from("#pp--||cn"),
        TEXT,
        st.fixed_dictionaries(
            {
                "level": st.integers(0, 3),
                "role": st.sampled_from([BlockRole.BODY] * 5 + list(BlockRole)),
            }
        ),
    ),
    max_size=12,
)
anything = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("counter", COUNTERS)
@anything
@given(parts=PARTS, window=st.integers(20, 80))
def test_passages_are_verbatim_in_order_apart_and_within_the_window(
    document, counter, parts, window
):
    source = document(*parts)
    end = 0
    passages = split(source, counter, window)
    for passage in passages:
        assert passage.text == source.text[passage.start : passage.end]
        assert passage.id == passage_id(source.id, passage.start, passage.end, passage.text)
        assert passage.text.strip() == passage.text
        assert passage.start >= end
        assert counter(passage.text) <= window
        end = passage.end
    assert len({passage.id for passage in passages}) == len(passages)


@anything
@given(parts=PARTS)
def test_only_headings_and_fragments_of_the_body_are_left_out(document, parts):
    source = document(*parts)
    covered = bytearray(len(source.text))
    for passage in split(source, COUNTERS[1], 60):
        covered[passage.start : passage.end] = b"x" * (passage.end - passage.start)
    for block in source.blocks:
        whole = source.text[block.start : block.end]
        is_text = block.role is BlockRole.BODY and block.kind is not BlockKind.HEADING
        inside = {
            bool(covered[at])
            for at in range(block.start, block.end)
            if not source.text[at].isspace()
        }
        if not is_text:
            assert block.kind is BlockKind.HEADING or inside <= {False}
        elif inside == {False}:
            assert len(whole.split()) < 5 or not any(map(str.isalpha, whole))


@anything
@given(lengths=st.lists(st.integers(5, 90), max_size=12))
def test_no_word_of_ordinary_paragraphs_is_lost(document, lengths):
    paragraphs = [" ".join(["word"] * length) + "." for length in lengths]
    source = document(*[("p", paragraph) for paragraph in paragraphs])
    passages = split(source, COUNTERS[1], 60)
    found = " ".join(passage.text for passage in passages).split()
    assert found == source.text.split()
