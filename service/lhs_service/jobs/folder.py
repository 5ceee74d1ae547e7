"""The folder of one analysis, and how its record gets to the disk whole."""

from __future__ import annotations

import shutil
from pathlib import Path

from lhs_evidence.durable import replace_files
from lhs_service.jobs.record import Analysis

_RECORD = "job.json"


class AnalysisFolder:
    """`<id>/`: uploads, the workspace made from them, the reports, and `job.json`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def uploads(self) -> Path:
        """The files as they came, under safe names."""
        return self.path / "uploads"

    @property
    def workspace(self) -> Path:
        """Texts, passages and vectors; made by the analyzer, which takes up where it was cut."""
        return self.path / "workspace"

    @property
    def reports(self) -> Path:
        """Gap reports."""
        return self.path / "reports"

    def report(self, format_name: str) -> Path:
        """Return where the gap report lies in a format."""
        return self.reports / f"gap-report.{format_name}"

    def read(self) -> Analysis:
        """Return the record.

        Raises:
            OSError: There is none, or it cannot be read.
            ValueError: It is not a record.
        """
        return Analysis.model_validate_json((self.path / _RECORD).read_bytes())

    def write(self, analysis: Analysis) -> None:
        """Replace the record, so that a crash leaves the old one or the new one."""
        replace_files({self.path / _RECORD: analysis.model_dump_json(indent=1).encode()})

    def remove(self) -> None:
        """Remove the folder; what cannot be removed now is at the next start."""
        shutil.rmtree(self.path, ignore_errors=True)
