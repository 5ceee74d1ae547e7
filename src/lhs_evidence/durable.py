"""Files reach the disk whole or not at all, also where the power fails."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path


def replace_files(contents: Mapping[Path, bytes]) -> None:
    """Put each content in the place of its file.

    Everything is written beside its place before anything is moved there, so a fault while writing
    leaves what was there before.

    Raises:
        OSError: A file cannot be written or put in its place.
    """
    # A name of its own for each run: two runs into one folder must not share a file in the making.
    mark = secrets.token_hex(4)
    drafts = {path: path.with_name(f".{path.name}.{mark}") for path in contents}
    try:
        for path, content in contents.items():
            with drafts[path].open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
        for path, draft in drafts.items():
            draft.replace(path)
        for folder in {path.parent for path in contents}:
            sync(folder)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, to disk.

    Without the latter a new name may be lost in a power cut though the content was kept.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
