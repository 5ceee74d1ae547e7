"""The nouns of the pipeline: what one stage hands to the next.

Offsets are code points into a document's canonical text. Page numbers count from 1 and are the
file's own order; the label printed on a page is kept beside it. Boxes are in PDF points (1/72
inch) with the origin at the top left of the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class DocumentStatus(StrEnum):
    """How reading a document ended; never an endless "processing"."""

    READY = "ready"
    PARTIAL = "partial"
    NEEDS_PASSWORD = "needs_password"  # noqa: S105 - a status, not a secret
    NO_TEXT = "no_text"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def has_text(self) -> bool:
        """Whether there is text to find evidence in."""
        return self in (DocumentStatus.READY, DocumentStatus.PARTIAL)


class BlockKind(StrEnum):
    """What a block is in the layout of its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    CODE = "code"


class BlockRole(StrEnum):
    """Whether a block can be evidence.

    `BODY` can. `FURNITURE` (running headers and footers, page numbers, navigation), `CONTENTS`
    (tables of contents, indexes) and `HIDDEN` (text no reader would see) stay in the canonical
    text so that offsets hold, and never become passages.
    """

    BODY = "body"
    FURNITURE = "furniture"
    CONTENTS = "contents"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its top left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page, sheet or slide: its number, printed label and stretch of the canonical text.

    `width` and `height` are points, 0 where the format has no such thing. `has_text` is false
    where a page carries no text layer, so nothing may be concluded from it.
    """

    number: int
    label: str
    start: int
    end: int
    has_text: bool = True
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item or table row.

    `level` is a heading's depth (1 = top) or a list item's nesting (0 = outermost). `pages` is
    empty where the format has no fixed pages. `ocr_confidence` (0 to 1) is the mean over the words
    of a text that was recognised in a picture, none where the file holds the text itself. A block's
    text is `document.text[start:end]`.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    role: BlockRole = BlockRole.BODY
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How completely a file was read, in figures; the sentences for people are in `warnings`.

    `pages_failed` broke the reader, `pages_recognised` were read by OCR. `characters_removed` are
    control and invisible characters that were dropped, `characters_hidden` those kept apart since
    nobody who looks at the document would see them. `encoding` is a text file's own. `agreement`
    (0 to 1) comes from the self-check: of a DOCX the share of its raw words that were read, of a
    PDF how far a second extractor read the same words; none where no check is made. `reader` names
    what read it: under another one the file is read again.
    """

    pages_failed: tuple[int, ...] = ()
    pages_recognised: tuple[int, ...] = ()
    characters_removed: int = 0
    characters_hidden: int = 0
    encoding: str = ""
    agreement: float | None = None
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document as it was read.

    `text` is the canonical text that every citation points into; blocks cover it in order and do
    not overlap. `media_type` is what the content was recognised as. `warnings` are sentences for
    people, `reason` says why a document is not `ready`, `fidelity` counts what was lost. `pages` is
    empty where the format has no fixed pages.
    """

    id: str
    name: str
    sha256: str
    status: DocumentStatus
    media_type: str = ""
    title: str = ""
    language: str = ""
    text: str = ""
    pages: tuple[Page, ...] = ()
    blocks: tuple[Block, ...] = ()
    warnings: tuple[str, ...] = ()
    reason: str = ""
    fidelity: Fidelity = Fidelity()

    @property
    def pages_without_text(self) -> tuple[int, ...]:
        """Numbers of the pages from which nothing was read."""
        return tuple(page.number for page in self.pages if not page.has_text)


@dataclass(frozen=True, slots=True)
class Passage:
    """About a paragraph of a document: the unit that is encoded, classified and cited.

    `text` equals `document.text[start:end]`. `heading` is the trail of headings above it,
    outermost first. `language` is an ISO 639-1 code, empty where there is too little to go by;
    `ocr_confidence` is the lowest of its blocks', none where no text of it was recognised.
    """

    id: str
    document: str
    start: int
    end: int
    text: str
    heading: tuple[str, ...] = ()
    title: str = ""
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    language: str = ""
    ocr_confidence: float | None = None


class Level(StrEnum):
    """How far a passage goes: words, practice or figures; `NONE` is no commitment at all."""

    NONE = "none"
    DECLARED = "declared"
    OPERATIONAL = "operational"
    MEASURED = "measured"


class Polarity(StrEnum):
    """Whether a passage speaks for a commitment or reports its failure."""

    SUPPORTS = "supports"
    COUNTER = "counter"


@dataclass(frozen=True, slots=True)
class CommitmentScore:
    """What the classifier says of one commitment in one passage.

    `confidence` is the calibrated probability that a careful reader would cite the passage for the
    commitment; `facets` maps facet id (without its commitment) to the like for each facet;
    `positive` is the decision, `positive_facets` the facets that carry it, `review` whether a
    person should look.
    """

    commitment: str
    confidence: float
    positive: bool
    review: bool
    facets: Mapping[str, float]
    positive_facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the classifier says of one passage; the two mappings sum to one each."""

    passage: str
    commitments: Mapping[str, CommitmentScore]
    level: Mapping[Level, float]
    polarity: Mapping[Polarity, float]

    @property
    def likely_level(self) -> Level:
        """The most probable level of evidence."""
        return max(self.level, key=lambda level: self.level[level])

    @property
    def likely_polarity(self) -> Polarity:
        """The more probable polarity."""
        return max(self.polarity, key=lambda polarity: self.polarity[polarity])


class Status(StrEnum):
    """How far a facet or commitment is evidenced in the documents read."""

    MEASURED = "measured"
    OPERATIONAL = "operational"
    DECLARED = "declared"
    NOT_EVIDENCED = "not_evidenced"
    CONTRADICTED = "contradicted"
    NOT_ASSESSABLE = "not_assessable"


class Reason(StrEnum):
    """Why a facet is a gap."""

    ABSENT = "absent"
    INTENT_ONLY = "intent_only"
    NO_MEASURE = "no_measure"
    OUTDATED = "outdated"
    CONTRADICTED = "contradicted"
    NOT_ASSESSABLE = "not_assessable"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage cited for a commitment, with a quote that equals the canonical text."""

    passage: Passage
    document_name: str
    confidence: float
    level: Level
    polarity: Polarity
    facets: tuple[str, ...]
    review: bool = False
    outdated: bool = False


@dataclass(frozen=True, slots=True)
class FacetCoverage:
    """How far one facet is evidenced; `evidence` holds passage ids, best first."""

    commitment: str
    facet: str
    status: Status
    confidence: float
    evidence: tuple[str, ...] = ()
    expected: bool = True


@dataclass(frozen=True, slots=True)
class CommitmentCoverage:
    """How far one commitment is evidenced; `evidence` is ranked, best first."""

    commitment: str
    status: Status
    confidence: float
    facets: tuple[FacetCoverage, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing, why that is said, and what would close it.

    `status` is the facet's, `nearest` holds ids of the passages that came closest (or, for a
    contradiction, that conflict). `why` and `suggestion` are sentences for people.
    """

    commitment: str
    facet: str
    status: Status
    reason: Reason
    why: str
    suggestion: str
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One document as a report names it, read or not.

    `language` is the one that most of it is in, empty where there is too little to go by.
    `unclassified` counts, by language, those of its `passages` that are not in English and were
    therefore not classified.
    """

    id: str
    name: str
    sha256: str
    status: DocumentStatus
    title: str
    pages: int
    pages_without_text: tuple[int, ...]
    passages: int
    warnings: tuple[str, ...]
    reason: str = ""
    outdated: str = ""
    language: str = ""
    unclassified: Mapping[str, int] = field(default_factory=dict)
    fidelity: Fidelity = Fidelity()


@dataclass(frozen=True, slots=True)
class Assessment:
    """One immutable reading of an organization's documents against a framework.

    `passages` holds every passage that coverage or gaps refer to, by id. `created` is an ISO 8601
    time in UTC; `encoder` and `classifier` name what produced the findings, with their hashes.
    """

    id: str
    organization: str
    kind: str
    framework: str
    framework_version: str
    created: str
    encoder: str
    classifier: str
    documents: tuple[DocumentSummary, ...]
    commitments: tuple[CommitmentCoverage, ...]
    gaps: tuple[Gap, ...]
    passages: Mapping[str, Passage] = field(default_factory=dict)
