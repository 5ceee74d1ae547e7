"""Findings become an assessment: what is evidenced, and where the gaps are."""
