"""From a form to a queued analysis; the API and the pages both come through here."""

from __future__ import annotations

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.exceptions import HTTPException

from lhs_evidence.framework import Framework
from lhs_service.desk import Desk
from lhs_service.jobs import Analysis
from lhs_service.uploads import Upload, receive_upload

_MOST_CHARACTERS = 200
UNNAMED = "Unnamed organization"


async def take_in(request: Request, desk: Desk) -> Analysis:
    """Receive an upload, check it and queue it; a refused one leaves nothing behind.

    Raises:
        HTTPException: 4xx with a reason.
    """
    with desk.catalogue.incoming() as incoming:
        upload = await receive_upload(request, incoming.folder.uploads, desk.settings)
        organization = _organization(upload)
        kind = _kind(upload, desk.framework)
        if not upload.files:
            raise HTTPException(422, "No files were sent; choose at least one.")
        analysis = await run_sync(desk.catalogue.add, incoming, upload, organization, kind)
    desk.worker.submit(analysis.id)
    return analysis


def _organization(upload: Upload) -> str:
    given = upload.fields.get("organization", "")
    name = " ".join("".join(c if c.isprintable() else " " for c in given).split())
    if len(name) > _MOST_CHARACTERS:
        raise HTTPException(
            422, f"The organization's name is over {_MOST_CHARACTERS} characters long."
        )
    return name or UNNAMED


def _kind(upload: Upload, framework: Framework) -> str:
    known = [kind.id for kind in framework.kinds]
    kind = upload.fields.get("kind") or known[0]
    if kind not in known:
        raise HTTPException(
            422, f"{kind[:50]!r} is no known kind of organization; known are {', '.join(known)}."
        )
    return kind
