"""A model's own tokenizer, run without the libraries that train it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from lhs_evidence.encoders.model_folder import ModelFolder
from lhs_evidence.errors import ModelError


class TextTokenizer:
    """Counts the tokens of texts, and turns texts into ids cut at the model's window."""

    def __init__(self, folder: ModelFolder) -> None:
        try:
            # Two of them, because cutting is a state of the tokenizer, not of a call.
            self._whole = Tokenizer.from_str(folder.tokenizer)
            self._cut = Tokenizer.from_str(folder.tokenizer)
        except Exception as error:  # the library raises bare Exception for a faulty file
            raise ModelError(f"{folder.path / 'tokenizer.json'} cannot be read: {error}") from error
        self._whole.no_padding()
        self._whole.no_truncation()
        self._cut.no_padding()
        self._cut.enable_truncation(folder.window)

    def count(self, text: str) -> int:
        """Return how many tokens a text has, special ones included."""
        return len(self._whole.encode_batch_fast([well_formed(text)])[0])

    def ids(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return the token ids of each text, special ones included, cut at the window."""
        encodings = self._cut.encode_batch_fast([well_formed(text) for text in texts])
        return [np.array(encoding.ids, dtype=np.int64) for encoding in encodings]


def well_formed(text: str) -> str:
    """Return the text with each lone surrogate, which no tokenizer takes, as a question mark.

    They come in with file names and command lines that are not valid UTF-8.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text
