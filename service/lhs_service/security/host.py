"""Only requests that name this machine are answered.

A page on the internet can point a host name of its own at 127.0.0.1 (DNS rebinding); the browser
then lets that page read whatever a local service answers. The name stays in the Host header.
"""

from __future__ import annotations

import ipaddress
import re

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lhs_service.errors import Problem, answer

_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[^:\[\]]+))(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Return whether a host, without port or brackets, can only be this machine itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class LoopbackHost:
    """Refuses requests whose Host header is missing, repeated or not a loopback name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if it names this machine."""
        if scope["type"] != "http" or self._is_local(scope):
            await self._app(scope, receive, send)
            return
        problem = Problem(421, "This service answers only to the names of this machine itself.")
        await answer(Request(scope), problem)(scope, receive, send)

    @staticmethod
    def _is_local(scope: Scope) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not (found := _AUTHORITY.fullmatch(hosts[0])):
            return False
        return is_loopback(found["v6"] or found["name"])
