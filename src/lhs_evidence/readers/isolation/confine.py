"""Limits that a reading process sets on itself before it sees its first file."""

from __future__ import annotations

import ctypes
import resource
import signal
import sys
from typing import Any

from lhs_evidence.readers.isolation.no_sockets import refuse_sockets
from lhs_evidence.settings import ReadingLimits

_MOST_FILES = 64
_SPARE_SECONDS = 5
_DEATH_SIGNAL = 1
_NETWORK_EVENTS = frozenset(
    {
        "socket.bind",
        "socket.connect",
        "socket.getaddrinfo",
        "socket.gethostbyaddr",
        "socket.gethostbyname",
        "socket.sendmsg",
        "socket.sendto",
    }
)


def confine(limits: ReadingLimits, *, file_bytes: int = 0) -> None:
    """Limit memory and open files, forbid core dumps, the network and files beyond `file_bytes`.

    What the process starts inherits it all but the audit hook.
    """
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_FSIZE, file_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _MOST_FILES)
    sys.addaudithook(_refuse_network)
    refuse_sockets()


def end_with_parent() -> None:
    """Have this process killed when the thread that started it ends, where Linux can do that.

    Else a parent that is killed itself would leave behind whatever hangs at that moment.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, ctypes.c_ulong(signal.SIGKILL))


def allow_seconds(limits: ReadingLimits) -> None:
    """Allow the processor time of one more document; a process over it is killed by the system.

    A second line of defence: the parent's clock is the first.
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    used = int(usage.ru_utime + usage.ru_stime)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = used + int(limits.seconds_most) + _SPARE_SECONDS
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def used_memory() -> int:
    """Return the most memory this process has held so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _refuse_network(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _NETWORK_EVENTS:
        raise PermissionError("a reading process has no network")
