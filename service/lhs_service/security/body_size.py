"""No request is larger than its limit, whatever it says of its own size.

A Content-Length over the limit is refused before a byte is read; a body without one, or one that
lies, is refused at the byte that is too many.
"""

from __future__ import annotations

import anyio
from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lhs_service.errors import answer, problem_of

# A client that is cut off while it sends rarely reads the answer; it gets this long to finish.
_DRAIN_SECONDS = 3.0


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
        body = _Counted(receive, self._most)
        try:
            declared = Headers(scope=scope).get("content-length", "0")
            if not declared.isdecimal() or int(declared) > self._most:
                raise body.too_large()
            await self._app(scope, body.receive, send)
        except HTTPException as error:
            await answer(Request(scope), problem_of(error))(scope, receive, send)
        await body.drain()


class _Counted:
    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._size = 0
        self._refused = False
        self._ended = False

    def too_large(self) -> HTTPException:
        self._refused = True
        return HTTPException(413, f"The request is over the limit of {self._most:,} bytes.")

    async def receive(self) -> Message:
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            raise self.too_large()
        return message

    async def drain(self) -> None:
        """Take and drop what a refused client still sends, for a short while."""
        if not self._refused:
            return
        with anyio.move_on_after(_DRAIN_SECONDS):
            while not self._ended:
                message = await self._receive()
                self._ended = message["type"] != "http.request" or not message.get("more_body")
