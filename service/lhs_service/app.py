"""The app: guards, routes and one worker, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from lhs_evidence.analyzer import Analyzer
from lhs_service import api, errors
from lhs_service.desk import Desk
from lhs_service.jobs import Catalogue, Worker
from lhs_service.security import BodySizeLimit, LoopbackHost, SameOriginWrites, SecurityHeaders
from lhs_service.settings import ServiceSettings
from lhs_service.web import pages

_DESCRIPTION = (
    "Finds, in an organization's own documents, the evidence for the shared commitments of a "
    "Learning Health System, and the gaps. Errors are answered as problem+json."
)


def create_app(settings: ServiceSettings, analyzer: Analyzer | None = None) -> FastAPI:
    """Return the app; its data folder is opened, and work begins, when it starts up."""
    analyzer = analyzer or Analyzer()
    catalogue = Catalogue(settings.data)
    worker = Worker(catalogue, analyzer, settings.attempts)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        catalogue.open()
        worker.start()
        try:
            yield
        finally:
            await run_sync(worker.stop)

    app = FastAPI(
        title="LHS Evidence",
        version=version("lhs-evidence"),
        description=_DESCRIPTION,
        openapi_url="/api/v1/openapi.json",
        # Their pages load scripts from elsewhere; the OpenAPI file serves any viewer.
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        # In the order a request meets them.
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(errors.LastResort),
            Middleware(LoopbackHost),
            Middleware(SameOriginWrites),
            Middleware(BodySizeLimit, most=settings.request_bytes),
        ],
    )
    app.state.desk = Desk(settings, analyzer.framework, catalogue, worker)
    errors.install(app)
    app.include_router(api.health)
    app.include_router(api.analyses)
    app.include_router(pages.router)
    api.install(app)
    app.mount("/static", _Static(directory=Path(pages.__file__).parent / "static"))
    return app


class _Static(StaticFiles):
    """Our own files; browsers keep them, and ask each time whether they have changed."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response
