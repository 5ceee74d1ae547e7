"""Which index a set of passages gets, and what becomes of the others."""

import pytest

from lhs_evidence.index import PassageIndex, current_index


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "indexes"


def test_an_index_is_built_once_and_then_opened(directory, make, encoder_fingerprint):
    passages, vectors = make(5)
    current_index(directory, passages, lambda: vectors, encoder_fingerprint).close()
    again = current_index(directory, passages, pytest.fail, encoder_fingerprint)
    assert len(again) == 5
    again.close()


def test_a_torn_index_is_built_anew(directory, make, encoder_fingerprint):
    passages, vectors = make(5)
    index = current_index(directory, passages, lambda: vectors, encoder_fingerprint)
    index.close()
    (directory / index.fingerprint / "vectors.faiss").write_bytes(b"torn")
    with current_index(directory, passages, lambda: vectors, encoder_fingerprint) as again:
        assert again.fingerprint == index.fingerprint


def test_only_the_index_of_these_passages_and_work_in_progress_stay(
    directory, make, encoder_fingerprint
):
    for count in (5, 6):
        passages, vectors = make(count)
        (directory / ".another.new-x").mkdir(parents=True, exist_ok=True)
        index = current_index(directory, passages, lambda made=vectors: made, encoder_fingerprint)
        index.close()
    assert isinstance(index, PassageIndex)
    assert {item.name for item in directory.iterdir()} == {index.fingerprint, ".another.new-x"}


def test_no_passages_have_no_index(directory, encoder_fingerprint):
    assert current_index(directory, [], pytest.fail, encoder_fingerprint) is None
