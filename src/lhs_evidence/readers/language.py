"""A guess at the language a document is written in, from its commonest words.

Enough to warn that a model trained on English reads another language; not a language detector.
"""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 60_000
_FEWEST_HITS = 5
_SMALLEST_SHARE = 0.06

_STOP_WORDS = {
    "en": "the of and to in is that for with are on as be this by from or which have not was will",
    "fr": "le la les de des du et en un une est pour dans que qui sur par au aux avec ce sont pas",
    "es": "el la los las de del y en un una es para que por con se su al como más son o sus no",
    "nl": "de het een en van in is dat op te voor met zijn aan niet door ook worden bij wordt uit",
    "de": "der die das und in den von zu mit ist für auf des dem nicht ein eine werden im sich als",
    "it": "il lo la gli di del della dalla alla e in un una è per che con non sono da al dei le",
    "pt": "o a os as de do da dos das e em um uma é para que com não por se no na mais ao como",
    "sv": "och att det i en som är av för på med till den inte om ett har de var kan ska eller",
    "da": "og at det i en som er af for på med til den ikke om et har de var kan skal eller",
    "pl": "i w na z do się nie jest to że o od za przez dla po jak oraz są lub ich przy",
}
_LISTS = {code: frozenset(words.split()) for code, words in _STOP_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")

# Scripts that one language owns, or nearly: ranges of code points, language.
_SCRIPTS = (
    (0x3040, 0x30FF, "ja"),
    (0xAC00, 0xD7AF, "ko"),
    (0x4E00, 0x9FFF, "zh"),
    (0x0600, 0x06FF, "ar"),
    (0x0590, 0x05FF, "he"),
    (0x0400, 0x04FF, "ru"),
    (0x0370, 0x03FF, "el"),
    (0x0900, 0x097F, "hi"),
    (0x0E00, 0x0E7F, "th"),
)


def guess_language(text: str) -> str:
    """Return an ISO 639-1 code, or an empty string where there is too little to go by."""
    sample = _sample(text)
    by_script = _script_language(sample)
    if by_script:
        return by_script
    words = [word.lower() for word in _WORD.findall(sample)]
    hits = {code: sum(word in known for word in words) for code, known in _LISTS.items()}
    best = max(hits, key=lambda code: hits[code])
    if hits[best] < max(_FEWEST_HITS, _SMALLEST_SHARE * len(words)):
        return ""
    return best


def _sample(text: str) -> str:
    """Return the beginning and the middle, so that a foreign cover page does not decide."""
    if len(text) <= _SAMPLE:
        return text
    half = _SAMPLE // 2
    middle = len(text) // 2
    return text[:half] + " " + text[middle : middle + half]


def _script_language(sample: str) -> str:
    """Return the language of the script most letters belong to, if it is not Latin."""
    letters = Counter(_script_of(character) for character in sample if character.isalpha())
    total = sum(letters.values())
    if not total:
        return ""
    # Japanese mixes kana with Chinese characters; the kana tell.
    if letters["ja"] > 0.1 * total:
        return "ja"
    code, count = letters.most_common(1)[0]
    return code if code and count > 0.5 * total else ""


def _script_of(character: str) -> str:
    point = ord(character)
    if point < 0x0370:
        return ""
    return next((code for first, last, code in _SCRIPTS if first <= point <= last), "")
