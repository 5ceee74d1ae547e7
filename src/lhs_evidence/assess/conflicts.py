"""Two documents that set different limits for the same thing.

A reader who is told of a contradiction that is none stops trusting the report, so every test here
must be passed: another document, the same facet, the same kind of limit, largely the same words
for what it is for, the same narrowing words, and values that cannot both be meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.quantities import differ
from lhs_evidence.assess.statements import Statement, glimpses, statements
from lhs_evidence.model import Finding

# Share of their content words, rare ones weighing more, that two statements have in common.
_ALIKE = 0.5
# Less will do where the passages as a whole are on the same subject.
_ALIKE_ON_SUBJECT = 0.38
_SAME_SUBJECT = 0.6
# Passages further apart than this are on different subjects, whatever words they share.
_NO_SUBJECT = 0.3
_FEWEST_SHARED = 2
# A facet that one passage carries and the other comes near to.
_NEAR_FACET = 0.25
# Pairs looked at within one kind of limit. Documents that agree have few; a set with more is
# told of the likeliest.
_MOST_PAIRS = 20_000
# Statements compared at a time, which keeps working memory small.
_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements in different documents that set different limits for the same thing."""

    commitment: str
    facet: str
    first: Statement
    second: Statement
    likeness: float


def find_conflicts(corpus: Corpus) -> list[Conflict]:
    """Return the conflicts in a corpus, surest first; a pair of passages appears once."""
    facets = _Facets(corpus)
    suspects = {
        row for group in _by_kind(glimpses(corpus)) for row in _suspects(corpus, facets, group)
    }
    found: dict[tuple[int, int], Conflict] = {}
    for group in _by_kind(statements(corpus, sorted(suspects))):
        for conflict in _in_group(corpus, group):
            pair = (conflict.first.row, conflict.second.row)
            if pair not in found or conflict.likeness > found[pair].likeness:
                found[pair] = conflict
    return sorted(
        found.values(), key=lambda item: (-item.likeness, item.first.row, item.second.row)
    )


def by_facet(conflicts: Iterable[Conflict]) -> Mapping[tuple[str, str], Sequence[Conflict]]:
    """Return conflicts by commitment and facet, surest first."""
    grouped: dict[tuple[str, str], list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        grouped[conflict.commitment, conflict.facet].append(conflict)
    return grouped


class _Facets:
    """Which passages carry which facets, and which come near them, as matrices."""

    def __init__(self, corpus: Corpus) -> None:
        keys = sorted(
            {
                (score.commitment, facet)
                for finding in corpus.findings
                for score in finding.commitments.values()
                for facet in score.positive_facets
            }
        )
        column = {key: place for place, key in enumerate(keys)}
        self._carried = np.zeros((len(corpus.findings), len(keys)), dtype=np.float32)
        self._near = np.zeros_like(self._carried)
        for row, finding in enumerate(corpus.findings):
            for score in finding.commitments.values():
                for facet, value in score.facets.items():
                    place = column.get((score.commitment, facet))
                    if place is not None and value >= _NEAR_FACET:
                        self._near[row, place] = 1
                        self._carried[row, place] = facet in score.positive_facets

    def shared(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether one of two passages carries a facet that the other comes near, for each pair."""
        pairs = self._carried[rows] @ self._near[others].T
        pairs += self._near[rows] @ self._carried[others].T
        return np.asarray(pairs > 0)


def _by_kind(made: Iterable[Statement]) -> list[list[Statement]]:
    grouped: dict[str, list[Statement]] = defaultdict(list)
    for statement in made:
        grouped[statement.quantity.kind].append(statement)
    return [group for _, group in sorted(grouped.items()) if len(group) > 1]


def _suspects(corpus: Corpus, facets: _Facets, group: Sequence[Statement]) -> set[int]:
    """Return the rows of passages of which a closer look could find a conflict."""
    found: set[int] = set()
    rows = np.array([item.row for item in group])
    documents, values = _document_numbers(corpus, group), _values(group)
    stems, near = (
        _presence([item.stems for item in group]),
        _presence([item.near for item in group]),
    )
    for top in range(0, len(group), _ROWS):
        part = slice(top, top + _ROWS)
        possible = (documents[part, None] != documents) & (values[part, None] != values)
        possible &= corpus.vectors[rows[part]] @ corpus.vectors[rows].T >= _NO_SUBJECT
        possible &= facets.shared(rows[part], rows)
        possible &= (near[part] @ near.T) >= 1
        possible &= (stems[part] @ stems.T) >= _FEWEST_SHARED
        found.update(rows[part][possible.any(axis=1)].tolist())
        found.update(rows[possible.any(axis=0)].tolist())
    return found


def _document_numbers(corpus: Corpus, group: Sequence[Statement]) -> NDArray[np.int64]:
    numbers = {document: number for number, document in enumerate(corpus.documents)}
    return np.array([numbers[corpus.passages[item.row].document] for item in group])


def _values(group: Sequence[Statement]) -> NDArray[np.float64]:
    return np.array([item.quantity.value for item in group])


def _presence(sets: Sequence[frozenset[str]]) -> NDArray[np.float32]:
    """Return sets × words: 1 where a set holds a word."""
    column = {word: place for place, word in enumerate(sorted(set().union(*sets)))}
    matrix = np.zeros((len(sets), len(column)), dtype=np.float32)
    for row, words in enumerate(sets):
        matrix[row, [column[word] for word in words]] = 1
    return matrix


def _in_group(corpus: Corpus, group: Sequence[Statement]) -> Iterator[Conflict]:
    for one, other, likeness, subject in _alike(corpus, group):
        first, second = group[one], group[other]
        if subject < (_NO_SUBJECT if likeness >= _ALIKE else _SAME_SUBJECT):
            continue
        if not _comparable(corpus, first, second):
            continue
        facet = _common_facet(corpus.findings[first.row], corpus.findings[second.row])
        if facet:
            yield Conflict(*facet, first, second, round(likeness, 6))


def _comparable(corpus: Corpus, first: Statement, second: Statement) -> bool:
    one, other = corpus.passages[first.row], corpus.passages[second.row]
    return (
        first.qualifiers == second.qualifiers
        and len(first.stems & second.stems) >= _FEWEST_SHARED
        and bool(first.near & second.near)
        and differ(first.quantity, second.quantity)
        and not _is_replaced(corpus, one.document, other.document)
    )


def _is_replaced(corpus: Corpus, one: str, other: str) -> bool:
    """Whether one document says that it replaces the other: a newer version may well differ."""
    return any(
        corpus.documents[newer].name in corpus.outdated.get(older, "")
        for newer, older in ((one, other), (other, one))
    )


def _alike(corpus: Corpus, group: Sequence[Statement]) -> Iterator[tuple[int, int, float, float]]:
    """Yield the likeliest pairs of a group: two places, how alike, how close in subject.

    Only pairs from two documents, with two values, that share enough content words.
    """
    matrix, weights = _weigh(group)
    documents, values = _document_numbers(corpus, group), _values(group)
    vectors = corpus.vectors[[item.row for item in group]]
    room = _MOST_PAIRS
    for top in range(0, len(group), _ROWS):
        rows = slice(top, top + _ROWS)
        share = 2 * (matrix[rows] @ matrix.T) / (weights[rows, None] + weights[None, :])
        possible = (documents[rows, None] != documents) & (values[rows, None] != values)
        possible &= np.arange(len(group))[rows, None] < np.arange(len(group))
        places = np.argwhere(possible & (share >= _ALIKE_ON_SUBJECT))
        likeness = share[places[:, 0], places[:, 1]]
        for place in np.argsort(-likeness, kind="stable")[:room]:
            one, other = int(places[place, 0]) + top, int(places[place, 1])
            yield one, other, float(likeness[place]), float(vectors[one] @ vectors[other])
        room -= min(room, len(places))


def _weigh(group: Sequence[Statement]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return statements × stems, a stem weighing more the rarer it is, and each row's total."""
    matrix = _presence([item.stems for item in group])
    # Square roots, so that the product of two rows is the weight of what they share.
    matrix *= np.sqrt(np.log(1 + len(group) / matrix.sum(axis=0)))
    return matrix, (matrix**2).sum(axis=1)


def _common_facet(one: Finding, other: Finding) -> tuple[str, str] | None:
    """Return the facet that both passages speak to most, if one carries and the other nears it.

    One contradiction is told once, where it belongs most, not under each facet it touches.
    """
    shared = []
    for commitment, score in one.commitments.items():
        against = other.commitments.get(commitment)
        if against is None:
            continue
        for facet in sorted({*score.positive_facets, *against.positive_facets}):
            values = (score.facets.get(facet, 0.0), against.facets.get(facet, 0.0))
            if min(values) >= _NEAR_FACET:
                shared.append((values[0] * values[1], commitment, facet))
    if not shared:
        return None
    _, commitment, facet = min(shared, key=lambda item: (-item[0], item[1], item[2]))
    return commitment, facet
