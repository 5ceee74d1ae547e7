"""What routes work with, put together once for each app."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from lhs_evidence.framework import Framework
from lhs_service.jobs import Analysis, Catalogue, State, Worker
from lhs_service.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of a running service."""

    settings: ServiceSettings
    framework: Framework
    catalogue: Catalogue
    worker: Worker

    def analysis(self, identity: str) -> Analysis:
        """Return an analysis.

        Raises:
            HTTPException: 404 where there is none of this id.
        """
        if (found := self.catalogue.find(identity)) is None:
            raise HTTPException(404, "There is no such analysis.")
        return found

    def report(self, identity: str, format_name: str) -> Path:
        """Return where the report of a finished analysis lies.

        Raises:
            HTTPException: 404 where there is no such analysis, 409 where it is not done.
        """
        analysis = self.analysis(identity)
        if analysis.state is not State.DONE:
            raise HTTPException(
                409, f"There is no report: the analysis is {analysis.state}, not done."
            )
        return self.catalogue.folder(identity).report(format_name)

    def delete(self, identity: str) -> None:
        """Delete an analysis with everything uploaded for it.

        Raises:
            HTTPException: 404 where there is none of this id.
        """
        if not self.catalogue.delete(identity):
            raise HTTPException(404, "There is no such analysis.")


def _desk(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


AtDesk = Annotated[Desk, Depends(_desk)]
