"""The name of what reads files here, kept with each document.

Under another name a file is read again: it may now give more.
"""

from __future__ import annotations

from lhs_evidence.readers.canonical import READER
from lhs_evidence.readers.detect import DOC
from lhs_evidence.readers.ocr.engine import is_installed
from lhs_evidence.readers.office.convert import can_convert
from lhs_evidence.settings import OcrSettings


def reader_identity(ocr: OcrSettings) -> str:
    """Return the readers' version with the helpers that are at hand.

    A scan that was met without text recognition is so read again once there is some.
    """
    parts = [READER]
    if ocr.mode != "off" and is_installed():
        parts.append(f"ocr-{ocr.mode}-{ocr.languages}")
    if can_convert(DOC):
        parts.append("office")
    return " ".join(parts)
