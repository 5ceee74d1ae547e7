"""`classify`: passages as JSONL in, predictions as JSONL out, in the same order."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import FrameworkOption, load_analyzer
from lhs_evidence.errors import InputError, OutputError, RecordError

if TYPE_CHECKING:
    from lhs_evidence.model import Passage

# Enough passages for full batches, few enough that results keep flowing.
_STRIDE = 256


def classify(
    source: Annotated[
        Path, typer.Option("--input", help="Passages: a JSON object with id and text on each line.")
    ],
    output: Annotated[Path, typer.Option("--output", help="File for the predictions.")],
    framework: FrameworkOption = None,
) -> None:
    """Classify passages, one JSON object a line in, one a line out, in the same order.

    Every passage is classified as if it were in English, since each line in has its line out; in
    documents, passages in other languages are marked and left unclassified.

    A record that cannot be used is named on standard error with its line number, the rest is done,
    and the exit code is 1.
    """
    from lhs_evidence.classify.records import record_of  # noqa: PLC0415 - see cli.loading

    analyzer = load_analyzer(framework)
    faults: list[RecordError] = []
    done = 0
    with (
        _opened(source) as lines,
        _replacing(output) as sink,
        console.progress() as progress,
    ):
        records = _records(lines, faults)
        while stride := list(islice(records, _STRIDE)):
            findings = analyzer.classify_texts([passage for _, passage in stride])
            for (identity, _), finding in zip(stride, findings, strict=True):
                sink.write(json.dumps(record_of(identity, finding), ensure_ascii=False) + "\n")
            sink.flush()
            done += len(stride)
            if progress:
                progress("Classifying", done, done, "")
    typer.echo(f"{done} passages classified", err=True)
    if faults:
        console.fail(f"{len(faults)} of {done + len(faults)} records could not be used")


def _records(lines: IO[bytes], faults: list[RecordError]) -> Iterator[tuple[str, Passage]]:
    """Yield id and passage of each good record, and say what is wrong with the others."""
    from lhs_evidence.classify.jsonl import parse_object  # noqa: PLC0415 - see cli.loading
    from lhs_evidence.classify.records import passage_of  # noqa: PLC0415

    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = parse_object(line, number)
            passage = passage_of(record, number)
        except RecordError as fault:
            console.say(str(fault))
            faults.append(fault)
        else:
            yield record["id"], passage


@contextmanager
def _opened(source: Path) -> Iterator[IO[bytes]]:
    if str(source) == "-":
        yield sys.stdin.buffer
        return
    try:
        with source.open("rb") as lines:
            yield lines
    except OSError as error:
        raise InputError(f"{source}: {error.strerror}") from error


@contextmanager
def _replacing(output: Path) -> Iterator[IO[str]]:
    """Lend a file that takes the output's place once it is whole."""
    if str(output) == "-":
        yield sys.stdout
        return
    draft = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        with draft.open("w", encoding="utf-8") as sink:
            yield sink
        draft.replace(output)
    except OSError as error:
        raise OutputError(f"cannot write {output}: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
