"""A reading process that holds one library alone: `bare.py pypdf | pypdfium2 | wordtext`.

It runs in the sandbox of our own readers, so that all are held to the same limits. Its document's
`text` is what the library gave, unchanged. `wordtext` is no library: it is the raw text of a Word
file's body, the measure of what must be found.
"""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from lxml import etree

from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers import SourceFile
from lhs_evidence.readers.canonical import without_text
from lhs_evidence.readers.isolation.child import Read, serve

_BODY = re.compile(r"word/document\d*\.xml")
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SPACES = frozenset({"tab", "br", "cr", "ptab"})
# What is struck out, what was moved elsewhere, and the second copy of a text box are not read.
_LEFT_OUT = frozenset({"del", "moveFrom"})


def pypdf_text(path: Path) -> str:
    """Return the text of all pages that pypdf can read."""
    reader = import_module("pypdf").PdfReader(path)
    return "\n".join(_each(lambda number: reader.pages[number].extract_text(), len(reader.pages)))


def pypdfium2_text(path: Path) -> str:
    """Return the text of all pages that pypdfium2 can read."""
    pdf = import_module("pypdfium2").PdfDocument(path)

    def page_text(number: int) -> str:
        page = pdf[number]
        text = page.get_textpage()
        try:
            return str(text.get_text_bounded())
        finally:
            text.close()
            page.close()

    return "\n".join(_each(page_text, len(pdf)))


def word_text(path: Path) -> str:
    """Return the text of every paragraph in a Word file's body, text boxes once."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    paragraphs: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if _BODY.fullmatch(name):
                root = etree.fromstring(archive.read(name), parser)
                paragraphs.extend("".join(_runs(one)) for one in _paragraphs(root))
    return "\n".join(paragraphs)


def _each(page_text: Callable[[int], str], pages: int) -> Iterator[str]:
    """Yield the text of each page; one that fails costs the library that page only."""
    for number in range(pages):
        try:
            yield page_text(number)
        # Whatever a library raises on a broken page, the next one may be whole.
        except Exception:  # noqa: BLE001, S112
            continue


def _local(element: etree._Element) -> str:
    """Return a Word element's name without its namespace; empty for anything else."""
    tag = element.tag if isinstance(element.tag, str) else ""
    for namespace in (_WORD, _STRICT):
        if tag.startswith(namespace):
            return tag.removeprefix(namespace)
    return ""


def _paragraphs(root: etree._Element) -> Iterator[etree._Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _local(element) == "p":
            yield element
        if element.tag != _FALLBACK and _local(element) not in _LEFT_OUT:
            waiting.extend(reversed(element))


def _runs(paragraph: etree._Element) -> Iterator[str]:
    """Yield the pieces of a paragraph's own text, not that of paragraphs inside it."""
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        name = _local(element)
        if name == "t":
            yield element.text or ""
        elif name in _SPACES:
            yield " "
        if name != "p" and name not in _LEFT_OUT and element.tag != _FALLBACK:
            waiting.extend(reversed(element))


_LIBRARIES: dict[str, Callable[[Path], str]] = {
    "pypdf": pypdf_text,
    "pypdfium2": pypdfium2_text,
    "wordtext": word_text,
}


def read_with(library: str) -> Read:
    """Return a reader for the sandbox that asks one library and nothing else."""

    def read(source: SourceFile, *_settings: object) -> Document:
        status, text, reason = DocumentStatus.NO_TEXT, "", ""
        try:
            text = _LIBRARIES[library](source.path)
            if text and not text.isspace():
                status = DocumentStatus.READY
        # Which exception it is tells nothing here: the library did not get the text.
        except Exception as error:  # noqa: BLE001
            status, reason = DocumentStatus.FAILED, f"{type(error).__name__}: {error}"
        return replace(without_text(source, "", status, reason), text=text)

    return read


if __name__ == "__main__":
    serve(read_with(sys.argv[1]))
