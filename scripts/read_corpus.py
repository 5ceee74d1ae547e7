"""Reads every file of some folders through the real readers, and counts how that ended.

    python scripts/read_corpus.py FOLDER... --out FOLDER [--processes N] [--ocr auto]

Writes to the output folder:
    files.jsonl   one line for each file: status, reason, pages, characters, seconds, fidelity
    pdf.jsonl     characters that we, pypdf alone and pypdfium2 alone got out of each PDF
    docx.jsonl    how many words of each Word file's raw body are in our text
    summary.json  all figures, with the lists of files that deserve a look
    summary.md    the tables

Archives and mails are opened, and what is in them is read too. Pages are not recognised (OCR)
unless asked for, since the libraries that we are compared with do no such thing; they run in the
same sandbox under the same limits. Exits with 1 where a file ended without a named status.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from corpus.comparing import PdfComparison, WordComparison, compare_pdfs, compare_word_files
from corpus.figures import as_markdown, pdf_figures, reading_figures, word_figures
from corpus.reading import Advance, FileResult, Health, read_files
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lhs_evidence.readers import SourceFile, discover, expanded
from lhs_evidence.readers.detect import DOCX, PDF
from lhs_evidence.settings import OcrSettings, ReadingLimits

Record = TypeVar("Record", FileResult, PdfComparison, WordComparison)

Compare = Callable[[Sequence[FileResult], ReadingLimits, Advance], Iterator[Record]]

_TYPES = {"pdf": PDF, "docx": DOCX}
_LIBRARIES = ("pypdf", "pypdfium2", "lxml", "openpyxl")


def main() -> int:
    """Run over the folders that are named on the command line."""
    arguments = _arguments()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with Progress(
        TextColumn("{task.description:>10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    ) as progress:
        figures, results = run(arguments, progress)
    (arguments.out / "summary.json").write_text(json.dumps(figures, indent=1), "utf-8")
    summary = as_markdown(figures, results)
    (arguments.out / "summary.md").write_text(summary, "utf-8")
    print(summary)
    return 1 if figures["reading"]["without_status"] else 0


def run(
    arguments: argparse.Namespace, progress: Progress
) -> tuple[dict[str, Any], list[FileResult]]:
    """Read, compare and write the lines; returns all figures and the results."""
    limits, files = ReadingLimits(), discover(arguments.folders)
    health = Health()
    with expanded(files, limits) as sources:
        results = list(_read(sources, limits, arguments, progress, health))
        pdf = list(
            _compared("pdf", compare_pdfs, results, limits, out=arguments.out, progress=progress)
        )
        docx = list(
            _compared(
                "docx", compare_word_files, results, limits, out=arguments.out, progress=progress
            )
        )
    figures = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "ocr": arguments.ocr,
        "limits": limits.model_dump(mode="json"),
        "files_handed_over": len(files),
        "reading": reading_figures(results, health, arguments.processes),
        "pdf": pdf_figures(pdf),
        "docx": word_figures(docx),
    }
    return figures, results


def _arguments() -> argparse.Namespace:
    described, _, _ = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(description=described)
    parser.add_argument("folders", nargs="+", type=Path, help="folders or files to read")
    parser.add_argument("--out", required=True, type=Path, help="folder for the results")
    parser.add_argument(
        "--ocr", choices=("off", "auto", "force"), default="off", help="when to recognise pages"
    )
    parser.add_argument("--processes", type=int, default=1, help="reading processes")
    return parser.parse_args()


def _read(
    sources: Sequence[SourceFile],
    limits: ReadingLimits,
    arguments: argparse.Namespace,
    progress: Progress,
    health: Health,
) -> Iterator[FileResult]:
    task = progress.add_task("reading", total=len(sources))
    read = read_files(
        sources,
        limits,
        OcrSettings(mode=arguments.ocr),
        processes=arguments.processes,
        advance=lambda: progress.advance(task),
        health=health,
    )
    return _written(arguments.out / "files.jsonl", read)


def _compared(
    kind: str,
    compare: Compare[Record],
    results: Sequence[FileResult],
    limits: ReadingLimits,
    *,
    out: Path,
    progress: Progress,
) -> Iterator[Record]:
    """Compare the files that are of a kind by their content or their name."""
    chosen = [one for one in results if one.media_type == _TYPES[kind] or one.kind == kind]
    task = progress.add_task(kind, total=len(chosen))
    compared = compare(chosen, limits, lambda: progress.advance(task))
    return _written(out / f"{kind}.jsonl", compared)


def _written(path: Path, records: Iterable[Record]) -> Iterator[Record]:
    """Pass records on, each written as a line first: an interrupted run leaves what it had."""
    with path.open("w", 1, "utf-8", "backslashreplace") as stream:
        for record in records:
            stream.write(json.dumps(asdict(record), ensure_ascii=False) + "\n")
            yield record


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: version(name) for name in _LIBRARIES}}


if __name__ == "__main__":
    sys.exit(main())
