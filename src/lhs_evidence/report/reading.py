"""What is said of how completely a document was read, beside the sentences of its reader."""

from __future__ import annotations

from math import floor

from lhs_evidence.passages import in_languages
from lhs_evidence.report.schema import ReportDocument
from lhs_evidence.report.words import counted

# What any text file may be in without a word about it.
_ORDINARY = ("", "ascii", "us-ascii", "utf-8", "utf_8", "utf-8-sig", "utf_8_sig")
# Below this agreement of two readings nobody should rely on single words.
_UNCERTAIN = 0.8


def figures(document: ReportDocument) -> list[str]:
    """Return short statements on how a document was read, none where there is nothing to say."""
    said = []
    if document.agreement is not None and document.agreement < 1:
        words = "text uncertain: " if document.agreement < _UNCERTAIN else ""
        said.append(f"{words}{percent(document.agreement)} of its words confirmed by a self-check")
    if document.characters_hidden:
        hidden = counted(document.characters_hidden, "character")
        said.append(f"{hidden} of hidden text kept apart")
    if document.encoding.lower() not in _ORDINARY:
        said.append(f"read as {document.encoding}")
    return said


def languages(document: ReportDocument) -> str:
    """Return how many passages were not classified, as in "12 passages in French"."""
    return in_languages(document.unclassified_by_language)


def percent(share: float) -> str:
    """Return a share in per cent, never rounded up to more than it is."""
    return f"{floor(100 * share + 1e-9)} %"
