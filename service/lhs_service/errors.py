"""The one place where errors become answers: problem+json for programs, a page for people.

Messages of errors that people can act on are shown. Those of faults on this side are not, since
they may name folders or quote a document: people get an incident id, and the log gets the rest.
"""

from __future__ import annotations

import errno
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lhs_evidence.errors import EvidenceError, InputError, ModelError, OutputError, UnreadableError
from lhs_service.web.rendering import page

PROBLEM_TYPE = "application/problem+json"
_API = "/api/"
_log = logging.getLogger(__name__)

# The nearest class of an error's tree counts; what is not named here is a fault on this side.
_STATUSES: Mapping[type[EvidenceError], HTTPStatus] = {
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnreadableError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    OutputError: HTTPStatus.INSUFFICIENT_STORAGE,
    EvidenceError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with a request, as RFC 9457 has it."""

    status: int
    detail: str
    incident: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The name of the status."""
        return HTTPStatus(self.status).phrase


def new_incident() -> str:
    """Return an id by which people and the log speak of the same fault."""
    return secrets.token_hex(6)


def problem_of(error: Exception) -> Problem:
    """Return what may be said of an error; faults on this side are logged with an incident id."""
    if isinstance(error, HTTPException):
        return Problem(error.status_code, str(error.detail), headers=dict(error.headers or {}))
    if isinstance(error, RequestValidationError):
        return Problem(422, _first_fault(error))
    status = _status_of(error)
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Problem(status, _sentence(str(error)))
    incident = new_incident()
    _log.error("incident %s", incident, exc_info=error)
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        return Problem(status, "There is no room left to store this; nothing was kept.", incident)
    return Problem(status, "Something went wrong on this side; nothing is lost.", incident)


def answer(request: Request, problem: Problem) -> Response:
    """Return the answer for a problem, in the form that fits who asked."""
    if request.url.path.startswith(_API):
        content = {
            "type": "about:blank",
            "title": problem.title,
            "status": problem.status,
            "detail": problem.detail,
        } | ({"incident": problem.incident} if problem.incident else {})
        return JSONResponse(
            content, problem.status, headers=dict(problem.headers), media_type=PROBLEM_TYPE
        )
    response = page("problem.html", status=problem.status, problem=problem)
    response.headers.update(problem.headers)
    return response


def install(app: FastAPI) -> None:
    """Make every error of a route an answer from here."""

    def handle(request: Request, error: Exception) -> Response:
        return answer(request, problem_of(error))

    for kind in (HTTPException, RequestValidationError, EvidenceError, OSError):
        app.add_exception_handler(kind, handle)


class LastResort:
    """Answers for whatever nobody foresaw.

    Starlette's own last resort stands outside all other middleware, so its answer would lack the
    security headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, come what may."""
        begun = False

        async def watch(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception as error:
            # The border of the service: nothing may pass it that tells of its inside.
            problem = problem_of(error)
            if scope["type"] != "http" or begun:
                raise
            await answer(Request(scope), problem)(scope, receive, send)


def _status_of(error: Exception) -> HTTPStatus:
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return HTTPStatus.INSUFFICIENT_STORAGE
    for kind in type(error).__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _first_fault(error: RequestValidationError) -> str:
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"] if part not in ("query", "path", "body"))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")
