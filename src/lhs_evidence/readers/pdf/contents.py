"""Contents pages: tables of contents, lists of figures, indexes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf.blocks import Draft, has_leader, may_lead
from lhs_evidence.readers.pdf.lines import Line

_TITLE = re.compile(
    r"(?:table of )?contents(?: page)?|index|list of (?:figures|tables|exhibits|appendices)|"
    r"inhoud(?:sopgave)?|[ií]ndice|contenido|table des mati[èe]res|sommaire|inhaltsverzeichnis",
    re.IGNORECASE,
)
_INITIALS = frozenset("tcilsíTCILSÍ")
_ENTRY = re.compile(r".*\S\s+(?:[A-Z]{1,2}-)?(?:\d{1,4}|[ivxlc]{1,7})\s*$")


def is_listing(lines: Sequence[Line], *, follows: bool) -> bool:
    """Say whether a page holds contents; `follows` where the page before it did."""
    texts = [line.text for line in lines]
    whole = "\n".join(texts)
    if may_lead(whole):
        leaders = sum(has_leader(text) for text in texts)
        if leaders >= 4 or (leaders >= 2 and leaders >= 0.3 * len(texts)):
            return True
    titled = any(text[:1] in _INITIALS and _TITLE.fullmatch(text.strip()) for text in texts)
    if not titled and not follows:
        return False
    entries = sum(_ENTRY.match(text) is not None or text.isdigit() for text in texts)
    return entries >= 3 and entries >= (0.25 if titled else 0.4) * len(texts)


def mark_contents(drafts: Sequence[Draft], *, follows: bool) -> None:
    """Mark the contents among the blocks of a page that holds some.

    They run from the title, or the page's start where they `follow` from the page before, to the
    last entry.
    """
    entries = [index for index, draft in enumerate(drafts) if _is_entry(draft)]
    if not entries:
        return
    titles = [i for i, draft in enumerate(drafts) if _TITLE.fullmatch(draft.text.strip())]
    first = min([entries[0], *titles]) if not follows else 0
    for draft in drafts[first : entries[-1] + 1]:
        draft.role = BlockRole.CONTENTS
        draft.kind = BlockKind.PARAGRAPH


def _is_entry(draft: Draft) -> bool:
    if has_leader(draft.text):
        return True
    return len(draft.text) < 200 and _ENTRY.match(draft.text) is not None
