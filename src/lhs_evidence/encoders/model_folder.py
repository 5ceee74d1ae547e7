"""A sentence-transformers model on disk: what its own files say of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lhs_evidence.encoders.weights import (
    PACKAGED_NAME,
    FileHashes,
    packaged_model,
    require_packaged,
    weights_sha256,
)
from lhs_evidence.errors import ModelError
from lhs_evidence.ids import content_hash, file_sha256

_SCHEMA = 1
_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
_CONFIGURATION_FILES = (
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
)


@dataclass(frozen=True)
class ModelFolder:
    """A model that has been found, hashed and described, and not yet loaded.

    Attributes:
        path: Its folder.
        name: Name for people.
        weights_sha256: SHA-256 of its weights.
        configuration_sha256: SHA-256 over its other files that change vectors.
        window: Most tokens read of one text, special ones included.
        dimension: Width of its hidden layers.
        mean_pooled_bert: Whether it is a BERT whose vector is the mean of all its tokens'
            vectors, with nothing else done to text or vector but scaling to length 1.
    """

    path: Path
    name: str
    weights_sha256: str
    configuration_sha256: str
    window: int
    dimension: int
    mean_pooled_bert: bool

    @cached_property
    def tokenizer(self) -> str:
        """The text of `tokenizer.json`."""
        return (self.path / "tokenizer.json").read_text("utf-8")

    def fingerprint(self, backend: str, precision: str) -> str:
        """Return the fingerprint of this model run by `backend` in `precision`."""
        return content_hash(
            {
                "schema": _SCHEMA,
                "weights": self.weights_sha256,
                "configuration": self.configuration_sha256,
                "window": self.window,
                "unit_length": True,
                "backend": backend,
                "precision": precision,
            }
        )


def find_model(model: str, cache: Path) -> ModelFolder:
    """Find a model, check its weights and read what it is.

    Args:
        model: A folder, or "" for the packaged model, whose weights are pinned.
        cache: Folder where hashes of large files are remembered; it need not be writable.

    Raises:
        ModelError: A file is missing, altered or of a kind that is not loaded.
    """
    path = Path(model).expanduser() if model else packaged_model()
    try:
        folder = _describe(path, PACKAGED_NAME if not model else path.resolve().name, cache)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"{path} is not a readable sentence-transformers model: {error}"
        ) from error
    if not model:
        require_packaged(folder.weights_sha256)
    return folder


def _describe(path: Path, name: str, cache: Path) -> ModelFolder:
    modules = _modules(path)
    configuration = _json(path / "config.json")
    own = _optional_json(path / "sentence_bert_config.json")
    return ModelFolder(
        path=path,
        name=name,
        weights_sha256=weights_sha256(_weights(path, modules), path, FileHashes(cache)),
        configuration_sha256=_configuration_sha256(path, modules),
        window=_window(path, configuration, own),
        dimension=int(configuration["hidden_size"]),
        mean_pooled_bert=_is_mean_pooled_bert(path, modules, configuration, own),
    )


def _modules(path: Path) -> list[tuple[str, Path]]:
    """Return class name and folder of each module, in the order they run."""
    if not path.is_dir():
        raise ModelError(f"there is no model folder {path}")
    modules = []
    for entry in _json(path / "modules.json"):
        kind = str(entry["type"])
        # Any other name would be looked up among all installed code, or the model's own.
        if not kind.startswith("sentence_transformers."):
            raise ModelError(f"{path} needs code of its own ({kind}), which is never run")
        folder = path / entry["path"]
        if not folder.resolve().is_relative_to(path.resolve()):
            raise ModelError(f"{path} refers to files outside its folder ({entry['path']})")
        modules.append((kind.rpartition(".")[2], folder))
    if not modules:
        raise ModelError(f"{path} has no modules")
    return modules


def _weights(path: Path, modules: list[tuple[str, Path]]) -> list[Path]:
    if (
        not (modules[0][1] / "tokenizer.json").is_file()
        or modules[0][1].resolve() != path.resolve()
    ):
        raise ModelError(f"{path} has no tokenizer.json beside its modules.json")
    files = sorted({file for _, folder in modules for file in folder.glob("*.safetensors")})
    if not any(file.parent.resolve() == path.resolve() for file in files):
        raise ModelError(f"{path} has no weights as safetensors; pickled weights are not loaded")
    return files


def _configuration_sha256(path: Path, modules: list[tuple[str, Path]]) -> str:
    files = {path / name for name in (*_TOKENIZER_FILES, *_CONFIGURATION_FILES)}
    files |= {folder / "config.json" for _, folder in modules}
    found = sorted(file for file in files if file.is_file())
    return content_hash([[file.relative_to(path).as_posix(), file_sha256(file)] for file in found])


def _window(path: Path, configuration: Mapping[str, Any], own: Mapping[str, Any]) -> int:
    if window := own.get("max_seq_length"):
        return int(window)
    tokenizer = _optional_json(path / "tokenizer_config.json")
    positions = int(configuration["max_position_embeddings"])
    return min(positions, int(tokenizer.get("model_max_length") or positions))


def _is_mean_pooled_bert(
    path: Path,
    modules: list[tuple[str, Path]],
    configuration: Mapping[str, Any],
    own: Mapping[str, Any],
) -> bool:
    kinds = [kind for kind, _ in modules]
    if kinds not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        return False
    prompts = _optional_json(path / "config_sentence_transformers.json")
    return (
        configuration.get("model_type") == "bert"
        and _pools_by_mean(_json(modules[1][1] / "config.json"))
        and not own.get("do_lower_case")
        and not prompts.get("default_prompt_name")
    )


def _pools_by_mean(pooling: Mapping[str, Any]) -> bool:
    modes = pooling.get("pooling_mode")
    if modes is None:
        prefix = "pooling_mode_"
        modes = [key for key, on in pooling.items() if key.startswith(prefix) and on]
        return modes == ["pooling_mode_mean_tokens"]
    return modes in ("mean", ["mean"])


def _json(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _optional_json(path: Path) -> Mapping[str, Any]:
    found = _json(path) if path.is_file() else {}
    return found if isinstance(found, dict) else {}
