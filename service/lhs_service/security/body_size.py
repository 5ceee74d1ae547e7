"""No request is larger than its limit, whatever it says of its own size.

A Content-Length over the limit is refused before a byte is looked at; a body without one, or one
that lies, is refused at the byte that is too many. What a refused client still sends, the server
drops as it arrives, so that the client gets to read why.
"""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lhs_service.errors import answer, problem_of


class BodySizeLimit:
    """Refuses bodies over `most` bytes with 413."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                # Raised where the body is read, so that whoever keeps parts of it can clear up.
                raise self._too_large()
            return message

        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) <= self._most:
            await self._app(scope, counted, send)
            return
        problem = problem_of(self._too_large())
        await answer(Request(scope), problem)(scope, receive, send)

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"The request is over the limit of {self._most:,} bytes.")
