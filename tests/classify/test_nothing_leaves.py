"""No passage reaches a tracing service, whatever the environment says."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

JUDGE = """
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from lhs_evidence.classify.judge import Judge
from lhs_evidence.framework import load_framework
from lhs_evidence.model import Passage
reply = '{"labels": [], "level": "none", "polarity": "supports"}'
passage = Passage("p", "d", 0, 6, "SECRET")
Judge(FakeListChatModel(responses=[reply]), load_framework()).judge(passage)
"""
RETRIEVER = """
import sys, pathlib, tempfile
from lhs_evidence.analyzer import Analyzer
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "a.md").write_text("SECRET words stand in this one paragraph of the policy.")
analyzer = Analyzer()
analyzer.ingest([folder / "a.md"], folder / "w")
with analyzer.retriever(folder / "w") as retriever:
    assert retriever.invoke("words of the policy")
"""
FLUSH = """
from langchain_core.tracers.langchain import wait_for_all_tracers
wait_for_all_tracers()
"""
PLAIN = """
from langchain_core.language_models.fake_chat_models import FakeListChatModel
FakeListChatModel(responses=["x"]).invoke("SECRET")
"""


@pytest.fixture
def tracing():
    """A tracing service on loopback, and the environment that points there."""
    calls = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            calls.append(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.send_response(202)
            self.end_headers()

        do_PATCH = do_GET = do_POST  # noqa: N815 - names that http.server looks for

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    settings = {"LANGSMITH_TRACING": "true", "LANGSMITH_API_KEY": "k"}
    yield calls, {**os.environ, **settings, "LANGSMITH_ENDPOINT": endpoint}
    server.shutdown()


def run(code, environment):
    command = [sys.executable, "-c", code + FLUSH]
    subprocess.run(command, env=environment, check=True, timeout=120, capture_output=True)


def test_the_service_would_have_heard(tracing):
    calls, environment = tracing
    run(PLAIN, environment)
    assert calls


@pytest.mark.parametrize("code", [JUDGE, RETRIEVER], ids=["judge", "retriever"])
def test_nothing_is_traced(tracing, code):
    calls, environment = tracing
    run(code, environment)
    assert calls == []
