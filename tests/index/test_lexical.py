import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.index.lexical import LexicalIndex
from lhs_evidence.model import Passage

HOSTILE = (
    "",
    " \t\n",
    '"',
    '""""',
    "'; DROP TABLE ids; --",
    "NEAR(nurses report, 2)",
    "nurses AND",
    "OR OR NOT",
    "text : nurses",
    "{text heading} : x",
    "- col : *",
    "*",
    "nurs*",
    "^nurses",
    "a + b",
    "(((",
    "\x00nurses\x00",
    "\ud800",
    "\N{GRINNING FACE}",
    "_",
    "\u0301\u0301",
    "%s {0} :words ?1",
    "word " * 100_000,
    "x" * 1_000_000,
    " ".join(f"w{number}" for number in range(10_000)),
)


def passage(number, text, heading=(), title=""):
    return Passage(f"psg_{number}", "doc", 0, len(text), text, heading, title)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("lexical") / "lexical.sqlite"
    LexicalIndex.write(
        path,
        [
            passage(0, "Nurses report every near miss."),
            passage(1, "Lunch is served at noon.", heading=("Near miss reporting",)),
            passage(2, "Équité: interpreters speak Español.", title="Reporting"),
            passage(3, "NOT a line about AND or OR."),
            passage(4, "A lone surrogate \ud800 and a nul \x00 byte."),
            passage(5, ""),
        ],
    )
    return LexicalIndex.read(path)


def rows(index, query, **options):
    return [row for row, _ in index.search(query, options.pop("limit", 10), **options)]


def test_inflected_words_are_found(index):
    assert rows(index, "the nurse who reported it")[0] == 0


def test_words_of_the_text_count_more_than_those_of_headings(index):
    assert rows(index, "near miss") == [0, 1]
    assert rows(index, "reporting") == [0, 1, 2]


def test_accents_and_case_do_not_matter(index):
    assert rows(index, "EQUITE espanol") == [2]


def test_operators_are_words(index):
    assert rows(index, "NOT") == [3]
    assert rows(index, "lunch NOT noon")[0] == 1


def test_the_filter_comes_before_the_cut(index):
    assert rows(index, "near miss", limit=1, among={1}) == [1]
    assert rows(index, "near miss", among=set()) == []


def test_scores_fall_along_the_result(index):
    scores = [score for _, score in index.search("near miss report noon", 10)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_never_raise(index, query):
    assert len(index.search(query, 10)) <= 6


@settings(deadline=None)
@given(st.text() | st.text(alphabet="\"'*^:-+(){}ANDORNOT nurse\x00"))
def test_no_text_is_syntax(index, query):
    index.search(query, 10, {0, 1})


def test_no_limit_gives_nothing(index):
    assert index.search("nurses", 0) == []
    assert index.search("nurses", -1) == []


def test_the_text_itself_is_not_kept(tmp_path):
    LexicalIndex.write(tmp_path / "l", [passage(0, "zebrafinch quicksilver")])
    assert b"zebrafinch quicksilver" not in (tmp_path / "l").read_bytes()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00 and then nothing", b"x" * 9000])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "l").write_bytes(content)
    with pytest.raises(IndexFaultError):
        LexicalIndex.read(tmp_path / "l")


def test_a_missing_file_is_refused_and_not_made(tmp_path):
    with pytest.raises(IndexFaultError):
        LexicalIndex.read(tmp_path / "l")
    assert list(tmp_path.iterdir()) == []
