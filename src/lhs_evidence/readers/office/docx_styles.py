"""What a Word document's styles and numbering say of a paragraph: heading, list item, label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = f"{W}val"
_T = TypeVar("_T")
_HEADING_NAME = re.compile(r"(?i)\bheading\b\D*(\d)?")
_LIST_NAME = re.compile(r"(?i)\blist (?:bullet|number)\b\s*(\d)?")
_CONTENTS_NAME = re.compile(
    r"(?i)^(?:toc\b|contents\b|table of (?:contents|figures|authorities)|index\b)"
)
OFF = frozenset({"0", "false", "off", "none"})
_LONGEST_CHAIN = 20
_DEEPEST = 9


def child_value(element: etree._Element | None, name: str) -> str | None:
    """Return the `w:val` of a direct child, '' if it has none, None if there is no such child."""
    found = element.find(f"{W}{name}") if element is not None else None
    return None if found is None else found.get(VAL, "")


def is_on(element: etree._Element | None, name: str) -> bool | None:
    """Return a toggle such as bold: on, off, or None where nothing is said."""
    value = child_value(element, name)
    return None if value is None else value.lower() not in OFF


def number_of(value: str | None) -> int | None:
    """Return a whole number written in an attribute, None where there is none."""
    try:
        return int(value) if value else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Style:
    """A style with everything it inherits; None where nothing is said."""

    name: str = ""
    outline: int | None = None
    number: str | None = None
    depth: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    shaded: bool = False

    @cached_property
    def heading_level(self) -> int | None:
        """The level of heading this style makes (1 = top), None if it makes none."""
        if self.is_title:
            return 1
        if self.outline is not None:
            return self.outline + 1 if self.outline < _DEEPEST else None
        match = _HEADING_NAME.search(self.name)
        return int(match[1] or 1) if match else None

    @cached_property
    def is_title(self) -> bool:
        """Whether this is the style of the document's title."""
        return self.name.lower() == "title"

    @cached_property
    def is_caption(self) -> bool:
        """Whether this is the style of what stands under a figure or over a table."""
        return self.name.lower() == "caption"

    @cached_property
    def is_contents(self) -> bool:
        """Whether this style is that of a table of contents or an index."""
        return _CONTENTS_NAME.match(self.name) is not None

    @cached_property
    def list_depth(self) -> int | None:
        """The nesting that a built-in list style stands for, None if it is none."""
        match = _LIST_NAME.search(self.name)
        return int(match[1] or 1) - 1 if match else None


class Styles:
    """The styles of a document by id."""

    def __init__(self, root: etree._Element | None) -> None:
        found = root.iterfind(f"{W}style") if root is not None else ()
        self._elements = {element.get(f"{W}styleId", ""): element for element in found}
        self._known: dict[str, Style] = {}

    def get(self, style_id: str | None) -> Style:
        """Return a style with its inheritance resolved; an unknown id says nothing."""
        key = style_id or ""
        if key not in self._known:
            self._known[key] = self._resolve(key)
        return self._known[key]

    def _resolve(self, style_id: str) -> Style:
        chain = list(self._chain(style_id))
        if not chain:
            return Style()
        name = child_value(chain[0], "name") or style_id
        properties = [element.find(f"{W}pPr") for element in chain]
        runs = [element.find(f"{W}rPr") for element in chain]
        numbers = [item.find(f"{W}numPr") for item in properties if item is not None]
        return Style(
            name=name,
            outline=_first(number_of(child_value(item, "outlineLvl")) for item in properties),
            number=_first(child_value(item, "numId") for item in numbers),
            depth=_first(number_of(child_value(item, "ilvl")) for item in numbers),
            bold=_first(is_on(item, "b") for item in runs),
            hidden=_first(is_on(item, "vanish") for item in runs),
            shaded=any(
                item is not None and item.find(f"{W}shd") is not None
                for item in (*properties, *runs)
            ),
        )

    def _chain(self, style_id: str) -> Iterator[etree._Element]:
        seen: set[str] = set()
        while style_id in self._elements and style_id not in seen and len(seen) < _LONGEST_CHAIN:
            seen.add(style_id)
            element = self._elements[style_id]
            yield element
            style_id = child_value(element, "basedOn") or ""


def _first(values: Iterator[_T | None]) -> _T | None:
    return next((value for value in values if value is not None), None)
