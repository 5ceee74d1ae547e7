"""`serve`: the service and its pages, for the people on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; of this machine only.")] = (
        "127.0.0.1"
    ),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any that is free.")
    ] = 8000,
    data: Annotated[
        Path | None,
        typer.Option(
            file_okay=False,
            help="Folder for uploads and reports (default: this user's data folder).",
        ),
    ] = None,
) -> None:
    """Serve upload, progress and gap reports in a browser, and the same as an API.

    There is no sign-in yet, so only addresses of this machine itself are accepted.
    """
    # The service brings FastAPI and the pipeline with it; `--help` must not wait for them.
    from lhs_service.server import run  # noqa: PLC0415

    run(host, port, data)
