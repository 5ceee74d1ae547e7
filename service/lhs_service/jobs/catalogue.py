"""All analyses of a data folder: kept on disk, looked up in memory.

    data/incoming/<id>/             an upload while it arrives; swept at every start
    data/analyses/<id>/job.json     the record; a folder without one is no analysis
                      /uploads/  /workspace/  /reports/

An upload becomes an analysis by one rename, when everything it needs is on the disk.
"""

from __future__ import annotations

import logging
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from lhs_evidence.durable import sync
from lhs_service.jobs.folder import AnalysisFolder
from lhs_service.jobs.record import Analysis, Progress, State, StoredFile
from lhs_service.uploads import Upload, unique_names

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An upload on its way: its future id, and a folder that is not yet an analysis."""

    id: str
    folder: AnalysisFolder


class Catalogue:
    """The analyses under `data`; safe to use from several threads."""

    def __init__(self, data: Path) -> None:
        self._incoming = data / "incoming"
        self._root = data / "analyses"
        self._lock = RLock()
        self._analyses: dict[str, Analysis] = {}

    def open(self) -> None:
        """Read what is there, and clear away what a crash left half-done.

        Raises:
            OSError: The folder cannot be made or read.
        """
        # What people hand over is for this user's eyes only.
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(self._incoming, ignore_errors=True)
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._root.iterdir():
            folder = AnalysisFolder(path)
            try:
                analysis = folder.read()
            except (OSError, ValueError) as error:
                # Left as it is: a record that cannot be read may still lie beside good files.
                _log.warning("%s is passed over: %s", path, error)
                continue
            if analysis.state is State.DELETED or analysis.id != path.name:
                folder.remove()
            else:
                self._analyses[analysis.id] = analysis

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """Lend a folder for an upload; nothing is left of it unless `add` took it over."""
        identity = secrets.token_hex(16)
        folder = AnalysisFolder(self._incoming / identity)
        folder.uploads.mkdir(mode=0o700, parents=True)
        try:
            yield Incoming(identity, folder)
        finally:
            folder.remove()

    def add(self, incoming: Incoming, upload: Upload, organization: str, kind: str) -> Analysis:
        """Make an upload an analysis that waits for its turn."""
        names = unique_names(file.original for file in upload.files)
        for file, name in zip(upload.files, names, strict=True):
            file.path.rename(incoming.folder.uploads / name)
        analysis = Analysis(
            id=incoming.id,
            organization=organization,
            kind=kind,
            created=datetime.now(UTC),
            files=tuple(
                StoredFile(name=name, bytes=file.size)
                for file, name in zip(upload.files, names, strict=True)
            ),
        )
        incoming.folder.write(analysis)
        incoming.folder.path.rename(self._root / analysis.id)
        sync(self._root)
        with self._lock:
            self._analyses[analysis.id] = analysis
        return analysis

    def folder(self, identity: str) -> AnalysisFolder:
        """Return the folder of a known analysis."""
        return AnalysisFolder(self._root / identity)

    def find(self, identity: str) -> Analysis | None:
        """Return an analysis, or None where there is none of this id."""
        with self._lock:
            return self._analyses.get(identity)

    def all(self) -> Sequence[Analysis]:
        """Return all analyses, the newest first."""
        with self._lock:
            return sorted(self._analyses.values(), key=lambda item: item.created, reverse=True)

    def unfinished(self) -> Sequence[Analysis]:
        """Return the analyses that still want work, the oldest first."""
        return [item for item in reversed(self.all()) if not item.state.is_over]

    def update(self, identity: str, **changes: object) -> Analysis | None:
        """Change a record on disk and then in memory; None where it has been deleted meanwhile."""
        with self._lock:
            if (analysis := self._analyses.get(identity)) is None:
                return None
            changed = analysis.model_copy(update=changes)
            self.folder(identity).write(changed)
            self._analyses[identity] = changed
            return changed

    def tell(self, identity: str, progress: Progress) -> bool:
        """Note progress in memory only; False where the analysis has been deleted meanwhile."""
        with self._lock:
            if (analysis := self._analyses.get(identity)) is None:
                return False
            self._analyses[identity] = analysis.model_copy(update={"progress": progress})
            return True

    def delete(self, identity: str) -> bool:
        """Forget an analysis for good; False where there is none of this id.

        The mark on the disk comes first, so that a crash cannot bring it back. The folder of one
        that is being worked on is removed by the worker.
        """
        with self._lock:
            if (analysis := self._analyses.get(identity)) is None:
                return False
            self.folder(identity).write(analysis.model_copy(update={"state": State.DELETED}))
            del self._analyses[identity]
        if analysis.state is not State.RUNNING:
            self.folder(identity).remove()
        return True
