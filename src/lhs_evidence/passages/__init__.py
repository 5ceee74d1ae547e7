"""Blocks of a document become passages, about a paragraph each."""

from lhs_evidence.passages.cut import pieces
from lhs_evidence.passages.language import in_its_language, is_classified, language_name
from lhs_evidence.passages.place import paragraph_numbers
from lhs_evidence.passages.remarks import in_languages, unclassified, with_remark
from lhs_evidence.passages.sentences import sentences
from lhs_evidence.passages.split import split

__all__ = [
    "in_its_language",
    "in_languages",
    "is_classified",
    "language_name",
    "paragraph_numbers",
    "pieces",
    "sentences",
    "split",
    "unclassified",
    "with_remark",
]
