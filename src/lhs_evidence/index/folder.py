"""Replacing a whole folder, so that a crash leaves the old one or the new one."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lhs_evidence.durable import sync

_ABANDONED_SECONDS = 3600.0
_TRIES = 10


@contextmanager
def replacing(directory: Path) -> Iterator[Path]:
    """Lend an empty folder that takes the place of `directory` when the block ends well.

    The files are forced to disk first. No system swaps two full folders in one step everywhere,
    so for a moment the old one lies beside its place under a hidden name; `recover` brings it back
    if the program died in that moment. What killed programs left is swept after an hour.

    Raises:
        OSError: The folder cannot be written or put in its place.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    _sweep(directory)
    fresh = Path(tempfile.mkdtemp(prefix=f".{directory.name}.new-", dir=directory.parent))
    try:
        yield fresh
        for file in fresh.iterdir():
            sync(file)
        sync(fresh)
        _swap(fresh, directory)
        sync(directory.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover(directory: Path) -> None:
    """Bring back the folder that a killed `replacing` had set aside, if there is none in place."""
    if directory.exists():
        return
    for aside in sorted(directory.parent.glob(f".{directory.name}.old-*")):
        # A refusal means that somebody else has put one in place just now.
        with suppress(OSError):
            aside.rename(directory)
            return


def _swap(fresh: Path, directory: Path) -> None:
    for _ in range(_TRIES):
        aside = directory.parent / f".{directory.name}.old-{fresh.name.rpartition('-')[2]}"
        with suppress(FileNotFoundError):
            directory.rename(aside)
        try:
            fresh.rename(directory)
        except OSError:
            # Another process put a folder in place between the two steps.
            if not directory.exists():
                raise
        else:
            return
        finally:
            if directory.exists():
                shutil.rmtree(aside, ignore_errors=True)
    raise OSError(f"{directory} is being replaced by others all the time")


def _sweep(directory: Path) -> None:
    for left in directory.parent.glob(f".{directory.name}.*-*"):
        with suppress(OSError):
            abandoned = time.time() - left.stat().st_mtime > _ABANDONED_SECONDS
            if abandoned and directory.exists():
                shutil.rmtree(left, ignore_errors=True)
