"""A real server on a loopback port, and what tests upload to it."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import httpx
import pytest
import uvicorn

from lhs_evidence.analyzer import Analyzer
from lhs_service.app import create_app
from lhs_service.settings import ServiceSettings

POLICY = """# Incident reporting

Staff report every incident and near miss within 24 hours. A committee reviews each report and
decides what changes.

## Results

In 2025 the rate of falls with harm was 1.9 per 1,000 bed days; the target is below 2.0.
"""


@contextmanager
def serving(settings, analyzer=None):
    """Serve an app in a thread, stopped as a process is stopped."""
    config = uvicorn.Config(create_app(settings, analyzer), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _until(lambda: server.started or not thread.is_alive())
        [listener] = server.servers[0].sockets
        port = listener.getsockname()[1]
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield SimpleNamespace(client=client, port=port, data=settings.data)
    finally:
        server.should_exit = True
        thread.join(30)


def _until(condition, seconds=90.0):
    """Wait for a condition and return what it came to."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not so after {seconds} seconds")


def _finished(client, location):
    """Wait for an analysis to be over and return it."""

    def look():
        found = client.get(location).json()
        return found if found["state"] in ("done", "failed") else None

    return _until(look)


def _multipart(*names, content=None):
    """Return files for a form, all with the same content."""
    content = POLICY.encode() if content is None else content
    return [("files", (name, content, "application/octet-stream")) for name in names]


@pytest.fixture(scope="session")
def policy():
    """The text of a small policy."""
    return POLICY


@pytest.fixture(scope="session")
def until():
    """Wait for a condition."""
    return _until


@pytest.fixture(scope="session")
def finished():
    """Wait for an analysis to be over."""
    return _finished


@pytest.fixture(scope="session")
def multipart():
    """Make files for a form."""
    return _multipart


@pytest.fixture(scope="session")
def analyzer():
    return Analyzer()


@pytest.fixture(scope="module")
def service(tmp_path_factory, analyzer):
    """A server with ordinary limits and real models."""
    with serving(ServiceSettings(data=tmp_path_factory.mktemp("service")), analyzer) as running:
        yield running


@pytest.fixture(scope="module")
def strict(tmp_path_factory, analyzer):
    """A server with limits so small that tests can go over them."""
    settings = ServiceSettings(
        data=tmp_path_factory.mktemp("strict"),
        file_bytes=2_000,
        files=3,
        request_bytes=9_000,
        stall_seconds=0.4,
    )
    with serving(settings, analyzer) as running:
        yield running
