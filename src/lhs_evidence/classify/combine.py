"""One finding for a text that is longer than the encoder reads, from findings on its pieces."""

from __future__ import annotations

from collections.abc import Sequence

from lhs_evidence.model import CommitmentScore, Finding


def strongest(passage: str, pieces: Sequence[Finding]) -> Finding:
    """Return the finding of a whole text: what its strongest piece says of each commitment.

    A reader cites a text for a commitment if any part of it is about that commitment. Level and
    polarity are those of the piece that is most surely about something.
    """
    leading = max(pieces, key=lambda piece: max(_confidences(piece)))
    return Finding(
        passage=passage,
        commitments={
            commitment: _strongest_score([piece.commitments[commitment] for piece in pieces])
            for commitment in leading.commitments
        },
        level=leading.level,
        polarity=leading.polarity,
    )


def _strongest_score(scores: Sequence[CommitmentScore]) -> CommitmentScore:
    top = max(scores, key=lambda score: score.confidence)
    carrying = {facet for score in scores for facet in score.positive_facets}
    return CommitmentScore(
        commitment=top.commitment,
        confidence=top.confidence,
        positive=top.positive,
        review=top.review,
        facets={facet: max(score.facets[facet] for score in scores) for facet in top.facets},
        positive_facets=tuple(facet for facet in top.facets if facet in carrying),
    )


def _confidences(finding: Finding) -> list[float]:
    return [score.confidence for score in finding.commitments.values()]
