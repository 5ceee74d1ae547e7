"""Bytes become text: the declared encoding is a hint, the bytes decide."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPE = b"\x1b"
_SHIFTS = ((b"\x1b$B", "iso2022_jp"), (b"\x1b$@", "iso2022_jp"), (b"\x1b$)C", "iso2022_kr"))
# What pages call Latin-1 and ASCII is Windows-1252, as every browser reads it.
_AS_WINDOWS = frozenset({"iso8859-1", "ascii", "latin-1", "iso8859-15"})
_LATIN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "ascii"})
# What people's files are in; rarer ones fit a short text by chance more often than by right.
_LIKELY = [
    "cp1252",
    "cp1250",
    "iso8859_2",
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "cp874",
    "cp932",
    "euc_jp",
    "gb18030",
    "big5",
    "cp949",
    "mac_roman",
    "cp437",
    "cp850",
    "cp852",
]
# Whole characters for each broken one in a text that is UTF-8 with a few bad bytes.
_FEWEST_GOOD = 5
_WESTERN = frozenset(
    "éèêëàâäáãåæçìíîïñòóôöõøœßùúûüÉÈÊËÀÂÄÁÃÅÆÇÌÍÎÏÑÒÓÔÖÕØŒÙÚÛÜ"
    "\u2018’“”„\u201a\u2039\u203a«»–—…•·€£¥§°©®™±²³µ¼½¾¿¡ªº\u00b4¨×÷†‡‰\u00a0\u00ad"
)
# Signs and capitals that Western words do not hold, though they may begin or end one.
_ODD_IN_WORD = re.compile(r"[a-z](?:[±¼½¾¿¡¥§©®¨×÷‰†‡€£²³µ¹]|[À-ÖØ-Þ])[a-z]")
_FEWEST_WESTERN = 0.97
_MOST_WESTERN_ACCENTS = 0.4
# More accented letters than this and "Latin" is more likely another alphabet misread.
_MOST_ACCENTS = 0.25


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, and how many bytes had no meaning in it."""

    text: str
    encoding: str
    undecodable: int = 0


def decode(data: bytes, declared: str = "") -> Decoded:
    """Return the text in `data`.

    A byte order mark wins; then UTF-8 where the bytes are valid UTF-8, whatever was declared;
    then the declared encoding if it fits; then the most plausible one.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _lenient(data, encoding)
    wide = _wide_without_bom(data)
    if wide:
        return _lenient(data, wide)
    shifting = _shifting(data, _known(declared))
    if shifting:
        return _lenient(data, shifting)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    encoding = _known(declared)
    if encoding and encoding != "utf-8":
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            pass
        else:
            if encoding not in _LATIN or _accents(text) < _MOST_ACCENTS:
                return Decoded(text, encoding)
    return _guessed(data)


def _known(declared: str) -> str:
    """Return Python's name for a declared encoding, empty where there is none."""
    try:
        name = codecs.lookup(declared.strip(" \"'")).name if declared else ""
    except (LookupError, ValueError):
        return ""
    return "cp1252" if name in _AS_WINDOWS else name


def _shifting(data: bytes, declared: str) -> str:
    """Return the encoding of bytes that are all ASCII and switch alphabets by escape sequences."""
    if _ESCAPE not in data:
        return ""
    if declared.startswith("iso2022"):
        return declared
    return next((encoding for mark, encoding in _SHIFTS if mark in data), "")


def _wide_without_bom(data: bytes) -> str:
    """Return the UTF-16 flavour of bytes in which every other one is mostly NUL."""
    head = data[:4096]
    if len(head) < 4:
        return ""
    even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else ""


def _guessed(data: bytes) -> Decoded:
    """Return the most plausible reading; a few bad bytes in UTF-8 do not make it another one."""
    as_utf8 = _lenient(data, "utf-8")
    beyond = sum(character > "\x7f" for character in as_utf8.text) - as_utf8.undecodable
    if as_utf8.undecodable <= min(1 + len(data) // 2000, beyond // _FEWEST_GOOD):
        return as_utf8
    western = _lenient(data, "cp1252")
    if _looks_western(western.text):
        return western
    best = from_bytes(data[:_SAMPLE], cp_isolation=_LIKELY).best()
    return _lenient(data, best.encoding if best is not None else "cp1252")


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("\ufffd"))


def _looks_western(text: str) -> bool:
    """Whether text read as Windows-1252 is most likely just that.

    Little text tells a guesser little: two accents in a short file pass for Chinese.
    """
    beyond = [character for character in text[:_SAMPLE] if character > "\x7f"]
    known = sum(character in _WESTERN for character in beyond)
    return (
        known >= _FEWEST_WESTERN * len(beyond)
        and _accents(text) < _MOST_WESTERN_ACCENTS
        and not _ODD_IN_WORD.search(text[:_SAMPLE])
    )


def _accents(text: str) -> float:
    """Return the share of letters beyond ASCII."""
    sample = text[:_SAMPLE]
    letters = sum(character.isalpha() for character in sample)
    beyond = sum(character > "\x7f" and character.isalpha() for character in sample)
    return beyond / letters if letters else 0.0
