"""Converting once, and never meeting a torn conversion."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from lhs_evidence.encoders import conversion, load_encoder
from lhs_evidence.settings import EncoderSettings

TEXT = "Nurses report every near miss."
OPENVINO = EncoderSettings(backend="openvino")
LOAD = (
    "import sys; from pathlib import Path; from lhs_evidence.encoders import load_encoder;"
    "from lhs_evidence.settings import EncoderSettings;"
    "e = load_encoder(EncoderSettings(backend='openvino'), Path(sys.argv[1]));"
    "v = e.encode(['Nurses report every near miss.'])[0];"
    "print(*v[:4], 'torch' in sys.modules, 'transformers' in sys.modules)"
)


def start(cache):
    return subprocess.Popen(
        [sys.executable, "-c", LOAD, str(cache)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def warm(request, tmp_path):
    """A cache that holds a converted model, for this test alone."""
    shared = request.config.cache.mkdir("lhs-evidence")
    load_encoder(OPENVINO, shared)
    (folder,) = shared.glob("openvino-*")
    cache = tmp_path / "cache"
    (cache / folder.name).mkdir(parents=True)
    for file in folder.iterdir():
        (cache / folder.name / file.name).write_bytes(file.read_bytes())
    return cache


def test_a_warm_start_needs_no_torch_and_says_nothing(warm):
    process = start(warm)
    out, err = process.communicate()
    assert out.split()[4:] == ["False", "False"]
    assert err == ""


@pytest.mark.slow
def test_a_cold_start_says_nothing_and_gives_the_vectors_of_a_warm_one(tmp_path):
    cold, err = start(tmp_path).communicate()
    warm, _ = start(tmp_path).communicate()
    assert err == ""
    assert cold.split()[:4] == warm.split()[:4]
    assert [path.name[:9] for path in tmp_path.glob("*openvino*")] == ["openvino-"]


@pytest.mark.slow
def test_concurrent_first_starts_leave_one_whole_model(tmp_path):
    processes = [start(tmp_path) for _ in range(3)]
    results = [process.communicate() for process in processes]
    assert all(process.returncode == 0 for process in processes), results
    assert len({out.split()[0] for out, _ in results}) == 1
    (kept,) = tmp_path.glob("*openvino*")
    assert conversion._is_whole(kept, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["model.bin", "model.xml", "conversion.json"])
def test_a_torn_conversion_is_made_anew(warm, file):
    expected = load_encoder(OPENVINO, warm).encode([TEXT])
    (kept,) = warm.glob("openvino-*")
    os.truncate(kept / file, (kept / file).stat().st_size // 2)
    assert np.array_equal(load_encoder(OPENVINO, warm).encode([TEXT]), expected)
    assert conversion._is_whole(kept, warm)
    assert len(list(warm.glob("*openvino*")) + list(warm.glob(".openvino*"))) == 1


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path, warm):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    found = load_encoder(OPENVINO, blocked).encode([TEXT])
    assert np.abs(found - load_encoder(OPENVINO, warm).encode([TEXT])).max() < 1e-6


def test_what_killed_converters_left_is_swept_after_an_hour(tmp_path):
    for name, age in (("old", 7200), ("new", 60)):
        folder = tmp_path / f".openvino-{name}"
        folder.mkdir()
        (folder / "model.bin").write_bytes(b"half")
        os.utime(folder, (time.time() - age,) * 2)
    conversion._sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [".openvino-new"]
