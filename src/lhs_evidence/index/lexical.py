"""Search by words: SQLite's FTS5, with English stems and without accents."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.model import Passage

# More words than this are a pasted page, not a query; FTS5 refuses expressions without bound.
_MOST_WORDS = 64
_WORD = re.compile(r"\w+")

# The text itself is not kept: the index points, the store tells. Row numbers join the two tables
# and the rows of the dense index.
_TABLES = """
CREATE TABLE ids (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
CREATE VIRTUAL TABLE words USING fts5 (
    text, heading, title,
    content = '', tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
# A word of the text counts fully; one of the headings, shared by its neighbours, half; one of
# the document's title, shared by all of it, a quarter.
_SEARCH = """
SELECT rowid, -bm25(words, 1.0, 0.5, 0.25) AS score FROM words
WHERE words MATCH :words {among}
ORDER BY score DESC, rowid LIMIT :limit
"""
# The plus keeps SQLite from asking FTS5 for the words once for each of these rows, which takes
# seconds where there are thousands.
_AMONG = "AND +rowid IN (SELECT value FROM json_each(:among))"


class LexicalIndex:
    """Words of passages, and the ids that the rows of an index stand for.

    Attributes:
        ids: Passage id of each row.
    """

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[str]) -> None:
        self.ids = ids
        self._connection = connection
        self._lock = threading.Lock()

    @staticmethod
    def write(path: Path, passages: Sequence[Passage]) -> None:
        """Write an index whose rows are these passages, in order; raises `OSError`."""
        try:
            with closing(sqlite3.connect(path)) as connection:
                connection.executescript(
                    "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;" + _TABLES
                )
                connection.executemany(
                    "INSERT INTO ids VALUES (?, ?)",
                    ((row, passage.id) for row, passage in enumerate(passages)),
                )
                connection.executemany(
                    "INSERT INTO words (rowid, text, heading, title) VALUES (?, ?, ?, ?)",
                    (
                        (row, _storable(p.text), _storable(" ".join(p.heading)), _storable(p.title))
                        for row, p in enumerate(passages)
                    ),
                )
                connection.execute("INSERT INTO words (words) VALUES ('optimize')")
                connection.commit()
        except sqlite3.Error as error:
            raise OSError(f"{path}: {error}") from error

    @classmethod
    def read(cls, path: Path) -> LexicalIndex:
        """Open a written index; `IndexFaultError` where it is none.

        It stays open and whole though its folder is replaced meanwhile.
        """
        # Immutable: the file is never written again, so SQLite needs neither locks nor a journal.
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            try:
                rows = connection.execute("SELECT row, id FROM ids ORDER BY row").fetchall()
            except sqlite3.Error:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise IndexFaultError(f"{path} is not a lexical index") from error
        return cls(connection, [passage for _, passage in rows])

    def search(
        self, query: str, limit: int, among: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the rows that hold words of a query, with their BM25 score, best first.

        Any text is a query: it is read as words, and nothing in it is syntax. With `among`, only
        these rows are ranked: the filter comes before the cut at `limit`.
        """
        words = _expression(query)
        if not words or limit < 1:
            return []
        statement = _SEARCH.format(among="" if among is None else _AMONG)
        values = {"words": words, "limit": limit, "among": json.dumps(list(among or ()))}
        try:
            with self._lock:
                return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise IndexFaultError(f"the lexical index cannot be searched: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()


def _expression(query: str) -> str:
    """Return a query's words as an FTS5 expression: any of them, each quoted.

    A word is letters, digits and underscores only, so none can end its quotes.
    """
    words = dict.fromkeys(_WORD.findall(query.casefold()))
    return " OR ".join(f'"{word}"' for word in list(words)[:_MOST_WORDS])


def _storable(text: str) -> str:
    """Return the text without lone surrogates, which SQLite cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
