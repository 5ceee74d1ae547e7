"""Passages become findings: which commitments, how far, how sure."""

from lhs_evidence.classify.classifier import Classifier, PassageClassifier
from lhs_evidence.classify.descriptions import DescriptionClassifier

__all__ = ["Classifier", "DescriptionClassifier", "PassageClassifier"]
