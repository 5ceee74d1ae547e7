"""The gap report, version 1: what `gap-report.json` holds and every other format is made from.

The report is self-contained: names, definitions and words travel with the ids, so that a reader of
the file needs neither the framework nor this program. Offsets are code points into a document's
canonical text. Fields may be added within a version; a field that goes or changes its meaning makes
a new version.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from lhs_evidence.framework.framework import Key
from lhs_evidence.model import DocumentStatus, Level, Polarity, Reason, Status

SCHEMA_VERSION = "1"
_DIGITS = 4


def _rounded(value: float) -> float:
    # Digits beyond these differ between machines and backends, and say nothing to a reader.
    return round(value, _DIGITS)


def _is_utc_time(value: str) -> str:
    offset = datetime.fromisoformat(value).utcoffset()
    if offset is None or offset.total_seconds() != 0:
        raise ValueError("not a time in UTC")
    return value


Confidence = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False, description="Calibrated probability, four digits."),
    AfterValidator(_rounded),
]
UtcTime = Annotated[
    str, AfterValidator(_is_utc_time), Field(json_schema_extra={"format": "date-time"})
]
Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), AfterValidator(_rounded)]


class Urgency(StrEnum):
    """How soon a gap wants attention; worked out from its reason and whether it is expected."""

    FIRST = "first"
    NEXT = "next"
    LATER = "later"
    UNREAD = "unread"


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True
    )


class Word(_Part):
    """What people see in place of an id, and what it means in a sentence."""

    name: str
    meaning: str


class Band(_Part):
    """A stretch of confidences that one expression stands for, from `at_least` up to the next."""

    name: str
    at_least: Confidence


class Words(_Part):
    """Everything the report says in place of an id."""

    statuses: dict[Status, Word]
    reasons: dict[Reason, Word]
    urgencies: dict[Urgency, Word]
    levels: dict[Level, Word]
    polarities: dict[Polarity, Word]
    document_statuses: dict[DocumentStatus, Word]
    bands: tuple[Band, ...] = Field(min_length=1, description="Highest first, down to 0.")


class FrameworkReference(_Part):
    """The framework that documents were read against, and the publication it rests on."""

    id: Key
    version: str
    name: str
    citation: str
    url: str
    note: str


class ReportDocument(_Part):
    """One document, read or not; `pages` is 0 where the format has no fixed pages.

    Fields with a default came after the first reports were written.
    """

    id: str
    name: str
    sha256: str
    status: DocumentStatus
    pages: Count
    pages_without_text: Count
    passages: Count
    warnings: tuple[str, ...]
    title: str
    reason: str = Field(description="Why the document is not ready; empty if it is.")
    unread_pages: tuple[Number, ...] = Field(description="Pages from which nothing was read.")
    outdated: str = Field(description="Why the document counts as outdated; empty if it does not.")
    language: str = Field(
        "", description="ISO 639-1 code of what most of it is written in; empty if not known."
    )
    passages_unclassified: Count = Field(
        0, description="Passages not in English, which were marked and not classified."
    )
    unclassified_by_language: dict[str, Count] = Field(
        default_factory=dict, description="These passages by ISO 639-1 code, most first."
    )
    pages_failed: tuple[Number, ...] = Field(
        (), description="Those of the unread pages that broke the reader."
    )
    pages_recognised: tuple[Number, ...] = Field(
        (), description="Pages read by text recognition (OCR)."
    )
    characters_removed: Count = Field(
        0, description="Control and invisible characters that were dropped."
    )
    characters_hidden: Count = Field(
        0, description="Characters nobody sees on the page: kept apart, and never evidence."
    )
    encoding: str = Field("", description="Encoding of a text file; empty for other formats.")
    agreement: Share | None = Field(
        None,
        description="Share of words that the reading's self-check confirmed; null if not checked.",
    )

    @model_validator(mode="after")
    def _check_sums(self) -> Self:
        if sum(self.unclassified_by_language.values()) != self.passages_unclassified:
            raise ValueError(f"unclassified passages of {self.name} do not add up")
        return self


class Quote(_Part):
    """A passage, verbatim: `quote` equals the document's canonical text from `start` to `end`."""

    passage: str
    document: str = Field(description="Id of the document.")
    pages: tuple[Number, ...] = Field(description="Empty where the format has no fixed pages.")
    start: Count
    end: Count
    quote: str = Field(min_length=1)
    heading: tuple[str, ...] = Field(description="Trail of headings, outermost first.")
    page_labels: tuple[str, ...] = Field(description="What is printed on each of the pages.")
    paragraphs: tuple[Number, ...] = Field(
        (),
        description="Where there are no fixed pages: the numbers of its paragraphs, list items and "
        "table rows, from 1 under the last of its headings.",
    )
    ocr_confidence: Share | None = Field(
        None,
        description="How sure text recognition was of the least legible block; null where the file "
        "holds the text itself.",
    )

    @model_validator(mode="after")
    def _check_extent(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(f"quote of {self.passage} is not as long as its place")
        if len(self.page_labels) != len(self.pages):
            raise ValueError(f"{self.passage} has not one label for each page")
        return self


class ReportEvidence(Quote):
    """A passage cited for a commitment; `confidence` is that a careful reader would cite it too."""

    confidence: Confidence
    level: Level
    polarity: Polarity
    facets: tuple[Key, ...]
    review: bool = Field(description="Whether a person should look before relying on it.")
    outdated: bool = Field(description="Whether it stands in an outdated document.")


class ReportFacet(_Part):
    """One facet of a commitment; `evidence` holds passage ids, best first."""

    id: Key
    status: Status
    confidence: Confidence
    evidence: tuple[str, ...]
    name: str
    description: str
    expected: bool = Field(description="Whether it is expected of this kind of organization.")


class ReportCommitment(_Part):
    """One commitment; `evidence` is ranked, best first."""

    id: Key
    status: Status
    confidence: Confidence
    facets: tuple[ReportFacet, ...]
    evidence: tuple[ReportEvidence, ...]
    name: str
    definition: str


class ReportGap(_Part):
    """What is missing, why that is said, and what would close it.

    `nearest` holds ids of passages that came closest or, for a contradiction, that conflict; they
    resolve in the report's `passages`.
    """

    commitment: Key
    facet: Key
    status: Status
    reason: Reason
    why: str
    suggestion: str
    nearest: tuple[str, ...]
    urgency: Urgency


class GapReport(_Part):
    """What an organization's documents evidence of a framework, and where the gaps are."""

    schema_version: Literal["1"] = Field(alias="schema")
    organization: str
    kind: Key
    framework: FrameworkReference
    created: UtcTime
    encoder: str
    classifier: str
    documents: tuple[ReportDocument, ...]
    commitments: tuple[ReportCommitment, ...]
    gaps: tuple[ReportGap, ...]
    assessment: str = Field(description="Id of the assessment this report shows.")
    kind_name: str
    passages: tuple[Quote, ...] = Field(
        description="Passages that gaps or facets name and that may not be evidence."
    )
    words: Words

    @model_validator(mode="after")
    def _check_references(self) -> Self:
        documents = {document.id for document in self.documents}
        for quote in self.quotes():
            if quote.document not in documents:
                raise ValueError(f"{quote.passage} stands in {quote.document}, which is not listed")
        known = {quote.passage for quote in self.passages}
        facets = set()
        for commitment in self.commitments:
            cited = known | {item.passage for item in commitment.evidence}
            for facet in commitment.facets:
                facets.add((commitment.id, facet.id))
                _refuse_unknown(f"{commitment.id}.{facet.id}", facet.evidence, cited)
        for gap in self.gaps:
            if (gap.commitment, gap.facet) not in facets:
                raise ValueError(f"gap in {gap.commitment}.{gap.facet}, which is not listed")
            _refuse_unknown(f"gap in {gap.commitment}.{gap.facet}", gap.nearest, known)
        return self

    def quotes(self) -> Iterator[Quote]:
        """Yield every quote the report shows, some of them twice."""
        for commitment in self.commitments:
            yield from commitment.evidence
        yield from self.passages


def _refuse_unknown(where: str, given: tuple[str, ...], known: set[str]) -> None:
    if unknown := [item for item in given if item not in known]:
        raise ValueError(f"{where} names {unknown[0]}, which is not in the report")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `gap-report.json`."""
    schema = GapReport.model_json_schema(by_alias=True, mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
    }
