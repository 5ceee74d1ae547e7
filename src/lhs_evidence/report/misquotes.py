"""Whether a report still says what the documents say, at any later time."""

from __future__ import annotations

from collections.abc import Mapping

from lhs_evidence.ids import passage_id
from lhs_evidence.report.schema import GapReport


def misquotes(report: GapReport, texts: Mapping[str, str]) -> list[str]:
    """Return a sentence for every quote that is not what its place says; none is good.

    Args:
        report: A report, perhaps read from a file that somebody edited.
        texts: Canonical text by document id.
    """
    found = []
    for quote in report.quotes():
        text = texts.get(quote.document)
        if text is None:
            found.append(f"Passage {quote.passage} cites {quote.document}, which is not at hand.")
        elif text[quote.start : quote.end] != quote.quote:
            found.append(f"Passage {quote.passage} of the report is not what its place says.")
        elif quote.passage != passage_id(quote.document, quote.start, quote.end, quote.quote):
            found.append(f"Passage {quote.passage} of the report does not have its content's id.")
    return found
