import json
import os
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest

from lhs_evidence.errors import IndexFaultError, OutputError
from lhs_evidence.index import PassageIndex, index_fingerprint
from lhs_evidence.index.folder import replacing


@pytest.fixture
def built(tmp_path, make, encoder_fingerprint):
    """A folder with an index of 30 passages, and its fingerprint."""
    with PassageIndex.build(tmp_path / "index", *make(30), encoder_fingerprint) as index:
        return tmp_path / "index", index.fingerprint


def test_an_index_answers_the_same_when_opened_again(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(40)
    built = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    again = PassageIndex.open(tmp_path / "i", expected=built.fingerprint)
    for row in range(0, 40, 7):
        hits = built.search(passages[row].text, vectors[row])
        assert hits == again.search(passages[row].text, vectors[row])
        assert hits[0].passage == passages[row].id
        assert hits[0].similarity == pytest.approx(1.0, abs=1e-6)


def test_the_order_of_passages_does_not_matter(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(25)
    one = PassageIndex.build(tmp_path / "a", passages, vectors, encoder_fingerprint)
    two = PassageIndex.build(tmp_path / "b", passages[::-1], vectors[::-1], encoder_fingerprint)
    assert one.manifest == two.manifest
    assert one.search("measure", vectors[3]) == two.search("measure", vectors[3])


def test_ranks_say_where_a_hit_comes_from(tmp_path, passages, encoder_fingerprint):
    vectors = np.eye(len(passages), dtype=np.float32)
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    hits = {hit.passage: hit for hit in index.search("audited laptops", vectors[3])}
    assert hits[passages[3].id].dense_rank == 1
    assert hits[passages[3].id].lexical_rank is None
    assert hits[passages[2].id].lexical_rank == 1
    assert hits[passages[2].id].similarity == pytest.approx(0.0)


def test_among_is_searched_and_nothing_else(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(300)
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    far = [passages[row].id for row in np.argsort(vectors @ vectors[0])[:4]]
    for found in (
        [hit.passage for hit in index.search("measure", vectors[0], among=[*far, "psg_unknown"])],
        [passage for passage, _ in index.dense(vectors[0], among=far)],
        [passage for passage, _ in index.lexical("measure", among=far)],
    ):
        assert sorted(found) == sorted(far)
    assert index.search("measure", vectors[0], among=()) == []


@pytest.mark.parametrize("limit", [-1, 0, 1, 7, 1000])
def test_at_most_limit_hits_come_back(tmp_path, make, encoder_fingerprint, limit):
    passages, vectors = make(30)
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    found = index.search("measure of set", vectors[0], limit=limit)
    assert len(found) == max(0, min(limit, 30))


def test_an_index_of_nothing_finds_nothing(tmp_path, encoder_fingerprint):
    empty = np.empty((0, 8), dtype=np.float32)
    index = PassageIndex.build(tmp_path / "i", [], empty, encoder_fingerprint)
    assert len(index) == 0
    assert index.search("anything", np.ones(8, dtype=np.float32)) == []


def test_the_manifest_says_what_the_index_belongs_to(built, make, encoder_fingerprint):
    directory, fingerprint = built
    said = json.loads((directory / "manifest.json").read_text())
    ids = [passage.id for passage in make(30)[0]]
    assert said["fingerprint"] == fingerprint == index_fingerprint(encoder_fingerprint, ids)
    assert (said["encoder"], said["dimension"], said["count"]) == (encoder_fingerprint, 16, 30)
    assert set(said["files"]) == {"vectors.faiss", "lexical.sqlite"}
    names = {path.name for path in directory.iterdir()}
    assert names == {"lexical.sqlite", "manifest.json", "vectors.faiss"}


def test_the_fingerprint_follows_encoder_and_passages():
    assert index_fingerprint("e", ["a", "b"]) == index_fingerprint("e", ["b", "a"])
    assert index_fingerprint("e", ["a", "b"]) != index_fingerprint("f", ["a", "b"])
    assert index_fingerprint("e", ["a", "b"]) != index_fingerprint("e", ["a"])


@pytest.mark.parametrize("name", ["manifest.json", "vectors.faiss", "lexical.sqlite"])
@pytest.mark.parametrize("damage", ["missing", "empty", "half", "bit", "longer"])
def test_damage_is_noticed(built, name, damage):
    directory, fingerprint = built
    file = directory / name
    content = file.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    new = {"empty": b"", "half": content[:middle], "bit": flipped, "longer": content + b"{"}
    file.unlink()
    if damage != "missing":
        file.write_bytes(new[damage])
    with pytest.raises(IndexFaultError):
        PassageIndex.open(directory, expected=fingerprint)


def test_another_index_is_refused(built, tmp_path, make, encoder_fingerprint):
    directory, _ = built
    with pytest.raises(IndexFaultError, match="other passages"):
        PassageIndex.open(directory, expected="0" * 64)
    with pytest.raises(IndexFaultError):
        PassageIndex.open(tmp_path / "nowhere", expected="0" * 64)


def test_files_of_two_indexes_are_refused(built, tmp_path, make, encoder_fingerprint):
    directory, fingerprint = built
    PassageIndex.build(tmp_path / "other", *make(30, seed=1), encoder_fingerprint).close()
    shutil.copy(tmp_path / "other" / "lexical.sqlite", directory)
    with pytest.raises(IndexFaultError):
        PassageIndex.open(directory, expected=fingerprint)


def test_a_manifest_cannot_lead_outside(built):
    directory, fingerprint = built
    manifest = json.loads((directory / "manifest.json").read_text())
    manifest["files"]["../../secret"] = "0" * 64
    (directory / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(IndexFaultError, match="other files"):
        PassageIndex.open(directory, expected=fingerprint)


def test_misfits_are_refused_before_anything_is_written(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(5)
    spoilt = vectors.copy()
    spoilt[2, 3] = np.nan
    for wrong_passages, wrong_vectors in (
        (passages[:4], vectors),
        (passages, vectors[0]),
        (passages, spoilt),
        ([passages[0], replace(passages[0])], vectors[:2]),
    ):
        with pytest.raises(IndexFaultError):
            PassageIndex.build(tmp_path / "i", wrong_passages, wrong_vectors, encoder_fingerprint)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path, make, encoder_fingerprint):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        PassageIndex.build(tmp_path / "file" / "index", *make(3), encoder_fingerprint)


def test_a_failed_build_leaves_the_old_index(built, make, encoder_fingerprint, monkeypatch):
    directory, fingerprint = built

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("lhs_evidence.index.lexical.LexicalIndex.write", full)
    with pytest.raises(OutputError, match="no space left"):
        PassageIndex.build(directory, *make(30, seed=9), encoder_fingerprint)
    assert len(PassageIndex.open(directory, expected=fingerprint)) == 30
    assert [path.name for path in directory.parent.iterdir()] == ["index"]


def test_an_open_index_outlives_its_folder(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(30)
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    before = index.search("measure", vectors[0])
    PassageIndex.build(tmp_path / "i", *make(50, seed=5), encoder_fingerprint).close()
    assert index.search("measure", vectors[0]) == before
    shutil.rmtree(tmp_path / "i")
    assert index.search("measure", vectors[0]) == before


def test_a_swap_cut_in_two_is_mended(built):
    directory, fingerprint = built
    directory.rename(directory.parent / ".index.old-abc")  # killed between the two renames
    assert len(PassageIndex.open(directory, expected=fingerprint)) == 30


def test_what_killed_builders_left_is_swept_after_an_hour(built):
    directory, _ = built
    for name in (".index.new-aa", ".index.old-bb", ".index.new-young"):
        (directory.parent / name).mkdir()
        if "young" not in name:
            os.utime(directory.parent / name, (0, 0))
    with replacing(directory):
        pass
    assert sorted(p.name for p in directory.parent.iterdir()) == [".index.new-young", "index"]


def test_threads_may_share_an_index(tmp_path, make, encoder_fingerprint):
    passages, vectors = make(200)
    index = PassageIndex.build(tmp_path / "i", passages, vectors, encoder_fingerprint)
    expected = [index.search(p.text, v) for p, v in zip(passages, vectors, strict=True)]
    wrong = []

    def work():
        for p, v, hits in zip(passages, vectors, expected, strict=True):
            if index.search(p.text, v) != hits:
                wrong.append(p.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_readers_never_meet_half_an_index_while_it_is_rebuilt(tmp_path, make, encoder_fingerprint):
    sets = {0: make(20, seed=0), 1: make(35, seed=1)}
    directory = tmp_path / "i"
    fingerprints = {}
    for seed, content in sets.items():
        with PassageIndex.build(directory, *content, encoder_fingerprint) as index:
            fingerprints[seed] = index.fingerprint
    stop = threading.Event()

    def rebuild():
        while not stop.is_set():
            with PassageIndex.build(directory, *sets[1], encoder_fingerprint):
                pass

    thread = threading.Thread(target=rebuild)
    thread.start()
    try:
        for _ in range(60):
            with PassageIndex.open(directory, expected=fingerprints[1]) as index:
                assert len(index.search("measure", sets[1][1][0], limit=50)) == 35
    finally:
        stop.set()
        thread.join()
