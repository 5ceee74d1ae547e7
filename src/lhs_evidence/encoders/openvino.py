"""BERT-like models run by OpenVINO: the same weights, a start without PyTorch, faster on CPUs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.encoders.conversion import converted_model
from lhs_evidence.encoders.model_folder import ModelFolder
from lhs_evidence.encoders.text_tokenizer import TextTokenizer

_PRECISION = "f32"
# Texts tokenized at a time: enough to sort by length, few enough to hold their tokens in memory.
_TEXTS_AT_A_TIME = 4096


class OpenVinoEncoder:
    """An encoder that runs a mean-pooled BERT with OpenVINO.

    The first start converts the model (seconds, needs PyTorch); later ones read it from `cache`.
    """

    def __init__(self, folder: ModelFolder, cache: Path, batch_size: int = 32) -> None:
        self.name = f"{folder.name} (OpenVINO {_PRECISION})"
        self.fingerprint = folder.fingerprint("openvino", _PRECISION)
        self.weights_sha256 = folder.weights_sha256
        self.dimension = folder.dimension
        self.window = folder.window
        self._batch_size = batch_size
        self._tokenizer = TextTokenizer(folder)
        self._model = _compile(converted_model(folder, cache))
        self._streams = int(self._model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS"))

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, special ones included, not cut at the window."""
        return self._tokenizer.count(text)

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one unit vector for each text (float32, len(texts) by dimension)."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _TEXTS_AT_A_TIME):
            part = texts[start : start + _TEXTS_AT_A_TIME]
            self._encode_part(part, vectors[start : start + len(part)], start, progress)
        return vectors

    def _encode_part(
        self,
        texts: Sequence[str],
        vectors: NDArray[np.float32],
        before: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        ids = self._tokenizer.ids(texts)
        # Neighbours of like length need little padding; the longest first keep all cores busy
        # to the end.
        order = np.array(sorted(range(len(ids)), key=lambda row: -len(ids[row])))
        batches = [order[at : at + self._batch_size] for at in range(0, len(ids), self._batch_size)]
        # OpenVINO's own queue calls Python from its threads, and then hangs for ever when a model
        # is let go too soon after. Waiting in turn is as fast, as batches are alike in size.
        requests = [self._model.create_infer_request() for _ in range(self._streams)]
        running: deque[tuple[Any, NDArray[np.int64]]] = deque()
        done = before
        try:
            for number, rows in enumerate(batches):
                request = requests[number % len(requests)]
                if len(running) == len(requests):
                    done += _collect(*running.popleft(), vectors)
                    if progress is not None:
                        progress(done)
                request.start_async(_batch([ids[row] for row in rows]))
                running.append((request, rows))
        finally:
            # Also when `progress` stops the run: nothing may be left running.
            while running:
                done += _collect(*running.popleft(), vectors)
        if progress is not None:
            progress(done)


def _collect(request: Any, rows: NDArray[np.int64], vectors: NDArray[np.float32]) -> int:
    request.wait()
    vectors[rows] = request.get_output_tensor(0).data
    return len(rows)


def _batch(ids: Sequence[NDArray[np.int64]]) -> dict[str, NDArray[np.int64]]:
    shape = (len(ids), max(len(row) for row in ids))
    tokens, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for number, row in enumerate(ids):
        tokens[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return {"input_ids": tokens, "attention_mask": mask}


def _compile(model: Any) -> Any:
    import openvino  # noqa: PLC0415 - a start with the other back end does without it

    # OpenVINO would take bf16 by itself where the processor has it: other vectors than elsewhere.
    options = {"INFERENCE_PRECISION_HINT": _PRECISION, "PERFORMANCE_HINT": "THROUGHPUT"}
    return openvino.Core().compile_model(model, "CPU", options)
