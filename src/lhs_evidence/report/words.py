"""Every word the reports show in place of an id, and every limit a word stands for, once.

The wording is conservative on purpose: documents are evidence of what an organization says, and
what could not be read is never called missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lhs_evidence.framework import Framework
from lhs_evidence.model import DocumentStatus, Reason, Status
from lhs_evidence.report.schema import Band, Urgency, Word, Words

STATUSES = {
    Status.MEASURED: Word(
        name="Measured", meaning="Figures, results, audit findings or targets with a number."
    ),
    Status.OPERATIONAL: Word(
        name="Operational", meaning="Who does what, when or how; a procedure or duty in place."
    ),
    Status.DECLARED: Word(
        name="Declared", meaning="A value, aim, right or promise, without a mechanism behind it."
    ),
    Status.NOT_EVIDENCED: Word(
        name="Not evidenced", meaning="No evidence was found in the pages that were read."
    ),
    Status.CONTRADICTED: Word(
        name="Contradicted", meaning="The documents disagree, or report that it is not kept."
    ),
    Status.NOT_ASSESSABLE: Word(
        name="Not assessable", meaning="Too little could be read or examined to say anything."
    ),
}

REASONS = {
    Reason.ABSENT: Word(
        name="No evidence found", meaning="Nothing in the pages read would be cited for this."
    ),
    Reason.INTENT_ONLY: Word(
        name="Intent only", meaning="It is promised, but no document says how it is done."
    ),
    Reason.NO_MEASURE: Word(
        name="Practice without a measure",
        meaning="It is said how it is done, but no figure shows how well.",
    ),
    Reason.OUTDATED: Word(
        name="Outdated", meaning="The evidence stands in documents past their date or replaced."
    ),
    Reason.CONTRADICTED: Word(
        name="Contradicted", meaning="Passages conflict, or report that it is not kept."
    ),
    Reason.NOT_ASSESSABLE: Word(
        name="Not assessable",
        meaning="Documents, pages or passages could not be examined, so nothing is concluded.",
    ),
}

URGENCIES = {
    Urgency.FIRST: Word(
        name="Look at these first",
        meaning="Expected, and the documents show nothing or contradict themselves.",
    ),
    Urgency.NEXT: Word(
        name="Then make these hold",
        meaning="Evidence is there, but only as an intent or in documents that are out of date.",
    ),
    Urgency.LATER: Word(
        name="Room to go further",
        meaning="Practice without figures, and facets not expected of this kind of organization.",
    ),
    Urgency.UNREAD: Word(
        name="Cannot be judged yet",
        meaning="Not gaps in the documents but in what could be examined of them.",
    ),
}

DOCUMENT_STATUSES = {
    DocumentStatus.READY: Word(name="Read", meaning="Its text was read."),
    DocumentStatus.PARTIAL: Word(
        name="Read in part", meaning="Some of it could not be read; nothing is concluded from that."
    ),
    DocumentStatus.NEEDS_PASSWORD: Word(
        name="Needs a password", meaning="It is locked; hand over a copy that opens without one."
    ),
    DocumentStatus.NO_TEXT: Word(
        name="No text to read",
        meaning="Its pages are pictures; hand over a copy with text recognized in them.",
    ),
    DocumentStatus.UNSUPPORTED: Word(
        name="Format not supported", meaning="It is not a kind of file that can be read."
    ),
    DocumentStatus.REJECTED: Word(
        name="Refused", meaning="It is over a limit or not safe to open."
    ),
    DocumentStatus.FAILED: Word(
        name="Could not be read", meaning="It is damaged, or reading it took too long."
    ),
}

# The limits and expressions that climate assessments have long used for probabilities (IPCC
# guidance note on the treatment of uncertainties, 2010), so readers need not learn new ones.
BANDS = (
    Band(name="very likely", at_least=0.9),
    Band(name="likely", at_least=0.66),
    Band(name="about as likely as not", at_least=0.33),
    Band(name="unlikely", at_least=0.1),
    Band(name="very unlikely", at_least=0.0),
)

_REASON_URGENCIES = {
    Reason.CONTRADICTED: Urgency.FIRST,
    Reason.ABSENT: Urgency.FIRST,
    Reason.OUTDATED: Urgency.NEXT,
    Reason.INTENT_ONLY: Urgency.NEXT,
    Reason.NO_MEASURE: Urgency.LATER,
    Reason.NOT_ASSESSABLE: Urgency.UNREAD,
}


def all_words(framework: Framework) -> Words:
    """Return the words of a report; levels and polarities have the framework's names."""
    return Words(
        statuses=STATUSES,
        reasons=REASONS,
        urgencies=URGENCIES,
        levels={
            level: Word(name=term.name, meaning=term.description)
            for level, term in framework.levels.items()
        },
        polarities={
            polarity: Word(name=term.name, meaning=term.description)
            for polarity, term in framework.polarities.items()
        },
        document_statuses=DOCUMENT_STATUSES,
        bands=BANDS,
    )


def urgency(reason: Reason, *, expected: bool) -> Urgency:
    """Return how soon a gap wants attention; one that is not expected can wait."""
    found = _REASON_URGENCIES[reason]
    # A contradiction misleads readers whether or not the facet is expected.
    if expected or reason in (Reason.CONTRADICTED, Reason.NOT_ASSESSABLE):
        return found
    return Urgency.LATER


def number(confidence: float) -> str:
    """Return a confidence with two digits; never as certain, whichever way."""
    if confidence >= 0.995:
        return "over 0.99"
    if confidence < 0.005:
        return "under 0.01"
    return f"{confidence:.2f}"


def likelihood(confidence: float, bands: Sequence[Band] = BANDS) -> str:
    """Return the expression for a confidence, by the two digits that `number` shows of it."""
    shown = round(confidence, 2)
    return next(band.name for band in bands if shown >= band.at_least)


# Not strftime's names: those follow the locale of the process, and pages are in English.
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, in the plural where it is not one."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day(time: datetime) -> str:
    """Return a date as people write it."""
    return f"{time.day} {_MONTHS[time.month - 1]} {time.year}"


def moment(time: datetime) -> str:
    """Return a time in UTC as people write it."""
    return f"{day(time)}, {time:%H:%M} UTC"
