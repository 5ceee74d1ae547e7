"""A labelled set and a system's findings become scores."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from lhs_eval.metrics.agreement import Agreement, agreement
from lhs_eval.metrics.calibration import calibration
from lhs_eval.metrics.classification import (
    Answers,
    ClassificationScores,
    Reading,
    classification_scores,
)
from lhs_eval.metrics.intervals import Bools, Clusters, Floats, Resampler, clusters_of
from lhs_eval.result import ByReading, EvaluationResult, Scores
from lhs_eval.systems import SystemRun
from lhs_evidence.classify.labelled import LabelledPassage, data_hash
from lhs_evidence.errors import InputError
from lhs_evidence.framework import Framework
from lhs_evidence.model import CommitmentScore, Finding, Level, Polarity

_MEASURED_WITH = ("lhs-evidence", "numpy")


def evaluate(
    labelled: Sequence[LabelledPassage],
    run: SystemRun,
    framework: Framework,
    *,
    draws: int = 1000,
    seed: int = 0,
) -> EvaluationResult:
    """Score what a system says of a labelled set.

    Args:
        labelled: Passages with gold labels, as `read_labelled` returns them.
        run: What a system, or a file of predictions, says of each of them.
        framework: The framework that both were made for.
        draws: Bootstrap draws; 0 leaves intervals out.
        seed: Seed of the draws.

    Raises:
        InputError: A labelled passage has no prediction.
    """
    passages = sorted(labelled, key=lambda passage: passage.id)
    missing = [passage.id for passage in passages if passage.id not in run.findings]
    if missing:
        raise InputError(
            f"no prediction for {len(missing)} of {len(passages)} labelled passages, "
            f"the first of them {missing[0]!r}"
        )
    # How far annotators agree is a matter of the whole set, whatever part of it is scored.
    agreed = agreement(passages, framework.commitment_ids, draws=draws, seed=seed)
    scorer = _Scorer(run, framework, agreed, draws, seed)
    unseen = [passage for passage in passages if passage.id not in run.seen]
    partly_seen = 0 < len(unseen) < len(passages)
    return EvaluationResult(
        system=run.system,
        model=run.model,
        data_hash=data_hash(passages),
        framework=framework.id,
        framework_version=framework.version,
        draws=draws,
        seed=seed,
        versions={"python": platform.python_version()}
        | {name: version(name) for name in _MEASURED_WITH},
        seen=len(passages) - len(unseen),
        scores=scorer.scores(passages),
        unseen=scorer.scores(unseen) if partly_seen else None,
    )


@dataclass(frozen=True, slots=True)
class _Scorer:
    run: SystemRun
    framework: Framework
    agreed: Agreement | None
    draws: int
    seed: int

    def scores(self, passages: Sequence[LabelledPassage]) -> Scores:
        clusters = clusters_of(passages)
        resampler = Resampler(clusters, draws=self.draws, seed=self.seed)
        shared = [passage for passage in passages if len(passage.annotators) > 1]
        answers = self._commitments(passages, Reading.DIRECT_ONLY)
        return Scores(
            passages=len(passages),
            clustered_by=clusters.by,
            clusters=clusters.count,
            commitments=self._readings(self._commitments, passages, resampler),
            facets=self._readings(self._facets, passages, resampler) if self._has_facets else None,
            level=self._level(passages),
            polarity=self._polarity(passages),
            calibration=calibration(
                answers.gold, answers.confidence, clusters, draws=self.draws, seed=self.seed
            )
            if self.run.probabilistic
            else None,
            agreement=self.agreed,
            double_labelled=classification_scores(
                self._commitments(shared, Reading.DIRECT_ONLY), self._resampler(clusters_of(shared))
            )
            if shared
            else None,
        )

    def _resampler(self, clusters: Clusters) -> Resampler:
        return Resampler(clusters, draws=self.draws, seed=self.seed)

    @property
    def _has_facets(self) -> bool:
        first = next(iter(self.run.findings.values()))
        return any(score.facets for score in first.commitments.values())

    def _readings(
        self,
        answers: Callable[[Sequence[LabelledPassage], Reading], Answers],
        passages: Sequence[LabelledPassage],
        resampler: Resampler,
    ) -> ByReading:
        return {
            reading: classification_scores(answers(passages, reading), resampler)
            for reading in Reading
        }

    def _commitments(self, passages: Sequence[LabelledPassage], reading: Reading) -> Answers:
        names = self.framework.commitment_ids
        scores = [self.run.findings[passage.id].commitments for passage in passages]
        strengths = _table(passages, lambda passage: [passage.strength(name) for name in names])
        return Answers(
            names=names,
            gold=reading.gold(strengths),
            decided=np.array([[own[name].positive for name in names] for own in scores]),
            confidence=np.array([[own[name].confidence for name in names] for own in scores]),
            counted=reading.counted(strengths),
        )

    def _facets(self, passages: Sequence[LabelledPassage], reading: Reading) -> Answers:
        pairs = [
            (commitment.id, facet.id)
            for commitment in self.framework.commitments
            for facet in commitment.facets
        ]
        findings = [self.run.findings[passage.id] for passage in passages]
        strengths = _table(passages, lambda passage: [passage.strength(*pair) for pair in pairs])
        return Answers(
            names=self.framework.facet_keys,
            gold=reading.gold(strengths),
            decided=np.array([_decided_facets(finding, pairs) for finding in findings]),
            confidence=np.array([_facet_confidences(finding, pairs) for finding in findings]),
            counted=reading.counted(strengths),
        )

    def _level(self, passages: Sequence[LabelledPassage]) -> ClassificationScores | None:
        judged = [passage for passage in passages if passage.level is not None]
        findings = [self.run.findings[passage.id] for passage in judged]
        if not findings or not findings[0].level:
            return None
        gold = np.array([[passage.level is level for level in Level] for passage in judged])
        said = np.array([[finding.level[level] for level in Level] for finding in findings])
        return self._one_of([level.value for level in Level], gold, said, judged)

    def _polarity(self, passages: Sequence[LabelledPassage]) -> ClassificationScores | None:
        judged = [passage for passage in passages if passage.polarity is not None]
        findings = [self.run.findings[passage.id] for passage in judged]
        if not findings or not findings[0].polarity:
            return None
        gold = np.array([[passage.polarity is term for term in Polarity] for passage in judged])
        said = np.array([[finding.polarity[term] for term in Polarity] for finding in findings])
        return self._one_of([term.value for term in Polarity], gold, said, judged)

    def _one_of(
        self, names: Sequence[str], gold: Bools, said: Floats, judged: Sequence[LabelledPassage]
    ) -> ClassificationScores:
        """Score the most probable of several classes; micro F1 is then accuracy."""
        decided = np.arange(len(names)) == said.argmax(axis=1)[:, None]
        answers = Answers(names, gold, decided, said, np.ones_like(gold))
        return classification_scores(answers, self._resampler(clusters_of(judged)))


def _table(
    passages: Sequence[LabelledPassage], row: Callable[[LabelledPassage], list[int]]
) -> NDArray[np.int8]:
    return np.array([row(passage) for passage in passages], dtype=np.int8)


def _decided_facets(finding: Finding, pairs: Sequence[tuple[str, str]]) -> list[bool]:
    return [facet in _score(finding, name).positive_facets for name, facet in pairs]


def _facet_confidences(finding: Finding, pairs: Sequence[tuple[str, str]]) -> list[float]:
    return [_score(finding, name).facets[facet] for name, facet in pairs]


def _score(finding: Finding, commitment: str) -> CommitmentScore:
    return finding.commitments[commitment]
