from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from lhs_evidence.model import Block, BlockKind, Document, DocumentStatus
from lhs_evidence.passages import split
from lhs_evidence.readers import ReaderPool, SourceFile, read_document
from lhs_evidence.settings import OcrSettings, ReadingLimits

from .scans import BLANK, COLUMNS, POLICY, needs_tesseract, pictures, scan, set_type, stand_in

pytestmark = needs_tesseract
LIMITS = ReadingLimits()


def read(path: Path, **ocr: object) -> Document:
    return read_document(SourceFile(path, path.name), LIMITS, OcrSettings(**ocr))


def words(document: Document) -> Counter[str]:
    return Counter(re.findall(r"\w+", document.text))


def block(document: Document, start: str) -> Block:
    return next(b for b in document.blocks if document.text[b.start :].startswith(start))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scans")


@pytest.fixture(scope="module")
def printed(folder: Path) -> Document:
    return read(set_type(folder / "printed.pdf", POLICY))


@pytest.fixture(scope="module")
def scanned(folder: Path) -> Document:
    return read(scan(folder / "scanned.pdf", pictures(POLICY)))


def test_a_scan_says_what_the_print_says(printed: Document, scanned: Document) -> None:
    wanted, got = words(printed), words(scanned)
    assert (wanted & got).total() >= 0.98 * wanted.total()
    assert (got - wanted).total() <= 0.02 * wanted.total()


def test_a_scan_is_ready_and_says_how_it_was_read(scanned: Document) -> None:
    assert scanned.status is DocumentStatus.READY
    assert scanned.fidelity.pages_recognised == (1, 2)
    assert [page.has_text for page in scanned.pages] == [True, True]
    assert any("2 pages were read by text recognition" in line for line in scanned.warnings)


def test_headings_and_paragraphs_are_those_of_the_print(
    printed: Document, scanned: Document
) -> None:
    def shape(document: Document) -> list[tuple[BlockKind, tuple[int, ...]]]:
        return [(block.kind, block.pages) for block in document.blocks]

    assert shape(scanned) == shape(printed)


def test_boxes_lie_where_the_words_stand(printed: Document, scanned: Document) -> None:
    for theirs, ours in zip(printed.blocks, scanned.blocks, strict=True):
        (wanted,), (got,) = theirs.boxes, ours.boxes
        assert got.page == wanted.page
        for side in ("x0", "y0", "x1", "y1"):
            assert getattr(got, side) == pytest.approx(getattr(wanted, side), abs=4)


def test_confidence_reaches_the_passage(printed: Document, scanned: Document) -> None:
    def confidences(document: Document) -> list[float | None]:
        passages = split(document, lambda text: len(text.split()), 256)
        return [passage.ocr_confidence for passage in passages]

    assert confidences(printed)
    assert set(confidences(printed)) == {None}
    assert all(sure is not None and 0.8 < sure <= 1 for sure in confidences(scanned))


def test_poor_print_is_kept_and_said_to_be_doubtful(folder: Path, scanned: Document) -> None:
    coarse = [page.resize((250, 333)).resize(page.size) for page in pictures(POLICY)]
    made = read(scan(folder / "coarse.pdf", coarse))
    sure = [block.ocr_confidence for block in made.blocks if block.ocr_confidence is not None]
    clear = [block.ocr_confidence for block in scanned.blocks if block.ocr_confidence is not None]
    assert sum(sure) / len(sure) < sum(clear) / len(clear) - 0.05


def test_columns_are_read_one_after_the_other(folder: Path) -> None:
    made = read(scan(folder / "columns.pdf", pictures(COLUMNS)))
    assert made.text.index("who explained it and when") < made.text.index("The right column")
    assert "Each discharge list is compared with the list that was taken on admission" in made.text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_scanned_on_its_side_is_read(folder: Path, scanned: Document, turn: int) -> None:
    turned = [page.rotate(turn, expand=True) for page in pictures(POLICY)[:1]]
    made = read(scan(folder / f"turned{turn}.pdf", turned))
    start = "Every fall is reviewed"
    assert start in made.text
    (box,), (upright,) = block(made, start).boxes, block(scanned, start).boxes
    page = made.pages[0]
    across, down = upright.x1 - upright.x0, upright.y1 - upright.y0
    left = {90: upright.y0, 180: page.width - upright.x1, 270: page.width - upright.y1}[turn]
    assert box.x0 == pytest.approx(left, abs=6)
    assert box.x1 - box.x0 == pytest.approx(across if turn == 180 else down, abs=8)


def mixed(folder: Path) -> Path:
    """Write a file whose first page is text, whose second is a scan and whose third is empty."""
    writer = PdfWriter()
    first, *_ = PdfReader(set_type(folder / "text.pdf", POLICY)).pages
    writer.add_page(first)
    sheets = [pictures(POLICY)[1], pictures(BLANK)[0]]
    writer.append(PdfReader(scan(folder / "sheets.pdf", sheets)))
    writer.write(folder / "mixed.pdf")
    return folder / "mixed.pdf"


def test_only_pages_without_text_are_recognised(tmp_path: Path) -> None:
    made = read(mixed(tmp_path))
    assert made.fidelity.pages_recognised == (2,)
    assert [page.has_text for page in made.pages] == [True, True, False]
    assert block(made, "Every fall").ocr_confidence is None
    assert block(made, "Falls with harm").ocr_confidence is not None
    assert made.text.index("publishes what it has learned") < made.text.index("Falls with harm")
    assert (made.status, made.reason) == (
        DocumentStatus.PARTIAL,
        "No text could be found on page 3.",
    )


def test_turned_off_nothing_is_recognised_and_that_is_said(tmp_path: Path) -> None:
    made = read(mixed(tmp_path), mode="off")
    assert made.fidelity.pages_recognised == ()
    assert "No text could be found on pages 2–3." in made.reason
    assert any("OCR) is turned off" in warning for warning in made.warnings)


def test_forced_every_page_is_recognised(tmp_path: Path) -> None:
    made = read(mixed(tmp_path), mode="force")
    assert made.fidelity.pages_recognised == (1, 2)
    assert all(block.ocr_confidence is not None for block in made.blocks)


def test_a_stamp_on_a_scan_does_not_hide_it(tmp_path: Path) -> None:
    stamp = "#set page(width: 420pt, height: 560pt, margin: 9pt, fill: none)\nReceived in May"
    writer = PdfWriter()
    writer.append(PdfReader(scan(tmp_path / "scan.pdf", pictures(POLICY))))
    writer.pages[0].merge_page(PdfReader(set_type(tmp_path / "stamp.pdf", stamp)).pages[0])
    writer.write(tmp_path / "stamped.pdf")
    made = read(tmp_path / "stamped.pdf")
    assert made.fidelity.pages_recognised == (1, 2)
    assert made.text.count("Received in May") == 1
    assert "Every fall is reviewed" in made.text


def test_pages_of_nothing_say_that_nothing_was_found(tmp_path: Path) -> None:
    made = read(scan(tmp_path / "blank.pdf", pictures(BLANK)))
    assert made.status is DocumentStatus.NO_TEXT
    assert "found nothing on its pages" in made.reason


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
def test_pictures_are_documents(tmp_path: Path, suffix: str) -> None:
    pages = pictures(POLICY)[: 2 if suffix == "tiff" else 1]
    made = read(scan(tmp_path / f"policy.{suffix}", pages))
    assert made.status is DocumentStatus.READY
    assert "Every fall is reviewed within one working day" in made.text
    assert made.fidelity.pages_recognised == tuple(range(1, len(pages) + 1))
    assert block(made, "Falls on").boxes[0].y1 < 0.3 * made.pages[0].height


def test_a_picture_is_unsupported_where_recognition_is_off(tmp_path: Path) -> None:
    made = read(scan(tmp_path / "policy.png", pictures(POLICY)[:1]), mode="off")
    assert made.status is DocumentStatus.UNSUPPORTED
    assert "turned off" in made.reason


def test_a_broken_picture_fails_with_a_reason(tmp_path: Path) -> None:
    path = scan(tmp_path / "policy.png", pictures(POLICY)[:1])
    path.write_bytes(path.read_bytes()[:200])
    made = read(path)
    assert (made.status, bool(made.reason)) == (DocumentStatus.FAILED, True)


def test_without_tesseract_a_scan_is_no_text_with_advice(
    folder: Path, scanned: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    made = read(folder / "scanned.pdf")
    assert made.status is DocumentStatus.NO_TEXT
    assert "Tesseract, which is not installed" in made.reason
    assert made.fidelity.reader != scanned.fidelity.reader


def test_a_language_without_data_is_named(folder: Path, scanned: Document) -> None:
    made = read(folder / "scanned.pdf", languages="eng+xyz")
    assert made.status is DocumentStatus.NO_TEXT
    assert "tesseract-ocr-xyz" in made.reason


def one_bad_page(folder: Path, deed: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a scan of two sizes, and a stand-in that does something bad to the smaller one."""
    real = shutil.which("tesseract")
    keep = folder / "picture"
    line = f'cat >{keep}; if head -c 8 {keep} | grep -q "P5 1250"; then {deed}; fi; '
    bad = stand_in(folder / "bin", f'{line} exec {real} "$@" <{keep}')
    monkeypatch.setenv("PATH", f"{bad}:/usr/bin:/bin")
    first, second = pictures(POLICY)
    return scan(folder / "two.pdf", [first.crop((0, 0, 833, first.height)), second])


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        ("sleep 60", "stopped after 2 seconds"),
        ("kill -SEGV $$", "crashed (signal 11)"),
        ("exit 3", "exit status 3"),
        ("echo '<html'; exit 0", "text recognition failed on page 1"),
    ],
)
def test_a_page_that_recognition_fails_on_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str, why: str
) -> None:
    path = one_bad_page(tmp_path, deed, monkeypatch)
    made = read(path, seconds_per_page=2.0 if "sleep" in deed else 30.0)
    assert (made.status, made.reason) == (DocumentStatus.PARTIAL, "Page 1 could not be read.")
    assert made.fidelity.pages_failed == (1,)
    assert made.fidelity.pages_recognised == (2,)
    assert any(why in warning or why.capitalize() in warning for warning in made.warnings)


def test_pages_for_which_no_time_is_left_stay_unread(folder: Path, scanned: Document) -> None:
    made = read(folder / "scanned.pdf", seconds_most=0.2)
    assert made.fidelity.pages_failed == (2,)
    assert any("no time left" in warning for warning in made.warnings)


def test_the_reading_child_recognises_under_its_limits(folder: Path, scanned: Document) -> None:
    """Little memory, no files to write, few to open, and far less time than recognition takes."""
    limits = ReadingLimits(seconds=2.0, seconds_per_page=0.0, seconds_most=2.0)
    with ReaderPool(limits, 1) as pool:
        (made,) = pool.read([SourceFile(folder / "scanned.pdf", "scanned.pdf")])
    assert made == scanned
