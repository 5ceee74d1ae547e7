"""The same report as Word file and as PDF gives the same prose."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from pathlib import Path

import pytest

from lhs_evidence.model import BlockKind, BlockRole, Document
from lhs_evidence.passages import sentences
from lhs_evidence.readers import SourceFile, read_document
from lhs_evidence.settings import ReadingLimits

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "documents" / "ncd"
PAIRS = [
    ("ncd_dental-brief-2017.docx", "ncd_dental-brief-2017.pdf"),
    ("ncd_medical_equipment_report.docx", "ncd_medical_equipment_report_508.pdf"),
]
PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
PULLED = re.compile(r"\[[A-Z]\][a-z]")
SPACES_AND_DASHES = re.compile(r"[\s|\-‐‑–—−]+")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared documents are not beside this"),
]


def _plain(text: str) -> str:
    """Text without what the two forms of a report may set differently."""
    text = unicodedata.normalize("NFKC", text).translate(QUOTES)
    return SPACES_AND_DASHES.sub("", text).lower()


def _prose(document: Document) -> list[str]:
    found = []
    for block in document.blocks:
        if block.role is BlockRole.BODY and block.kind in PROSE:
            text = document.text[block.start : block.end]
            found += [text[start:end] for start, end in sentences(text)]
    return [sentence for sentence in found if len(sentence.split()) >= 5]


def _words(path: Path) -> str:
    """All words of a Word file, with its notes, straight from the archive."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if re.match(r"word/\w+\.xml$", name)]
        raw = "\n".join(archive.read(name).decode() for name in names)
    return _plain(re.sub(r"<[^>]+>", "", raw.replace("</w:p>", "\n")))


def _stands_in(sentence: str, words: str) -> bool:
    """Whether nearly all of a sentence stands in a text, in pieces of 12 letters."""
    plain = _plain(sentence)
    pieces = [plain[start : start + 12] for start in range(0, len(plain) - 12, 6)]
    return sum(piece in words for piece in pieces) > 0.9 * len(pieces)


@pytest.mark.parametrize(("word", "pdf"), PAIRS)
def test_both_forms_of_a_report_hold_the_same_sentences(word: str, pdf: str) -> None:
    one = read_document(SourceFile(FOLDER / word, word), ReadingLimits())
    other = read_document(SourceFile(FOLDER / pdf, pdf), ReadingLimits())
    # The PDF has covers and letters that the Word file was made without, and pull quotes, which
    # an editor cut from the text and marked so: "[R]esearch shows".
    words = _words(FOLDER / word)
    own = [sentence for sentence in _prose(other) if not PULLED.match(sentence)]
    shared = [sentence for sentence in own if _stands_in(sentence, words)]

    for wanted, found in ((_prose(one), other), (shared, one)):
        whole = _plain(found.text)
        missing = [sentence for sentence in wanted if _plain(sentence) not in whole]
        assert len(wanted) > 80
        assert len(missing) <= 0.03 * len(wanted), missing
