"""No request is larger than its limit, whatever it says of its own size.

A Content-Length over the limit is refused before a byte is looked at; a body without one, or one
that lies, is refused at the byte that is too many.
"""

from __future__ import annotations

import anyio
from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lhs_service.errors import answer, problem_of

# A client that is cut off while it sends sees a broken connection and not the reason. What it
# still sends after a refusal is therefore taken and dropped, for this long at most.
_DRAIN_SECONDS = 3.0
_REFUSED = 400
_STALLED = 408


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
        headers = Headers(scope=scope)
        declared = headers.get("content-length", "0")
        body = _Body(receive, self._most)
        body.ended = declared == "0" and "transfer-encoding" not in headers

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= _REFUSED:
                await body.drop_rest(patient=message["status"] != _STALLED)
            await send(message)

        try:
            if not declared.isdecimal() or int(declared) > self._most:
                raise body.too_large()
            await self._app(scope, body.receive, answered)
        except HTTPException as error:
            await answer(Request(scope), problem_of(error))(scope, receive, answered)


class _Body:
    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most = most
        self._size = 0
        self.ended = False

    def too_large(self) -> HTTPException:
        return HTTPException(413, f"The request is over the limit of {self._most:,} bytes.")

    async def receive(self) -> Message:
        message = await self._next()
        self._size += len(message.get("body", b""))
        if self._size > self._most:
            raise self.too_large()
        return message

    async def drop_rest(self, *, patient: bool) -> None:
        with anyio.move_on_after(_DRAIN_SECONDS if patient else 0):
            while not self.ended:
                await self._next()

    async def _next(self) -> Message:
        message = await self._receive()
        self.ended = message["type"] != "http.request" or not message.get("more_body", False)
        return message
