"""Old and open office formats, turned by LibreOffice into those that the readers here know.

It runs as a process group of its own that is killed when its time is up: in a temporary folder,
with a profile made for this one file, without macros, links or network. Readers may not write
files, so this is done before a reading process gets the result.
"""

from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import detect
from lhs_evidence.readers.office.sealed import is_sealed
from lhs_evidence.settings import ReadingLimits

_PROGRAMS = ("soffice", "libreoffice")
# Suffix of the source, suffix and media type of what it is turned into, and how it is opened: left
# to itself, LibreOffice takes what it does not know for plain text and makes a document of noise.
_TARGETS = {
    detect.DOC: ("doc", "docx", detect.DOCX, ("MS Word 97", "MS Word 95")),
    detect.RTF: ("rtf", "docx", detect.DOCX, ("Rich Text Format",)),
    detect.ODT: ("odt", "docx", detect.DOCX, ("writer8",)),
    detect.XLS: ("xls", "xlsx", detect.XLSX, ("MS Excel 97",)),
    detect.ODS: ("ods", "xlsx", detect.XLSX, ("calc8",)),
    detect.PPT: ("ppt", "pptx", detect.PPTX, ("MS PowerPoint 97",)),
    detect.ODP: ("odp", "pptx", detect.PPTX, ("impress8",)),
}
CONVERTED_TYPES = frozenset(_TARGETS)
_MEMORY_BYTES = 4 << 30
# A fresh profile and a first start take seconds by themselves.
_SECONDS_FACTOR = 2
_SECONDS_TO_ANSWER = 20.0
_SECONDS_BETWEEN_LOOKS = 0.02
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),
    # Formulas keep the results stored beside them.
    ("Calc/Formula/Load", "OOXMLRecalcMode", "1"),
    ("Calc/Formula/Load", "ODFRecalcMode", "1"),
)


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted file, there as long as its context lasts, and what to tell people of it."""

    path: Path
    media_type: str
    warning: str


def can_convert(media_type: str) -> bool:
    """Whether files of a media type can be turned into one that is read, on this machine."""
    return media_type in _TARGETS and _program() is not None


@contextmanager
def converted(
    path: Path, media_type: str, limits: ReadingLimits, *, program: str | None = None
) -> Iterator[Converted]:
    """Convert a file for as long as the context lasts; safe to run several times at once.

    Args:
        path: The file; it is copied, never opened in place.
        media_type: One of `CONVERTED_TYPES`.
        limits: Its seconds, doubled, are the wall limit; its bytes that of the result.
        program: LibreOffice's `soffice`; found on the path unless given.

    Raises:
        UnreadableError: `unsupported` with advice without LibreOffice, `needs_password`,
            `rejected` for a result over the limit, `failed` where none comes in time.
    """
    program = program or _program()
    if media_type not in _TARGETS or program is None:
        raise detect.unsupported(media_type)
    if is_sealed(path, media_type):
        raise UnreadableError(
            DocumentStatus.NEEDS_PASSWORD,
            "The file is protected by a password. Save a copy without it and hand that over.",
        )
    suffix, wanted, result_type, filters = _TARGETS[media_type]
    with tempfile.TemporaryDirectory(prefix="lhs-office-", ignore_cleanup_errors=True) as directory:
        folder = Path(directory)
        source = folder / f"document.{suffix}"
        shutil.copyfile(path, source)
        result = folder / "out" / f"document.{wanted}"
        _write_profile(folder / "profile")
        deadline = time.monotonic() + _seconds(limits)
        for name in filters:
            if not result.exists():
                _run(_command(program, folder, source, name, wanted), folder, limits, deadline)
        _check(result, limits)
        yield Converted(result, result_type, _warning(program, result_type))


def _program() -> str | None:
    return next((found for name in _PROGRAMS if (found := shutil.which(name))), None)


def _seconds(limits: ReadingLimits) -> float:
    return min(_SECONDS_FACTOR * limits.seconds, limits.seconds_most)


def _command(program: str, folder: Path, source: Path, name: str, wanted: str) -> list[str]:
    return [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--invisible", "--norestore", "--nologo", "--nodefault"),
        *("--nolockcheck", "--nofirststartwizard"),
        f"--infilter={name}",
        *("--convert-to", wanted, "--outdir", os.fspath(folder / "out")),
        os.fspath(source),
    ]


def _write_profile(folder: Path) -> None:
    """Make a profile in which no macro runs and no link is followed."""
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{place}"><prop oor:name="{name}" '
        f'oor:op="fuse"><value>{value}</value></prop></item>'
        for place, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )


def _run(command: Sequence[str], folder: Path, limits: ReadingLimits, deadline: float) -> None:
    """Run LibreOffice under limits to its end or kill it, with all that it started."""
    allowed = _seconds(limits)
    launcher = [sys.executable, "-P", "-m", "lhs_evidence.readers.office.launch"]
    bounds = (max(_MEMORY_BYTES, limits.memory_bytes), limits.archive_bytes, math.ceil(allowed) + 1)
    if not _ends([*launcher, *map(str, bounds), *command], folder, deadline):
        raise _failed(f"LibreOffice was stopped after {allowed:.0f} seconds of converting it")


def _ends(
    command: Sequence[str], folder: Path, deadline: float, output: int = subprocess.DEVNULL
) -> bool:
    """Run a command as a process group, kill what is left of it, and say whether it ended."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(folder),
            start_new_session=True,
        )
    except OSError as error:
        raise _failed(f"LibreOffice could not be started: {error.strerror}") from error
    try:
        return _ends_within(process, deadline)
    finally:
        # Before it is waited for, its number cannot belong to anybody else.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ends_within(process: subprocess.Popen[bytes], deadline: float) -> bool:
    """Whether a process ends in time; its number is kept until it is waited for."""
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while os.waitid(os.P_PID, process.pid, ended) is None:
        if time.monotonic() > deadline:
            return False
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True


def _check(result: Path, limits: ReadingLimits) -> None:
    """Refuse a result that is missing, empty or too large."""
    # LibreOffice often ends well although it could open nothing: only the result tells.
    size = result.stat().st_size if result.is_file() else 0
    if not size:
        raise _failed("LibreOffice could not convert it; it may be damaged or need a password")
    if size > limits.file_bytes:
        raise UnreadableError(
            DocumentStatus.REJECTED,
            f"Converted by LibreOffice, the file has {size / (1 << 20):,.1f} MiB; "
            f"{limits.file_bytes / (1 << 20):,.1f} MiB are allowed.",
        )


def _warning(program: str, result_type: str) -> str:
    by = f"Converted by {_version(program)}"
    return f"{by}; page numbers are not available." if result_type == detect.DOCX else f"{by}."


@lru_cache(maxsize=4)
def _version(program: str) -> str:
    """Return what LibreOffice calls itself, such as `LibreOffice 7.4.7.2`."""
    with tempfile.TemporaryDirectory(prefix="lhs-office-") as directory:
        folder = Path(directory)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        with tempfile.TemporaryFile(dir=folder) as answer:
            deadline = time.monotonic() + _SECONDS_TO_ANSWER
            _ends([program, profile, "--headless", "--version"], folder, deadline, answer.fileno())
            answer.seek(0)
            said = answer.read()
    words = said.decode("utf-8", "replace").split()
    return " ".join(words[:2]) if words[:1] == ["LibreOffice"] else "LibreOffice"


def _environment(folder: Path) -> dict[str, str]:
    """Return what LibreOffice needs to know: no secrets, and a home that is thrown away."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    environment["SAL_USE_VCLPLUGIN"] = "svp"
    for name in ("HOME", "TMPDIR"):
        environment[name] = os.fspath(folder)
    return environment


def _failed(why: str) -> UnreadableError:
    return UnreadableError(DocumentStatus.FAILED, f"{why}.")
