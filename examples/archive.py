"""Office files with the dates of their sources, so that a second build gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, date, datetime


def repack(archive: bytes, created: date, modified: date) -> bytes:
    """Write an office file again with fixed dates, inside its properties and in the archive."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _stamp(_stamp(content, "created", created), "modified", modified)
            entry = zipfile.ZipInfo(name, (modified.year, modified.month, modified.day, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            new.writestr(entry, content)
    return buffer.getvalue()


def _stamp(core: bytes, name: str, day: date) -> bytes:
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    # Only the text is replaced: the element may declare a namespace that its attributes need.
    element = re.compile(rf"(<dcterms:{name}\b[^>]*>)[^<]*(</dcterms:{name}>)".encode())
    stamped, found = element.subn(rf"\g<1>{moment}\g<2>".encode(), core)
    if found != 1:
        raise ValueError(f"the properties have no {name} date")
    return stamped
