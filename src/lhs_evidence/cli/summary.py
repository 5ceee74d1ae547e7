"""What a report comes to, on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from lhs_evidence.cli import console

if TYPE_CHECKING:
    from lhs_evidence.report import GapReport


def say_unread(report: GapReport) -> None:
    """Name every document not wholly read or examined on standard error."""
    from lhs_evidence.passages import in_languages  # noqa: PLC0415 - see cli.loading

    for document in report.documents:
        if document.status != "ready":
            status = report.words.document_statuses[document.status].name
            reason = document.reason or "; ".join(document.warnings)
            console.say(f"{document.name}: {document.status} ({status}): {reason}")
        if document.passages_unclassified:
            left = in_languages(document.unclassified_by_language)
            console.say(f"{document.name}: not in English, so not classified: {left}")


def print_scorecard(report: GapReport, written: Mapping[str, Path]) -> None:
    """Print a row for each commitment, what was read, and where the report lies."""
    gaps = Counter(gap.commitment for gap in report.gaps)
    table = Table(title=Text(report.organization), title_justify="left", box=None, pad_edge=False)
    for heading, side in (
        ("Commitment", "left"),
        ("Status", "left"),
        ("Facets", "right"),
        ("Gaps", "right"),
        ("Evidence", "right"),
    ):
        table.add_column(heading, justify="right" if side == "right" else "left", no_wrap=True)
    for commitment in report.commitments:
        reached = sum(
            facet.status in ("measured", "operational", "declared") for facet in commitment.facets
        )
        table.add_row(
            Text(commitment.name),
            Text(report.words.statuses[commitment.status].name),
            f"{reached} of {len(commitment.facets)}",
            str(gaps[commitment.id]),
            str(len(commitment.evidence)),
        )
    screen = console.out()
    screen.print(table)
    read = sum(document.status.has_text for document in report.documents)
    screen.print(f"Read {read} of {len(report.documents)} documents; {len(report.gaps)} gaps.")
    for path in written.values():
        screen.print(Text(f"Gap report: {path}"))
