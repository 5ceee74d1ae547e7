"""One sanitiser for all formats: after it, any text can be stored, exported and shown.

Databases refuse NUL, office writers refuse control characters, JSON refuses lone surrogates, and
invisible characters let a text say something to a machine that no reader sees. All of it goes
here, once, before offsets are counted.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# Soft hyphens; PDF text has U+FFFE in their place. One at the end of a line joins two halves.
_SOFT_HYPHEN = re.compile("[\u00ad\ufffe](?:[ \t]*[\r\n]+[ \t]*)?")
_LIGATURES = str.maketrans(
    {
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
        "\ufb05": "st",
        "\ufb06": "st",
        # Bullets of the Symbol and Wingdings fonts, which live in the private use area.
        "\uf0b7": "•",
        "\uf0a7": "•",
        "\uf0d8": "•",
        "\uf076": "•",
        "\uf0fc": "✓",
        "\uf0a8": "☐",
        "\uf0fe": "☒",
    }
)
# Line and paragraph separators in all their spellings; form feeds count as line ends.
_LINE_ENDS = re.compile("\r\n|[\r\u000b\u000c\u0085\u2028\u2029]")
_ODD_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# C0 and C1 controls, surrogates, noncharacters, Unicode tags, bidi controls, zero-width marks,
# fillers that are blank, and the sign that stands for an object.
# The joiners U+200C and U+200D carry meaning between letters beyond U+0600 (Persian, Hindi).
_REMOVED = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ud800-\udfff\ufdd0-\ufdef\uffff"
    "\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc"
    "\U000e0000-\U000e007f"
    + "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
    "|(?<![\u0600-\U0001ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0600-\U0001ffff])"
)
_SPACES = re.compile(" +")
_WHITESPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sanitised:
    """Clean text, and how many characters that no reader sees were taken out of it."""

    text: str
    removed: int


def sanitise(text: str, *, lines: bool = False, indents: bool = False) -> Sanitised:
    """Return `text` in NFC without invisible characters and with its whitespace collapsed.

    Args:
        text: Any string, lone surrogates included.
        lines: Keep line ends (rows of tables); blank lines still go.
        indents: Keep line ends, blank lines and leading spaces (code).
    """
    if text.isascii() and text.isprintable():
        # Most blocks by far; nothing but spaces can be wrong with them.
        return Sanitised(text.rstrip() if indents else " ".join(text.split()), 0)
    text = _SOFT_HYPHEN.sub("", text).translate(_LIGATURES)
    text = _LINE_ENDS.sub("\n", text)
    text, removed = _without_invisible(text)
    text = unicodedata.normalize("NFC", _ODD_SPACES.sub(" ", text))
    if indents:
        return Sanitised("\n".join(line.rstrip() for line in text.split("\n")).strip("\n"), removed)
    if lines:
        rows = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
        return Sanitised("\n".join(row for row in rows if row), removed)
    return Sanitised(_WHITESPACE.sub(" ", text).strip(), removed)


def visible_line_ends(text: str) -> str:
    """Return `text` with every spelling of a line end as a newline."""
    return _LINE_ENDS.sub("\n", text)


def one_line(text: str) -> str:
    """Return `text` sanitised to a single line: for titles, labels and names."""
    return sanitise(text).text


def _without_invisible(text: str) -> tuple[str, int]:
    """Return the text without invisible characters, and how many there were.

    Repeated until nothing changes, since a joiner's neighbour may itself go.
    """
    before = len(text)
    while True:
        shorter = _REMOVED.sub("", text)
        if len(shorter) == len(text):
            return shorter, before - len(shorter)
        text = shorter
