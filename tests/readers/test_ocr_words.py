"""What is made of Tesseract's answers, where a picture would not bring the case about for sure."""

from __future__ import annotations

import pytest

from lhs_evidence.readers.ocr.engine import RecognitionError
from lhs_evidence.readers.ocr.words import PageWords, even_sizes, page_words

Placed = tuple[int, str, int]


def hocr(*lines: list[Placed], size: float = 40, angle: int = 0) -> bytes:
    """Write hOCR of lines, each of (left, word, confidence), 60 dots apart, 20 dots a letter."""
    made = []
    for number, line in enumerate(lines):
        top = 100 + 60 * number
        spans = "".join(
            f"<span class='ocrx_word' title='bbox {left} {top} {left + 20 * len(word)} {top + 40};"
            f" x_wconf {sure}'>{word}</span>"
            for left, word, sure in line
        )
        right = max(left + 20 * len(word) for left, word, _ in line)
        made.append(
            f"<span class='ocr_line' title='bbox {line[0][0]} {top} {right} {top + 40}; baseline "
            f"0.0 -10; textangle {angle}; x_size {size}; x_descenders 10'>{spans}</span>"
        )
    page = "bbox 0 0 2000 1000; scan_res 144 144"
    body = "".join(made)
    return f"<html><body><div class='ocr_page' title='{page}'>{body}</div></body></html>".encode()


def found(*lines: list[Placed], **how: float) -> PageWords:
    page = page_words(hocr(*lines, **how), 3)
    assert page is not None
    return page


def test_dots_become_points_and_lines_keep_their_places() -> None:
    page = found([(200, "Falls", 96), (320, "happen", 90)])
    (line,) = page.lines
    assert (line.text, line.page, line.x0, line.y0, line.x1, line.y1) == (
        "Falls happen", 3, 100, 50, 220, 70,
    )  # fmt: skip
    assert (line.base, line.size, page.width, page.height) == (65, 20, 1000, 500)
    assert page.confidence == pytest.approx(0.93)


def test_wide_gaps_part_cells_and_labels_stay() -> None:
    page = found([(100, "1.", 96), (260, "Ward", 96), (500, "2.4", 96)])
    assert [line.text for line in page.lines] == ["1. Ward", "2.4"]


@pytest.mark.parametrize("mark", ["e", "©", "«", "*"])
def test_a_misread_bullet_is_one_where_a_gap_follows(mark: str) -> None:
    wide, close = (found([(100, mark, 60), (left, "Ward", 96)]) for left in (150, 130))
    assert wide.lines[0].text == "• Ward"
    assert close.lines[0].text == f"{mark} Ward"


def test_a_number_that_was_found_apart_goes_before_its_text() -> None:
    number, text = hocr([(100, "1.", 96)]), hocr([(220, "Ward", 96)])
    line = text.split(b"ocr_page'")[1].split(b">", 1)[1].split(b"</div>")[0]
    page = page_words(number.replace(b"</div>", line + b"</div>"), 1)
    assert page is not None
    assert [line.text for line in page.lines] == ["1. Ward"]
    assert page.lines[0].x0 == 50


def test_specks_and_faint_marks_are_no_text() -> None:
    assert not found([(100, "|", 20), (900, "~", 30)]).lines
    assert not found([(100, "oe", 12), (300, "ag", 30)]).has_text
    assert found([(100, "Ward", 55)]).has_text


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_places_on_a_turned_page_come_back_to_where_they_were(angle: int) -> None:
    page = found([(200, "Falls", 96)], angle=angle)
    (line,) = page.lines
    assert page.angle == angle
    assert page.shown((line.x0, line.y0, line.x1, line.y1)) == (100, 50, 150, 70)


def test_type_sizes_are_evened_out_and_seals_are_no_titles() -> None:
    body = found(*[[(100, f"word{n}", 96)] for n in range(9)])
    near, title = found([(100, "word", 96)], size=43), found([(100, "Title", 96)], size=64)
    seal = found([(100, "Seal", 30)], size=90)
    even_sizes([body, near, title, seal])
    assert near.lines[0].size == body.lines[0].size == seal.lines[0].size == 20
    assert title.lines[0].size == pytest.approx(20 * 1.25**2)


@pytest.mark.parametrize("answer", [b"", b"no markup"])
def test_nonsense_is_refused(answer: bytes) -> None:
    with pytest.raises(RecognitionError):
        page_words(answer, 1)


def test_an_answer_without_a_page_is_none() -> None:
    assert page_words(b"<html><body></body></html>", 1) is None
