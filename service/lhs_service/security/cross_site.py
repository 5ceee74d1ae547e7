"""Other sites cannot make a browser change anything here (cross-site request forgery).

Browsers say where a request comes from, in Sec-Fetch-Site and Origin. Ports do not part sites, so
`same-site` may be any other program of this machine: only `same-origin` counts, and `none`, which
is a person's own doing. Programs that are no browsers send neither header and are let through;
nobody can be tricked into sending their requests.
"""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from lhs_service.errors import Problem, answer

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class SameOriginWrites:
    """Refuses requests that change something and come from another origin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on unless another origin asks for a change."""
        if scope["type"] != "http" or _is_own(Request(scope)):
            await self._app(scope, receive, send)
            return
        problem = Problem(403, "Another site asked for this; nothing was changed.")
        await answer(Request(scope), problem)(scope, receive, send)


def _is_own(request: Request) -> bool:
    if request.method in _READING:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.headers.get('host')}"
