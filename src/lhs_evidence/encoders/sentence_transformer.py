"""Models run by PyTorch through sentence-transformers: slow to start, and runs them all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.encoders.model_folder import ModelFolder
from lhs_evidence.encoders.text_tokenizer import TextTokenizer, well_formed
from lhs_evidence.errors import ModelError

_PRECISION = "float32"
_BATCHES_AT_A_TIME = 16


class SentenceTransformerEncoder:
    """An encoder that runs any sentence-transformers model with PyTorch."""

    def __init__(self, folder: ModelFolder, batch_size: int = 32) -> None:
        self.name = f"{folder.name} (PyTorch)"
        self.fingerprint = folder.fingerprint("torch", _PRECISION)
        self.weights_sha256 = folder.weights_sha256
        self.window = folder.window
        self._batch_size = batch_size
        self._tokenizer = TextTokenizer(folder)
        self._model = load_sentence_transformer(folder)
        self.dimension = int(self._model.get_embedding_dimension() or folder.dimension)
        # The tokenizer inside sets cutting and padding anew for each call: not for two threads.
        self._lock = threading.Lock()

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, special ones included, not cut at the window."""
        return self._tokenizer.count(text)

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit vector for each text (float32, len(texts) by dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        step = self._batch_size * _BATCHES_AT_A_TIME
        for start in range(0, len(texts), step):
            part = [well_formed(text) for text in texts[start : start + step]]
            with self._lock:
                vectors[start : start + len(part)] = self._model.encode(
                    part,
                    batch_size=self._batch_size,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                    normalize_embeddings=True,
                )
            if progress is not None:
                progress(start + len(part))
        return vectors


def load_sentence_transformer(folder: ModelFolder) -> Any:
    """Load a model with sentence-transformers: from its folder, in float32, running no code in it.

    Raises:
        ModelError: The library cannot load it.
    """
    # Imported here because this takes seconds, and most runs never need PyTorch.
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    try:
        with quiet_transformers():
            model = SentenceTransformer(
                str(folder.path),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True, "dtype": _PRECISION},
            )
    except Exception as error:  # whatever three libraries raise for a model they cannot load
        raise ModelError(f"the model in {folder.path} cannot be loaded: {error}") from error
    model.max_seq_length = folder.window
    return model.eval()


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers from drawing bars and giving advice on stderr, which is the user's."""
    from transformers.utils import logging  # noqa: PLC0415 - see above

    bars, verbosity = logging.is_progress_bar_enabled(), logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()
