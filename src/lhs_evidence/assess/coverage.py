"""How far each facet and commitment is evidenced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lhs_evidence.assess.conflicts import Conflict
from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.evidence import cite, commitment_rows, facet_rows
from lhs_evidence.assess.rules import (
    absence,
    commitment_status,
    facet_status,
    outweighs,
    reached_level,
)
from lhs_evidence.assess.witnesses import Witnesses, WitnessList
from lhs_evidence.framework import Commitment, Framework
from lhs_evidence.model import CommitmentCoverage, FacetCoverage


@dataclass(frozen=True, slots=True)
class Judgement:
    """A facet's coverage with what it rests on, for the gaps to explain."""

    coverage: FacetCoverage
    rows: tuple[int, ...]
    witnesses: Witnesses
    outweighed: bool
    conflicts: tuple[Conflict, ...]


class Judge:
    """Judges the facets and commitments of one framework over one corpus."""

    def __init__(
        self,
        corpus: Corpus,
        framework: Framework,
        kind: str,
        conflicts: Mapping[tuple[str, str], Sequence[Conflict]],
    ) -> None:
        self.corpus = corpus
        self.witnesses = WitnessList(corpus)
        self._framework = framework
        self._kind = kind
        self._conflicts = conflicts
        self._absent = absence(corpus.extent)

    def facets(self, commitment: Commitment) -> list[Judgement]:
        """Return the judgement of each facet of a commitment, in the framework's order."""
        return [self._facet(commitment.id, facet.id) for facet in commitment.facets]

    def commitment(
        self, commitment: Commitment, judgements: Sequence[Judgement]
    ) -> CommitmentCoverage:
        """Return a commitment's coverage from the judgements of its facets."""
        support = self.witnesses.of(commitment.id).support
        rows = commitment_rows(self.corpus, support, [item.rows for item in judgements])
        facets = tuple(judgement.coverage for judgement in judgements)
        return CommitmentCoverage(
            commitment=commitment.id,
            status=commitment_status(facets, self._absent),
            confidence=self._confidence(commitment.id),
            facets=facets,
            evidence=tuple(cite(self.corpus, row, commitment.id) for row in rows),
        )

    def _facet(self, commitment: str, facet: str) -> Judgement:
        witnesses = self.witnesses.of(commitment, facet)
        conflicts = tuple(self._conflicts.get((commitment, facet), ()))
        support = self.witnesses.by_level(witnesses.support)
        outweighed = outweighs(self.witnesses.by_level(witnesses.counter), support)
        level = reached_level(support)
        status = facet_status(
            level, contradicted=outweighed or bool(conflicts), absent=self._absent
        )
        rows = tuple(facet_rows(self.corpus, witnesses.support, level))
        coverage = FacetCoverage(
            commitment=commitment,
            facet=facet,
            status=status,
            confidence=self._confidence(commitment, facet),
            evidence=tuple(self.corpus.passages[row].id for row in rows),
            expected=self._framework.expects(self._kind, commitment, facet),
        )
        return Judgement(coverage, rows, witnesses, outweighed, conflicts)

    def _confidence(self, commitment: str, facet: str = "") -> float:
        """Return the probability that a facet, or a commitment as such, is truly evidenced.

        Where nothing is taken as evidence, that is the chance that the best miss was one after
        all: the one passage alone, since misses added up would make something out of nothing.
        """
        witnesses = self.witnesses.of(commitment, facet)
        if witnesses.support:
            return round(self.witnesses.probability(witnesses.support), 6)
        return round(self.witnesses.best_miss(commitment, facet), 6)
