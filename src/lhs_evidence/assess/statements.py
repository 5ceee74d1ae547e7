"""Sentences that set a limit, and the words that say what the limit is for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.quantities import Quantity, quantities
from lhs_evidence.model import Level
from lhs_evidence.passages import sentences


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONGEST_SENTENCE = 600
_MODAL = re.compile(
    r"\b(?:must|shall|will|should|may\s+not|cannot|required?s?|is\s+to|are\s+to|has\s+to|have\s+to|"
    r"needs?\s+to|no\s+later\s+than|target|goal|limit|threshold|minimum|maximum)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\b(?:was|were|had|did|averaged|achieved|fell|rose|increased|decreased|improved|found|"
    r"last\s+year|during\s+(?:19|20)\d\d|in\s+(?:19|20)\d\d|for\s+example|e\.g\.)(?!\w)|\?\s*$",
    re.IGNORECASE,
)
_STOPS = re.compile(r"[.!?]\W*\s+\S")
_CLAUSE = re.compile(r"[,;:]|\b(?:and|or|but|while|whereas)\b", re.IGNORECASE)
_WORD = re.compile(r"[a-z][a-z'’-]+")
_STOP = _set_of(
    """
    a about after all also an and any are as at be been before being both but by calendar can do
    does each ensure every for from has have his her if in into is it its least make made may
    minimum maximum more most must necessary no not of on once one only or other our period
    policy procedure per prior provide such shall should so than that the their them then there
    these they this those to under until up upon we when where whether which while who will with
    within you your days hours weeks months years day hour week month year business working
    required requires require needed need later less time times date applicable appropriate
    following including include includes organization staff
    """
)
_SUFFIX = re.compile(r"(?:'s|ements?|ments?|ings?|ed|es|s|ly)$")
_STEM = 6
_NEAR_WORDS = 4

# Words of which one alone changes what a limit is for; two sentences are only compared when they
# use the same ones.
_QUALIFIERS = _set_of(
    """
    minor major serious severe critical urgent emergency emergent routine standard non-urgent
    elective high medium moderate low initial final first second third new existing current former
    verbal verbally oral orally written email telephone phone electronic paper adult adults child
    children paediatric pediatric minors newborn inpatient inpatients outpatient outpatients
    internal external full partial temporary permanent suspected confirmed sentinel fatal death
    before prior advance appeal appeals interim preliminary expedited weekday weekend night
    physician physicians nurse nurses volunteer volunteers contractor contractors vendor vendors
    customer customers board media secretary backup backups inactive test tests testing
    acknowledge acknowledged acknowledgement acknowledges resolve resolved resolution
    """
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A limit and what it is for.

    `words` is the clause it stands in, verbatim; `stems` the content words of that clause without
    the limit; `near` those next to the limit, which name what is done; `qualifiers` the words
    that narrow it.
    """

    row: int
    quantity: Quantity
    words: str
    stems: frozenset[str]
    near: frozenset[str]
    qualifiers: frozenset[str]


def glimpses(corpus: Corpus) -> Iterator[Statement]:
    """Yield each limit set in passages that are evidence, with all words around it.

    Finding sentences costs more than all else here, and most limits conflict with nothing. A
    glimpse takes in every word that the sentence could hold, so two statements can only be alike
    in their words if their glimpses share as many.
    """
    for row, passage in enumerate(corpus.passages):
        finding = corpus.findings[row]
        if finding.likely_level is Level.NONE:
            continue
        if not any(score.positive for score in finding.commitments.values()):
            continue
        for line in passage.text.split("\n"):
            for quantity in quantities(line):
                yield _statement(row, line, quantity, _around(line, quantity), "")


def statements(corpus: Corpus, rows: Iterable[int]) -> Iterator[Statement]:
    """Yield the limits set in some passages, each with the words of its own clause."""
    for row in rows:
        passage = corpus.passages[row]
        topic = passage.heading[-1] if passage.heading else ""
        for sentence in _sentences(passage.text):
            yield from in_sentence(row, sentence, topic)


def in_sentence(row: int, sentence: str, topic: str = "") -> list[Statement]:
    """Return the limits that a sentence sets; none where it reports or asks.

    Args:
        row: The row of its passage.
        sentence: The sentence.
        topic: The heading it stands under, which may narrow what it says.
    """
    if len(sentence) > _LONGEST_SENTENCE:
        return []
    modal = _MODAL.search(sentence) is not None
    if not modal and _REPORT.search(sentence):
        return []
    found = quantities(sentence)
    number = Counter(quantity.kind for quantity in found)
    made = []
    for place, quantity in enumerate(found):
        sets_limit = modal or quantity.kind.endswith("time")
        start, end = 0, len(sentence)
        if number[quantity.kind] > 1:
            start, end = _clause(sentence, found, place)
        statement = _statement(row, sentence, quantity, (start, end), topic)
        if sets_limit and len(statement.stems) >= 2:
            made.append(statement)
    return made


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences that hold a limit.

    Most lines with a limit are one sentence, as items of lists are; only the others are worth the
    price of finding sentences.
    """
    for line in text.split("\n"):
        if not quantities(line):
            continue
        spans = sentences(line) if _STOPS.search(line) else ((0, len(line)),)
        for start, end in spans:
            yield line[start:end]


def _around(line: str, quantity: Quantity) -> tuple[int, int]:
    """Return the stretch of a line in which the sentence with a limit lies."""
    reach = _LONGEST_SENTENCE
    return max(0, quantity.end - reach), min(len(line), quantity.start + reach)


def _clause(sentence: str, found: list[Quantity], place: int) -> tuple[int, int]:
    """Return where the clause of one limit among several begins and ends."""
    quantity = found[place]
    after = found[place - 1].end if place else 0
    before = found[place + 1].start if place + 1 < len(found) else len(sentence)
    # Between two limits, the first break ends the clause of the one and begins the other's.
    start = next((item.end() for item in _CLAUSE.finditer(sentence, after, quantity.start)), after)
    end = next((item.start() for item in _CLAUSE.finditer(sentence, quantity.end, before)), before)
    return (0 if place == 0 else start), (len(sentence) if before == len(sentence) else end)


def _statement(
    row: int, sentence: str, quantity: Quantity, clause: tuple[int, int], topic: str
) -> Statement:
    start, end = clause
    before = _content(sentence[start : quantity.start])
    after = _content(sentence[quantity.end : end])
    qualifying = _WORD.findall(f"{topic} {sentence[start:end]}".lower())
    return Statement(
        row=row,
        quantity=quantity,
        words=" ".join(sentence[quantity.start : quantity.end].split()),
        stems=frozenset(before + after),
        near=frozenset(before[-_NEAR_WORDS:] + after[:_NEAR_WORDS]),
        qualifiers=frozenset(_stem(word) for word in qualifying if word in _QUALIFIERS),
    )


def _content(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _STOP]


def _stem(word: str) -> str:
    """Return what inflections of a word share; rough, but alike for both sides of a comparison."""
    bare = _SUFFIX.sub("", word) if len(word) > 4 else word
    bare = bare[:-1] + "i" if bare.endswith("y") else bare.removesuffix("e")
    return bare[:_STEM]
