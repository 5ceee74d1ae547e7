"""Where passages stand, for any document a reader may hand over."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lhs_evidence.model import BlockKind, BlockRole, Box
from lhs_evidence.passages import in_its_language, paragraph_numbers, split
from lhs_evidence.readers import SourceFile
from lhs_evidence.readers.canonical import to_document
from lhs_evidence.readers.content import Content, RawBlock, RawPage

PAGES, WIDTH, HEIGHT = 5, 612.0, 792.0
SOURCE = SourceFile(Path("any.pdf"), "any.pdf")
SENTENCES = (
    "Every fall is reported on the day it happens.",
    "Chaque chute est signalée le jour même au comité.",
    "الرعاية حق لكل مريض في المستشفى",
    "每个病人都有权了解自己的治疗方案。",
    "प्रत्येक रोगी की सहमति ली जाती है।",
    "ca\u0301fe\u0301 \U0001f3e5 \U00020bb7\u200d naïve ﬁre\u00adproof",
    "12 | 34 | –",
)
TEXTS = st.lists(
    st.sampled_from(SENTENCES) | st.text(st.characters(exclude_categories=()), max_size=30),
    min_size=1,
    max_size=9,
).map(" ".join)


@st.composite
def raw_blocks(draw):
    first = draw(st.integers(1, PAGES))
    pages = tuple(range(first, min(PAGES, first + draw(st.integers(0, 1))) + 1))
    lines = draw(st.integers(0, 4))
    boxes = []
    for page in pages:
        for line in range(lines):
            left = draw(st.floats(0, WIDTH / 2, width=32))
            boxes.append(Box(page, left, 10.0 * line, left + 200, 10.0 * line + 9))
    return RawBlock(
        draw(st.sampled_from(BlockKind)),
        draw(TEXTS),
        level=draw(st.integers(0, 3)),
        role=draw(st.sampled_from([BlockRole.BODY] * 6 + list(BlockRole))),
        pages=pages,
        boxes=tuple(boxes),
        ocr_confidence=draw(st.none() | st.floats(0, 1)),
    )


def words_and_bytes(text):
    return 2 + len(text.split()) + len(text.encode()) // 8


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=st.lists(raw_blocks(), max_size=10), window=st.integers(12, 200))
def test_passages_lie_where_they_say(blocks, window):
    pages = [RawPage(n, str(n), width=WIDTH, height=HEIGHT) for n in range(1, PAGES + 1)]
    document = in_its_language(
        to_document(SOURCE, "0" * 64, Content("application/pdf", blocks=blocks, pages=pages))
    )
    for passage in split(document, words_and_bytes, window):
        assert document.text[passage.start : passage.end] == passage.text
        touched = [
            block
            for block in document.blocks
            if block.start < passage.end and block.end > passage.start
        ]
        assert {block.role for block in touched} == {BlockRole.BODY}
        assert {box.page for box in passage.boxes} <= set(passage.pages)
        assert set(passage.pages) <= {page for block in touched for page in block.pages}
        assert set(passage.boxes) <= {box for block in touched for box in block.boxes}
        assert all(0 <= box.x0 <= box.x1 <= WIDTH for box in passage.boxes)
        known = [block.ocr_confidence for block in touched if block.ocr_confidence is not None]
        assert passage.ocr_confidence == min(known, default=None)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(blocks=st.lists(raw_blocks(), max_size=10))
def test_every_passage_has_paragraphs_that_follow_each_other(blocks):
    document = to_document(SOURCE, "0" * 64, Content("application/docx", blocks=blocks))
    passages = split(document, words_and_bytes, 60)
    numbers = paragraph_numbers(document, passages)
    for passage in passages:
        own = numbers[passage.id]
        assert own
        assert list(own) == list(range(own[0], own[-1] + 1))
    assert len(numbers) == len(passages)
