from __future__ import annotations

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockRole, DocumentStatus
from lhs_evidence.readers.mail.eml import read_eml
from lhs_evidence.readers.mail.parts import header, name_of, parse_mail, sort_parts

from .conftest import MakeSource, Outline, Read

HEAD = "From: Ana Ruiz <ana@x.org>\r\nTo: board@x.org\r\nDate: Mon, 3 Mar 2025 10:00:00 +0000\r\n"


def mail(subject: str = "Falls policy") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Ana Ruiz <ana@x.org>", "board@x.org", subject
    made["Date"] = "Mon, 3 Mar 2025 10:00:00 +0000"
    return made


def test_subject_text_and_quoted_answers(read: Read, outline: Outline) -> None:
    made = mail("Stürze: die Regel")
    made.set_content(
        "We agree.\n\n> Every fall is reported\n> within a day.\n>> Is that so?\nYes.\n\n- Nurses\n"
    )
    document = read("falls.eml", made.as_bytes())
    assert (document.status, document.title) == (DocumentStatus.READY, "Stürze: die Regel")
    assert outline(document) == [
        ("heading", "Stürze: die Regel"),
        ("paragraph", "We agree."),
        ("paragraph", "Every fall is reported within a day."),
        ("paragraph", "Is that so?"),
        ("paragraph", "Yes."),
        ("list_item", "Nurses"),
    ]
    head = outline(document, BlockRole.FURNITURE)[0][1]
    assert head.startswith("From: Ana Ruiz <ana@x.org>; To: board@x.org; Date: Mon, 03 Mar 2025")


def test_of_two_forms_the_plain_one_is_read_once(read: Read) -> None:
    made = mail()
    made.set_content("Every fall is reported within a day.")
    made.add_alternative("<p>Every fall is reported within a day.</p>", subtype="html")
    assert read("a.eml", made.as_bytes()).text.count("Every fall") == 1


def test_a_stub_beside_a_page_hides_nothing(read: Read, outline: Outline) -> None:
    made = mail()
    made.set_content("See the other part.")
    page = "<table><tr><th>Unit<th>Falls<tr><td>North<td>12 falls with harm in 2024</table>"
    made.add_alternative(f"{page}<p style='display:none'>Preview</p>", subtype="html")
    document = read("a.eml", made.as_bytes())
    assert ("table_row", "North | 12 falls with harm in 2024") in outline(document)
    assert any("hidden" in warning for warning in document.warnings)


def test_a_page_cut_in_pieces_around_a_picture_is_whole(read: Read) -> None:
    pieces = "".join(
        f"--in\r\nContent-Type: {kind}\r\n\r\n{text}\r\n"
        for kind, text in [
            ("text/html", "<p>Before the picture.</p>"),
            ("image/png", "x"),
            ("text/html", "<p>After it.</p>"),
        ]
    )
    document = read(
        "a.eml",
        f"{HEAD}Content-Type: multipart/alternative; boundary=out\r\n\r\n--out\r\n\r\nStub\r\n"
        f"--out\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n{pieces}--in--\r\n--out--",
    )
    assert document.text.index("Before") < document.text.index("After")
    assert "Not read in the text of the message: 1 picture." in document.warnings


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("utf-8", "Büro".encode("cp1252")),
        ("no-such-charset", "Büro".encode()),
        ("us-ascii", "Büro".encode()),
        ("iso-2022-jp", b"B\xc3\xbcro"),
        ('"', "Büro".encode("cp1252")),
    ],
)
def test_a_broken_charset_costs_no_text(read: Read, charset: str, data: bytes) -> None:
    head = f"{HEAD}Subject: Falls\r\nContent-Type: text/plain; charset={charset}\r\n"
    raw = f"{head}Content-Transfer-Encoding: 8bit\r\n\r\nEvery fall in the ".encode() + data
    assert "Every fall in the Büro" in read("a.eml", raw).text


def test_japanese_in_seven_bits(read: Read) -> None:
    text = "病院は転倒をすべて報告する。"
    raw = f"{HEAD}Subject: Falls\r\n\r\n".encode() + text.encode("iso2022_jp")
    document = read("a.eml", raw)
    assert text in document.text
    assert document.fidelity.encoding == "iso2022_jp"


@pytest.mark.parametrize(
    "field",
    [
        "=?utf-8?B?!!!?=",
        "=?no-such?Q?a=ZZ?=",
        "a\r\n\tb",
        '"unclosed',
        "\udcff",
        "=?utf-8?Q?=ED=A0?=",
    ],
)
def test_broken_headers_raise_nothing(field: str) -> None:
    raw = f"Subject: {field}\r\nFrom: <<>,;:\r\nDate: never\r\n\r\nText".encode("utf-8", "replace")
    message = parse_mail(raw)
    for name in ("subject", "from", "date", "cc"):
        assert "\n" not in header(message, name)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.binary(max_size=300))
def test_no_bytes_raise_anything_but_a_status(tmp_path_factory, head: bytes, body: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.eml"
    kind = b"\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    for data in (head + b"\n\n" + body, head + kind + head + b"\n\n" + body + b"\n--b--\n"):
        path.write_bytes(data)
        with suppress(UnreadableError):
            assert read_eml(path, None).blocks[0].role is BlockRole.FURNITURE


def test_attachments_are_no_part_of_the_text() -> None:
    made = mail()
    made.set_content("See the policy.")
    made.add_attachment("Rules.", filename="../rules.txt")
    made.add_attachment(mail("An older mail"))
    made.add_attachment(b"x", "application", "octet-stream")
    parts = sort_parts(parse_mail(made.as_bytes()))
    assert len(parts.bodies) == 1
    names = [name_of(part, number) for number, part in enumerate(parts.attachments, 1)]
    assert names == ["rules.txt", "An older mail.eml", "part 3.bin"]


def test_a_mail_that_only_carries_files_has_no_text(read: Read) -> None:
    made = mail()
    made.add_attachment(b"x", "application", "pdf", filename="a.pdf")
    assert read("a.eml", made.as_bytes()).status is DocumentStatus.NO_TEXT


@pytest.mark.parametrize(
    "kind", ["multipart/encrypted; boundary=x", "application/pkcs7-mime; smime-type=enveloped-data"]
)
def test_an_encrypted_mail_says_so(read: Read, kind: str) -> None:
    document = read("a.eml", f"{HEAD}Content-Type: {kind}\r\n\r\nTUlN")
    assert document.status is DocumentStatus.NEEDS_PASSWORD


@pytest.mark.parametrize("depth", [60, 2_000])
def test_parts_nested_beyond_reason_are_refused(make_source: MakeSource, depth: int) -> None:
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
        for level in range(depth)
    )
    source = make_source("a.eml", f"{HEAD}{parts}\r\nText")
    with pytest.raises(UnreadableError, match="too deep") as caught:
        read_eml(source.path, None)
    assert caught.value.status is DocumentStatus.REJECTED
