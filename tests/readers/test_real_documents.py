"""Real documents of health organizations, where the folder with them lies beside the checkout."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from lhs_evidence.model import DocumentStatus
from lhs_evidence.passages import in_its_language, split
from lhs_evidence.passages.words import count_words
from lhs_evidence.readers import ReaderPool, discover, read_document
from lhs_evidence.settings import OcrSettings, ReadingLimits

DOCUMENTS = Path(__file__).resolve().parents[2].parent / "shared" / "documents"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

pytestmark = pytest.mark.skipif(
    not DOCUMENTS.is_dir(), reason="the folder of real documents is not beside this checkout"
)


def raw_words(path: Path) -> Counter[str]:
    """The words in all text elements of a Word file, drawn alternatives counted once."""
    words: Counter[str] = Counter()
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    for fallback in list(root.iter(f"{MC}Fallback")):
        choice = fallback.getparent().find(f"{MC}Choice")
        if choice is not None and next(choice.iter(f"{W}t"), None) is not None:
            fallback.getparent().remove(fallback)
    for paragraph in root.iter(f"{W}p"):
        own = (
            (piece.text or "") if piece.tag == f"{W}t" else " "
            for piece in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
            if next(piece.iterancestors(f"{W}p")) is paragraph
        )
        words.update(re.findall(r"\w+", "".join(own)))
    return words


@pytest.mark.slow
def test_every_document_ends_in_a_status_and_the_scans_in_no_text() -> None:
    sources = discover([DOCUMENTS])
    # Where Tesseract is installed, it would read the scans.
    with ReaderPool(ReadingLimits(), 2, ocr=OcrSettings(mode="off")) as pool:
        documents = list(pool.read(sources))
    assert [document.name for document in documents] == [source.name for source in sources]
    scans = {d.name for d in documents if d.status is DocumentStatus.NO_TEXT}
    assert {
        "hhs-oig/cshm-agreement.pdf",
        "ncd/ocr-letter-to-ncd-on-bulletin-response-20-0416.pdf",
    } == scans
    unread = {d.name for d in documents if not d.status.has_text} - scans
    assert unread == {"manifest.jsonl"}


def test_word_files_are_read_to_the_last_word() -> None:
    for source in discover(sorted(DOCUMENTS.glob("*/*.docx"))):
        wanted = raw_words(source.path)
        found = Counter(re.findall(r"\w+", read_document(source, ReadingLimits()).text))
        missing = (wanted - found).total()
        assert missing <= 0.01 * wanted.total(), source.name


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("health-canada/EvaluationViePriveeAlerteCOVID.md", "fr"),
        ("hhs-oig/DiabetesFraudConsumerAlertSpanish.pdf", "es"),
        ("minvws/Bijlage_A_-_DPIA_Coronamelder.pdf", "nl"),
        ("datica/03-policy_management_policy.md", "en"),
    ],
)
def test_languages_of_real_documents(name: str, language: str) -> None:
    [source] = discover([DOCUMENTS / name])
    document = in_its_language(read_document(source, ReadingLimits()))
    assert document.language == language
    passages = [item for item in split(document, count_words, 256) if count_words(item.text) >= 8]
    same = sum(item.language == language for item in passages)
    # In the Dutch document, some passages are quoted in English.
    assert same >= 0.96 * len(passages)
