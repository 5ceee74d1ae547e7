"""Which blocks of a PDF are headings, captions or footnotes, and how deep they lie."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf.blocks import BULLET, NUMBERED, Draft, Measures

_DEEPEST = 6
_LONGEST = 200
_NOT_A_WORD = re.compile(r"[\W_]+")
_DEPTH = re.compile(r"(\d{1,2}(?:\.\d{1,2})+)\.?\s")
_NOTE = re.compile(r"\(?\d{1,3}[.)]?(?:\s+\S|[A-Z])|[*†‡§]{1,3}\s*\w")
_NOTE_NUMBER = re.compile(r"\[?1[\].)]?\s*\S")
_NOTES_TITLE = re.compile(
    r"(?:end|foot)?notes|references|bibliography|works cited|sources", re.IGNORECASE
)
_CAPTION = re.compile(
    r"(?:figure|fig\.|table|exhibit|chart|box|figuur|tabel|tabla|tableau)\s+[A-Z]?\d+",
    re.IGNORECASE,
)

Style = tuple[int, bool]


def heading_key(text: str) -> str:
    """Return the form in which a heading and an outline entry are compared."""
    return _NOT_A_WORD.sub("", text).casefold()


def mark_headings(drafts: Sequence[Draft], measures: Measures, outline: Mapping[str, int]) -> None:
    """Set kind and level of headings; `outline` maps heading keys to depths from 1."""
    body = [draft for draft in drafts if draft.role is BlockRole.BODY]
    bold_body = _is_mostly_bold(body)
    found: list[tuple[Draft, int]] = []
    for index, draft in enumerate(body):
        if not _may_be_heading(draft):
            continue
        depth = outline.get(heading_key(draft.text), 0) if outline else 0
        follower = body[index + 1] if index + 1 < len(body) else None
        if not depth and index and _is_sibling(body[index - 1], draft):
            continue
        if depth or _stands_out(draft, measures, bold_body=bold_body, follower=follower):
            found.append((draft, depth))
    _set_levels(found)


def _is_sibling(before: Draft, draft: Draft) -> bool:
    """Say whether a numbered block follows another item of its list."""
    both = before.kind is BlockKind.LIST_ITEM and draft.kind is BlockKind.LIST_ITEM
    return both and before.bold == draft.bold and abs(before.size - draft.size) < 0.5


def _is_mostly_bold(drafts: Sequence[Draft]) -> bool:
    bold = sum(len(draft.text) for draft in drafts if draft.bold)
    return bold > 0.4 * sum(len(draft.text) for draft in drafts)


def _may_be_heading(draft: Draft) -> bool:
    if draft.kind is BlockKind.TABLE_ROW or len(draft.text) > _LONGEST or len(draft.lines) > 5:
        return False
    text = draft.text.rstrip()
    if text.endswith((",", ";")) or (text.endswith(".") and len(text) > 60):
        return False
    if draft.kind is BlockKind.LIST_ITEM and BULLET.match(draft.lines[0].text):
        return False
    return text[:3].isalpha() or sum(char.isalpha() for char in text) >= 3


def _stands_out(  # noqa: PLR0911 - one sign after another, the surest first
    draft: Draft, measures: Measures, *, bold_body: bool, follower: Draft | None
) -> bool:
    """Say whether a short block looks like a heading."""
    text = draft.text.rstrip(" \"'”’")
    if _CAPTION.match(text) and draft.size < 1.2 * measures.body:
        return False
    stopped = text.endswith(".")
    if draft.size >= 1.12 * measures.body:
        return not stopped or len(text) <= 40
    if draft.size < (0.8 if draft.bold else 0.9) * measures.body:
        return False
    if draft.bold and not bold_body:
        return not stopped or NUMBERED.match(text) is not None or len(text) < 40
    if stopped:
        return False
    if draft.kind is BlockKind.LIST_ITEM:
        return _is_section_title(text, follower)
    letters = [char for char in text if char.isalpha()]
    return len(letters) >= 5 and len(text) < 100 and " " in text and text.isupper()


def _is_section_title(text: str, follower: Draft | None) -> bool:
    """Say whether a numbered line is a title ("B. Training and Education") rather than an item."""
    if _DEPTH.match(text) and len(text) < 90 and not text.endswith(":"):
        return True
    words = [word for word in NUMBERED.sub("", text, count=1).split() if len(word) > 3]
    titled = words and all(word[0].isupper() for word in words)
    leads = follower is not None and follower.kind is BlockKind.PARAGRAPH
    return bool(titled and leads and len(text) < 90 and not text.endswith(":"))


def _set_levels(found: Sequence[tuple[Draft, int]]) -> None:
    """Give headings their levels: the outline's, else by the rank of their type."""
    known: dict[Style, Counter[int]] = defaultdict(Counter)
    for draft, depth in found:
        if depth:
            known[_style(draft)][depth] += 1
    levels: dict[Style, int] = {}
    deepest = 0
    for style in sorted({_style(draft) for draft, _ in found}, reverse=True):
        if style in known:
            levels[style] = known[style].most_common(1)[0][0]
            deepest = max(deepest, levels[style])
        else:
            deepest += 1
            levels[style] = deepest
    for draft, depth in found:
        draft.kind = BlockKind.HEADING
        numbered = _DEPTH.match(draft.text)
        level = depth or levels[_style(draft)]
        if numbered and not depth:
            level = max(level, numbered.group(1).count(".") + 1)
        draft.level = min(level, _DEEPEST)


def _style(draft: Draft) -> Style:
    return round(draft.size), draft.bold


def mark_notes(drafts: Sequence[Draft], measures: Measures, heights: Mapping[int, float]) -> None:
    """Set the kind of captions and of footnotes (small type low on the page, with a mark)."""
    in_notes = 0
    for draft in drafts:
        if draft.role is not BlockRole.BODY or draft.kind is BlockKind.TABLE_ROW:
            continue
        small = draft.size < 0.9 * measures.body
        low = draft.lines[0].y0 > 0.5 * heights.get(draft.page, 0.0)
        draft.aside |= small and draft.lines[0].y0 > 0.88 * heights.get(draft.page, 0.0)
        bulleted = BULLET.match(draft.lines[0].text) is not None
        noted = (
            small and low and not bulleted and (_NOTE.match(draft.text) or in_notes == draft.page)
        )
        if noted:
            draft.kind, draft.level, in_notes = BlockKind.FOOTNOTE, 0, draft.page
        elif draft.kind is BlockKind.PARAGRAPH and _is_caption(draft):
            draft.kind = BlockKind.CAPTION


def mark_endnotes(drafts: Sequence[Draft]) -> None:
    """Set the kind of the numbered notes under a heading that announces them."""
    announced = numbered = False
    for draft in drafts:
        if draft.role is not BlockRole.BODY:
            continue
        if draft.kind is BlockKind.HEADING:
            announced = _NOTES_TITLE.fullmatch(draft.text.strip()) is not None
            numbered = False
        elif announced and draft.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            numbered = numbered or _NOTE_NUMBER.match(draft.text) is not None
            if numbered:
                draft.kind, draft.level = BlockKind.FOOTNOTE, 0


def _is_caption(draft: Draft) -> bool:
    short = len(draft.text) < _LONGEST and len(draft.lines) <= 3
    return short and _CAPTION.match(draft.text) is not None


def mark_nesting(drafts: Sequence[Draft]) -> None:
    """Set the level of list items from how far they are set in, within each run of items."""
    indents: list[float] = []
    for draft in drafts:
        if draft.role is not BlockRole.BODY:
            continue
        left = draft.indent
        if draft.kind is BlockKind.HEADING or draft.kind is BlockKind.TABLE_ROW:
            indents.clear()
        elif draft.kind is BlockKind.LIST_ITEM:
            if draft.opens and indents:
                # Another column or page: indents there cannot be compared with those before.
                indents[-1] = left
            while indents and left < indents[-1] - 4:
                indents.pop()
            if not indents or left > indents[-1] + 4:
                indents.append(left)
            draft.level = len(indents) - 1
        elif indents and left < indents[0] + 2:
            indents.clear()
