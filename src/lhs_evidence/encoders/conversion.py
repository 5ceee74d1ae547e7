"""The OpenVINO form of a model: converted once, checked against the original, kept on disk."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import time
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from lhs_evidence.durable import sync
from lhs_evidence.encoders.model_folder import ModelFolder
from lhs_evidence.encoders.sentence_transformer import (
    load_sentence_transformer,
    quiet_transformers,
)
from lhs_evidence.encoders.text_tokenizer import TextTokenizer
from lhs_evidence.encoders.weights import FileHashes
from lhs_evidence.errors import ModelError
from lhs_evidence.ids import content_hash, file_sha256

_log = logging.getLogger(__name__)

_SCHEMA = 1
_FILES = ("model.xml", "model.bin")
_RECORD = "conversion.json"
_ABANDONED_SECONDS = 3600.0
_LEAST_COSINE = 0.9999
_PROBES = (
    "",
    "Safety",
    "Nurses report every near miss; a committee reviews the reports each month.",
    "Über 90 % der Patient:innen, naïve façade, 患者の安全, Δ ≥ 0.5, \N{GRINNING FACE}",
    "The board reads figures on waiting times, complaints and outcomes by group. " * 40,
)


def converted_model(folder: ModelFolder, cache: Path) -> Any:
    """Return a model as `openvino.Model`, from the cache or converted now.

    Inputs are `input_ids` and `attention_mask` (int64, texts by tokens), the output is one unit
    vector for each text. Where the cache cannot be written the model is converted for this run.

    Raises:
        ModelError: The converted model does not give the original's vectors.
    """
    kept = cache / f"openvino-{_key(folder)[:24]}"
    if _is_whole(kept, cache):
        return _read(kept)
    model = _convert(folder)
    try:
        _keep(model, kept)
    except OSError as error:
        _log.warning("the converted model cannot be kept for the next run: %s", error)
        return model
    # Read back, so that a first run and all later ones have the very same model.
    return _read(kept) if _is_whole(kept, cache) else model


def _key(folder: ModelFolder) -> str:
    """Return what a converted model depends on; other versions of OpenVINO convert otherwise."""
    return content_hash([_SCHEMA, folder.fingerprint("openvino", "f32"), version("openvino")])


def _is_whole(kept: Path, cache: Path) -> bool:
    try:
        record = json.loads((kept / _RECORD).read_text("utf-8"))
        hashes = FileHashes(cache)
        return all(hashes.sha256(kept / name) == record["files"][name] for name in _FILES)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _read(kept: Path) -> Any:
    import openvino  # noqa: PLC0415 - see the package: only where it runs

    return openvino.Core().read_model(str(kept / "model.xml"))


def _keep(model: Any, kept: Path) -> None:
    """Write the model beside `kept` and rename it: whoever looks sees a whole one or none."""
    import openvino  # noqa: PLC0415 - see the package: only where it runs

    kept.parent.mkdir(parents=True, exist_ok=True)
    _sweep(kept.parent)
    unfinished = Path(tempfile.mkdtemp(prefix=".openvino-", dir=kept.parent))
    try:
        # RuntimeError is how OpenVINO reports a full disk.
        try:
            openvino.save_model(model, str(unfinished / "model.xml"), compress_to_fp16=False)
        except RuntimeError as error:
            raise OSError(str(error)) from error
        files = {name: file_sha256(unfinished / name) for name in _FILES}
        record = {"schema": _SCHEMA, "openvino": version("openvino"), "files": files}
        (unfinished / _RECORD).write_text(json.dumps(record, indent=1), "utf-8")
        for name in (*_FILES, _RECORD):
            sync(unfinished / name)
        _put_in_place(unfinished, kept)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _put_in_place(unfinished: Path, kept: Path) -> None:
    try:
        unfinished.rename(kept)
    except OSError:
        if not kept.exists():
            raise
        if _is_whole(kept, kept.parent):
            return  # another process was first, and its model is as good
        # What lies there is the faulty model that made us convert.
        faulty = Path(tempfile.mkdtemp(prefix=".openvino-", dir=kept.parent))
        kept.rename(faulty / "faulty")
        unfinished.rename(kept)
        shutil.rmtree(faulty, ignore_errors=True)


def _sweep(cache: Path) -> None:
    """Remove what converters that were killed left behind."""
    for left in cache.glob(".openvino-*"):
        try:
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        except OSError:
            continue


def _convert(folder: ModelFolder) -> Any:
    """Trace the original with PyTorch, mean and scaling included, and check the result."""
    import openvino  # noqa: PLC0415 - see the package: only where it runs
    import torch  # noqa: PLC0415 - needed for this one step

    original = load_sentence_transformer(folder).to("cpu")
    bert = original[0].auto_model

    class Sentence(torch.nn.Module):  # type: ignore[misc, name-defined, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            tokens = self.bert(
                input_ids=input_ids, attention_mask=attention_mask, return_dict=False
            )[0]
            weight = attention_mask.unsqueeze(-1).expand(tokens.size()).to(tokens.dtype)
            mean = (tokens * weight).sum(1) / torch.clamp(weight.sum(1), min=1e-9)
            return torch.nn.functional.normalize(mean, p=2, dim=1)

    mask = torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 0, 0, 0]])
    example = {"input_ids": mask * 3, "attention_mask": mask}
    with quiet_transformers(), warnings.catch_warnings(), torch.no_grad():
        # Tracing warns of each branch on a shape; the check below is what counts.
        warnings.simplefilter("ignore")
        model = openvino.convert_model(Sentence(), example_input=example)
    model.reshape({"input_ids": [-1, -1], "attention_mask": [-1, -1]})
    _check(folder, original, openvino.Core().compile_model(model, "CPU"))
    return model


def _check(folder: ModelFolder, original: Any, compiled: Any) -> None:
    """Compare both models, each with its own tokenizer, on texts of many kinds and lengths."""
    expected = original.encode(list(_PROBES), show_progress_bar=False, normalize_embeddings=True)
    for ids, vector in zip(TextTokenizer(folder).ids(_PROBES), expected, strict=True):
        row = ids[np.newaxis, :]
        found = compiled({"input_ids": row, "attention_mask": np.ones_like(row)})[0][0]
        if not float(found @ vector) > _LEAST_COSINE:  # also when it is not a number
            raise ModelError(
                f"{folder.name} gives other vectors with OpenVINO than with PyTorch: set "
                "LHS_ENCODER__BACKEND=torch"
            )
