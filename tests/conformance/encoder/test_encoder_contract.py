"""What every encoder must do, whatever runs it."""

import re
import threading

import numpy as np
import pytest

from lhs_evidence.encoders import Encoder, load_encoder
from lhs_evidence.encoders.weights import PACKAGED_SHA256
from lhs_evidence.settings import EncoderSettings

TEXTS = (
    "Nurses report every near miss, and a committee reviews the reports each month.",
    "Parking is free for visitors after six in the evening.",
    "Staff tell the safety board about incidents that almost caused harm.",
    "Sí, en español también: la seguridad del paciente es lo primero.",
    "患者の安全を守る。",
    "Short.",
    "The board reads figures on waiting times, complaints and outcomes by group. " * 60,
)
HOSTILE = (
    "",
    " \n\t ",
    "\x00\x01",
    "\ud800 a lone surrogate",
    "\N{GRINNING FACE}" * 50,
    "e\N{COMBINING ACUTE ACCENT}" * 200,
    "x" * 100_000,
    "word " * 20_000,
    "\u202e right to left \u200b",
)


@pytest.fixture(scope="module", params=["openvino", "torch"])
def encoder(request) -> Encoder:
    # Kept between runs, like a user's cache: converting takes seconds.
    cache = request.config.cache.mkdir("lhs-evidence")
    return load_encoder(EncoderSettings(backend=request.param, batch_size=4), cache)


def test_describes_itself(encoder):
    assert isinstance(encoder, Encoder)
    assert encoder.name
    assert re.fullmatch(r"[0-9a-f]{64}", encoder.fingerprint)
    assert encoder.weights_sha256 == PACKAGED_SHA256
    assert (encoder.dimension, encoder.window) == (384, 256)


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.abs(encoder.encode(TEXTS[::-1])[::-1] - vectors).max() < 1e-5


def test_company_does_not_change_a_vector(encoder):
    together = encoder.encode(TEXTS)
    alone = np.vstack([encoder.encode([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_like_meanings_are_nearer_than_unlike_ones(encoder):
    near_miss, parking, incidents = encoder.encode(TEXTS[:3])
    assert near_miss @ incidents > near_miss @ parking + 0.2


def test_text_beyond_the_window_is_not_read(encoder):
    within = "safety " * (encoder.window - 2)
    vectors = encoder.encode([within, within + "parking " * 100])
    assert encoder.count_tokens(within) == encoder.window
    assert np.abs(vectors[0] - vectors[1]).max() < 1e-6


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_hostile_texts_have_vectors(encoder):
    vectors = encoder.encode(HOSTILE)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_hostile_texts_can_be_counted(encoder):
    counts = [encoder.count_tokens(text) for text in HOSTILE]
    assert min(counts) == encoder.count_tokens("") == 2  # the two special tokens
    assert counts[HOSTILE.index("word " * 20_000)] == 20_002


def test_progress_rises_to_the_number_of_texts_in_this_thread(encoder):
    seen, threads = [], set()

    def progress(done):
        seen.append(done)
        threads.add(threading.get_ident())

    encoder.encode(TEXTS * 3, progress)
    assert seen == sorted(seen)
    assert seen[-1] == len(TEXTS) * 3
    assert threads == {threading.get_ident()}


def test_progress_may_stop_the_work(encoder):
    def progress(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        encoder.encode(TEXTS, progress)
    assert encoder.encode(TEXTS[:1]).shape == (1, encoder.dimension)


def test_threads_may_share_an_encoder(encoder):
    expected = encoder.encode(TEXTS)
    found = [None] * 4

    def work(number):
        found[number] = encoder.encode(TEXTS)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.abs(vectors - expected).max() < 1e-5 for vectors in found)
