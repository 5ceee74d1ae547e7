"""Which language a stretch of text is written in, and when that is sure enough to say.

Classifiers are trained on English, so a passage in another language is marked and left to people.
A passage that is wrongly marked is evidence lost; so a passage counts as foreign only where a
trained identifier is sure of it and nothing else speaks against it. What is too short to tell, or
is all names and numbers, is taken to be in the language of its document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from lhs_evidence.model import BlockRole, Document
from lhs_evidence.passages.words import count_words

ENGLISH = "en"
# The languages that notices to patients come in, and documents of health organizations. Fewer to
# choose from makes fewer mistakes: the identifier knows twice as many.
NAMES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian",
    "bg": "Bulgarian", "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati", "ha": "Hausa",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian",
    "hy": "Armenian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese",
    "ka": "Georgian", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
    "la": "Latin", "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay",
    "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian",
    "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "so": "Somali",
    "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil",
    "te": "Telugu", "th": "Thai", "tl": "Tagalog", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "xh": "Xhosa", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip

# What sets another language apart from English: it is likelier than all others together, and
# English is all but excluded. Near relations (Spanish and Galician) may share what is left; to tell
# these apart against the language of the document takes more.
_LIKELY = 0.5
_NOT_ENGLISH = 0.02
_SURE = 0.9
# Words below which a text is too short to tell.
_FEWEST_WORDS = 8
# Names, titles and addresses begin with capitals; of running text, in any language that has
# capitals, far more than this share of the words does not.
_LEAST_PROSE = 0.4
# A long text is judged by this many characters of its beginning and as many of its middle.
_SAMPLE = 10_000

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+")
# A single letter is a marker, a symbol or a speck in a scan rather than a word.
_WORD = re.compile(r"[^\W\d_]{2,}")
_PARTS = re.compile(r"(?<=[.:!?;])\s+|\n+")


class _Identifier(Protocol):
    """What is used of py3langid's identifier; probabilities are calibrated."""

    def classify(self, text: str) -> tuple[str, float]: ...

    def rank(self, text: str) -> Sequence[tuple[str, float]]: ...


def is_classified(language: str) -> bool:
    """Whether a passage in this language is classified; one too short to tell is, too."""
    return language in ("", ENGLISH)


def language_name(code: str) -> str:
    """Return what a language is called in English; its code where no name is known."""
    return NAMES.get(code, code)


def in_its_language(document: Document) -> Document:
    """Return the document with the language that its body text is written in.

    What the file itself declares, and the reader took down, counts only where the text does not
    tell: what a word processor was set to says little of what was written with it.
    """
    body = (block for block in document.blocks if block.role is BlockRole.BODY)
    sample = _sample("\n".join(document.text[block.start : block.end] for block in body))
    declared = document.language if document.language in NAMES else ""
    return replace(document, language=_told_by(sample) or declared)


def language_of_passage(text: str, document: str) -> str:
    """Return the language that a passage counts as, as an ISO 639-1 code.

    Args:
        text: The passage.
        document: The language of its document, which is the passage's unless it surely has
            another; empty where it is not known.
    """
    code, probability = _likeliest(text)
    if code == ENGLISH and probability >= _LIKELY:
        return ENGLISH
    in_english = document in ("", ENGLISH)
    if code == document or probability < (_LIKELY if in_english else _SURE):
        return document
    if not _is_telling(text) or not _is_not_english(text):
        return document
    # A foreign list of names with an English lead-in is still the English document's.
    return document if in_english and _is_partly_english(text) else code


def _told_by(text: str) -> str:
    """Return the language that a long text is surely in, or nothing."""
    code, probability = _likeliest(text)
    if probability < _LIKELY or not _is_telling(text):
        return ""
    # In a document of several languages the rarer ones lower the figure of the commonest.
    sure = code == ENGLISH or probability >= _SURE or _is_not_english(text)
    return code if sure else ""


def _is_telling(text: str) -> bool:
    """Whether there is enough running text to tell a language by."""
    text = _ADDRESS.sub(" ", text)
    words = _WORD.findall(text)
    if count_words(text) < _FEWEST_WORDS or not words:
        return False
    # Scripts without capitals count as running text.
    prose = [word for word in words if word[0] == word[0].lower()]
    return len(prose) >= _LEAST_PROSE * len(words)


def _is_partly_english(text: str) -> bool:
    parts = (part for part in _PARTS.split(text) if count_words(part) >= _FEWEST_WORDS)
    return any(code == ENGLISH and sure >= _LIKELY for code, sure in map(_likeliest, parts))


def _sample(text: str) -> str:
    """Return the beginning and the middle, so that a foreign cover page does not decide."""
    if len(text) <= 2 * _SAMPLE:
        return text
    middle = len(text) // 2
    return text[:_SAMPLE] + " " + text[middle : middle + _SAMPLE]


def _likeliest(text: str) -> tuple[str, float]:
    """Return the likeliest language of a text, and how likely it is."""
    code, probability = _identifier().classify(_plain(text))
    return code, float(probability)


def _is_not_english(text: str) -> bool:
    return float(dict(_identifier().rank(_plain(text)))[ENGLISH]) <= _NOT_ENGLISH


def _plain(text: str) -> str:
    # Letters of other widths and styles, as some PDFs have them, are letters all the same.
    return " ".join(unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)).split())


@cache
def _identifier() -> _Identifier:
    # Its model takes most of a second to read, which only the reading of documents should wait for.
    from py3langid.langid import (  # type: ignore[import-untyped] # noqa: PLC0415
        MODEL_FILE,
        LanguageIdentifier,
    )

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(NAMES)
    chosen: _Identifier = identifier
    return chosen
