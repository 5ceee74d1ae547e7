"""Typed list markers: what makes a line a list item where the format itself does not say so."""

from __future__ import annotations

import re

BULLETS = "•◦▪▫■□●○‣\u2043∙·➢➤►▶✓✔❖➔→\uf0b7\uf0a7\uf0d8\uf076\uf0fc"
_BULLET = re.compile(rf"^\s*(?:[{BULLETS}]\s*|[-*+–—]\s+(?=\S)|o\s+(?=[A-Z]))")
_NUMBER = re.compile(
    r"^\s*(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\((?:\d{1,3}|[a-z]|[ivx]{1,5})\))\s+(?=\S)"
)
_LONGEST_BOLD_HEADING = 100
_FEWEST_LETTERS = 3


def bullet_item(text: str) -> str | None:
    """Return the text after a typed bullet, or None if the line does not begin with one."""
    match = _BULLET.match(text)
    rest = text[match.end() :] if match else ""
    return rest if rest.strip() else None


def is_numbered_item(text: str) -> bool:
    """Whether a line begins with a typed number or letter such as `1.`, `(a)` or `iv)`.

    The number stays in the text: other sentences refer to it.
    """
    return _NUMBER.match(text) is not None


def could_be_heading(text: str) -> bool:
    """Whether a paragraph all in bold reads like a heading: short, and not a sentence."""
    text = text.strip()
    return (
        len(text) <= _LONGEST_BOLD_HEADING
        and "\n" not in text
        and text[-1] not in ".;,"
        and sum(character.isalpha() for character in text) >= _FEWEST_LETTERS
    )
