"""One finding for a text that is longer than the encoder reads, from findings on its pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from lhs_evidence.classify.classifier import PassageClassifier
from lhs_evidence.encoders import Encoder
from lhs_evidence.model import CommitmentScore, Finding, Passage
from lhs_evidence.passages import pieces


def classify_whole(
    passages: Sequence[Passage],
    classifier: PassageClassifier,
    encoder: Encoder,
    progress: Callable[[int], None] | None = None,
) -> list[Finding]:
    """Return one finding for each passage, of whatever length; `progress` counts pieces."""
    parts = [_pieces(passage, encoder) for passage in passages]
    flat = [part for own in parts for part in own]
    vectors = encoder.encode([part.text for part in flat])
    findings = iter(classifier.classify(flat, vectors, progress))
    return [
        strongest(passage.id, list(islice(findings, len(own))))
        for passage, own in zip(passages, parts, strict=True)
    ]


def strongest(passage: str, parts: Sequence[Finding]) -> Finding:
    """Return the finding of a whole text: what its strongest piece says of each commitment.

    A reader cites a text for a commitment if any part of it is about that commitment. Level and
    polarity are those of the piece that is most surely about something.
    """
    leading = max(parts, key=lambda piece: max(_confidences(piece)))
    return Finding(
        passage=passage,
        commitments={
            commitment: _strongest_score([piece.commitments[commitment] for piece in parts])
            for commitment in leading.commitments
        },
        level=leading.level,
        polarity=leading.polarity,
    )


def _pieces(passage: Passage, encoder: Encoder) -> list[Passage]:
    spans = pieces(passage.text, encoder.count_tokens, encoder.window)
    return [replace(passage, text=passage.text[start:end]) for start, end in spans]


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
