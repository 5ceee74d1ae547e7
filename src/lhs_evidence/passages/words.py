"""How many words a text has, also where words are not set apart by spaces."""

from __future__ import annotations

import re

_HAS_LETTER = re.compile(r"[^\W\d_]")
# Thai, Lao, Burmese, Khmer, kana and Han: about two characters make a word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)
_CHARACTERS_PER_WORD = 2


def count_words(text: str) -> int:
    """Return the number of words, numbers and loose signs in `text`."""
    words = len(text.split())
    if not text.isascii():
        words += len(_UNSPACED.findall(text)) // _CHARACTERS_PER_WORD
    return words


def has_letters(text: str) -> bool:
    """Whether there is a letter of any script in `text`."""
    return _HAS_LETTER.search(text) is not None
