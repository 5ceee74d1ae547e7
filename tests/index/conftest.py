import numpy as np
import pytest

from lhs_evidence.ids import passage_id
from lhs_evidence.model import Passage

ENCODER = "e" * 64
TEXTS = (
    "Nurses report every near miss, and a committee reviews the reports each month.",
    "Patients sit on the board's quality council and vote on its plan.",
    "Access logs are audited quarterly; lost laptops are wiped within the hour.",
    "Waiting times fell from 41 to 28 days after evening clinics opened.",
    "Interpreters are offered in nine languages, among them Español and Français.",
    "The cafeteria serves lunch from noon.",
)


def passage(text, start=0, document="doc_a", heading=("Plan",), title="Plan"):
    end = start + len(text)
    return Passage(
        id=passage_id(document, start, end, text),
        document=document,
        start=start,
        end=end,
        text=text,
        heading=heading,
        title=title,
        pages=(2,),
    )


@pytest.fixture
def make():
    """Return a function that makes n passages and unit vectors for them."""

    def some(count, seed=0, dimension=16):
        rng = np.random.default_rng(seed)
        vectors = rng.normal(size=(count, dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        rows = [passage(f"Measure {row} of set {seed}.", start=row * 100) for row in range(count)]
        return rows, vectors

    return some


@pytest.fixture
def passages():
    return [passage(text, start=100 * number) for number, text in enumerate(TEXTS)]


@pytest.fixture
def encoder_fingerprint():
    return ENCODER
