"""The house rules that no linter checks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(
    path
    for root in ("src", "service", "eval", "prompts")
    for path in (ROOT / root).rglob("*.py")
    if "build" not in path.parts
)


def _functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        (f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_functions_are_short():
    lengths = [entry for path in SOURCES for entry in _functions(path)]
    assert not [name for name, lines in lengths if lines > 80]
    long = sum(lines > 40 for _, lines in lengths)
    assert long <= len(lengths) / 10


def test_there_is_no_drawer_for_odds_and_ends():
    assert not [path for path in SOURCES if path.stem in {"utils", "helpers", "misc", "common"}]


def test_text_speaks_of_the_project_alone():
    """No paths of the machine it was written on, in anything that is committed."""
    forbidden = ("/work" + "/", "/tmp/" + "written", "shared/" + "anchors")
    for folder in ("src", "service", "eval", "prompts", "docs", "examples", "scripts"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".md", ".yaml", ".html", ".css", ".js"}:
                text = path.read_text(encoding="utf-8")
                assert not [word for word in forbidden if word in text], path
