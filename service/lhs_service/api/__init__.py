"""The API, version 1: everything the pages do, for programs."""

from lhs_service.api.analyses import router as analyses
from lhs_service.api.description import install
from lhs_service.api.health import router as health

__all__ = ["analyses", "health", "install"]
