"""Two documents that set different limits for the same thing.

A reader who is told of a contradiction that is none stops trusting the report, so every test here
must be passed: another document, the same facet, the same kind of limit, largely the same words
for what it is for, the same narrowing words, and values that cannot both be meant.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.quantities import differ
from lhs_evidence.assess.statements import Statement, statements
from lhs_evidence.model import Finding

# Share of their content words, rare ones weighing more, that two statements have in common.
_ALIKE = 0.5
# Less will do where the passages as a whole are on the same subject.
_ALIKE_ON_SUBJECT = 0.38
_SAME_SUBJECT = 0.6
_FEWEST_SHARED = 2
# A facet that one passage carries and the other comes near to.
_NEAR_FACET = 0.25
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
    grouped: dict[str, list[Statement]] = defaultdict(list)
    for statement in statements(corpus):
        grouped[statement.quantity.kind].append(statement)
    found: dict[tuple[int, int], Conflict] = {}
    for group in grouped.values():
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


def _in_group(corpus: Corpus, group: Sequence[Statement]) -> Iterator[Conflict]:
    for first, second, likeness in _alike(group):
        if not _comparable(corpus, first, second):
            continue
        subject = float(corpus.vectors[first.row] @ corpus.vectors[second.row])
        if likeness < _ALIKE and subject < _SAME_SUBJECT:
            continue
        facet = _common_facet(corpus.findings[first.row], corpus.findings[second.row])
        if facet:
            yield Conflict(*facet, first, second, round(likeness, 6))


def _comparable(corpus: Corpus, first: Statement, second: Statement) -> bool:
    one, other = corpus.passages[first.row], corpus.passages[second.row]
    return (
        one.document != other.document
        and not _is_replaced(corpus, one.document, other.document)
        and first.qualifiers == second.qualifiers
        and len(first.stems & second.stems) >= _FEWEST_SHARED
        and bool(first.near & second.near)
        and differ(first.quantity, second.quantity)
    )


def _is_replaced(corpus: Corpus, one: str, other: str) -> bool:
    """Whether one document says that it replaces the other: a newer version may well differ."""
    return any(
        corpus.documents[newer].name in corpus.outdated.get(older, "")
        for newer, older in ((one, other), (other, one))
    )


def _alike(group: Sequence[Statement]) -> Iterator[tuple[Statement, Statement, float]]:
    """Yield the pairs of a group that share enough content words, with the share."""
    if len(group) < 2:
        return
    matrix, weights = _weigh(group)
    for top in range(0, len(group), _ROWS):
        shared = matrix[top : top + _ROWS] @ matrix.T
        share = 2 * shared / (weights[top : top + _ROWS, None] + weights[None, :])
        for first, second in np.argwhere(share >= _ALIKE_ON_SUBJECT):
            row = int(first) + top
            if row < second:
                yield group[row], group[int(second)], float(share[first, second])


def _weigh(group: Sequence[Statement]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return statements × stems, a stem weighing more the rarer it is, and each row's total."""
    number = Counter(stem for statement in group for stem in statement.stems)
    column = {stem: place for place, stem in enumerate(sorted(number))}
    # Square roots, so that the product of two rows is the weight of what they share.
    matrix = np.zeros((len(group), len(column)), dtype=np.float32)
    for row, statement in enumerate(group):
        for stem in statement.stems:
            matrix[row, column[stem]] = np.sqrt(np.log(1 + len(group) / number[stem]))
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
