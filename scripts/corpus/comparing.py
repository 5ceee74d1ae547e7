"""What others get out of the same files: bare PDF libraries, and the raw XML of Word files."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.reading import Advance, FileResult, count_characters, count_letters
from lhs_evidence.model import Document
from lhs_evidence.readers import ReaderPool, SourceFile
from lhs_evidence.readers.isolation.sandbox import ReaderProcess
from lhs_evidence.settings import OcrSettings, ReadingLimits

PDF_LIBRARIES = ("pypdf", "pypdfium2")

_BARE = str(Path(__file__).with_name("bare.py"))
_TOKEN = re.compile(r"\w+")
_REFUSED = frozenset({"rejected", "needs_password", "unsupported"})


@dataclass(frozen=True, slots=True)
class PdfComparison:
    """Characters other than space that we and each library alone got out of one PDF.

    `letters` counts those of them that are letters or digits: a font without a map to Unicode
    gives characters, and no word.
    """

    path: str
    status: str
    ours: int
    pypdf: int
    pypdfium2: int
    letters: dict[str, int]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordComparison:
    """How many of a Word file's body words are in our canonical text, and some that are not."""

    path: str
    status: str
    words: int
    found: int
    missing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Return the share of the body's words that were found, 1 where it has none."""
        return self.found / self.words if self.words else 1.0


def compare_pdfs(
    results: Sequence[FileResult], limits: ReadingLimits, advance: Advance
) -> Iterator[PdfComparison]:
    """Yield what the bare libraries got out of each PDF, beside what we got."""
    bare = {library: _alone(library, limits) for library in PDF_LIBRARIES}
    try:
        for result in results:
            documents = {name: _ask(process, result) for name, process in bare.items()}
            counts = {name: count_characters(made.text) for name, made in documents.items()}
            reasons = tuple(f"{name}: {made.reason}" for name, made in documents.items())
            letters = {name: count_letters(made.text) for name, made in documents.items()}
            letters["ours"] = result.letters
            yield PdfComparison(
                result.path,
                result.status,
                result.characters,
                **counts,
                letters=letters,
                reasons=reasons,
            )
            advance()
    finally:
        for process in bare.values():
            process.kill()


def compare_word_files(
    results: Sequence[FileResult], limits: ReadingLimits, advance: Advance
) -> Iterator[WordComparison]:
    """Yield the completeness of each Word file whose raw body can be read and holds words.

    A file that we refuse on purpose (limits, a DOCTYPE, a password) is left out; one that we fail
    to read counts as nothing found.
    """
    raw = _alone("wordtext", limits)
    try:
        with ReaderPool(limits, 1, ocr=OcrSettings(mode="off")) as pool:
            for result in results:
                body = tokens(_ask(raw, result).text)
                if body and result.status not in _REFUSED:
                    document = next(pool.read([_source(result)]))
                    yield _completeness(result, body, tokens(document.text))
                advance()
    finally:
        raw.kill()


def tokens(text: str) -> Counter[str]:
    """Return the words of a text, in forms that do not depend on how it was cleaned."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(
        sign
        for sign in plain
        if unicodedata.category(sign) not in {"Cf", "Cc", "Co"} or sign.isspace()
    )
    return Counter(_TOKEN.findall(seen.casefold()))


def _completeness(result: FileResult, body: Counter[str], ours: Counter[str]) -> WordComparison:
    missing = body - ours
    words = body.total()
    examples = tuple(word for word, _ in missing.most_common(10))
    return WordComparison(result.path, result.status, words, words - missing.total(), examples)


def _alone(library: str, limits: ReadingLimits) -> ReaderProcess:
    return ReaderProcess(limits, [sys.executable, "-P", _BARE, library])


def _ask(process: ReaderProcess, result: FileResult) -> Document:
    return process.read(_source(result))


def _source(result: FileResult) -> SourceFile:
    return SourceFile(Path(result.path), result.name)
