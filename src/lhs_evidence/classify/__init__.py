"""Passages become findings: which commitments, how far, how sure."""
