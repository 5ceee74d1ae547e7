"""One database connection, set up for durability, and brought to this program's schema.

SQLite before 3.51.3 can lose committed writes in WAL mode, so a rollback journal is used, with
every commit flushed to disk. Transactions are begun by us and not by the driver, which would
otherwise commit before DDL and leave half of a migration behind when the process is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from lhs_evidence.errors import WorkspaceError

# The newest revision in migrations/versions; known here so that opening a workspace that is up to
# date does not load Alembic.
SCHEMA_REVISION = "0002"

_MIGRATIONS = Path(__file__).parent / "migrations"
_VERSION_TABLE = "alembic_version"
_BUSY_MILLISECONDS = 30_000
_PRAGMAS = (
    f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=FULL",
)


def connect(url: str | URL) -> Engine:
    """Return an engine for a database URL; nothing is opened yet."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def writing(engine: Engine) -> Engine:
    """Return an engine of the same connections whose transactions take the write lock at once.

    A transaction that reads first and then writes would be refused without waiting if another
    process wrote in between.
    """
    return engine.execution_options(writes=True)


@contextmanager
def faults_named(where: str) -> Iterator[None]:
    """Turn every fault of the database under `where` into one sentence.

    Raises:
        WorkspaceError: The database refused, or a row does not hold what it should.
    """
    try:
        yield
    except DBAPIError as fault:
        raise WorkspaceError(f"the workspace {where} cannot be used: {fault.orig}") from fault
    except (SQLAlchemyError, sqlite3.Error) as fault:
        raise WorkspaceError(f"the workspace {where} cannot be used: {fault}") from fault
    except ValidationError as fault:
        raise WorkspaceError(
            f"the workspace {where} holds a damaged row ({fault.title})"
        ) from fault
    except ValueError as fault:
        # A lone surrogate or a number that is not finite, or a row with an unknown status.
        raise WorkspaceError(f"the workspace {where} cannot hold a value: {fault}") from fault


def migrate(engine: Engine) -> None:
    """Bring the database to this program's schema, in one transaction.

    Raises:
        WorkspaceError: The database is another program's, or newer than this program.
    """
    with engine.connect() as connection:
        if _revision(connection) == SCHEMA_REVISION:
            return
    with writing(engine).begin() as connection:
        # Another process may have migrated while this one waited for the lock.
        revision = _revision(connection)
        if revision != SCHEMA_REVISION:
            _upgrade(connection, revision)


def _revision(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if _VERSION_TABLE in tables:
        found = connection.scalar(text(f"SELECT version_num FROM {_VERSION_TABLE}"))  # noqa: S608
        return str(found) if found is not None else None
    if tables:
        raise WorkspaceError(f"{connection.engine.url.database} is not a workspace")
    return None


def _upgrade(connection: Connection, revision: str | None) -> None:
    # Loaded here: Alembic takes as long as the rest of opening, and is seldom needed.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise WorkspaceError(
            f"the workspace {connection.engine.url.database} was written by a newer version of "
            f"this program (schema {revision})"
        )
    command.upgrade(config, "head")


def _set_up(connection: Any, record: ConnectionPoolEntry) -> None:  # noqa: ARG001
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
