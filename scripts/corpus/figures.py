"""The figures of a run, as values and as Markdown tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from corpus.comparing import PdfComparison, WordComparison
from corpus.reading import FileResult, Health
from lhs_evidence.model import DocumentStatus

STATUSES = tuple(status.value for status in DocumentStatus)
COMPLETE = 0.99
# Kinds of which there are fewer files share one row of the table.
_FEW = 5
_SLOW_SECONDS = 10.0
_MEBIBYTE = 1 << 20


def reading_figures(
    results: Sequence[FileResult], health: Health, processes: int
) -> dict[str, Any]:
    """Return how the files ended, how long that took and what it did to the parent."""
    seconds = sorted(result.seconds for result in results)
    counts = Counter(result.status for result in results)
    return {
        "files": len(results),
        "statuses": {status: counts[status] for status in STATUSES},
        "without_status": sum(result.status not in STATUSES for result in results),
        "without_reason": [
            result.path for result in results if result.status != "ready" and not result.reason
        ],
        "seconds": {
            "sum": round(sum(seconds), 1),
            "p50": _quantile(seconds, 0.50),
            "p95": _quantile(seconds, 0.95),
            "p99": _quantile(seconds, 0.99),
            "max": _quantile(seconds, 1.0),
        },
        "slow": [result.path for result in results if result.seconds > _SLOW_SECONDS],
        "pages": sum(result.pages for result in results),
        "processes": processes,
        "children_started": len(health.children),
        "rss_mebibytes": {
            "before": health.rss_before // _MEBIBYTE,
            "after": health.rss_after // _MEBIBYTE,
            "most": health.rss_most // _MEBIBYTE,
        },
    }


def pdf_figures(comparisons: Sequence[PdfComparison]) -> dict[str, Any]:
    """Return from how many PDFs each obtains text, and the files where only others do."""
    return {
        "files": len(comparisons),
        "with_text": {
            "ours": sum(one.ours > 0 for one in comparisons),
            "pypdf": sum(one.pypdf > 0 for one in comparisons),
            "pypdfium2": sum(one.pypdfium2 > 0 for one in comparisons),
            "either": sum(max(one.pypdf, one.pypdfium2) > 0 for one in comparisons),
        },
        "with_letters": {
            name: sum(one.letters[name] > 0 for one in comparisons)
            for name in ("ours", "pypdf", "pypdfium2")
        },
        "characters": {
            "ours": sum(one.ours for one in comparisons),
            "pypdf": sum(one.pypdf for one in comparisons),
            "pypdfium2": sum(one.pypdfium2 for one in comparisons),
        },
        "only_others": [
            {
                "path": one.path,
                "status": one.status,
                "pypdf": one.pypdf,
                "pypdfium2": one.pypdfium2,
            }
            for one in comparisons
            if not one.ours and max(one.pypdf, one.pypdfium2)
        ],
    }


def word_figures(comparisons: Sequence[WordComparison]) -> dict[str, Any]:
    """Return the share of Word files whose body was read completely, and the others."""
    complete = sum(one.share >= COMPLETE for one in comparisons)
    return {
        "files": len(comparisons),
        "complete": complete,
        "share": round(complete / len(comparisons), 4) if comparisons else None,
        "words": sum(one.words for one in comparisons),
        "found": sum(one.found for one in comparisons),
        "incomplete": [
            {
                "path": one.path,
                "status": one.status,
                "share": round(one.share, 4),
                "missing": list(one.missing),
            }
            for one in comparisons
            if one.share < COMPLETE
        ],
    }


def as_markdown(figures: dict[str, Any], results: Sequence[FileResult]) -> str:
    """Return the summary for people."""
    reading = figures["reading"]
    handed = f"{figures['files_handed_over']:,} files were handed over.\n"
    parts = [
        handed,
        "## Statuses\n",
        _status_table(results),
        "\n## The run\n",
        _table(("figure", "value"), _run_rows(reading)),
    ]
    if figures["pdf"]["files"]:
        parts += ["\n## PDFs with text\n", _pdf_table(figures["pdf"])]
    if figures["docx"]["files"]:
        words = figures["docx"]
        rows = [(key, f"{words[key]:,}") for key in ("files", "complete", "words", "found")]
        parts += ["\n## Words of DOCX bodies\n", _table(("figure", "value"), rows)]
    return "\n".join(parts) + "\n"


def _pdf_table(pdf: dict[str, Any]) -> str:
    rows = [
        (
            name,
            f"{pdf['with_text'][name]:,}",
            f"{pdf['with_letters'][name]:,}",
            f"{pdf['characters'][name]:,}",
        )
        for name in ("ours", "pypdf", "pypdfium2")
    ]
    return _table(("reader", "files with any character", "with a letter", "characters"), rows)


def _run_rows(reading: dict[str, Any]) -> list[tuple[str, str]]:
    seconds, memory = reading["seconds"], reading["rss_mebibytes"]
    return [
        ("files", f"{reading['files']:,}"),
        ("without a named status", str(reading["without_status"])),
        ("not ready, without a reason", str(len(reading["without_reason"]))),
        (
            "seconds p50 / p95 / p99 / max",
            " / ".join(f"{seconds[name]:.3f}" for name in ("p50", "p95", "p99", "max")),
        ),
        ("children started", str(reading["children_started"])),
        (
            "parent's memory before / after / most, MiB",
            " / ".join(str(memory[name]) for name in ("before", "after", "most")),
        ),
    ]


def _status_table(results: Sequence[FileResult]) -> str:
    kinds = Counter(result.kind for result in results)
    cells: Counter[tuple[str, str]] = Counter()
    for result in results:
        kind = result.kind if kinds[result.kind] >= _FEW else "others"
        cells[kind, result.status] += 1
        cells["all", result.status] += 1
    totals = Counter(kind for kind, _ in cells.elements())
    rows = [
        (kind, str(total), *(str(cells[kind, status] or "") for status in STATUSES))
        for kind, total in totals.most_common()
    ]
    return _table(("kind", "files", *STATUSES), rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    if not ordered:
        return 0.0
    return round(ordered[max(-int(-share * len(ordered) // 1) - 1, 0)], 3)
