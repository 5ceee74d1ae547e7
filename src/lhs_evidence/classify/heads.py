"""Trained heads: what they are, and how they lie on disk (safetensors and JSON, never pickle)."""

from __future__ import annotations

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

from lhs_evidence.classify.features import FeatureSpace
from lhs_evidence.errors import ModelError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import content_hash
from lhs_evidence.model import Level

Matrix = NDArray[np.float32]

WEIGHTS_FILE = "heads.safetensors"
CARD_FILE = "heads.json"
# Hexadecimal digits of a text's hash that are kept to tell whether it was trained on: 48 bits.
SEEN_DIGITS = 12
_SCHEMA = 1


class HeadsCard(BaseModel):
    """What the heads say of themselves.

    `labels` are commitment ids, then facet keys, in the order of the weights' columns;
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
    thresholds: tuple[float, ...]
    review: tuple[float, float]
    seen: frozenset[str]
    training: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heads:
    """Linear heads over the features of a passage, with their calibration.

    `weights` is features × labels; `calibration` is 2 × labels (slope and offset of each label's
    logit); `level` is features × 4 in the order of `model.Level`; `polarity` is features × 1, the
    logit of counter-evidence. Biases are rows of their own.
    """

    card: HeadsCard
    space: FeatureSpace
    weights: Matrix
    bias: Matrix
    calibration: Matrix
    level: Matrix
    level_bias: Matrix
    polarity: Matrix
    polarity_bias: Matrix

    def covers(self, framework: Framework) -> bool:
        """Whether these heads were trained for exactly this framework's facets."""
        return self.card.framework == framework.id and self.card.labels == labels_of(framework)

    def write(self, directory: Path) -> None:
        """Write the heads into a folder."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / WEIGHTS_FILE).write_bytes(save(_tensors(self)))
        card = self.card.model_dump(mode="json")
        card["seen"] = sorted(card["seen"])
        (directory / CARD_FILE).write_text(json.dumps(card, indent=1, sort_keys=True) + "\n")


def labels_of(framework: Framework) -> tuple[str, ...]:
    """Return the labels heads have for a framework: commitments, then facets."""
    return framework.commitment_ids + framework.facet_keys


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
        weights = (directory / WEIGHTS_FILE).read_bytes()
        card = HeadsCard.model_validate_json(card_text)
        tensors = load(weights)
        heads = Heads(
            card=card,
            space=FeatureSpace(tensors["facets"], tensors["centre"], tensors["spread"]),
            weights=tensors["weights"],
            bias=tensors["bias"],
            calibration=tensors["calibration"],
            level=tensors["level"],
            level_bias=tensors["level_bias"],
            polarity=tensors["polarity"],
            polarity_bias=tensors["polarity_bias"],
        )
    except OSError as error:
        raise ModelError(f"no trained heads in {directory}: {error.strerror}") from error
    except (ValidationError, SafetensorError, KeyError, ValueError) as error:
        raise ModelError(f"trained heads in {directory} are damaged") from error
    _check_shapes(heads, directory)
    identity = content_hash([json.loads(card_text), weights.hex()])
    return heads, f"heads-{identity[:16]}"


def _check_shapes(heads: Heads, directory: Path) -> None:
    card = heads.card
    if card.schema_version != _SCHEMA:
        raise ModelError(f"trained heads in {directory} are of schema {card.schema_version}")
    count, rows = len(card.labels), heads.weights.shape[0]
    expected = {
        "weights": (heads.weights, (rows, count)),
        "bias": (heads.bias, (count,)),
        "calibration": (heads.calibration, (2, count)),
        "level": (heads.level, (rows, len(Level))),
        "polarity": (heads.polarity, (rows, 1)),
    }
    for name, (tensor, shape) in expected.items():
        if tensor.shape != shape:
            raise ModelError(f"trained heads in {directory}: {name} has shape {tensor.shape}")
    if len(card.thresholds) != count:
        raise ModelError(f"trained heads in {directory}: a threshold for each label is needed")


def _tensors(heads: Heads) -> dict[str, Matrix]:
    return {
        "facets": heads.space.facets,
        "centre": heads.space.centre,
        "spread": heads.space.spread,
        "weights": heads.weights,
        "bias": heads.bias,
        "calibration": heads.calibration,
        "level": heads.level,
        "level_bias": heads.level_bias,
        "polarity": heads.polarity,
        "polarity_bias": heads.polarity_bias,
    }
