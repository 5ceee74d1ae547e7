"""The report as JSON: what other programs read, and every other format can be made from again."""

from __future__ import annotations

import json

from lhs_evidence.report.schema import GapReport


def render_json(report: GapReport) -> bytes:
    """Return the report as UTF-8 JSON; the same report gives the same bytes."""
    content = report.model_dump(mode="json", by_alias=True)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=2)
    return (text + "\n").encode("utf-8")
