"""Findings become an assessment: what is evidenced, and where the gaps are."""

from lhs_evidence.assess.assessment import assess
from lhs_evidence.assess.request import AssessmentRequest

__all__ = ["AssessmentRequest", "assess"]
