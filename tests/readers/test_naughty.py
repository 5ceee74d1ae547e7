"""Strings that have broken other programs, through every reader of text."""

from __future__ import annotations

import html

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lhs_evidence.model import BlockKind
from lhs_evidence.readers import SourceFile
from lhs_evidence.readers.canonical import to_document
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import TEXT
from lhs_evidence.readers.sanitise import sanitise

from .conftest import Read

NAUGHTY = {
    "right to left": "يُبلَّغ عن كل سقوط خلال يوم واحد",
    "hebrew with points": "דִּוּוּחַ עַל כָּל נְפִילָה",
    "persian with joiners": "می\u200cخواهیم گزارش دهیم",
    "hindi with joiners": "प्रत्येक गिरने की रिपोर्ट क्\u200dष",
    "tamil": "ஒவ்வொரு வீழ்ச்சியும் தெரிவிக்கப்படும்",
    "thai without spaces": "รายงานการหกล้มทุกครั้ง",
    "chinese": "医院报告每一次跌倒并查找原因。",
    "beyond the basic plane": "𠜎𠜱𠝹𠱓 and 𝔉𝔞𝔩𝔩𝔰",
    "korean jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "family emoji": "👩\u200d👩\u200d👧\u200d👦 and 🏳\ufe0f\u200d🌈",
    "zalgo": "f\u0338\u0322a\u0335\u0321l\u0336l\u0337s\u0316",
    "turkish i": "İstanbul ılık ISPARTA",
    "sharp s": "GROẞE Straße",
    "fullwidth": "Ｆａｌｌｓ １２",
    "markup": "<script>alert(1)</script> & <b> &amp; ]]> <!-- -->",
    "formula": "=1+1|cmd' /C calc'!A0",
    "quotes": "'\"`´‘’“”;--",
    "paths": "../../etc/passwd C:\\CON \\\\host\\share",
    "format": "%s %d %n {0} ${x} #{y} $(z)",
    "json": '{"a": "\\u0000"}',
    "numbers": "1e309 NaN Infinity 0x0 ١٢٣ Ⅻ ½",
}
DIRTY = {
    "bidi override": ("fall\u202es\u202c", "falls"),
    "zero width": ("fa\u200bl\u2060ls\ufeff", "falls"),
    "tag characters": ("falls\U000e0068\U000e0069", "falls"),
    "controls": ("fa\x01\x1b\x9bl\x7fls", "falls"),
    "noncharacters": ("fa\uffff\ufdd0lls\U0001fffe", "falls"),
    "lone surrogates": ("fa\ud83dl\udc4dls", "falls"),
    "fillers and objects": ("fa\u3164\u034fll\ufffcs", "falls"),
    "soft hyphens": ("fa\u00adlls", "falls"),
    "ligatures": ("e\ufb03cient o\ufb00ice", "efficient office"),
    "decomposed": ("Stu\u0308rze", "Stürze"),
    "hangul": ("\u1112\u1161\u11ab", "한"),
}


@pytest.mark.parametrize("text", NAUGHTY.values(), ids=NAUGHTY)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.eml"])
def test_whatever_people_write_is_read_as_it_stands(read: Read, name: str, text: str) -> None:
    sentence = f"We say {text} here."
    data = html.escape(sentence) if name == "a.html" else sentence
    head = "Subject: Falls\nMIME-Version: 1.0\n\n" if name == "a.eml" else ""
    made = read(name, (head + data).encode())
    last = made.blocks[-1]
    assert made.text[last.start : last.end] == sanitise(sentence).text
    joiners = text.count("\u200c") + text.count("\u200d")
    assert made.text.count("\u200c") + made.text.count("\u200d") == joiners


@pytest.mark.parametrize(("dirty", "clean"), DIRTY.values(), ids=DIRTY)
def test_what_nobody_sees_is_gone(dirty: str, clean: str) -> None:
    assert sanitise(dirty).text == clean


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(list(BlockKind)),
            st.text(st.characters(exclude_categories=())) | st.sampled_from(list(NAUGHTY.values())),
        ),
        max_size=12,
    )
)
def test_every_block_slices_back_to_its_own_text(blocks: list[tuple[BlockKind, str]]) -> None:
    content = Content(TEXT, blocks=[RawBlock(kind, text) for kind, text in blocks])
    made = to_document(SourceFile(None, "a.txt"), "0" * 64, content)
    expected = [
        clean
        for kind, text in blocks
        if (
            clean := sanitise(
                text, lines=kind is BlockKind.TABLE_ROW, indents=kind is BlockKind.CODE
            ).text
        ).strip()
    ]
    assert [made.text[block.start : block.end] for block in made.blocks] == expected
    assert all(a.end <= b.start for a, b in zip(made.blocks, made.blocks[1:], strict=False))
