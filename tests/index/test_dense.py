import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.index.dense import DenseIndex


def unit(rng, *shape):
    values = rng.normal(size=shape).astype(np.float32)
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(1, 60),
    dimension=st.integers(1, 20),
    limit=st.integers(0, 70),
    data=st.data(),
)
def test_finds_what_comparing_one_by_one_finds(seed, count, dimension, limit, data):
    rng = np.random.default_rng(seed)
    vectors, query = unit(rng, count, dimension), unit(rng, dimension)
    among = data.draw(st.none() | st.sets(st.integers(0, count - 1)))
    found = DenseIndex.of(vectors).search(query, limit, among)
    rows = range(count) if among is None else among
    exact = sorted((float(vectors[row].astype(float) @ query) for row in rows), reverse=True)
    assert np.allclose([score for _, score in found], exact[:limit], atol=1e-5)
    assert all(abs(float(vectors[row] @ query) - score) < 1e-5 for row, score in found)
    assert len({row for row, _ in found}) == len(found)
    assert {row for row, _ in found} <= set(rows)


def test_the_filter_comes_before_the_cut():
    vectors = unit(np.random.default_rng(1), 500, 8)
    query = vectors[0]
    far = set(np.argsort(vectors @ query)[:5].tolist())
    found = DenseIndex.of(vectors).search(query, 5, far)
    assert {row for row, _ in found} == far


def test_equal_vectors_go_by_row():
    vectors = np.tile(unit(np.random.default_rng(2), 1, 8), (6, 1))
    found = DenseIndex.of(vectors).search(vectors[0], 6)
    assert [row for row, _ in found] == [0, 1, 2, 3, 4, 5]


def test_what_was_written_is_read(tmp_path):
    vectors = unit(np.random.default_rng(3), 20, 8)
    DenseIndex.of(vectors).write(tmp_path / "v")
    read = DenseIndex.read(tmp_path / "v", 20, 8)
    for row in range(20):
        assert read.search(vectors[row], 1)[0][0] == row
        assert read.similarity(vectors[row], row) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("count", "dimension"), [(19, 8), (21, 8), (20, 16)])
def test_another_size_is_refused(tmp_path, count, dimension):
    DenseIndex.of(unit(np.random.default_rng(3), 20, 8)).write(tmp_path / "v")
    with pytest.raises(IndexFaultError):
        DenseIndex.read(tmp_path / "v", count, dimension)


@pytest.mark.parametrize("content", [b"", b"IxFI", b"not an index at all" * 100])
def test_another_file_is_refused(tmp_path, content):
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(IndexFaultError):
        DenseIndex.read(tmp_path / "v", 1, 8)


def test_a_query_of_another_encoder_is_refused():
    index = DenseIndex.of(unit(np.random.default_rng(4), 3, 8))
    with pytest.raises(IndexFaultError, match="another encoder"):
        index.search(np.ones(9, dtype=np.float32), 1)


def test_a_file_that_cannot_be_written_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        DenseIndex.of(np.eye(2, dtype=np.float32)).write(tmp_path / "nowhere" / "v")
