"""The parts of an office file and how they point at one another, read without its library.

python-docx and python-pptx drop content controls, text boxes and tracked insertions without a
word, and refuse templates and shows. The readers here walk the XML itself.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from lxml import etree

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus

_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_OFFICE_DOCUMENT = "officeDocument"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
# Strict documents use other namespaces for the same elements; the readers know one spelling.
_STRICT_EDITION = b"purl.oclc.org/ooxml"
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": (
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/main": (
        b"http://schemas.openxmlformats.org/drawingml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/diagram": (
        b"http://schemas.openxmlformats.org/drawingml/2006/diagram"
    ),
    b"http://purl.oclc.org/ooxml/spreadsheetml/main": (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/presentationml/main": (
        b"http://schemas.openxmlformats.org/presentationml/2006/main"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ),
    b"http://purl.oclc.org/ooxml/officeDocument/math": (
        b"http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
    b"http://purl.oclc.org/ooxml/drawingml/chart": (
        b"http://schemas.openxmlformats.org/drawingml/2006/chart"
    ),
}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Elements that texts are made of: at each one, what stands before it is complete.
_LANDMARKS = tuple(f"{_WORD}{name}" for name in ("p", "tbl", "sdt", "customXml", "sectPr"))


@dataclass(frozen=True, slots=True)
class Relation:
    """One pointer from a part: the last word of its type, and the part it points to."""

    kind: str
    target: str


class Package:
    """An office file opened for reading; external targets are never followed."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = {name.lower(): name for name in self._archive.namelist()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._archive.close()

    def main_part(self) -> str:
        """Return the name of the part that holds the document itself."""
        for relation in self.relations("").values():
            if relation.kind == _OFFICE_DOCUMENT:
                return relation.target
        raise UnreadableError(DocumentStatus.FAILED, "The file is damaged: its main part is gone.")

    def xml(self, part: str) -> etree._Element | None:
        """Return the root of an XML part, or None where the part is missing."""
        data = self.data(part)
        if data is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            collect_ids=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise _damaged(part, error) from error

    def children(self, part: str, parent: str) -> Iterator[etree._Element]:
        """Yield the children of an XML part's `parent` elements, and forget each after its use.

        A part of a hundred megabytes would take a gigabyte as a tree; so it is never whole.
        """
        data = self.data(part)
        if data is None:
            return
        events = etree.iterparse(
            io.BytesIO(data),
            events=("end",),
            tag=(parent, *_LANDMARKS),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=True,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in events:
                holder = element if element.tag == parent else element.getparent()
                if holder is None or holder.tag != parent:
                    continue
                # The last one may still be waiting for what follows it: it is left for later.
                waiting = 0 if holder is element else 1
                while len(holder) > waiting:
                    child = holder[0]
                    yield child
                    # Emptied first: taking out a full one looks through all that is in it.
                    child.clear()
                    del holder[0]
        except etree.XMLSyntaxError as error:
            raise _damaged(part, error) from error

    def data(self, part: str) -> bytes | None:
        """Return the bytes of a part, its names those of the usual edition, None if missing."""
        name = self._names.get(part.lower())
        if name is None:
            return None
        return usual_edition(self._archive.read(name))

    def relations(self, part: str) -> Mapping[str, Relation]:
        """Return the internal relations of a part by id; those of the package for ''."""
        folder, base = posixpath.split(part)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        if root is None:
            return {}
        return {
            element.get("Id", ""): Relation(
                element.get("Type", "").rsplit("/", 1)[-1],
                _resolve(folder, element.get("Target", "")),
            )
            for element in root.iter(_RELATIONSHIPS)
            if element.get("TargetMode") != "External"
        }

    def title(self) -> str:
        """Return the title in the core properties, as it is."""
        for relation in self.relations("").values():
            if relation.kind == "core-properties":
                root = self.xml(relation.target)
                found = root.find(_TITLE) if root is not None else None
                return (found.text or "") if found is not None else ""
        return ""


def _damaged(part: str, error: Exception) -> UnreadableError:
    return UnreadableError(
        DocumentStatus.FAILED, f"The file is damaged: {part} is not valid XML ({error})."
    )


def _resolve(folder: str, target: str) -> str:
    """Return the part a relative or absolute target names."""
    target = unquote(target.split("#", 1)[0])
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(folder, target))


def usual_edition(part: bytes) -> bytes:
    """Return a part with the names of the usual edition, whichever edition it is written in."""
    if _STRICT_EDITION in part:
        for strict, usual in _STRICT.items():
            part = part.replace(strict, usual)
    return part
