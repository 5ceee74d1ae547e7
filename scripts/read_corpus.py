"""Reads every file of some folders through the real readers, and counts how that ended.

    python scripts/read_corpus.py FOLDER... --out FOLDER [--processes N] [--ocr auto]

Writes to the output folder:
    files.jsonl   one line for each file: status, reason, pages, characters, seconds, fidelity
    pdf.jsonl     characters that we, pypdf alone and pypdfium2 alone got out of each PDF
    docx.jsonl    how many words of each Word file's raw body are in our text
    summary.json  all figures, with the lists of files that deserve a look
    summary.md    the tables

Pages are not recognised (OCR) unless asked for, since the libraries that we are compared with do
no such thing; they run in the same sandbox under the same limits. Exits with 1 where a file ended
without a named status.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

from corpus.comparing import PdfComparison, WordComparison, compare_pdfs, compare_word_files
from corpus.figures import as_markdown, pdf_figures, reading_figures, word_figures
from corpus.reading import FileResult, Health, read_files
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lhs_evidence.readers import discover
from lhs_evidence.readers.detect import DOCX, PDF
from lhs_evidence.settings import OcrSettings, ReadingLimits

Record = TypeVar("Record", FileResult, PdfComparison, WordComparison)

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
    limits, out = ReadingLimits(), arguments.out
    ocr, health = OcrSettings(mode=arguments.ocr), Health()
    sources = discover(arguments.folders)
    task = progress.add_task("reading", total=len(sources))
    read = read_files(
        sources,
        limits,
        ocr,
        processes=arguments.processes,
        advance=lambda: progress.advance(task),
        health=health,
    )
    results = list(_written(out / "files.jsonl", read))
    pdfs = [result for result in results if result.media_type == PDF or result.kind == "pdf"]
    task = progress.add_task("PDF alone", total=len(pdfs))
    pdf = list(
        _written(out / "pdf.jsonl", compare_pdfs(pdfs, limits, lambda: progress.advance(task)))
    )
    words = [result for result in results if result.media_type == DOCX or result.kind == "docx"]
    task = progress.add_task("DOCX words", total=len(words))
    docx = list(
        _written(
            out / "docx.jsonl", compare_word_files(words, limits, lambda: progress.advance(task))
        )
    )
    figures = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": _versions(),
        "ocr": arguments.ocr,
        "limits": limits.model_dump(mode="json"),
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
