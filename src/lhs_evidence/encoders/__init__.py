"""Sentence encoders: texts in, unit vectors out, with one of two back ends."""

from lhs_evidence.encoders.encoder import Encoder
from lhs_evidence.encoders.load import load_encoder

__all__ = ["Encoder", "load_encoder"]
