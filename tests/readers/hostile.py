"""Files made to hurt whoever reads them, each a few lines to make and small on disk.

`ATTACKS` maps a file's name to what writes it, the statuses that are right for it, and words that
must be in the text where the file holds any for honest readers. Nothing here is anybody's file.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from lhs_evidence.model import DocumentStatus

READY, PARTIAL, NO_TEXT = DocumentStatus.READY, DocumentStatus.PARTIAL, DocumentStatus.NO_TEXT
REJECTED, FAILED = DocumentStatus.REJECTED, DocumentStatus.FAILED
UNSUPPORTED = DocumentStatus.UNSUPPORTED

SENTENCE = "Every fall on the ward is reviewed within one day."
SECRET = "keep-this-out-of-every-report"

_MEBIBYTE = 1 << 20
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="bin" ContentType="application/octet-stream"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
    "</Relationships>"
)


@dataclass(frozen=True)
class Attack:
    """How to write a hostile file, how reading it may end, what text it must give."""

    write: Callable[[Path], object]
    statuses: frozenset[DocumentStatus]
    text: str = ""


# PDF


def _pdf(objects: Iterable[bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects, the first of which is its catalog."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%b>>\n" % (len(places) + 1, trailer)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), extra, data)


def _one_page(
    content: bytes, *more: bytes, page: bytes = b"", catalog: bytes = b"", trailer: bytes = b""
) -> bytes:
    """Return a PDF with one page; `content` is object 4, the font 5, `more` from 6 on."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    resources = b"/Resources<</Font<</F 5 0 R>>%b>>" % page
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R%b>>" % resources,
        content,
        font,
        *more,
    ]
    return _pdf(objects, trailer=trailer)


def _line(text: str, y: float = 700) -> bytes:
    return b"BT /F 10 Tf 1 0 0 1 72 %.3f Tm (%b) Tj ET\n" % (y, text.encode())


def _deflated(pieces: Iterable[bytes]) -> bytes:
    packer = zlib.compressobj(6)
    return b"".join(packer.compress(piece) for piece in pieces) + packer.flush()


def _flate_bomb(path: Path) -> None:
    data = _deflated([_line(SENTENCE), *[b"0 g " * (_MEBIBYTE // 4)] * 64])
    path.write_bytes(_one_page(_stream(data, b"/Filter/FlateDecode")))


def _double_flate_bomb(path: Path) -> None:
    data = _deflated([_deflated([_line(SENTENCE), *[b"    " * (_MEBIBYTE // 4)] * 300])])
    path.write_bytes(_one_page(_stream(data, b"/Filter[/FlateDecode/FlateDecode]")))


def _forms_of_forms(path: Path) -> None:
    """Eleven forms, each of which draws the next ten times: 10^11 lines of text."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</Font<</F 5 0 R>>%b>>"
    forms = [
        _stream(b"/X Do " * 10, form % (b"/XObject<</X %d 0 R>>" % (number + 1)))
        for number in range(6, 16)
    ]
    forms.append(_stream(_line(SENTENCE), form % b""))
    path.write_bytes(_one_page(_stream(b"/X Do " * 10), *forms, page=b"/XObject<</X 6 0 R>>"))


def _crowded_page(path: Path) -> None:
    lines = b"".join(_line(f"{SENTENCE} {n}", 780 - n * 0.006) for n in range(130_000))
    path.write_bytes(_one_page(_stream(_deflated([lines]), b"/Filter/FlateDecode")))


def _million_pages(path: Path) -> None:
    """Six levels of ten shared children each: one page, a million times."""
    levels = [
        b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"%d 0 R " % (number + 1) * 10, 10 ** (8 - number))
        for number in range(2, 8)
    ]
    page = b"<</Type/Page/Parent 7 0 R/MediaBox[0 0 612 792]/Contents 9 0 R/Resources<<>>>>"
    path.write_bytes(_pdf([b"<</Type/Catalog/Pages 2 0 R>>", *levels, page, _stream(b"")]))


def _nested_arrays(path: Path) -> None:
    more = b"[" * 100_000 + b"]" * 100_000
    path.write_bytes(_one_page(_stream(_line(SENTENCE)), more, catalog=b"/Extra 6 0 R"))


def _tables_in_a_ring(path: Path) -> None:
    """A cross-reference table that names itself as the one before it."""
    data = _one_page(_stream(_line(SENTENCE)))
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    path.write_bytes(_one_page(_stream(_line(SENTENCE)), trailer=b"/Prev %d" % start))


def _pages_in_a_ring(path: Path) -> None:
    node = b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 2 0 R]/Count 2>>"
    path.write_bytes(_pdf([b"<</Type/Catalog/Pages 2 0 R>>", node]))


def _outline_in_a_ring(path: Path) -> None:
    item = b"<</Title(Falls)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Dest[3 0 R/Fit]>>"
    outline = b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>"
    content = _stream(_line(SENTENCE))
    path.write_bytes(_one_page(content, outline, item, catalog=b"/Outlines 6 0 R"))


def _length_of_itself(path: Path) -> None:
    body = b"<</Length 4 0 R>>\nstream\n%b\nendstream" % _line(SENTENCE)
    path.write_bytes(_one_page(body))


def _vast_page(path: Path) -> None:
    data = _one_page(_stream(_line(SENTENCE)))
    path.write_bytes(data.replace(b"[0 0 612 792]", b"[0 0 9e9 9e9]"))


def _page_of_a_web_page(path: Path) -> None:
    page = f"<html><body><script>alert(1)</script><p>{SENTENCE}</p></body></html>"
    path.write_bytes(page.encode())


# Office files


def _word(
    path: Path, document: str | bytes, more: dict[str, bytes] | None = None, *, level: int = 2
) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        archive.writestr("word/document.xml", document)
        for name, data in (more or {}).items():
            archive.writestr(name, data)


def _body(inner: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<w:document {_WORD}><w:body>{inner}</w:body></w:document>'


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _vast_document(path: Path) -> None:
    _word(path, _body(_paragraph(SENTENCE) + " " * (120 * _MEBIBYTE)))


def _vast_document_that_lies(path: Path) -> None:
    """The directory claims a thousand bytes for what unpacks to 120 MB."""
    _vast_document(path)
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    local = data.index(b"PK\x03\x04", data.index(b"word/document.xml") - 40)
    struct.pack_into("<L", data, entry + 24, 1000)
    struct.pack_into("<L", data, local + 22, 1000)
    path.write_bytes(data)


def _one_paragraph_again(path: Path) -> None:
    _word(path, _body(_paragraph(SENTENCE) * 200_000), level=9)


def _many_paragraphs(path: Path) -> None:
    """As many as a long book has, and no two alike, so that they pack like honest text."""
    noise = (sha256(b"%d" % number).hexdigest() for number in range(30_000))
    _word(path, _body("".join(_paragraph(f"{SENTENCE} {word}") for word in noise)))


def _vast_picture(path: Path) -> None:
    _word(path, _body(_paragraph(SENTENCE)), {"word/media/a.bin": bytes(120 * _MEBIBYTE)})


def _many_entries(path: Path) -> None:
    entries = {f"word/media/{number}.bin": b"" for number in range(5_000)}
    _word(path, _body(_paragraph(SENTENCE)), entries)


def _overlapping_entries(path: Path) -> None:
    """A thousand names for one stretch of ten packed megabytes: 10 GB are claimed."""
    _word(path, _body(_paragraph(SENTENCE)), {"word/a.xml": b" " * (10 * _MEBIBYTE)})
    data = path.read_bytes()
    entry, end = data.rindex(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    start = data.index(b"PK\x01\x02")
    names = [f"word/{number:04}.xml".encode() for number in range(1000)]
    copies = b"".join(_renamed(data[entry:end], name) for name in names)
    directory = data[start:entry] + copies
    count = 3 + len(names)
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    path.write_bytes(data[:start] + directory + tail)


def _renamed(entry: bytes, name: bytes) -> bytes:
    return entry[:28] + struct.pack("<H", len(name)) + entry[30:46] + name


def _billion_laughs(path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE w [<!ENTITY l0 "ha">{entities}]>'
    _word(path, _body(_paragraph("&l9;"), doctype))


def _external_entity(path: Path) -> None:
    secret = path.with_suffix(".secret")
    secret.write_text(SECRET)
    doctype = f'<!DOCTYPE w [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    _word(path, _body(_paragraph(f"Before &e; after. {SENTENCE}"), doctype))


def _tables_in_tables(path: Path) -> None:
    opening, closing = "<w:tbl><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>"
    _word(path, _body(opening * 300 + _paragraph(SENTENCE) + closing * 300))


def _no_word_file(path: Path) -> None:
    """A renamed archive that is no office file at all."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("run.exe", b"MZ" + bytes(1000))


# Web pages and text


def _deep_page(path: Path) -> None:
    path.write_text("<html><body>" + "<div>" * 50_000 + SENTENCE + "</div>" * 50_000)


def _long_page(path: Path) -> None:
    path.write_text(f"<html><body>{f'<p>{SENTENCE}</p>' * (4 * _MEBIBYTE // 60)}</body></html>")


def _page_with_entities(path: Path) -> None:
    secret = path.with_suffix(".secret")
    secret.write_text(SECRET)
    doctype = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    head = '<?xml version="1.0"?>'
    path.write_text(f"{head}{doctype}<html><body><p>&e; {SENTENCE}</p></body></html>")


def _page_of_one_tag(path: Path) -> None:
    attributes = " ".join(f'a{number}="{number}"' for number in range(100_000))
    path.write_text(f"<html><body><p {attributes}>{SENTENCE}</p></body></html>")


def _text_of_controls(path: Path) -> None:
    path.write_bytes(
        b"\x0b\x1b[31m" + SENTENCE.encode() + b" \x07\x0c\x1f\xef\xbf\xbe" + SENTENCE.encode() * 20
    )


def _text_of_one_line(path: Path) -> None:
    path.write_text(f"{SENTENCE} " * (10 * _MEBIBYTE // 50))


def _text_over_the_limit(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(51 * _MEBIBYTE)


def _markdown_of_brackets(path: Path) -> None:
    path.write_text(f"{SENTENCE}\n\n" + "[" * 50_000 + "\n\n" + "> " * 20_000 + "x\n")


ATTACKS: dict[str, Attack] = {
    "flate-bomb.pdf": Attack(_flate_bomb, frozenset({READY, REJECTED, FAILED})),
    "double-flate-bomb.pdf": Attack(_double_flate_bomb, frozenset({READY, REJECTED, FAILED})),
    "forms-of-forms.pdf": Attack(_forms_of_forms, frozenset({READY, REJECTED, FAILED})),
    "crowded-page.pdf": Attack(_crowded_page, frozenset({READY, FAILED})),
    "million-pages.pdf": Attack(_million_pages, frozenset({REJECTED})),
    "nested-arrays.pdf": Attack(_nested_arrays, frozenset({READY, FAILED})),
    "tables-in-a-ring.pdf": Attack(_tables_in_a_ring, frozenset({READY}), SENTENCE),
    "pages-in-a-ring.pdf": Attack(_pages_in_a_ring, frozenset({NO_TEXT, FAILED})),
    "outline-in-a-ring.pdf": Attack(_outline_in_a_ring, frozenset({READY}), SENTENCE),
    "length-of-itself.pdf": Attack(_length_of_itself, frozenset({READY}), SENTENCE),
    "vast-page.pdf": Attack(_vast_page, frozenset({READY, NO_TEXT, FAILED})),
    "web-page.pdf": Attack(_page_of_a_web_page, frozenset({READY}), SENTENCE),
    "vast-document.docx": Attack(_vast_document, frozenset({REJECTED})),
    "vast-document-lies.docx": Attack(_vast_document_that_lies, frozenset({REJECTED, FAILED})),
    "one-paragraph-again.docx": Attack(_one_paragraph_again, frozenset({REJECTED})),
    "many-paragraphs.docx": Attack(_many_paragraphs, frozenset({READY}), SENTENCE),
    "vast-picture.docx": Attack(_vast_picture, frozenset({REJECTED})),
    "many-entries.docx": Attack(_many_entries, frozenset({REJECTED})),
    "overlapping-entries.docx": Attack(_overlapping_entries, frozenset({REJECTED})),
    "billion-laughs.docx": Attack(_billion_laughs, frozenset({REJECTED})),
    "external-entity.docx": Attack(_external_entity, frozenset({REJECTED})),
    "tables-in-tables.docx": Attack(_tables_in_tables, frozenset({READY}), SENTENCE),
    "no-word-file.docx": Attack(_no_word_file, frozenset({UNSUPPORTED, FAILED, REJECTED})),
    "deep-page.html": Attack(_deep_page, frozenset({READY}), SENTENCE),
    "long-page.html": Attack(_long_page, frozenset({READY}), SENTENCE),
    "page-with-entities.html": Attack(_page_with_entities, frozenset({READY}), SENTENCE),
    "page-of-one-tag.html": Attack(_page_of_one_tag, frozenset({READY}), SENTENCE),
    "controls.txt": Attack(_text_of_controls, frozenset({READY}), SENTENCE),
    "one-line.txt": Attack(_text_of_one_line, frozenset({READY}), SENTENCE),
    "over-the-limit.txt": Attack(_text_over_the_limit, frozenset({REJECTED})),
    "brackets.md": Attack(_markdown_of_brackets, frozenset({READY, FAILED})),
}
