"""Whether an old office file is protected by a password, told before it is converted.

A converter says only that it could not open such a file; people need to hear why.
"""

from __future__ import annotations

from pathlib import Path

from lhs_evidence.readers.detect import DOC, PPT, XLS

_SECTOR = 512
_DOC_START = b"\xec\xa5"
_DOC_FLAGS = 10
_DOC_SEALED = 0x0100
_XLS_START = (b"\x09\x08\x10\x00", b"\x09\x08\x08\x00")
_XLS_SEALED = 0x002F
_XLS_RECORDS_BEFORE = 8
_PPT_SEALED = ("EncryptedSummary", "CryptSession10Container")


def is_sealed(path: Path, media_type: str) -> bool:
    """Whether the text of a DOC, XLS or PPT is encrypted; false for any other kind."""
    data = path.read_bytes() if media_type in (DOC, XLS, PPT) else b""
    if media_type == DOC:
        return any(_doc_flags(data, place) & _DOC_SEALED for place in _starts(data, _DOC_START))
    if media_type == XLS:
        return any(
            _begins_sealed(data, place) for start in _XLS_START for place in _starts(data, start)
        )
    return any(name.encode("utf-16-le") in data for name in _PPT_SEALED)


def _starts(data: bytes, mark: bytes) -> list[int]:
    """Return where a sector of a compound file begins with these bytes."""
    return [place for place in range(_SECTOR, len(data), _SECTOR) if data.startswith(mark, place)][
        :1
    ]


def _doc_flags(data: bytes, place: int) -> int:
    return int.from_bytes(data[place + _DOC_FLAGS : place + _DOC_FLAGS + 2], "little")


def _begins_sealed(data: bytes, place: int) -> bool:
    """Whether one of the first records of a workbook says that the others are encrypted."""
    for _ in range(_XLS_RECORDS_BEFORE):
        kind = int.from_bytes(data[place : place + 2], "little")
        if kind == _XLS_SEALED:
            return True
        place += 4 + int.from_bytes(data[place + 2 : place + 4], "little")
    return False
