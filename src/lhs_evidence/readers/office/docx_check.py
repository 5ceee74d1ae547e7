"""The self-check of a Word document: how many of its raw words the reader brought home.

The words are counted on a path of its own: the stored XML is streamed through another parser
(expat), which knows no structure beyond what is text, what is a paragraph and what is left out
on purpose: deletions, the old place of moved text, the second version of a drawing, ruby guides.
Comments and the instructions of fields are no text of the document. A running header or footer
counts once, however many parts repeat it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.office.opc import Package

_WORD = re.compile(r"\w+")
_FURNITURE_KINDS = frozenset({"header", "footer"})
_NOTE_KINDS = frozenset({"footnotes", "endnotes"})
_SPACES = frozenset({"tab", "ptab", "br", "cr", "noBreakHyphen", "sym"})
_OUT = frozenset({"del", "moveFrom", "rt"})
_NOTES = frozenset({"footnote", "endnote"})
_VERSIONS = frozenset({"Choice", "Fallback"})
# What stands in the namespaces of text, whichever edition of the standard they are from.
_NAMESPACES = ("wordprocessingml", "markup-compatibility", "drawingml", "math")


def raw_texts(package: Package, main: str) -> list[str]:
    """Return the paragraphs of all parts that tell the story: text, notes, headers and footers."""
    texts = _paragraphs(package, main)
    running: dict[str, None] = {}
    for relation in package.relations(main).values():
        if relation.kind in _NOTE_KINDS:
            texts += _paragraphs(package, relation.target)
        elif relation.kind in _FURNITURE_KINDS:
            running.update(dict.fromkeys(_paragraphs(package, relation.target)))
    return texts + list(running)


def missing_words(texts: Sequence[str], blocks: Iterable[RawBlock]) -> tuple[int, int]:
    """Return how many of the words in raw texts no block holds, and out of how many.

    Where none is missing, the second number only says whether there is text at all.
    """
    raw, read = Counter(texts), Counter(block.text for block in blocks)
    # What was read as it stands needs no counting, and that is most of any document.
    missing = (_count_words(raw - read) - _count_words(read - raw)).total()
    return missing, _count_words(raw).total() if missing else len(texts)


def _count_words(texts: Counter[str]) -> Counter[str]:
    """Return how often each word stands in texts that stand there so often."""
    counts: Counter[str] = Counter()
    for text, times in texts.items():
        for word in _WORD.findall(text):
            counts[word] += times
    return counts


def _paragraphs(package: Package, part: str) -> list[str]:
    data = package.data(part)
    return _Collector().read(data) if data is not None else []


class _Collector:
    """Collects the text of each paragraph of a part, whatever lies around it."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        # Each open paragraph has a text of its own, also one inside of another.
        self._open: list[list[str]] = [[]]
        self._known: dict[str, str] = {}
        self._left_out = 0
        self._in_text = False
        self._versions: list[_Versions] = []
        self._rows: list[int] = []
        self._in_row_properties = self._in_separator = False

    def read(self, data: bytes) -> list[str]:
        """Return the texts of a part's paragraphs."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(data, True)
        self._close_paragraph()
        return self._texts

    def _name(self, qualified: str) -> str:
        """Return an element's local name, nothing for one that has no part in text."""
        space, _, name = qualified.rpartition(" ")
        known = name if any(part in space for part in _NAMESPACES) else ""
        self._known[qualified] = known
        return known

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        name = self._known.get(qualified)
        if name is None:
            name = self._name(qualified)
        if name == "t":
            self._in_text = not self._left_out
        elif name == "p":
            self._open.append([])
        elif name in _SPACES:
            self._open[-1].append(" ")
        elif name in _OUT:
            self._left_out += 1
            if self._in_row_properties and name == "del":
                self._rows[-1] = -1 - self._rows[-1]
        elif name:
            self._start_frame(name, attributes)

    def _start_frame(self, name: str, attributes: dict[str, str]) -> None:
        if name == "tr":
            self._rows.append(len(self._texts))
        elif name == "trPr":
            self._in_row_properties = bool(self._rows)
        elif name == "AlternateContent":
            self._versions.append(_Versions())
        elif name in _VERSIONS and self._versions:
            self._versions[-1].begins = self._length()
            self._left_out += self._versions[-1].taken
        elif name in _NOTES and _is_separator(attributes):
            self._left_out += 1
            self._in_separator = True

    def _end(self, qualified: str) -> None:
        name = self._known[qualified]
        if name == "t":
            self._in_text = False
        elif name == "p":
            self._close_paragraph()
        elif name in _OUT:
            self._left_out -= 1
        elif name == "tr" and self._rows:
            begins = self._rows.pop()
            if begins < 0:
                del self._texts[-1 - begins :]
        elif name == "trPr":
            self._in_row_properties = False
        elif name == "AlternateContent":
            self._versions.pop()
        elif name in _NOTES and self._in_separator:
            self._left_out -= 1
            self._in_separator = False
        elif name in _VERSIONS and self._versions:
            version = self._versions[-1]
            self._left_out -= version.taken
            version.taken = version.taken or self._length() > version.begins

    def _characters(self, text: str) -> None:
        if self._in_text:
            self._open[-1].append(text)

    def _length(self) -> int:
        return len(self._texts) + sum(map(len, self._open))

    def _close_paragraph(self) -> None:
        text = "".join(self._open.pop())
        if text.strip():
            self._texts.append(text)


@dataclass(slots=True)
class _Versions:
    """Of a drawing that is there in several versions: whether one with text has been met."""

    taken: bool = False
    begins: int = 0


def _is_separator(attributes: dict[str, str]) -> bool:
    kinds = (value for key, value in attributes.items() if key.endswith(" type"))
    return next(kinds, "normal") != "normal"
