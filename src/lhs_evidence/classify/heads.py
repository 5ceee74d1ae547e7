"""Trained heads: what they are, and how they lie on disk (safetensors, JSON, text; no pickle)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load, save

from lhs_evidence.classify.columns import labels_of
from lhs_evidence.classify.features import FeatureSpace
from lhs_evidence.classify.lexicon import Lexicon
from lhs_evidence.classify.logistic import Linear
from lhs_evidence.classify.mix import Mix
from lhs_evidence.classify.neighbours import Neighbours
from lhs_evidence.classify.parts import PARTS, Examples, Parts
from lhs_evidence.errors import ModelError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import content_hash
from lhs_evidence.model import Level

Matrix = NDArray[np.float32]

WEIGHTS_FILE = "heads.safetensors"
CARD_FILE = "heads.json"
TERMS_FILE = "terms.txt"
# Hexadecimal digits of a text's hash that are kept to tell whether it was trained on: 48 bits.
SEEN_DIGITS = 12
SCHEMA = 2


class HeadsCard(BaseModel):
    """What the heads say of themselves.

    `labels` are commitment ids, then facet keys, in the order of the weights' columns, which go on
    with the levels and counter-evidence; `groups` are the facets each column is likened to;
    `thresholds` are probabilities, one for each label; `review` is the band of probabilities in
    which a person should look; `seen` holds the start of the hash of each text trained on;
    `training` records data, versions and figures of the training run.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: int
    framework: str
    encoder: str
    encoder_weights: str
    labels: tuple[str, ...]
    groups: tuple[tuple[int, ...], ...]
    thresholds: tuple[float, ...]
    review: tuple[float, float]
    seen: frozenset[str]
    training: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities, row by row: labels, levels in the order of `Level`, counter."""

    labels: Matrix
    levels: Matrix
    counter: Matrix


@dataclass(frozen=True, slots=True)
class Heads:
    """The fitted parts, and how much each counts."""

    card: HeadsCard
    parts: Parts
    mix: Mix

    def covers(self, framework: Framework) -> bool:
        """Whether these heads were trained for exactly this framework's facets."""
        return self.card.framework == framework.id and self.card.labels == labels_of(framework)

    def score(self, examples: Examples) -> Scores:
        """Return the probabilities for each row."""
        found = self.mix(self.parts.logits(examples), self.parts.groups)
        labels = len(self.card.labels)
        return Scores(found[:, :labels], levels_from(found[:, labels:-1]), found[:, -1])

    def write(self, directory: Path) -> None:
        """Write the heads into a folder."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / WEIGHTS_FILE).write_bytes(save(_tensors(self)))
        terms = "".join(f"{term}\n" for term in self.parts.lexicon.terms)
        (directory / TERMS_FILE).write_text(terms, encoding="utf-8", newline="")
        card = self.card.model_dump(mode="json")
        card["seen"] = sorted(card["seen"])
        (directory / CARD_FILE).write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")


def levels_from(found: Matrix) -> Matrix:
    """Return the probabilities of the levels, each row summing to one."""
    return np.asarray(found / np.maximum(found.sum(axis=1, keepdims=True), 1e-9), np.float32)


def read_heads(directory: Path | None = None) -> tuple[Heads, str]:
    """Return the heads in a folder, or the packaged ones, and the id that names them.

    Raises:
        ModelError: Files are missing, damaged, or of a version this program does not know.
    """
    if directory is not None:
        return _read(directory)
    with as_file(files("lhs_evidence.classify") / "weights") as packaged:
        return _read(packaged)


def _read(directory: Path) -> tuple[Heads, str]:
    try:
        card_text = (directory / CARD_FILE).read_text(encoding="utf-8")
        card = HeadsCard.model_validate_json(card_text)
        weights = (directory / WEIGHTS_FILE).read_bytes()
        terms = (directory / TERMS_FILE).read_bytes()
        heads = _assemble(card, load(weights), tuple(terms.decode("utf-8").split("\n")[:-1]))
    except OSError as error:
        raise ModelError(f"no trained heads in {directory}: {error.strerror}") from error
    except (ValidationError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"trained heads in {directory} are damaged, or too old") from error
    _check_shapes(heads, directory)
    digests = [hashlib.sha256(data).hexdigest() for data in (weights, terms)]
    identity = content_hash([json.loads(card_text), *digests])
    return heads, f"heads-{identity[:16]}"


def _assemble(card: HeadsCard, tensors: dict[str, Any], terms: tuple[str, ...]) -> Heads:
    parts = Parts(
        space=FeatureSpace(tensors["facets"], tensors["centre"], tensors["spread"]),
        meaning=Linear(tensors["meaning"], tensors["meaning_bias"]),
        lexicon=Lexicon(terms, tensors["idf"]),
        wording=Linear(tensors["wording"].astype(np.float32), tensors["wording_bias"]),
        neighbours=Neighbours(
            tensors["neighbours"].astype(np.float32),
            tensors["neighbours_targets"].astype(np.float32),
        ),
        groups=card.groups,
    )
    return Heads(card, parts, Mix(tensors["mix"], tensors["mix_bias"]))


def _check_shapes(heads: Heads, directory: Path) -> None:
    card, parts = heads.card, heads.parts
    if card.schema_version != SCHEMA:
        raise ModelError(f"trained heads in {directory} are of schema {card.schema_version}")
    columns = len(card.labels) + len(Level) + 1
    terms = len(parts.lexicon.terms)
    passages, dimension = parts.neighbours.vectors.shape
    features = 2 * dimension + len(parts.space.facets)
    expected: dict[str, tuple[NDArray[Any], tuple[int, ...]]] = {
        "facets": (parts.space.facets, (len(parts.space.facets), dimension)),
        "meaning": (parts.meaning.weights, (features, columns)),
        "meaning_bias": (parts.meaning.bias, (columns,)),
        "idf": (parts.lexicon.idf, (terms,)),
        "wording": (parts.wording.weights, (terms, columns)),
        "wording_bias": (parts.wording.bias, (columns,)),
        "neighbours_targets": (parts.neighbours.targets, (passages, columns)),
        "mix": (heads.mix.weights, (len(PARTS), columns)),
        "mix_bias": (heads.mix.bias, (columns,)),
    }
    for name, (tensor, shape) in expected.items():
        if tensor.shape != shape:
            raise ModelError(f"trained heads in {directory}: {name} has shape {tensor.shape}")
    if len(card.thresholds) != len(card.labels) or len(card.groups) != columns:
        raise ModelError(f"trained heads in {directory}: a threshold for each label is needed")


def _tensors(heads: Heads) -> dict[str, NDArray[Any]]:
    parts = heads.parts
    return {
        "facets": parts.space.facets,
        "centre": parts.space.centre,
        "spread": parts.space.spread,
        "meaning": parts.meaning.weights,
        "meaning_bias": parts.meaning.bias,
        "idf": parts.lexicon.idf,
        # Half precision: wording is by far the largest part, and its weights are small.
        "wording": parts.wording.weights.astype(np.float16),
        "wording_bias": parts.wording.bias,
        "neighbours": parts.neighbours.vectors.astype(np.float16),
        "neighbours_targets": parts.neighbours.targets.astype(np.float16),
        "mix": heads.mix.weights,
        "mix_bias": heads.mix.bias,
    }
