"""Blocks of a document become passages, about a paragraph each."""

from lhs_evidence.passages.cut import pieces
from lhs_evidence.passages.sentences import sentences
from lhs_evidence.passages.split import split

__all__ = ["pieces", "sentences", "split"]
