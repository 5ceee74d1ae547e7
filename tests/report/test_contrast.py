"""Colours of the page against WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

TEXT = [
    ("ink", "paper"), ("ink", "surface"), ("soft", "paper"), ("soft", "surface"),
    ("accent", "paper"), ("accent", "surface"), ("alert", "paper"),
    ("on-measured", "measured"), ("on-operational", "operational"), ("on-declared", "declared"),
    ("on-not-evidenced", "not-evidenced"), ("on-contradicted", "contradicted"),
    ("on-not-assessable", "not-assessable"), ("paper", "accent"),
]  # fmt: skip
# Marks, focus rings and the outlines that tell a badge from the page.
SHAPES = [
    ("mark", "paper"), ("strong-line", "paper"), ("on-operational", "paper"),
    ("on-declared", "paper"), ("on-not-evidenced", "paper"), ("on-not-assessable", "paper"),
    ("measured", "paper"), ("contradicted", "paper"), ("alert", "paper"),
]  # fmt: skip


def _colours() -> dict[str, dict[str, str]]:
    css = (files("lhs_evidence.report") / "templates" / "report.css").read_text("utf-8")
    light, dark = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    )
    return {"light": light, "dark": light | dark}


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_knows_black_on_white():
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(scheme, front, back):
    colours = _colours()[scheme]
    assert _contrast(colours[front], colours[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), SHAPES)
def test_shapes_can_be_seen(scheme, front, back):
    colours = _colours()[scheme]
    assert _contrast(colours[front], colours[back]) >= 3
