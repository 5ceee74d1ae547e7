"""A reading process whose reader does what the name of the file tells it to."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lhs_evidence.model import Document
from lhs_evidence.readers import SourceFile, read_document
from lhs_evidence.readers.isolation.child import serve
from lhs_evidence.readers.isolation.frames import write_frame
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


def to_parent(message: object) -> None:
    """Send a message of its own: the pipe for answers is the last one that was made."""
    for descriptor in range(19, 2, -1):
        try:
            return write_frame(descriptor, message)
        except OSError:
            continue
    raise AssertionError


def hang_up(path: Path) -> None:
    os.closerange(3, 20)
    time.sleep(600)


def promise(path: Path) -> None:
    """Announce a message as long as is allowed and send its beginning only, bit by bit."""
    header = b"LHS1" + (40 << 20).to_bytes(4, "big")
    for descriptor in range(19, 2, -1):
        try:
            os.write(descriptor, header)
            while path:
                os.write(descriptor, b" " * 65_536)
                time.sleep(0.01)
        except OSError:
            continue


def beckon(path: Path) -> None:
    """Say for ever that the next page is about to be recognised."""
    while path:
        to_parent({"recognising": True})
        time.sleep(0.05)


def recognise_badly(path: Path) -> None:
    to_parent({"recognising": True})
    os.abort()


def dial(path: Path) -> None:
    """Ask for a socket behind Python's back."""
    if ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0) >= 0:
        os._exit(99)


def dial_by_proxy(path: Path) -> None:
    code = "import socket; socket.socket()"
    if subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0:
        os._exit(99)


def have_helper(path: Path) -> None:
    """Start a process that outlives this one, unless it is killed along with it."""
    subprocess.Popen(["sleep", "987"])


def count_limits(path: Path) -> None:
    kinds = ("AS", "CPU", "FSIZE", "NOFILE", "CORE")
    soft = [resource.getrlimit(getattr(resource, f"RLIMIT_{kind}"))[0] for kind in kinds]
    if resource.RLIM_INFINITY in soft:
        os._exit(99)


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
    "segfault": lambda _path: ctypes.string_at(0),
    "killed": lambda _path: os.kill(os.getpid(), signal.SIGKILL),
    "hang_up": hang_up,
    "promise": promise,
    "answer_twice": lambda _path: to_parent({"pages": 1}),
    "answer_for_another": lambda _path: to_parent({"document": {"name": "x"}, "leaving": False}),
    "ask_twice": lambda _path: to_parent({"convert": "application/rtf"}),
    "chat": lambda _path: to_parent(["no", "document"]),
    "beckon": beckon,
    "recognise_for_ever": beckon,
    "recognise_badly": recognise_badly,
    "dial": dial,
    "dial_by_proxy": dial_by_proxy,
    "helper_loop": lambda path: (have_helper(path), loop(path)),
    "helper_exit": lambda path: (have_helper(path), os._exit(3)),
    "count_limits": count_limits,
    "connect": lambda _path: socket.create_connection(("127.0.0.1", 9)),
}


def misbehave(source: SourceFile, limits: ReadingLimits, *how: Any) -> Document:
    deed = DEEDS.get(source.path.stem)
    given_up = source.path.stem.startswith("recognise") and how[0].mode == "off"
    if deed is not None and not given_up:
        deed(source.path)
    return read_document(source, limits, *how)


if __name__ == "__main__":
    serve(misbehave)
