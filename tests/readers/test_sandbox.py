from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pptx
import psutil
import pytest

from lhs_evidence import readers
from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers import ReaderPool, SourceFile, read_document
from lhs_evidence.readers.isolation.sandbox import ReaderProcess
from lhs_evidence.settings import OcrSettings, ReadingLimits

from .scans import pictures, scan, set_type

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
        ("segfault", "SIGSEGV"),
        ("killed", "no memory left"),
        ("hang_up", "fell silent"),
        ("promise", "stopped after"),
        ("answer_twice", "nonsense or far too much"),
        ("answer_for_another", "nonsense or far too much"),
        ("ask_twice", "nonsense or far too much"),
        ("chat", "nonsense or far too much"),
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


@pytest.mark.parametrize("deed", ["dial", "dial_by_proxy", "count_limits"])
def test_the_kernel_holds_the_process(
    process: ReaderProcess, sources: dict[str, SourceFile], deed: str
) -> None:
    """Sockets are refused in C and in other programs, too, and no limit is left open."""
    assert process.read(sources[deed]).status is DocumentStatus.READY


@pytest.mark.parametrize("deed", ["helper_loop", "helper_exit"])
def test_what_a_process_started_ends_with_it(
    process: ReaderProcess, sources: dict[str, SourceFile], deed: str
) -> None:
    assert process.read(sources[deed]).status is DocumentStatus.FAILED
    lines = [other.info["cmdline"] for other in psutil.process_iter(["cmdline", "status"])]
    assert ["sleep", "987"] not in lines


@pytest.mark.parametrize("deed", ["flood", "promise"])
def test_a_flood_does_not_fill_the_parent(sources: dict[str, SourceFile], deed: str) -> None:
    process = ReaderProcess(LIMITS, MISBEHAVING)
    process.read(sources["ward"])
    before = psutil.Process().memory_info().rss
    process.read(sources[deed])
    assert psutil.Process().memory_info().rss - before < 20 << 20
    process.kill()


def test_signs_of_recognition_put_the_end_off_but_not_for_ever(
    sources: dict[str, SourceFile],
) -> None:
    limits = ReadingLimits(seconds=0.5, seconds_most=0.5)
    ocr = OcrSettings(seconds_per_page=0.5, seconds_most=1.0)
    process = ReaderProcess(limits, MISBEHAVING, ocr)
    process.read(sources["ward"])
    began = time.monotonic()
    made = process.read(sources["recognise_for_ever"])
    process.kill()
    assert made.status is DocumentStatus.READY
    assert "stopped after" in made.warnings[0]
    assert 1.5 < time.monotonic() - began < 6


def test_recognition_that_costs_the_process_does_not_cost_the_text(
    process: ReaderProcess, sources: dict[str, SourceFile]
) -> None:
    made = process.read(sources["recognise_badly"])
    assert made.status is DocumentStatus.READY
    assert made.text
    [remark] = made.warnings
    assert "(OCR) was turned off" in remark
    assert "SIGABRT" in remark


def test_signs_of_recognition_are_nonsense_where_there_is_none(
    sources: dict[str, SourceFile],
) -> None:
    process = ReaderProcess(LIMITS, MISBEHAVING, OcrSettings(mode="off"))
    made = process.read(sources["beckon"])
    process.kill()
    assert "nonsense" in made.reason


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
    for other in psutil.Process().children():
        other.kill()
        other.wait()
    assert process.read(sources["clinic"]).status is DocumentStatus.READY


def test_a_process_that_hangs_ends_with_a_parent_that_is_killed(
    sources: dict[str, SourceFile], tmp_path: Path
) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from lhs_evidence.readers import ReaderPool, SourceFile\n"
        "from lhs_evidence.settings import ReadingLimits\n"
        "sources = [SourceFile(Path(name), Path(name).name) for name in sys.argv[3:]]\n"
        "command = [sys.executable, '-P', sys.argv[2]]\n"
        "with ReaderPool(ReadingLimits(), 1, command=command) as pool:\n"
        "    for made in pool.read(sources):\n"
        "        print(made.status, flush=True)\n"
    )
    names = [str(sources[name].path) for name in ("ward", "sleep")]
    command = [sys.executable, str(script), "-", MISBEHAVING[-1], *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        parent.kill()
    assert children
    assert psutil.wait_procs(children, timeout=10)[1] == []


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
        "from lhs_evidence.readers import read_document\n"
        "from lhs_evidence.readers.isolation import child\n"
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


@pytest.fixture(scope="module")
def one_of_each(tmp_path_factory: pytest.TempPathFactory) -> list[SourceFile]:
    """A file of every kind that is read here, made with other software than the readers'."""
    folder = tmp_path_factory.mktemp("kinds")
    sentence = "Every fall is reviewed within one day."
    word, sheet, show = docx.Document(), openpyxl.Workbook(), pptx.Presentation()
    word.add_paragraph(sentence)
    word.save(folder / "a.docx")
    sheet.active.append([sentence])
    sheet.save(folder / "a.xlsx")
    show.slides.add_slide(show.slide_layouts[5]).shapes.title.text = sentence
    show.save(str(folder / "a.pptx"))
    set_type(folder / "a.pdf", sentence)
    scan(folder / "scan.pdf", pictures("#set page(width: 300pt, height: 90pt)\n" + sentence))
    (folder / "a.html").write_text(f"<html><body><main><p>{sentence}</p></main></body></html>")
    (folder / "a.eml").write_text(f"From: a@b.org\nSubject: Falls\nDate: x\n\n{sentence}\n")
    (folder / "a.csv").write_text(f"Text,Number\n{sentence},1\n")
    (folder / "a.md").write_text(f"# Falls\n\n{sentence}\n")
    (folder / "a.txt").write_text(sentence)
    return [SourceFile(path, path.name) for path in sorted(folder.iterdir())]


def test_the_child_brings_no_models_along(one_of_each: list[SourceFile], tmp_path: Path) -> None:
    """Nothing heavy is imported, not even by the parsers, whatever is read."""
    script = tmp_path / "modules.py"
    script.write_text(
        "import os, sys\n"
        "from lhs_evidence.readers import read_document\n"
        "from lhs_evidence.readers.isolation import child\n"
        "heavy = {'torch', 'faiss', 'spacy', 'sklearn', 'openvino', 'numpy', 'PIL', 'pandas'}\n"
        "def read(*it):\n"
        "    made = read_document(*it)\n"
        "    return made if not any(map(sys.modules.get, heavy)) else os._exit(98)\n"
        "child.serve(read)\n"
    )
    with ReaderPool(ReadingLimits(), 1, command=[sys.executable, "-P", str(script)]) as pool:
        made = list(pool.read(one_of_each))
    unread = {document.name: document.reason for document in made if not document.status.has_text}
    assert unread == ({} if shutil.which("tesseract") else {"scan.pdf": unread.get("scan.pdf")})


def test_no_reader_asks_for_what_is_kept_out_of_the_child() -> None:
    """Such a call fails in the child only, and only for the files that come to it."""
    asking = re.compile(r"to_numpy|to_pil|^\s*(?:import|from) (?:numpy|PIL|pandas)\b", re.MULTILINE)
    files = list(Path(readers.__file__).parent.rglob("*.py"))
    assert len(files) > 30
    assert [path.name for path in files if asking.search(path.read_text())] == []


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
