"""The real encoder, once; a small labelled set written for these tests."""

from __future__ import annotations

import pytest

from lhs_evidence.classify.labelled import LabelledPassage
from lhs_evidence.classify.training import train
from lhs_evidence.encoders import load_encoder
from lhs_evidence.framework import load_framework
from lhs_evidence.model import Level, Polarity
from lhs_evidence.settings import Settings

SAFE = (
    "Nurses check two identifiers before every {0} and record the check.",
    "Staff report each near miss in the {0} on the same day.",
    "The team counts instruments before closing the {0}.",
    "Hands are washed before entering the {0}.",
    "Every fall in the {0} is followed by a root cause analysis.",
)
SECURE = (
    "Passwords for the {0} system expire after ninety days.",
    "Access to {0} records is granted by role and reviewed each quarter.",
    "Data leaving the {0} are encrypted on the way.",
    "Old disks of the {0} are wiped and destroyed.",
    "Logs of the {0} are kept for six years.",
)
EMPTY = (
    "The {0} is on the second floor beside the lift.",
    "This page of the {0} was left blank.",
    "Table of contents of the {0} manual.",
    "The {0} was built in 1974 and painted in 1999.",
    "Telephone numbers of the {0} follow.",
)
PLACES = ("ward", "theatre", "clinic", "laboratory", "pharmacy", "archive")


def _passages():
    groups = ((SAFE, {"safe": {"protocols": 2}}), (SECURE, {"secure": {"access": 2}}), (EMPTY, {}))
    for texts, labels in groups:
        for number, text in enumerate(texts):
            for place in PLACES:
                yield LabelledPassage(
                    id=f"{next(iter(labels), 'none')}-{number}-{place}",
                    text=text.format(place),
                    heading="",
                    title="",
                    organization=f"Written: {place}",
                    labels=labels,
                    level=Level.OPERATIONAL if labels else Level.NONE,
                    polarity=Polarity.SUPPORTS,
                )


@pytest.fixture(scope="session")
def framework():
    return load_framework()


@pytest.fixture(scope="session")
def encoder():
    settings = Settings()
    return load_encoder(settings.encoder, settings.cache)


@pytest.fixture(scope="session")
def labelled():
    return list(_passages())


@pytest.fixture(scope="session")
def run(labelled, framework, encoder):
    return train(labelled, framework, encoder)
