"""Messages over a pipe: four bytes that mark the start, four of length, then JSON.

A process that goes wild on its end of the pipe is noticed at the first eight bytes.
"""

from __future__ import annotations

import os
import selectors
import struct
import time
from typing import Any

from lhs_evidence.readers.isolation.codec import decode_json, encode_json

_MARK = b"LHS1"
_HEADER = struct.Struct(">4sI")
_PIECE = 1 << 20


class FrameError(Exception):
    """What came through the pipe is no message, or a larger one than is allowed."""


class EndOfPipeError(Exception):
    """The other end closed its pipe."""


class TooSlowError(Exception):
    """No whole message came in time."""


def write_frame(descriptor: int, value: Any) -> None:
    """Write one message; raises `BrokenPipeError` where nobody reads."""
    data = encode_json(value)
    view = memoryview(_HEADER.pack(_MARK, len(data)) + data)
    while view:
        view = view[os.write(descriptor, view) :]


def read_frame(descriptor: int, *, most: int, deadline: float | None = None) -> Any:
    """Read one message.

    Args:
        descriptor: File descriptor of the pipe's reading end.
        most: Bytes that a message may have.
        deadline: Value of `time.monotonic()` after which waiting ends; None waits for ever.

    Raises:
        FrameError: Not a message, or too large a one.
        EndOfPipeError: The pipe was closed.
        TooSlowError: The deadline passed.
    """
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        mark, length = _HEADER.unpack(_exactly(descriptor, _HEADER.size, selector, deadline))
        if mark != _MARK or length > most:
            raise FrameError
        data = _exactly(descriptor, length, selector, deadline)
    try:
        return decode_json(data)
    except ValueError as error:
        raise FrameError from error


def take_over_pipes() -> tuple[int, int]:
    """Return standard input and output under new numbers; what a parser prints goes nowhere."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return requests, answers


def _exactly(
    descriptor: int, count: int, selector: selectors.BaseSelector, deadline: float | None
) -> bytes:
    data = bytearray()
    while len(data) < count:
        if deadline is not None and not selector.select(max(deadline - time.monotonic(), 0)):
            raise TooSlowError
        piece = os.read(descriptor, min(count - len(data), _PIECE))
        if not piece:
            raise EndOfPipeError
        data += piece
    return bytes(data)
