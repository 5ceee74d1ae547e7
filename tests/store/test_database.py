import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from lhs_evidence import store
from lhs_evidence.errors import WorkspaceError
from lhs_evidence.store import DATABASE_NAME, Workspace
from lhs_evidence.store.database import SCHEMA_REVISION
from lhs_evidence.store.tables import Base

KILLED_AT_STATEMENT = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from lhs_evidence.store import Workspace

left = int(sys.argv[2])

@event.listens_for(Engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

Workspace.open(Path(sys.argv[1]), create=True)
"""


def test_a_missing_workspace_is_not_made_unasked(tmp_path):
    with pytest.raises(WorkspaceError, match="there is no workspace"):
        Workspace.open(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    file = tmp_path / DATABASE_NAME
    file.write_text("These are minutes of a meeting, and no database at all. " * 50)
    before = file.read_bytes()
    with pytest.raises(WorkspaceError, match="not a database"):
        Workspace.open(tmp_path, create=True)
    assert file.read_bytes() == before


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / DATABASE_NAME) as other:
        other.execute("CREATE TABLE recipe (name TEXT)")
    with pytest.raises(WorkspaceError, match="not a workspace"):
        Workspace.open(tmp_path)
    assert tables(tmp_path) == {"recipe"}


def test_a_workspace_newer_than_the_program_is_refused(tmp_path):
    Workspace.open(tmp_path, create=True).close()
    with sqlite3.connect(tmp_path / DATABASE_NAME) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WorkspaceError, match="newer version"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize("folder", ["file", "file/below", "/proc/self/nowhere"])
def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path, folder):
    (tmp_path / "file").touch()
    with pytest.raises(WorkspaceError, match="no workspace can be made"):
        Workspace.open(tmp_path / folder, create=True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(WorkspaceError):
        Workspace.open(tmp_path, create=True)


def test_a_damaged_database_is_one_sentence(filled):
    file = filled.directory / DATABASE_NAME
    filled.close()
    file.write_bytes(file.read_bytes()[:8192])
    with pytest.raises(WorkspaceError), Workspace.open(filled.directory) as torn:
        torn.passages()


def test_the_migrations_lead_to_the_tables_of_the_models(workspace):
    engine = create_engine(f"sqlite:///{workspace.directory / DATABASE_NAME}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_the_schema_named_in_the_program_is_the_newest_migration():
    migrations = ScriptDirectory(str(Path(store.__file__).parent / "migrations"))
    assert migrations.get_current_head() == SCHEMA_REVISION


AS_IN_THE_FIRST_SCHEMA = """
ALTER TABLE document DROP COLUMN fidelity;
ALTER TABLE passage DROP COLUMN language;
ALTER TABLE passage DROP COLUMN ocr_confidence;
UPDATE document SET blocks = replace(blocks, ',"ocr_confidence":null', ''), digest = 'old';
UPDATE passage SET digest = 'old';
UPDATE alembic_version SET version_num = '0001';
"""


def test_a_workspace_of_the_first_schema_is_carried_over_whole(filled):
    before = filled.documents(), filled.passages()
    filled.close()
    with sqlite3.connect(filled.directory / DATABASE_NAME) as database:
        database.executescript(AS_IN_THE_FIRST_SCHEMA)
    with Workspace.open(filled.directory) as carried:
        assert (carried.documents(), carried.passages()) == before
        assert carried.check() == []


# The last number is beyond the last statement: the process then ends by itself.
@pytest.mark.parametrize(("statement", "killed"), [(4, True), (9, True), (12, True), (99, False)])
def test_a_kill_while_migrating_leaves_the_old_schema_or_the_new(tmp_path, statement, killed):
    command = [sys.executable, "-c", KILLED_AT_STATEMENT, str(tmp_path), str(statement)]
    ended = subprocess.run(command, check=False)
    assert ended.returncode == (-signal.SIGKILL if killed else 0)
    assert tables(tmp_path) == (set() if killed else {*Base.metadata.tables, "alembic_version"})
    with Workspace.open(tmp_path) as workspace:
        assert workspace.check() == []


def test_many_at_once_can_create_and_write(tmp_path, make):
    faults = []

    def work(number):
        try:
            with Workspace.open(tmp_path, create=True) as workspace:
                document = make.document(f"{number}.md")
                workspace.put_document(document, make.passages(document))
        except Exception as fault:  # noqa: BLE001 - shown below
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with Workspace.open(tmp_path) as workspace:
        assert [document.name for document in workspace.documents()] == [
            "0.md",
            "1.md",
            "2.md",
            "3.md",
        ]


def test_commits_are_flushed_to_disk_without_a_wal(workspace):
    with workspace._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1}


def tables(directory):
    with sqlite3.connect(directory / DATABASE_NAME) as database:
        return {
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
