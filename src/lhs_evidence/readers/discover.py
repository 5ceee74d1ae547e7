"""From the paths a person hands over to the files that are read, each with a name of its own."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lhs_evidence.errors import InputError
from lhs_evidence.model import Document
from lhs_evidence.readers.sanitise import one_line

_JUNK_FOLDERS = frozenset({"__pycache__", "__MACOSX", "node_modules", "$RECYCLE.BIN"})
_JUNK_FILES = frozenset({"thumbs.db", "desktop.ini", "icon\r", "ehthumbs.db"})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, and the name it goes by in reports (posix, relative to what was given).

    `outcome` is there where reading is over before it begins, as for a file that lies encrypted in
    an archive; `path` then need not exist.
    """

    path: Path
    name: str
    outcome: Document | None = None


def discover(paths: Sequence[Path]) -> list[SourceFile]:
    """Return the files under `paths`, folders walked in sorted order, each file once.

    Hidden files, office lock files (`~$…`) and the litter of operating systems are passed over.
    Symbolic links to folders are not followed.

    Raises:
        InputError: A path is missing or is no file or folder, or there is no file at all.
    """
    if not paths:
        raise InputError("no files were given")
    found: list[tuple[Path, Path, str]] = []
    for given in paths:
        found.extend(_under(Path(given)))
    if not found:
        named = ", ".join(str(path) for path in paths)
        raise InputError(f"no files found in {named}")
    once: dict[Path, tuple[Path, Path, str]] = {}
    for entry in found:
        once.setdefault(entry[0].resolve(), entry)
    return _with_unique_names(list(once.values()))


def _under(given: Path) -> Iterator[tuple[Path, Path, str]]:
    """Yield (file, folder it is named from, name) for a file or everything in a folder."""
    try:
        is_folder, is_file, exists = given.is_dir(), given.is_file(), given.exists()
    except OSError as error:
        raise InputError(f"{given}: {error.strerror or error}") from error
    if is_file:
        yield given, given.parent, _display(given.name)
    elif is_folder:
        for path in _walk(given):
            yield path, given, _display(path.relative_to(given).as_posix())
    elif exists:
        raise InputError(f"{given} is neither a file nor a folder")
    else:
        raise InputError(f"{given} does not exist")


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        # A folder that cannot be listed may hold the very document that matters.
        raise InputError(f"{error.filename}: {error.strerror}") from error

    for root, folders, files in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not _is_junk_folder(name))
        for name in sorted(files):
            path = Path(root, name)
            if not _is_junk(name) and (path.is_file() or path.is_symlink()):
                yield path


def is_junk(name: str) -> bool:
    """Whether a relative path (posix) is one that is passed over: hidden, or litter of a system."""
    *folders, file = PurePosixPath(name).parts or ("",)
    return _is_junk(file) or any(_is_junk_folder(folder) for folder in folders)


def numbered(name: str, number: int) -> str:
    """Return a name with a number before its suffix, which still says what the file is."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem} ({number}){path.suffix}"))


def _is_junk_folder(name: str) -> bool:
    return name.startswith(".") or name in _JUNK_FOLDERS


def _is_junk(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _JUNK_FILES


def _display(name: str) -> str:
    """Return a name that can be stored and shown: bytes that are not UTF-8 become U+FFFD."""
    return one_line(os.fsencode(name).decode("utf-8", "replace")) or "unnamed"


def _with_unique_names(found: list[tuple[Path, Path, str]]) -> list[SourceFile]:
    """Give files of the same name the name of the folder they were found from, then a number."""
    counts = Counter(name for _, _, name in found)
    taken: set[str] = set()
    sources = []
    for path, folder, name in found:
        wanted = name
        if counts[name] > 1:
            wanted = _display(f"{folder.resolve().name}/{name}")
        unique, number = wanted, 2
        while unique in taken or (unique != name and unique in counts):
            unique, number = numbered(wanted, number), number + 1
        taken.add(unique)
        sources.append(SourceFile(path, unique))
    return sources
