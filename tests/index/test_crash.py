"""Killing real processes while they write an index."""

import random
import signal
import subprocess
import sys
import time

import pytest

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.index import PassageIndex

# Builds two indexes in the same folder in turn, for ever; says so before it begins.
BUILDER = """
import sys
from pathlib import Path
import numpy as np
from lhs_evidence.index import PassageIndex
from lhs_evidence.model import Passage

def content(name, count):
    passages = [Passage(f"psg_{name}_{n}", "doc", n, n + 1, f"{name} {n}") for n in range(count)]
    return passages, np.eye(count, 64, dtype=np.float32)

directory = Path(sys.argv[1])
old, new = content("old", 400), content("new", 500)
for each in (old, new):
    print(PassageIndex.build(directory, *each, "encoder").fingerprint, flush=True)
while True:
    PassageIndex.build(directory, *old, "encoder").close()
    PassageIndex.build(directory, *new, "encoder").close()
"""


@pytest.mark.slow
def test_a_killed_builder_leaves_the_old_index_or_the_new_one(tmp_path):
    found = []
    rng = random.Random(20)
    for run in range(20):
        directory = tmp_path / str(run) / "index"
        process = subprocess.Popen(
            [sys.executable, "-c", BUILDER, str(directory)], stdout=subprocess.PIPE, text=True
        )
        fingerprints = [process.stdout.readline().strip() for _ in range(2)]
        time.sleep(rng.uniform(0.0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found.append(whole(directory, fingerprints))
    assert set(found) == {400, 500}  # both have been met, so that the kills came at many moments


def whole(directory, fingerprints):
    """Return the size of the one index that can be opened, after searching it."""
    for fingerprint in fingerprints:
        try:
            with PassageIndex.open(directory, expected=fingerprint) as index:
                assert len(index.lexical("old new", limit=1000)) == len(index)
                return len(index)
        except IndexFaultError as error:
            if "other passages" not in str(error):
                raise
    raise AssertionError(f"no whole index in {directory}")
