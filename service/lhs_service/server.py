"""The process that serves: its address, its data folder, and how it ends."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager
from pathlib import Path

import typer
import uvicorn
from filelock import FileLock, Timeout

from lhs_evidence.errors import InputError, WorkspaceError
from lhs_service.app import create_app
from lhs_service.security import is_loopback
from lhs_service.settings import ServiceSettings

_SHUTDOWN_SECONDS = 5


def run(host: str, port: int, data: Path | None) -> None:
    """Serve until told to stop.

    Raises:
        InputError: The address is not this machine's own, or is taken.
        WorkspaceError: The data folder cannot be used, or another service uses it.
    """
    settings = ServiceSettings() if data is None else ServiceSettings(data=data)
    with _listening(host, port) as listener, _lock(settings.data):
        address = listener.getsockname()
        shown = f"[{address[0]}]" if ":" in address[0] else address[0]
        config = uvicorn.Config(
            create_app(settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        )
        typer.echo(f"Serving http://{shown}:{address[1]}/ from {settings.data}; Ctrl+C ends it.")
        try:
            uvicorn.Server(config).run(sockets=[listener])
        except KeyboardInterrupt:
            # Ctrl+C is how a person ends it; uvicorn has already shut everything down.
            typer.echo("Stopped.")


def _listening(host: str, port: int) -> socket.socket:
    """Return a listening socket; what a name stands for is looked up once and checked."""
    refused = InputError(
        f"{host!r} is not an address of this machine alone; without a sign-in, "
        "use 127.0.0.1, ::1 or localhost"
    )
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise refused from error
    family, _, _, _, address = found[0]
    if not host or not all(is_loopback(str(entry[4][0])) for entry in found):
        raise refused
    listener = socket.socket(family, socket.SOCK_STREAM)
    # A port just given up would otherwise stay refused for a minute.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen on {host} port {port}: {(error.strerror or str(error)).lower()}; "
            "choose another with --port"
        ) from error
    return listener


def _lock(data: Path) -> AbstractContextManager[object]:
    """Return the held lock of a data folder; it goes with the process, however that ends."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(data / ".lock").acquire(blocking=False)
    except Timeout as error:
        raise WorkspaceError(f"another service already works in {data}") from error
    except OSError as error:
        raise WorkspaceError(f"cannot use {data}: {error.strerror or error}") from error
