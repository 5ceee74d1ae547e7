"""What commands say to people: one line for a fault, a bar for long work, nothing to a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

if TYPE_CHECKING:
    from lhs_evidence.analyzer import Progress

_BLANKS = str.maketrans({"\n": " ", "\r": " ", "\t": " "})


def out() -> Console:
    """Return the console for results."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def say(line: str) -> None:
    """Tell people something on standard error, as one line."""
    typer.echo(line.translate(_BLANKS), err=True)


def fail(line: str, code: int = 1) -> NoReturn:
    """Say one line on standard error and end with an exit code."""
    say(f"lhs-evidence: {line}")
    sys.exit(code)


@contextmanager
def progress() -> Iterator[Progress | None]:
    """Lend a progress callback that draws bars, or None where nobody is watching."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[what]}", markup=False),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(stage: str, done: int, total: int, what: str) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total, what=what)
            bars.update(tasks[stage], completed=done, total=total, what=what[-40:])

        yield tell
