"""The report as one HTML file that needs nothing beside it: no script, no font, no network."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lhs_evidence.model import Status
from lhs_evidence.report.reading import figures, languages, percent
from lhs_evidence.report.schema import (
    GapReport,
    Quote,
    ReportCommitment,
    ReportDocument,
    ReportFacet,
    ReportGap,
    Urgency,
)
from lhs_evidence.report.words import counted, day, likelihood, moment, number

# Passages of a commitment that stand open; the others unfold, and are always printed.
_SHOWN = 3
# Gaps that the opening names; more would not be read there.
_URGENT = 5
_EVIDENCED = (Status.MEASURED, Status.OPERATIONAL, Status.DECLARED)
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class _GapGroup:
    urgency: Urgency
    gaps: Sequence[ReportGap]


@dataclass(frozen=True)
class _Bar:
    """A status's share of all facets, in hundredths of the whole width."""

    status: Status
    start: float
    width: float


@dataclass(frozen=True)
class _Counts:
    read: int
    partial: int
    unread: int
    unread_pages: int
    passages: int
    unclassified: int
    facets: int
    evidenced: int
    first: int
    statuses: dict[Status, int]


class _NumberedDocument(ReportDocument):
    """A document with its place in the list, from 1, which its anchor is named by."""

    position: int


def render_html(report: GapReport) -> bytes:
    """Return the report as a self-contained HTML page in UTF-8."""
    css = (files("lhs_evidence.report") / "templates" / "report.css").read_text("utf-8")
    documents = {
        document.id: _NumberedDocument(**document.model_dump(), position=position)
        for position, document in enumerate(report.documents, start=1)
    }
    html = (
        _environment()
        .get_template("gap-report.html")
        .render(
            report=report,
            words=report.words,
            # Our own file, and not a word of it from a document: it must not be escaped.
            css=Markup(css),  # noqa: S704
            css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
            documents=documents,
            unread=[item for item in documents.values() if _is_unread(item)],
            passages={quote.passage: quote for quote in report.passages},
            names=_names(report.commitments),
            gaps={(gap.commitment, gap.facet) for gap in report.gaps},
            gap_groups=_gap_groups(report.gaps),
            counts=_count(report),
            bars=_bars(report.commitments),
            shown=_SHOWN,
            urgent=_URGENT,
            positions=_positions,
        )
    )
    return html.encode("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lhs_evidence.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        counted=counted,
        day=_day,
        likelihood=likelihood,
        lower_first=lambda text: text[:1].lower() + text[1:],
        moment=_moment,
        number=number,
        figures=figures,
        languages=languages,
        pages=_pages,
        paragraphs=_paragraphs,
        percent=percent,
        ranges=_ranges,
        spelled=_spelled,
    )
    environment.tests["evidenced"] = _EVIDENCED.__contains__
    # A framework file may name any address; only one that a browser fetches as a page is linked.
    environment.tests["web_address"] = lambda url: url.startswith(("https://", "http://"))
    return environment


def _is_unread(document: ReportDocument) -> bool:
    return (
        not document.status.has_text
        or document.status == "partial"
        or bool(document.unread_pages or document.passages_unclassified)
    )


def _names(commitments: Iterable[ReportCommitment]) -> dict[Any, str]:
    names: dict[Any, str] = {}
    for commitment in commitments:
        names[commitment.id] = commitment.name
        names |= {(commitment.id, facet.id): facet.name for facet in commitment.facets}
    return names


def _gap_groups(gaps: Sequence[ReportGap]) -> list[_GapGroup]:
    order = list(Urgency)

    def rank(gap: ReportGap) -> int:
        return order.index(gap.urgency)

    groups = groupby(sorted(gaps, key=rank), key=rank)
    return [_GapGroup(order[position], tuple(members)) for position, members in groups]


def _facet_statuses(commitments: Iterable[ReportCommitment]) -> dict[Status, int]:
    found = Counter(facet.status for commitment in commitments for facet in commitment.facets)
    return {status: found[status] for status in Status}


def _count(report: GapReport) -> _Counts:
    statuses = _facet_statuses(report.commitments)
    read = [item for item in report.documents if item.status.has_text]
    return _Counts(
        read=len(read),
        partial=sum(item.status == "partial" for item in read),
        unread=len(report.documents) - len(read),
        unread_pages=sum(item.pages_without_text for item in report.documents),
        passages=sum(item.passages - item.passages_unclassified for item in report.documents),
        unclassified=sum(item.passages_unclassified for item in report.documents),
        facets=sum(statuses.values()),
        evidenced=sum(statuses[status] for status in _EVIDENCED),
        first=sum(gap.urgency is Urgency.FIRST for gap in report.gaps),
        statuses=statuses,
    )


def _bars(commitments: Iterable[ReportCommitment]) -> list[_Bar]:
    statuses = _facet_statuses(commitments)
    whole = sum(statuses.values())
    bars, start = [], 0.0
    for status, count in statuses.items():
        width = 100 * count / whole
        if count:
            bars.append(_Bar(status, round(start, 3), round(width, 3)))
        start += width
    return bars


def _positions(commitment: ReportCommitment, facet: ReportFacet) -> list[int]:
    """Return where the facet's passages stand in the commitment's list, from 1."""
    cited = set(facet.evidence)
    return [
        position
        for position, evidence in enumerate(commitment.evidence, start=1)
        if evidence.passage in cited
    ]


def _spelled(count: int) -> str:
    return _SPELLED[count] if count < len(_SPELLED) else f"{count:,}"


def _day(created: str) -> str:
    return day(datetime.fromisoformat(created))


def _moment(created: str) -> str:
    return moment(datetime.fromisoformat(created))


def _pages(quote: Quote) -> str:
    """Return where a quote stands as a reader would say it: by the number printed on the page."""
    numbers = [str(page) for page in quote.pages]
    said = _page_words(quote.page_labels)
    if list(quote.page_labels) == numbers:
        return said
    return f"{said} ({_page_words(numbers)} of the file)"


def _paragraphs(quote: Quote) -> str:
    """Return where a quote stands that has no page."""
    first, last = quote.paragraphs[0], quote.paragraphs[-1]
    return f"paragraph {first}" if first == last else f"paragraphs {first} to {last}"


def _page_words(labels: Sequence[str]) -> str:
    if len(labels) == 1:
        return f"page {labels[0]}"
    return f"pages {labels[0]} to {labels[-1]}"


def _ranges(pages: Sequence[int]) -> str:
    """Return page numbers with neighbours drawn together, as in `pages 1 to 3, 7`."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return ("page " if len(pages) == 1 else "pages ") + ", ".join(said)
