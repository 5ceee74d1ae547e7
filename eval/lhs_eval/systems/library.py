"""The library's own classifiers: the trained heads, and the floor they have to clear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lhs_eval.systems.system import Progress, SystemRun
from lhs_evidence.classify import Classifier, DescriptionClassifier, PassageClassifier
from lhs_evidence.classify.labelled import LabelledPassage
from lhs_evidence.encoders import Encoder, load_encoder
from lhs_evidence.framework import Framework
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Finding, Passage
from lhs_evidence.settings import Settings


def shipped(
    passages: Sequence[LabelledPassage],
    framework: Framework,
    settings: Settings,
    progress: Progress,
) -> SystemRun:
    """Label with the heads that the settings name, or the packaged ones."""
    encoder = load_encoder(settings.encoder, settings.cache)
    classifier = Classifier.load(framework, encoder, settings.classifier)
    findings = _findings(passages, classifier, encoder, progress)
    return SystemRun(
        system="shipped",
        model=classifier.id,
        probabilistic=classifier.calibrated,
        findings={finding.passage: finding for finding in findings},
        seen=frozenset(
            passage.id for passage in passages if classifier.trained_on(text_hash(passage.text))
        ),
    )


def zero_shot(
    passages: Sequence[LabelledPassage],
    framework: Framework,
    settings: Settings,
    progress: Progress,
) -> SystemRun:
    """Label by likeness to the facets' descriptions, without any training."""
    encoder = load_encoder(settings.encoder, settings.cache)
    classifier = DescriptionClassifier(framework, encoder)
    findings = _findings(passages, classifier, encoder, progress)
    return SystemRun(
        system="zero-shot",
        model=classifier.id,
        probabilistic=classifier.calibrated,
        # What it gives for level and polarity stands for nothing, so it is not scored.
        findings={finding.passage: replace(finding, level={}, polarity={}) for finding in findings},
    )


def _findings(
    passages: Sequence[LabelledPassage],
    classifier: PassageClassifier,
    encoder: Encoder,
    progress: Progress,
) -> list[Finding]:
    texts = [passage.text for passage in passages]
    vectors = encoder.encode(texts, lambda done: progress(done, len(texts)))
    return classifier.classify([_as_read(passage) for passage in passages], vectors)


def _as_read(passage: LabelledPassage) -> Passage:
    """Return the passage as if it had just been read from a document of its own."""
    return Passage(
        id=passage.id,
        document=passage.id,
        start=0,
        end=len(passage.text),
        text=passage.text,
        heading=(passage.heading,) if passage.heading else (),
        title=passage.title,
    )
