"""Jobs outlive the process that does them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest
from filelock import FileLock

from lhs_evidence.errors import InputError, WorkspaceError
from lhs_service.jobs import Catalogue, State, Worker
from lhs_service.server import run
from lhs_service.uploads import Upload
from lhs_service.uploads.receive import ReceivedFile


@pytest.fixture
def queued(tmp_path, policy):
    """A catalogue with one analysis in it, as an upload leaves it."""
    catalogue = Catalogue(tmp_path)
    catalogue.open()
    with catalogue.incoming() as incoming:
        path = incoming.folder.uploads / "00000"
        path.write_text(policy)
        upload = Upload([ReceivedFile("policy.md", path, len(policy))])
        analysis = catalogue.add(incoming, upload, "Kestrel", "hospital")
    return catalogue, analysis.id


def _reopened(data):
    catalogue = Catalogue(data)
    catalogue.open()
    return catalogue


def test_what_was_running_is_done_after_a_restart(tmp_path, queued, analyzer, until):
    catalogue, identity = queued
    catalogue.update(identity, state=State.RUNNING, attempts=1)
    again = _reopened(tmp_path)
    worker = Worker(again, analyzer)
    worker.start()
    done = until(lambda: (found := again.find(identity)).state.is_over and found)
    worker.stop()
    assert (done.state, done.attempts, done.reason) == (State.DONE, 2, "")
    assert _reopened(tmp_path).find(identity) == done


def test_what_ended_the_service_three_times_has_failed(tmp_path, queued, analyzer):
    catalogue, identity = queued
    catalogue.update(identity, state=State.RUNNING, attempts=3)
    again = _reopened(tmp_path)
    worker = Worker(again, analyzer, attempts=3)
    worker.start()
    worker.stop()
    assert again.find(identity).state is State.FAILED
    assert "3 times" in again.find(identity).reason


def test_a_stop_is_not_an_attempt(queued, analyzer):
    catalogue, identity = queued
    worker = Worker(catalogue, analyzer)
    worker._stopping.set()
    worker._work(identity)
    assert (catalogue.find(identity).state, catalogue.find(identity).attempts) == ("queued", 0)


def test_what_was_deleted_does_not_come_back(tmp_path, queued):
    catalogue, identity = queued
    catalogue.update(identity, state=State.RUNNING)
    assert catalogue.delete(identity)
    folder = catalogue.folder(identity).path
    assert folder.exists()
    assert _reopened(tmp_path).find(identity) is None
    assert not folder.exists()


def test_a_torn_upload_and_a_damaged_record_harm_nothing(tmp_path, queued):
    _, identity = queued
    (tmp_path / "incoming" / "torn").mkdir()
    damaged = tmp_path / "analyses" / ("f" * 32)
    damaged.mkdir()
    (damaged / "job.json").write_text('{"id": ')
    again = _reopened(tmp_path)
    assert [item.id for item in again.all()] == [identity]
    assert not list((tmp_path / "incoming").iterdir())
    assert damaged.exists()


def test_a_fault_says_why_and_not_where(tmp_path, queued, analyzer):
    catalogue, identity = queued
    (catalogue.folder(identity).uploads / "policy.md").unlink()
    worker = Worker(catalogue, analyzer)
    worker._work(identity)
    failed = catalogue.find(identity)
    assert failed.state is State.FAILED
    assert "could not be used" in failed.reason
    assert str(tmp_path) not in failed.reason


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "", "192.0.2.1"])
def test_only_this_machine_is_served(tmp_path, host):
    with pytest.raises(InputError, match="of this machine alone"):
        run(host, 0, tmp_path)


def test_a_taken_port_is_said(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port}: .*--port"):
            run("127.0.0.1", port, tmp_path)


def test_a_data_folder_has_one_service(tmp_path):
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(WorkspaceError, match="another service"),
    ):
        run("127.0.0.1", 0, tmp_path)


def test_the_command_is_light():
    heavy = "{'fastapi', 'uvicorn', 'pydantic', 'numpy', 'torch'} & set(sys.modules)"
    code = f"import sys, lhs_service.command; sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _start(data, until):
    command = [sys.executable, "-m", "lhs_evidence.cli.main", "serve", "--port", "0"]
    process = subprocess.Popen([*command, "--data", data], stdout=subprocess.PIPE, text=True)
    url = re.search(r"http://\S+", process.stdout.readline()).group()
    client = httpx.Client(base_url=url, timeout=30)
    until(lambda: _answers(client), 30)
    return process, client


def _answers(client):
    try:
        return client.get("/health").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_a_killed_service_takes_up_its_job_again(tmp_path, multipart, finished, until):
    process, client = _start(tmp_path, until)
    try:
        names = [f"policy-{number}.md" for number in range(30)]
        location = client.post("/api/v1/analyses", files=multipart(*names)).headers["location"]
        until(lambda: client.get(location).json()["state"] == "running")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process, client = _start(tmp_path, until)
        done = finished(client, location)
        assert done["state"] == "done", done["reason"]
        assert len(done["summary"]["documents"]) == 30
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
