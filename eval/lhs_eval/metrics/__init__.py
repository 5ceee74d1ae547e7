"""Figures over labelled passages, each with a bootstrap interval."""
