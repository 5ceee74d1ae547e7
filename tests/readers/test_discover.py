from __future__ import annotations

import os
from pathlib import Path

import pytest

from lhs_evidence.errors import InputError
from lhs_evidence.readers import discover


def plant(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def names(*paths: Path) -> list[str]:
    return [source.name for source in discover(list(paths))]


def test_folders_are_walked_in_order_and_junk_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, "b.txt", "a/z.md", "a/b/c.md", ".hidden", ".git/config", "~$open.docx")
    plant(tmp_path, "__MACOSX/b.txt", "Thumbs.db", "a/.DS_Store")
    assert names(tmp_path) == ["b.txt", "a/z.md", "a/b/c.md"]


def test_a_file_goes_by_its_own_name_even_if_hidden(tmp_path: Path) -> None:
    plant(tmp_path, "deep/.plan.md")
    assert names(tmp_path / "deep" / ".plan.md") == [".plan.md"]


def test_equal_names_take_on_the_name_of_their_folder(tmp_path: Path) -> None:
    plant(tmp_path, "north/plan.md", "south/plan.md", "south/other.md")
    found = names(tmp_path / "north", tmp_path / "south")
    assert found == ["north/plan.md", "other.md", "south/plan.md"]


def test_names_stay_unique_when_folders_share_theirs(tmp_path: Path) -> None:
    plant(tmp_path, "a/docs/plan.md", "b/docs/plan.md", "c/docs/plan.md")
    found = names(*(tmp_path / letter / "docs" for letter in "abc"))
    assert found == ["docs/plan.md", "docs/plan (2).md", "docs/plan (3).md"]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    plant(tmp_path, "plan.md")
    assert names(tmp_path, tmp_path / "plan.md") == ["plan.md"]


def test_names_that_cannot_be_stored_are_made_fit(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"bad\xff\x07name\n.txt")).write_text("text")
    assert names(tmp_path) == ["bad\ufffdname .txt"]


@pytest.mark.parametrize("given", ["missing.pdf", "empty"])
def test_nothing_to_read_is_an_error_that_names_the_path(tmp_path: Path, given: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=given):
        discover([tmp_path / given])


def test_no_paths_and_special_files_are_errors(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither"):
        discover([tmp_path / "pipe"])
    with pytest.raises(InputError, match="no files"):
        discover([])
    with pytest.raises(InputError, match="no files"):
        discover([tmp_path])
