"""The process that reads files for `sandbox.ReaderProcess`.

It is started as `python -m lhs_evidence.readers.isolation.child`, and imports no model and no
index, so that it starts fast and stays small. The first message it gets are the limits; each
further one names a file. It answers each with `started`, then with the number of pages to expect,
then with a sign for each page that it sets out to recognise, then with the document. A file that
LibreOffice must convert it sends back after `started`: it may write no files itself, and the type
of a hostile file is found out here rather than in the parent.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from lhs_evidence.model import Document
from lhs_evidence.readers.discover import SourceFile
from lhs_evidence.readers.document import conversion_wanted, read_document
from lhs_evidence.readers.isolation.codec import document_to_json
from lhs_evidence.readers.isolation.confine import (
    allow_seconds,
    confine,
    end_with_parent,
    used_memory,
)
from lhs_evidence.readers.isolation.frames import (
    EndOfPipeError,
    read_frame,
    take_over_pipes,
    write_frame,
)
from lhs_evidence.readers.office.convert import Converted
from lhs_evidence.settings import OcrSettings, ReadingLimits

# Parsers that can do without these import them where they find them, at a price in time and memory.
_KEPT_OUT = ("numpy", "pandas", "PIL", "torch", "faiss", "spacy", "sklearn", "openvino")
_LARGEST_REQUEST = 1 << 20
_MOST_DOCUMENTS = 500
# Of a page of HTML or a sheet, with its markup; a file of one page has less.
_BYTES_OF_A_PAGE = 50_000

Read = Callable[
    [SourceFile, ReadingLimits, OcrSettings, Callable[[], None], Converted | None], Document
]


def serve(read: Read = read_document) -> None:
    """Answer requests until the parent closes its end; `read` is replaced in tests."""
    for name in _KEPT_OUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # how Python bars an import
    requests, answers = take_over_pipes()
    try:
        setup = read_frame(requests, most=_LARGEST_REQUEST)
        limits = ReadingLimits.model_validate(setup["limits"])
        ocr = OcrSettings.model_validate(setup["ocr"])
        confine(limits)
        end_with_parent()
        write_frame(answers, {"ready": True})
        for count in range(1, _MOST_DOCUMENTS + 1):
            request = read_frame(requests, most=_LARGEST_REQUEST)
            source = SourceFile(Path(request["path"]), request["name"])
            allow_seconds(limits)
            write_frame(answers, {"started": source.name})
            converted = _converted(request)
            turned_off = not request.get("recognise", True)
            mode = {"mode": "off"} if turned_off else {}
            if converted is None and (media_type := conversion_wanted(source, limits)):
                write_frame(answers, {"convert": media_type})
                continue
            write_frame(answers, {"pages": _pages(source.path)})
            document = read(
                source,
                limits,
                ocr.model_copy(update=mode),
                lambda: _tell(answers, limits),
                converted,
            )
            # Parsers leak; a process that has grown makes room for a fresh one.
            leaving = count == _MOST_DOCUMENTS or used_memory() > limits.memory_bytes // 2
            write_frame(answers, {"document": document_to_json(document), "leaving": leaving})
            if leaving:
                return
    except (EndOfPipeError, BrokenPipeError):
        return


def _converted(request: dict[str, Any]) -> Converted | None:
    """Return what the parent had the file converted into, where it had."""
    found = request.get("converted")
    return Converted(Path(found[0]), found[1], found[2]) if found else None


def _tell(answers: int, limits: ReadingLimits) -> None:
    """Say that the recognition of a page begins, which takes time of its own."""
    allow_seconds(limits)
    write_frame(answers, {"recognising": True})


def _pages(path: Path) -> int:
    """Return how many pages a file has, or would have: long ones are given more time."""
    try:
        with path.open("rb") as stream:
            if b"%PDF-" not in stream.read(1024):
                return path.stat().st_size // _BYTES_OF_A_PAGE
        pdf = import_module("pypdfium2").PdfDocument(path)
    # Only an estimate: whatever is wrong with the file, its reader will say it properly.
    except Exception:  # noqa: BLE001
        return 0
    try:
        return len(pdf)
    finally:
        pdf.close()


if __name__ == "__main__":
    serve()
