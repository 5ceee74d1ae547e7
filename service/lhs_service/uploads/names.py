"""Names of uploaded files that are safe on any file system and still tell people what it is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FALLBACK = "document"
# Of the 255 that file systems allow, with room for a number and for a temporary suffix.
_MOST_BYTES = 180
_MOST_SUFFIX = 16
_FORBIDDEN = re.compile(r'[<>:"|?*]')
# Control, format (which includes marks that turn the direction of text) and the unassigned.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)


def safe_name(original: str) -> str:
    """Return a file name without folders, control characters or meaning to an operating system."""
    last = re.split(r"[/\\]", original)[-1]
    text = "".join(
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character) not in _INVISIBLE
    )
    text = _FORBIDDEN.sub("_", " ".join(text.split())).lstrip(". ~").rstrip(". ")
    stem, dot, suffix = text.rpartition(".")
    if not dot or len(suffix.encode()) > _MOST_SUFFIX:
        stem, suffix = text, ""
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _joined(stem or _FALLBACK, suffix)


def unique_names(originals: Iterable[str]) -> list[str]:
    """Return a safe name for each, no two the same even where upper and lower case are one."""
    taken: set[str] = set()
    names = []
    for original in originals:
        name = safe_name(original)
        stem, dot, suffix = name.rpartition(".")
        if not dot:
            stem, suffix = name, ""
        number = 1
        while name.casefold() in taken:
            number += 1
            name = _joined(stem, suffix, f" ({number})")
        taken.add(name.casefold())
        names.append(name)
    return names


def _joined(stem: str, suffix: str, number: str = "") -> str:
    ending = number + (f".{suffix}" if suffix else "")
    room = _MOST_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + ending
