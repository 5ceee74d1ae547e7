from __future__ import annotations

import io
import stat
import struct
import sys
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest
from docx import Document as WordDocument

from lhs_evidence.ids import document_id, file_sha256
from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers import ReaderPool, discover, expanded
from lhs_evidence.settings import ReadingLimits

READY, REJECTED, FAILED = DocumentStatus.READY, DocumentStatus.REJECTED, DocumentStatus.FAILED
TEXT = b"Every fall is reported to the nurse within a day.\n"
BADLY = (sys.executable, str(Path(__file__).parent / "unpacking_badly.py"))

Open = Callable[..., dict[str, Document]]


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


def word(text: str) -> bytes:
    buffer = io.BytesIO()
    document = WordDocument()
    document.add_paragraph(text)
    document.save(buffer)
    return buffer.getvalue()


def mail(*attachments: tuple[str, bytes]) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "ana@x.org", "Papers for the board"
    made.set_content("Please read the papers before the meeting.")
    for name, data in attachments:
        made.add_attachment(data, "application", "octet-stream", filename=name)
    return made.as_bytes()


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """The documents that one file amounts to, by name, read as a run reads them."""

    def opened(
        name: str, data: bytes, command: tuple[str, ...] = (), **limits: float
    ) -> dict[str, Document]:
        (tmp_path / name).write_bytes(data)
        chosen = ReadingLimits(**limits)
        options = {"command": command} if command else {}
        with (
            expanded(discover([tmp_path / name]), chosen, **options) as sources,
            ReaderPool(chosen, 1) as pool,
        ):
            return {document.name: document for document in pool.read(sources)}

    return opened


def statuses(documents: dict[str, Document]) -> dict[str, str]:
    return {name: document.status.value for name, document in documents.items()}


def test_documents_in_an_archive_are_read_under_its_name(opened: Open) -> None:
    inner = archive(("plan.txt", TEXT))
    found = opened(
        "board.zip",
        archive(
            ("minutes/", b""),
            ("minutes/2024-01.docx", word("The board met in January.")),
            ("falls.txt", TEXT),
            ("more.zip", inner),
            ("logo.gif", b"GIF89a" + bytes(range(256))),
            ("__MACOSX/._falls.txt", b"junk"),
            (".DS_Store", b"junk"),
            ("minutes/Thumbs.db", b"junk"),
        ),
    )
    assert statuses(found) == {
        "board.zip/minutes/2024-01.docx": "ready",
        "board.zip/falls.txt": "ready",
        "board.zip/more.zip/plan.txt": "ready",
        "board.zip/logo.gif": "unsupported",
    }
    assert found["board.zip/minutes/2024-01.docx"].text == "The board met in January."


def test_a_member_has_the_id_of_its_name_and_bytes(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "same").write_bytes(TEXT)
    sha256 = file_sha256(tmp_path / "same")
    document = opened("a.zip", archive(("falls.txt", TEXT)))["a.zip/falls.txt"]
    assert document.id == document_id("a.zip/falls.txt", sha256)


def test_a_mail_is_a_document_and_so_is_what_came_with_it(opened: Open) -> None:
    forwarded = mail(("rules.txt", TEXT))
    made = mail(
        ("policy.docx", word("Falls are reported.")), ("more.zip", archive(("b.txt", TEXT)))
    )
    found = opened("mail.eml", made)
    assert statuses(found) == {
        "mail.eml": "ready",
        "mail.eml/policy.docx": "ready",
        "mail.eml/more.zip/b.txt": "ready",
    }
    assert statuses(opened("fwd.eml", mail(("old.eml", forwarded)))) == {
        "fwd.eml": "ready",
        "fwd.eml/old.eml": "ready",
        "fwd.eml/old.eml/rules.txt": "ready",
    }


def test_a_forwarded_message_goes_by_its_subject(opened: Open) -> None:
    outer, inner = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "bo@x.org", "Falls 2023/24"
    inner.set_content("There were twelve falls.")
    outer["Subject"] = "Fwd"
    outer.set_content("See below.")
    outer.add_attachment(inner)
    found = opened("fwd.eml", outer.as_bytes())
    assert "twelve falls" in found["fwd.eml/Falls 2023_24.eml"].text


def test_containers_in_containers_end_somewhere_and_say_so(opened: Open) -> None:
    data = TEXT
    names = ["d.zip", "c.zip", "b.zip", "a.zip"]
    for inner in ("x.txt", *names[:-1]):
        data = archive((inner, data))
    found = opened("a.zip", data)
    assert statuses(found) == {"a.zip/b.zip/c.zip/d.zip": "rejected"}
    assert "too many archives" in found["a.zip/b.zip/c.zip/d.zip"].reason


def test_mails_too_deep_are_read_and_their_attachments_named(opened: Open) -> None:
    deep = archive(("m.eml", mail(("policy.txt", TEXT))))
    found = opened("a.zip", archive(("b.zip", deep)), container_depth=1)
    assert statuses(found) == {
        "a.zip/b.zip/m.eml": "ready",
        "a.zip/b.zip/m.eml/policy.txt": "rejected",
    }


def test_entries_at_fault_are_named_and_the_others_read(opened: Open) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    found = opened(
        "a.zip",
        archive(
            ("../../up.txt", TEXT),
            ("/C:\\abs.txt", TEXT),
            (link, b"/etc/passwd"),
            ("zeros.txt", bytes(20 << 20)),
            ("large.bin", Random(1).randbytes(300_000)),
            ("good.txt", TEXT),
        ),
    )
    assert statuses(found) == {
        "a.zip/up.txt": "rejected",
        "a.zip/C:/abs.txt": "rejected",
        "a.zip/link.txt": "rejected",
        "a.zip/zeros.txt": "rejected",
        "a.zip/large.bin": "unsupported",
        "a.zip/good.txt": "ready",
    }
    assert "packed size" in found["a.zip/zeros.txt"].reason
    assert "points outside" in found["a.zip/up.txt"].reason


def test_a_member_too_large_is_refused_by_itself(opened: Open) -> None:
    data = archive(("large.txt", TEXT * 900), ("good.txt", TEXT))
    found = opened("a.zip", data, member_bytes=30_000)
    assert statuses(found) == {"a.zip/large.txt": "rejected", "a.zip/good.txt": "ready"}


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        (archive(("zeros.txt", bytes(20 << 20))), {}, "packed size"),
        (archive(*((f"{n}.txt", b"") for n in range(10_000))), {}, "10,000 entries"),
        (archive(("a.txt", TEXT * 900)), {"archive_bytes": 30_000}, "unpacks to"),
        (archive(("a.txt", TEXT * 900)), {"unpacked_bytes": 30_000}, "unpacks to"),
        (archive(), {}, "no document"),
        (archive((".DS_Store", b"junk")), {}, "no document"),
        (archive(("a.txt", TEXT))[:-30], {}, "damaged"),
    ],
)
def test_an_archive_refused_whole_is_a_document_with_a_reason(
    opened: Open, data: bytes, limits: dict[str, int], reason: str
) -> None:
    found = opened("a.zip", data, **limits)
    assert list(found) == ["a.zip"]
    assert not found["a.zip"].status.has_text
    assert reason in found["a.zip"].reason


def test_archives_of_archives_share_one_limit(opened: Open) -> None:
    inner = archive(*((f"{number}.txt", b"") for number in range(60)))
    found = opened("a.zip", archive(("b.zip", inner), ("c.zip", inner)), archive_entries=100)
    assert len([name for name in found if name.startswith("a.zip/b.zip/")]) == 60
    assert found["a.zip/c.zip"].status is REJECTED


def test_overlapping_entries_are_refused_before_any_is_unpacked(opened: Open) -> None:
    data = bytearray(archive(("a.txt", TEXT), ("b.txt", TEXT)))
    struct.pack_into("<L", data, data.rindex(b"PK\x01\x02") + 42, 0)
    found = opened("a.zip", bytes(data))
    assert "overlap" in found["a.zip"].reason


def test_encrypted_entries_need_their_password(opened: Open) -> None:
    data = bytearray(archive(("a.txt", TEXT), ("b.txt", TEXT)))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert statuses(opened("a.zip", bytes(data))) == {
        "a.zip/a.txt": "ready",
        "a.zip/b.txt": "needs_password",
    }


def test_a_damaged_entry_costs_itself_only(opened: Open) -> None:
    data = archive(("a.txt", TEXT * 9), ("b.txt", TEXT))
    broken = data.replace(data[45:50], b"\xff\xff\xff\xff\xff", 1)
    assert statuses(opened("a.zip", broken)) == {"a.zip/a.txt": "failed", "a.zip/b.txt": "ready"}


def test_an_entry_packed_by_an_unknown_method_says_so(opened: Open) -> None:
    data = bytearray(archive(("a.txt", TEXT), ("b.txt", TEXT)))
    struct.pack_into("<H", data, data.index(b"PK\x01\x02") + 10, 1)
    struct.pack_into("<H", data, 8, 1)
    assert statuses(opened("a.zip", bytes(data))) == {
        "a.zip/a.txt": "unsupported",
        "a.zip/b.txt": "ready",
    }


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_of_one_name_are_both_read_as_what_they_are(opened: Open) -> None:
    found = opened("a.zip", archive(("plan.md", b"# One"), ("plan.md", b"# Two")))
    assert {name: document.text for name, document in found.items()} == {
        "a.zip/plan.md": "One",
        "a.zip/plan (2).md": "Two",
    }


def test_names_in_other_scripts_and_spellings(opened: Open) -> None:
    untold = archive(("Stürze/规则.txt", TEXT)).replace(b"\x00\x08\x00\x00\x00\x00", b"\x00" * 6)
    data = archive(
        ("minutes\\2024.txt", TEXT), ("a" * 3_000 + ".txt", TEXT), ("a\x07\u202eb.txt", TEXT)
    )
    names = [*opened("a.zip", data), *opened("b.zip", untold)]
    assert "a.zip/minutes/2024.txt" in names
    assert "a.zip/ab.txt" in names
    assert max(map(len, names)) < 500


def test_an_office_file_is_no_archive_and_a_renamed_archive_is(opened: Open) -> None:
    assert statuses(opened("plan.zip", word("Falls are reported."))) == {"plan.zip": "ready"}
    named = archive(("word/plan.docx", word("Falls are reported.")))
    assert statuses(opened("forms.zip", named)) == {"forms.zip/word/plan.docx": "ready"}
    assert statuses(opened("x.docx", archive(("a.txt", TEXT)))) == {"x.docx/a.txt": "ready"}


def test_a_mail_that_brings_too_much_keeps_its_text(opened: Open) -> None:
    made = mail(("a.txt", TEXT * 100), ("b.txt", TEXT))
    found = opened("m.eml", made, archive_bytes=2_000)
    assert statuses(found) == {
        "m.eml": "ready",
        "m.eml/a.txt": "rejected",
        "m.eml/b.txt": "rejected",
    }
    found = opened("m.eml", made, archive_entries=1)
    assert statuses(found) == {"m.eml": "ready", "m.eml/attachments": "rejected"}


@pytest.mark.parametrize(
    ("deed", "reason"), [("hang", "stopped after"), ("abort", "SIGABRT"), ("outside", "nonsense")]
)
def test_a_process_that_goes_wrong_costs_what_was_to_come(
    opened: Open, deed: str, reason: str
) -> None:
    data = archive(("a.txt", TEXT), ("b.txt", TEXT))
    found = opened(f"{deed}.zip", data, BADLY, seconds=2)
    assert found[f"{deed}.zip"].status is FAILED
    assert reason in found[f"{deed}.zip"].reason
    if deed != "outside":
        assert found[f"{deed}.zip/a.txt"].status is READY
        assert "Only 1 document came" in found[f"{deed}.zip"].reason


def test_the_next_container_gets_a_fresh_process(tmp_path: Path) -> None:
    for name in ("abort.zip", "good.zip"):
        (tmp_path / name).write_bytes(archive(("a.txt", TEXT)))
    with expanded(discover([tmp_path]), ReadingLimits(), command=BADLY) as sources:
        names = [source.name for source in sources]
    assert names == ["abort.zip/a.txt", "abort.zip", "good.zip/a.txt"]


def test_a_link_in_place_of_a_file_is_not_followed(opened: Open) -> None:
    found = opened("link.zip", archive(("a.txt", TEXT)), BADLY)
    assert list(found) == ["link.zip"]


def test_names_do_not_meet_those_of_other_files(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(archive(("x.txt", TEXT)))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_bytes(TEXT)
    with expanded(discover([tmp_path]), ReadingLimits()) as sources:
        assert [source.name for source in sources] == ["a.zip/x.txt", "sub/b.txt"]
        assert sources[0].path.read_bytes() == TEXT
    assert not sources[0].path.exists()
