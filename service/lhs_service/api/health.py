"""Whether the service answers; touches neither disk nor models."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from lhs_service.api.models import Health

router = APIRouter(tags=["service"])
_HEALTH = Health(status="ok", version=version("lhs-evidence"))


@router.get("/health", summary="Say that the service answers")
async def health() -> Health:
    """Answer at once, whatever else is going on."""
    return _HEALTH
