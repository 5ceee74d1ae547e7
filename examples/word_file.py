"""A Word document made from Markdown, with real styles, lists, tables and footnotes."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import docx
import yaml
from archive import repack
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph
from markdown_it import MarkdownIt
from markdown_it.token import Token

AUTHOR = "Kestrel Basin Health"
TEAL = "14505C"
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
NOTE = re.compile(r"^\[\^(\w+)\]: (.+(?:\n(?!\n|\[\^).+)*)", re.MULTILINE)
NOTE_MARK = re.compile(r"(\[\^\w+\])")


@dataclass
class _List:
    style: str
    number: int | None


class WordFile:
    """One Word document made from Markdown: headings, lists, tables and footnotes are real ones."""

    def __init__(self, source: str) -> None:
        _, front, body = source.split("---\n", 2)
        self.facts: Mapping[str, Any] = yaml.safe_load(front)
        self.notes = {
            key: " ".join(text.replace("*", "").split()) for key, text in NOTE.findall(body)
        }
        self.used: list[str] = []
        self.file: Document = docx.Document()
        self._dress()
        self._write(MarkdownIt("commonmark").enable("table").parse(NOTE.sub("", body)))
        self._attach_notes()

    def content(self) -> bytes:
        """Return the file, with its properties and archive dates fixed."""
        properties = self.file.core_properties
        properties.title = self.facts["title"]
        properties.subject = self.facts["subject"]
        properties.author = properties.last_modified_by = AUTHOR
        properties.comments = ""
        buffer = io.BytesIO()
        self.file.save(buffer)
        return repack(buffer.getvalue(), self.facts["created"], self.facts["modified"])

    def _dress(self) -> None:
        styles = self.file.styles
        styles["Normal"].font.name = "Georgia"
        styles["Normal"].font.size = Pt(11)
        styles["Normal"].paragraph_format.space_after = Pt(7)
        for level in (1, 2, 3):
            heading = styles[f"Heading {level}"]
            heading.font.name = "Georgia"
            heading.font.color.rgb = RGBColor.from_string(TEAL)
        note = styles.add_style("footnote text", WD_STYLE_TYPE.PARAGRAPH)
        note.base_style = styles["Normal"]
        note.font.size = Pt(9)
        styles.add_style("footnote reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
        section = self.file.sections[0]
        section.header.paragraphs[0].text = f"{AUTHOR}\t\t{self.facts['title']}"
        footer = section.footer.paragraphs[0]
        footer.add_run("Page ")
        _field(footer, "PAGE")

    def _write(self, tokens: Sequence[Token]) -> None:
        lists: list[_List] = []
        position = 0
        while position < len(tokens):
            token = tokens[position]
            if token.type == "heading_open":
                self._heading(int(token.tag[1]), tokens[position + 1])
                position += 2
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                lists.append(self._list(ordered=token.type == "ordered_list_open"))
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                lists.pop()
            elif token.type == "paragraph_open":
                self._paragraph(tokens[position + 1], lists)
                position += 2
            elif token.type == "table_open":
                rows = [token.type for token in tokens[position:]].index("table_close")
                self._table(tokens[position : position + rows])
                position += rows
            position += 1

    def _heading(self, level: int, inline: Token) -> None:
        # The Markdown title is Word's Title; the sections below it are Heading 1 and down.
        style = "Title" if level == 1 else f"Heading {level - 1}"
        self._inline(self.file.add_paragraph(style=style), inline)

    def _list(self, *, ordered: bool) -> _List:
        if not ordered:
            return _List("List Bullet", None)
        numbering = self.file.part.numbering_part.numbering_definitions._numbering  # noqa: SLF001
        style = self.file.styles["List Number"].element
        model = numbering.num_having_numId(style.pPr.numPr.numId.val)
        instance = numbering.add_num(model.abstractNumId.val)
        instance.add_lvlOverride(ilvl=0).add_startOverride(1)
        return _List("List Number", instance.numId)

    def _paragraph(self, inline: Token, lists: Sequence[_List]) -> None:
        if not lists:
            self._inline(self.file.add_paragraph(), inline)
            return
        paragraph = self.file.add_paragraph(style=lists[-1].style)
        paragraph.paragraph_format.space_after = Pt(3)
        if (number := lists[-1].number) is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number
        self._inline(paragraph, inline)

    def _table(self, tokens: Sequence[Token]) -> None:
        rows: list[list[Token]] = []
        for token in tokens:
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token)
        table: Table = self.file.add_table(len(rows), len(rows[0]), style="Light Grid Accent 1")
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, inline in zip(row.cells, cells, strict=True):
                cell.paragraphs[0].paragraph_format.space_after = Pt(2)
                self._inline(cell.paragraphs[0], inline)
        self.file.add_paragraph()

    def _inline(self, paragraph: Paragraph, inline: Token) -> None:
        bold = italic = False
        for token in inline.children or ():
            if token.type in ("strong_open", "strong_close"):
                bold = token.type == "strong_open"
            elif token.type in ("em_open", "em_close"):
                italic = token.type == "em_open"
            else:
                text = " " if token.type == "softbreak" else token.content
                for piece in filter(None, NOTE_MARK.split(text)):
                    if NOTE_MARK.fullmatch(piece):
                        self._mark(paragraph, piece[2:-1])
                    else:
                        run = paragraph.add_run(piece)
                        run.bold, run.italic = bold or None, italic or None

    def _mark(self, paragraph: Paragraph, key: str) -> None:
        self.used.append(key)
        run = paragraph.add_run(style="footnote reference")
        reference = OxmlElement("w:footnoteReference")
        reference.set(qn("w:id"), str(len(self.used)))
        run._r.append(reference)  # noqa: SLF001

    def _attach_notes(self) -> None:
        # python-docx has no footnotes: the part is written here and related to the document.
        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}">'
            f"<w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>"
            for number, kind in enumerate(("separator", "continuationSeparator"), start=-1)
        )
        notes = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="footnotetext"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="footnotereference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(self.notes[key])}</w:t></w:r>'
            "</w:p></w:footnote>"
            for number, key in enumerate(self.used, start=1)
        )
        xml = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f"<w:footnotes {nsdecls('w')}>{separators}{notes}</w:footnotes>"
        )
        part = Part(
            PackURI("/word/footnotes.xml"), FOOTNOTES_TYPE, xml.encode(), self.file.part.package
        )
        self.file.part.relate_to(part, FOOTNOTES)


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)  # noqa: SLF001
