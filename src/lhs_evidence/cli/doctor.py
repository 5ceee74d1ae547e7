"""`doctor`: what is installed, what is missing, and how to get it."""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
import subprocess
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version

import typer
from rich.table import Table
from rich.text import Text

from lhs_evidence.cli import console
from lhs_evidence.cli.loading import JsonOption, load_analyzer
from lhs_evidence.errors import EvidenceError

PACKAGES = (
    "sentence-transformers", "torch", "openvino", "faiss-cpu", "langchain-core", "spacy",
    "pypdf", "pypdfium2", "fastapi", "sqlalchemy",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One thing looked at: `ok`, `optional` (missing, and work goes on) or `fault`."""

    name: str
    state: str
    detail: str


def doctor(as_json: JsonOption = False) -> None:
    """Say what is installed, which encoder and heads are used, and what is missing."""
    checks = [_python(), *map(_package, PACKAGES), *_models(), _sqlite(), _tesseract(), _office()]
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        table = Table(box=None, pad_edge=False, show_header=False)
        for check in checks:
            style = {"ok": "green", "optional": "yellow"}.get(check.state, "red")
            table.add_row(Text(check.state, style=style), Text(check.name), Text(check.detail))
        console.out().print(table)
    if faults := [check.name for check in checks if check.state == "fault"]:
        console.fail(f"not in order: {', '.join(faults)}")


def _python() -> Check:
    return Check("python", "ok", f"{platform.python_version()} on {platform.machine()}")


def _package(name: str) -> Check:
    try:
        return Check(name, "ok", version(name))
    except PackageNotFoundError:
        if name == "openvino":
            return Check(
                name, "optional", "not installed, encoding is slower: pip install openvino"
            )
        return Check(name, "fault", f"not installed: pip install {name}")


def _models() -> list[Check]:
    try:
        analyzer = load_analyzer()
        encoder = analyzer.encoder
        framework = analyzer.framework
        found = [
            Check("framework", "ok", f"{framework.id} {framework.version}"),
            Check("encoder", "ok", f"{encoder.name}, weights sha256 {encoder.weights_sha256}"),
        ]
        classifier = analyzer.classifier()
    except EvidenceError as error:
        return [Check("models", "fault", str(error))]
    return [*found, Check("classifier", "ok", classifier.id)]


def _sqlite() -> Check:
    with sqlite3.connect(":memory:") as database:
        options = {row[0] for row in database.execute("PRAGMA compile_options")}
    if "ENABLE_FTS5" not in options:
        return Check("sqlite", "fault", f"{sqlite3.sqlite_version} lacks FTS5 full-text search")
    return Check("sqlite", "ok", f"{sqlite3.sqlite_version} with full-text search")


def _tesseract() -> Check:
    if path := shutil.which("tesseract"):
        return Check("tesseract", "ok", f"{path}, languages {_languages(path)}")
    advice = "scanned pages stay unread, and reports say so: apt-get install tesseract-ocr"
    return Check("tesseract", "optional", advice)


def _languages(path: str) -> str:
    """Return which languages Tesseract has data for, orientation data left out."""
    try:
        listed = subprocess.run(
            [path, "--list-langs"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    names = [line.strip() for line in listed.stdout.splitlines() if " " not in line.strip()]
    return ", ".join(name for name in names if name and name != "osd") or "none"


def _office() -> Check:
    if path := shutil.which("soffice") or shutil.which("libreoffice"):
        return Check("libreoffice", "ok", path)
    advice = "DOC, RTF, ODT and their kin stay unsupported: apt-get install libreoffice-nogui"
    return Check("libreoffice", "optional", advice)
