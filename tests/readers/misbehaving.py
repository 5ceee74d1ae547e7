"""A reading process whose reader does what the name of the file tells it to."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lhs_evidence.model import Document
from lhs_evidence.readers import SourceFile, read_document
from lhs_evidence.readers.child import serve
from lhs_evidence.settings import ReadingLimits


def loop(path: Path) -> None:
    while path:
        pass


def devour(path: Path) -> None:
    hoard = []
    while path:
        hoard.append(bytes(1 << 24))


def chatter(path: Path) -> None:
    for _ in range(10_000):
        sys.stdout.write(f"noise about {path}\n")
        os.write(1, b"noise")


def flood(path: Path) -> None:
    """Write without end to every pipe there is, the one for answers among them."""
    for descriptor in range(3, 20):
        try:
            while path:
                os.write(descriptor, b"x" * 65_536)
        except OSError:
            continue


DEEDS: dict[str, Callable[[Path], object]] = {
    "loop": loop,
    "sleep": lambda _path: time.sleep(600),
    "abort": lambda _path: os.abort(),
    "exit139": lambda _path: os._exit(139),
    "escape": lambda _path: sys.exit(7),
    "devour": devour,
    "chatter": chatter,
    "flood": flood,
    "write": lambda path: path.with_suffix(".out").write_text("x" * 10_000),
    "connect": lambda _path: socket.create_connection(("127.0.0.1", 9)),
}


def misbehave(source: SourceFile, limits: ReadingLimits, *how: Any) -> Document:
    deed = DEEDS.get(source.path.stem)
    if deed is not None:
        deed(source.path)
    return read_document(source, limits, *how)


if __name__ == "__main__":
    serve(misbehave)
