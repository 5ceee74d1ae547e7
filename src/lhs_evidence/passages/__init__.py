"""Blocks of a document become passages, about a paragraph each."""
