"""The two back ends side by side, and which one is taken."""

import importlib.util
import json
import shutil
import subprocess
import sys

import numpy as np
import pytest

from lhs_evidence.encoders import load_encoder
from lhs_evidence.encoders.openvino import OpenVinoEncoder
from lhs_evidence.encoders.sentence_transformer import SentenceTransformerEncoder
from lhs_evidence.encoders.weights import packaged_model
from lhs_evidence.errors import ModelError
from lhs_evidence.settings import EncoderSettings

WORDS = (
    "patients families board safety harm audit quarterly équité Zürich 2024 98.7% HIPAA "
    "re-admission (see §3) \N{GREEK SMALL LETTER MU}g — 安全 don't e-mail@example.org\n\n• "
)


def sample_texts(count):
    rng = np.random.default_rng(7)
    words = WORDS.split(" ")
    return [" ".join(rng.choice(words, size=rng.integers(0, 300))) for _ in range(count)]


@pytest.fixture(scope="module")
def cache(request):
    return request.config.cache.mkdir("lhs-evidence")


@pytest.mark.slow
def test_both_back_ends_give_the_same_vectors(cache):
    texts = sample_texts(60)
    openvino = load_encoder(EncoderSettings(backend="openvino"), cache)
    torch = load_encoder(EncoderSettings(backend="torch"), cache)
    cosines = (openvino.encode(texts) * torch.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.9999
    assert openvino.weights_sha256 == torch.weights_sha256
    assert openvino.fingerprint != torch.fingerprint


def test_auto_takes_openvino(cache):
    assert isinstance(load_encoder(EncoderSettings(), cache), OpenVinoEncoder)


def test_auto_takes_torch_where_openvino_is_not_installed(cache, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "openvino" else find(name)
    )
    assert isinstance(load_encoder(EncoderSettings(), cache), SentenceTransformerEncoder)
    with pytest.raises(ModelError, match="pip install openvino"):
        load_encoder(EncoderSettings(backend="openvino"), cache)


def test_a_model_pooled_otherwise_goes_to_torch(cache, tmp_path):
    model = tmp_path / "first-token"
    shutil.copytree(packaged_model(), model)
    (model / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": 384, "pooling_mode_cls_token": True})
    )
    encoder = load_encoder(EncoderSettings(model=str(model)), cache)
    assert isinstance(encoder, SentenceTransformerEncoder)
    text = "Harm is reported."
    mean = load_encoder(EncoderSettings(), cache).encode([text])[0]
    assert encoder.encode([text])[0] @ mean < 0.99
    with pytest.raises(ModelError, match="LHS_ENCODER__BACKEND=torch"):
        load_encoder(EncoderSettings(model=str(model), backend="openvino"), cache)


@pytest.mark.slow
def test_letting_go_of_an_encoder_does_not_hang(cache):
    code = (
        "import sys; from pathlib import Path; from lhs_evidence.encoders import load_encoder;"
        "from lhs_evidence.settings import EncoderSettings as S;"
        "[load_encoder(S(batch_size=2), Path(sys.argv[1])).encode(['a ' * n for n in range(9)])"
        " for _ in range(12)]"
    )
    subprocess.run([sys.executable, "-c", code, str(cache)], check=True, timeout=120)
