"""From settings to an encoder."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from lhs_evidence.encoders.encoder import Encoder
from lhs_evidence.encoders.model_folder import ModelFolder, find_model
from lhs_evidence.encoders.openvino import OpenVinoEncoder
from lhs_evidence.encoders.sentence_transformer import SentenceTransformerEncoder
from lhs_evidence.errors import ModelError
from lhs_evidence.settings import EncoderSettings


def load_encoder(settings: EncoderSettings, cache: Path) -> Encoder:
    """Load the encoder that the settings ask for.

    Args:
        settings: Model, back end and batch size.
        cache: Folder for converted models; where it cannot be written, starts are slow.

    Raises:
        ModelError: The model is missing or altered, or the back end cannot run it.
    """
    folder = find_model(settings.model, cache)
    if _runs_on_openvino(folder, settings):
        return OpenVinoEncoder(folder, cache, settings.batch_size)
    return SentenceTransformerEncoder(folder, settings.batch_size)


def _runs_on_openvino(folder: ModelFolder, settings: EncoderSettings) -> bool:
    if settings.backend == "torch":
        return False
    installed = importlib.util.find_spec("openvino") is not None
    if settings.backend == "auto":
        return installed and folder.mean_pooled_bert
    if not installed:
        raise ModelError("the encoder's back end openvino is not installed: pip install openvino")
    if not folder.mean_pooled_bert:
        raise ModelError(
            f"the back end openvino runs mean-pooled BERT models, and {folder.name} is none: set "
            "LHS_ENCODER__BACKEND=torch"
        )
    return True
