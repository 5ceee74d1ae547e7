"""One thread that does the waiting analyses in turn.

One, since an analysis already uses all cores and the models are shared. A stop, a deletion and a
crash all look the same to the analysis itself: it ends at some point, and because the analyzer
keeps what it has done in the workspace, it takes up from there when it is begun again.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Event, Thread

from lhs_evidence.analyzer import Analyzer
from lhs_evidence.errors import EvidenceError, InputError, ModelError, OutputError
from lhs_evidence.report import FORMATS, write_reports
from lhs_service.errors import new_incident
from lhs_service.jobs.catalogue import Catalogue
from lhs_service.jobs.record import Analysis, Progress, State, Summary

_WRITING = "Reporting"
# Progress reaches the disk this often at most; memory always has the newest.
_PERSIST_SECONDS = 5.0
_GRACE_SECONDS = 10.0
_log = logging.getLogger(__name__)


class _Stopped(Exception):  # noqa: N818 - no error: the service is shutting down
    pass


class _Deleted(Exception):  # noqa: N818 - no error: somebody took the analysis back
    pass


class Worker:
    """Works through a catalogue; `start` once, `stop` once."""

    def __init__(self, catalogue: Catalogue, analyzer: Analyzer, attempts: int = 3) -> None:
        self._catalogue = catalogue
        self._analyzer = analyzer
        self._attempts = attempts
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._stopping = Event()
        # A daemon, so that a long step cannot keep the process from ending; see the docstring.
        self._thread = Thread(target=self._run, name="analyses", daemon=True)

    def start(self) -> None:
        """Queue what an earlier run left unfinished, and begin."""
        for analysis in self._catalogue.unfinished():
            if analysis.attempts >= self._attempts:
                self._fail(
                    analysis.id,
                    f"The service ended {analysis.attempts} times while it worked on this.",
                )
                continue
            self._catalogue.update(analysis.id, state=State.QUEUED)
            self.submit(analysis.id)
        self._thread.start()

    def submit(self, identity: str) -> None:
        """Queue an analysis that is in the catalogue."""
        self._queue.put(identity)

    def stop(self) -> None:
        """End after the present step; what is unfinished waits for the next start."""
        self._stopping.set()
        self._queue.put(None)
        self._thread.join(_GRACE_SECONDS)

    def _run(self) -> None:
        while (identity := self._queue.get()) is not None and not self._stopping.is_set():
            try:
                self._work(identity)
            except Exception:  # noqa: BLE001 - one analysis must never end the work on all others
                _log.exception("analysis %s", identity)

    def _work(self, identity: str) -> None:
        found = self._catalogue.find(identity)
        if found is None:
            return
        analysis = self._catalogue.update(
            identity,
            state=State.RUNNING,
            attempts=found.attempts + 1,
            started=_now(),
            progress=Progress(),
        )
        if analysis is None:
            return
        try:
            self._analyze(analysis)
        except _Stopped:
            self._catalogue.update(identity, state=State.QUEUED, attempts=analysis.attempts - 1)
        except _Deleted:
            _log.info("analysis %s was deleted while it ran", identity)
        except Exception as error:  # noqa: BLE001 - whatever it is, people are told it failed
            self._fail(identity, _reason(error))
        if self._catalogue.find(identity) is None:
            self._catalogue.folder(identity).remove()

    def _analyze(self, analysis: Analysis) -> None:
        folder = self._catalogue.folder(analysis.id)
        tell = _Teller(self._catalogue, analysis.id, self._stopping)
        report = self._analyzer.analyze(
            [folder.uploads / file.name for file in analysis.files],
            folder.workspace,
            organization=analysis.organization,
            kind=analysis.kind,
            progress=tell,
        )
        tell(_WRITING, 0, 1, "")
        write_reports(report, folder.reports, FORMATS)
        self._catalogue.update(
            analysis.id, state=State.DONE, finished=_now(), summary=Summary.of(report)
        )

    def _fail(self, identity: str, reason: str) -> None:
        self._catalogue.update(identity, state=State.FAILED, finished=_now(), reason=reason)


class _Teller:
    """The analyzer's progress callback; ends the analysis when it is to stop."""

    def __init__(self, catalogue: Catalogue, identity: str, stopping: Event) -> None:
        self._catalogue = catalogue
        self._identity = identity
        self._stopping = stopping
        self._stage = ""
        self._persisted = 0.0

    def __call__(self, stage: str, done: int, total: int, what: str) -> None:
        if self._stopping.is_set():
            raise _Stopped
        progress = Progress(stage=stage, done=done, total=total, what=what)
        now = time.monotonic()
        if stage != self._stage or now - self._persisted > _PERSIST_SECONDS:
            self._stage, self._persisted = stage, now
            known = self._catalogue.update(self._identity, progress=progress) is not None
        else:
            known = self._catalogue.tell(self._identity, progress)
        if not known:
            raise _Deleted


def _reason(error: Exception) -> str:
    """Return why an analysis failed, in a sentence for people; the log gets the rest."""
    incident = new_incident()
    _log.error("incident %s", incident, exc_info=error)
    if isinstance(error, ModelError):
        said = "The models could not be loaded."
    elif isinstance(error, OutputError | OSError):
        said = "Its results could not be stored; perhaps the disk is full."
    elif isinstance(error, InputError):
        said = "The uploaded files could not be used."
    elif isinstance(error, EvidenceError):
        said = "What was kept of it no longer holds together; upload the files again."
    else:
        said = "An unexpected fault ended it."
    return f"{said} The service's log says more under {incident}."


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
