"""Workbooks: a sheet is a page, a row is a block that names its columns.

A cell alone says little ("13%"); with its column's name it can be evidence. Values are written as
the sheet shows them; formulas count with the result stored beside them.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, BlockRole, DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.detect import XLSX
from lhs_evidence.readers.office.opc import usual_edition
from lhs_evidence.readers.office.sheet_rows import Row, row_blocks
from lhs_evidence.readers.titles import sensible_title
from lhs_evidence.settings import ReadingLimits

_CURRENCIES = "$€£¥"


def read_xlsx(path: Path, limits: ReadingLimits) -> Content:
    """Read a workbook; macros are not looked at, links to other workbooks not followed."""
    # openpyxl warns of drawings and validations it does not keep; nothing is written back here.
    warnings.simplefilter("ignore", UserWarning)
    readable = _in_usual_edition(path)
    book = openpyxl.load_workbook(readable, read_only=True, data_only=True, keep_links=False)
    try:
        content = Content(XLSX, title=sensible_title(book.properties.title))
        budget = limits.characters
        hidden = []
        for number, sheet in enumerate(book.worksheets, 1):
            if number > limits.pages:
                raise _too_large(f"more than {limits.pages:,} sheets")
            is_hidden = sheet.sheet_state != "visible"
            if is_hidden:
                hidden.append(sheet.title)
            role = BlockRole.HIDDEN if is_hidden else BlockRole.BODY
            # The stored dimensions of a sheet can be wrong and would cut it off.
            sheet.reset_dimensions()
            blocks = list(row_blocks(_rows(sheet, budget), role, number))
            budget -= sum(len(block.text) for block in blocks)
            content.pages.append(RawPage(number, sheet.title))
            if blocks:
                title = RawBlock(BlockKind.HEADING, sheet.title, 1, role, (number,))
                content.blocks += [title, *blocks]
    finally:
        book.close()
    if hidden:
        content.warnings.append(f"Hidden sheets are not used as evidence: {', '.join(hidden)}.")
    return content


def _in_usual_edition(path: Path) -> Path | BytesIO:
    """Return the workbook, or a copy of a strict one: openpyxl sees no cells in that edition."""
    with ZipFile(path) as archive:
        parts = {name.lower(): name for name in archive.namelist()}
        name = parts.get("xl/workbook.xml")
        main = b"" if name is None else archive.read(name)
        if usual_edition(main) == main:
            return path
        copy = BytesIO()
        with ZipFile(copy, "w") as usual:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    usual.writestr(name, usual_edition(archive.read(name)))
    copy.seek(0)
    return copy


def _rows(sheet: Any, budget: int) -> Iterator[Row]:
    """Yield the cells that hold something, by column, for each row; an empty dict for a blank."""
    blank = False
    for cells in sheet.iter_rows():
        row = {
            column: text
            for column, cell in enumerate(cells)
            if cell.value is not None and (text := _shown(cell.value, cell.number_format))
        }
        if row or not blank:
            budget -= sum(map(len, row.values()))
            if budget < 0:
                raise _too_large("more text than is allowed")
            yield row
        blank = not row


def _shown(value: Any, form: str) -> str:
    """Return a cell's value about as the sheet shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        at_midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if at_midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, int | float):
        return _number(value, form or "")
    return str(value).strip()


def _number(value: float, form: str) -> str:
    """Return a number with the decimals, percent sign or currency of its format."""
    form = form.split(";", 1)[0]
    decimals = form.partition(".")[2]
    places = len(decimals) - len(decimals.lstrip("0#"))
    if "%" in form:
        return f"{value * 100:.{places}f}%"
    currency = next((sign for sign in _CURRENCIES if sign in form), "")
    if currency or "#,##0" in form:
        return f"{currency}{value:,.{places}f}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.{places}f}" if "0" in form else f"{value:.10g}"
    return str(value)


def _too_large(why: str) -> UnreadableError:
    return UnreadableError(DocumentStatus.REJECTED, f"The workbook has {why}.")
