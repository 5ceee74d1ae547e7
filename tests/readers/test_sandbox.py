from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers import ReaderPool, SourceFile, read_document
from lhs_evidence.readers.sandbox import ReaderProcess
from lhs_evidence.settings import ReadingLimits

MISBEHAVING = (sys.executable, "-P", str(Path(__file__).with_name("misbehaving.py")))
LIMITS = ReadingLimits(seconds=2.0, memory_bytes=600 << 20)


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, SourceFile]:
    """A plain file for each deed, asked for by name."""

    class Sources(dict[str, SourceFile]):
        def __missing__(self, name: str) -> SourceFile:
            path = tmp_path / f"{name}.txt"
            path.write_text(f"Every fall in {name} is reviewed within one day.")
            return SourceFile(path, f"{name}.txt")

    return Sources()


@pytest.fixture
def process() -> Iterator[ReaderProcess]:
    process = ReaderProcess(LIMITS, MISBEHAVING)
    yield process
    process.kill()


@pytest.mark.parametrize(
    ("deed", "reason"),
    [
        ("loop", "stopped after"),
        ("sleep", "stopped after"),
        ("abort", "SIGABRT"),
        ("exit139", "exit status 139"),
        ("flood", "nonsense or far too much"),
        ("escape", "exit status 7"),
    ],
)
def test_a_bad_file_costs_itself_and_not_the_next(
    process: ReaderProcess, sources: dict[str, SourceFile], deed: str, reason: str
) -> None:
    bad, good = process.read(sources[deed]), process.read(sources["ward"])
    assert bad.status is DocumentStatus.FAILED
    assert reason in bad.reason
    assert len(bad.sha256) == 64
    assert good == read_document(sources["ward"], LIMITS)


def test_memory_is_limited(process: ReaderProcess, sources: dict[str, SourceFile]) -> None:
    assert process.read(sources["devour"]).status is DocumentStatus.FAILED
    assert process.read(sources["ward"]).status is DocumentStatus.READY


def test_what_a_parser_prints_goes_nowhere(
    process: ReaderProcess, sources: dict[str, SourceFile]
) -> None:
    assert process.read(sources["chatter"]).status is DocumentStatus.READY


def test_nothing_is_written_and_nobody_is_called(
    process: ReaderProcess, sources: dict[str, SourceFile]
) -> None:
    assert process.read(sources["write"]).status is DocumentStatus.FAILED
    assert process.read(sources["connect"]).status is DocumentStatus.FAILED
    written = sources["write"].path.with_suffix(".out")
    assert not written.exists() or written.read_text() == ""


def test_a_process_killed_between_documents_is_replaced_in_silence(
    process: ReaderProcess, sources: dict[str, SourceFile]
) -> None:
    process.read(sources["ward"])
    for child in psutil.Process().children():
        child.kill()
        child.wait()
    assert process.read(sources["clinic"]).status is DocumentStatus.READY


def test_a_process_that_cannot_start_is_a_reason_not_an_error(
    sources: dict[str, SourceFile],
) -> None:
    for command in (["/no/such/program"], [sys.executable, "-c", "raise SystemExit(3)"]):
        made = ReaderProcess(LIMITS, command).read(sources["ward"])
        assert "could not be started" in made.reason


def test_long_documents_get_more_time(sources: dict[str, SourceFile], tmp_path: Path) -> None:
    """A process that announces 100 pages is not stopped at the limit for none."""
    script = tmp_path / "slow.py"
    script.write_text(
        "import time\n"
        "from lhs_evidence.readers import child, read_document\n"
        "child._pages = lambda path: 100\n"
        "child.serve(lambda *it: time.sleep(1.5) or read_document(*it))\n"
    )
    limits = ReadingLimits(seconds=0.8, seconds_per_page=0.2)
    process = ReaderProcess(limits, [sys.executable, "-P", str(script)])
    made = process.read(sources["ward"])
    process.kill()
    assert made.status is DocumentStatus.READY


def test_the_pool_keeps_order_through_crashes(sources: dict[str, SourceFile]) -> None:
    wanted = ["one", "abort", "two", "exit139", "three", "loop", "four", "five"]
    with ReaderPool(LIMITS, 2, command=MISBEHAVING) as pool:
        made = list(pool.read([sources[name] for name in wanted]))
    assert [document.name for document in made] == [f"{name}.txt" for name in wanted]
    failed = [document.name for document in made if document.status is DocumentStatus.FAILED]
    assert failed == ["abort.txt", "exit139.txt", "loop.txt"]


def test_the_real_child_reads_what_this_process_reads(sources: dict[str, SourceFile]) -> None:
    wanted = [sources["one"], sources["two"]]
    with ReaderPool(ReadingLimits(), 1) as pool:
        assert list(pool.read(wanted)) == [read_document(s, ReadingLimits()) for s in wanted]


def test_the_child_brings_no_models_along(sources: dict[str, SourceFile], tmp_path: Path) -> None:
    script = tmp_path / "modules.py"
    script.write_text(
        "import sys\n"
        "from lhs_evidence.readers import child, read_document\n"
        "heavy = {'torch', 'faiss', 'spacy', 'sklearn', 'openvino', 'numpy'} & set(sys.modules)\n"
        "child.serve(read_document) if not heavy else sys.exit(1)\n"
    )
    process = ReaderProcess(LIMITS, [sys.executable, "-P", str(script)])
    made = process.read(sources["ward"])
    process.kill()
    assert made.status is DocumentStatus.READY


def test_leaving_the_pool_early_ends_its_processes(sources: dict[str, SourceFile]) -> None:
    before = set(psutil.Process().children())
    began = time.monotonic()
    with ReaderPool(ReadingLimits(), 2, command=MISBEHAVING) as pool:
        documents: Iterator[Document] = pool.read(
            [sources[name] for name in ("one", "sleep", "loop", "two")]
        )
        next(documents)
    assert time.monotonic() - began < 20
    assert set(psutil.Process().children()) <= before


@pytest.mark.timing
def test_an_ordinary_file_costs_little_more_than_its_reading(
    sources: dict[str, SourceFile],
) -> None:
    wanted = [sources[f"ward{number}"] for number in range(30)]
    with ReaderPool(ReadingLimits(), 1) as pool:
        list(pool.read(wanted[:1]))
        times = []
        for source in wanted:
            began = time.monotonic()
            list(pool.read([source]))
            times.append(time.monotonic() - began)
    # The quicker files tell of the pool, the slower ones of what else the machine is doing.
    assert sorted(times)[len(times) // 4] < 0.03
