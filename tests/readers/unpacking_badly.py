"""A process that opens containers and does what the name of the container tells it to."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from lhs_evidence.readers.archives.unpack import Answer, Task, serve, unpacked
from lhs_evidence.settings import ReadingLimits


def misbehave(task: Task, limits: ReadingLimits) -> Iterator[Answer]:
    deed = Path(task.name).stem
    if deed == "outside":
        yield {"kind": "archive"}
        yield {"member": "passwd", "file": "../../etc/passwd"}
    if deed == "link":
        (task.folder / "1").symlink_to("/etc/passwd")
        yield {"member": "passwd", "file": "1"}
    answers = unpacked(task, limits)
    if deed in ("hang", "abort"):
        yield next(answers)
        yield next(answers)
    if deed == "hang":
        time.sleep(600)
    if deed == "abort":
        os.abort()
    yield from answers


if __name__ == "__main__":
    serve(misbehave)
