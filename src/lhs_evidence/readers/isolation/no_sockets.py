"""A kernel filter that refuses sockets to a process and to all it starts.

An audit hook stops only Python code. Parsers in C, and Tesseract (which can fetch pictures from
the web), are held by the kernel: on Linux, any process may give up system calls for good.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

# Number that the kernel calls the machine by, and the number of its `socket` call.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP = 425
_FOREIGN_CALLS = 0x4000_0000
"""From here on x86-64 numbers the calls of another of its call conventions."""

_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_CALL_NUMBER, _CALL_MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_LOCAL, _NO_FAMILY = 1, 0xFFFF_FFFF
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | 13
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER_MODE = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def refuse_sockets(*, but_local: bool = False) -> bool:
    """Forbid this process new sockets for good; says whether the kernel took the filter.

    With `but_local` those that reach no further than this machine (Unix domain) stay allowed.
    Where the kernel does not take it (another system than Linux, another machine, a kernel
    without filters) the audit hook of `confine` is all there is.
    """
    known = _MACHINES.get(platform.machine())
    if known is None or not sys.platform.startswith("linux") or sys.maxsize < 1 << 32:
        return False
    machine, socket = known
    steps = b"".join(
        struct.pack("=HBBI", *step)
        for step in (
            (_LOAD, 0, 0, _CALL_MACHINE),
            (_IS, 0, 7, machine),
            (_LOAD, 0, 0, _CALL_NUMBER),
            (_AT_LEAST, 5, 0, _FOREIGN_CALLS),
            (_IS, 4, 0, _IO_URING_SETUP),
            (_IS, 0, 2, socket),
            (_LOAD, 0, 0, _FIRST_ARGUMENT),
            (_IS, 0, 1, _LOCAL if but_local else _NO_FAMILY),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _REFUSE),
        )
    )
    program = _Program(len(steps) // 8, steps)
    control = ctypes.CDLL(None, use_errno=True).prctl
    nothing = ctypes.c_ulong(0)
    if control(_NO_NEW_PRIVILEGES, ctypes.c_ulong(1), nothing, nothing, nothing) != 0:
        return False
    mode = ctypes.c_ulong(_FILTER_MODE)
    return bool(control(_SET_FILTER, mode, ctypes.byref(program), nothing, nothing) == 0)
