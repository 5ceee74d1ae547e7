"""What a framework file says, once it has been checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from lhs_evidence.errors import FrameworkError
from lhs_evidence.model import Level, Polarity

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Part):
    """The publication a framework rests on."""

    citation: Text
    url: Text
    note: str = ""


class Term(_Part):
    """A level or a polarity: the name shown to people, and what it means."""

    name: Text
    description: Text


class Foundation(_Part):
    """A theme that cuts across all commitments."""

    id: Key
    name: Text
    description: Text


class Facet(_Part):
    """One thing that a commitment names.

    `description` is what the classifier compares passages with; `suggestion` says what would close
    a gap; `foundations` are the themes the facet belongs to.
    """

    id: Key
    name: Text
    description: Text
    suggestion: Text
    foundations: tuple[Key, ...] = ()


class Commitment(_Part):
    """One shared commitment and its facets."""

    id: Key
    name: Text
    definition: Text
    facets: tuple[Facet, ...] = Field(min_length=1)


class OrganizationKind(_Part):
    """A kind of organization, and the facets (`commitment.facet`) not expected of it."""

    id: Key
    name: Text
    not_expected: tuple[str, ...] = ()


class Framework(_Part):
    """A framework: what documents are read against.

    Keys of facets are `commitment.facet`, as in `safe.risk`; they are stable, names may change.
    """

    id: Key
    version: Text
    name: Text
    source: Source
    levels: dict[Level, Term]
    polarities: dict[Polarity, Term]
    foundations: tuple[Foundation, ...] = ()
    commitments: tuple[Commitment, ...] = Field(min_length=1)
    kinds: tuple[OrganizationKind, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        _refuse_repeats("commitment", (commitment.id for commitment in self.commitments))
        _refuse_repeats("foundation", (foundation.id for foundation in self.foundations))
        _refuse_repeats("kind", (kind.id for kind in self.kinds))
        for commitment in self.commitments:
            _refuse_repeats(f"facet of {commitment.id}", (facet.id for facet in commitment.facets))
        themes = {foundation.id for foundation in self.foundations}
        for commitment in self.commitments:
            for facet in commitment.facets:
                _refuse_unknown(f"{commitment.id}.{facet.id}", facet.foundations, themes)
        for kind in self.kinds:
            _refuse_unknown(f"kind {kind.id}", kind.not_expected, set(self.facet_keys))
        for term, given in ((Level, self.levels), (Polarity, self.polarities)):
            if missing := [item.value for item in term if item not in given]:
                raise ValueError(f"no description of {', '.join(missing)}")
        return self

    @cached_property
    def commitment_ids(self) -> tuple[str, ...]:
        """Ids of the commitments, in the framework's order."""
        return tuple(commitment.id for commitment in self.commitments)

    @cached_property
    def facet_keys(self) -> tuple[str, ...]:
        """Keys of all facets, in the framework's order."""
        return tuple(
            f"{commitment.id}.{facet.id}"
            for commitment in self.commitments
            for facet in commitment.facets
        )

    def commitment(self, commitment: str) -> Commitment:
        """Return the commitment with this id; unknown ids raise `FrameworkError`."""
        for candidate in self.commitments:
            if candidate.id == commitment:
                return candidate
        raise FrameworkError(f"{self.id} has no commitment {commitment!r}")

    def facet(self, commitment: str, facet: str) -> Facet:
        """Return a commitment's facet; unknown ids raise `FrameworkError`."""
        for candidate in self.commitment(commitment).facets:
            if candidate.id == facet:
                return candidate
        raise FrameworkError(f"{self.id} has no facet {commitment}.{facet}")

    def kind(self, kind: str) -> OrganizationKind:
        """Return the kind of organization with this id; unknown ids raise `FrameworkError`."""
        for candidate in self.kinds:
            if candidate.id == kind:
                return candidate
        known = ", ".join(candidate.id for candidate in self.kinds)
        raise FrameworkError(f"{self.id} has no kind of organization {kind!r} (known: {known})")

    def expects(self, kind: str, commitment: str, facet: str) -> bool:
        """Whether a facet is expected of this kind of organization."""
        return f"{commitment}.{facet}" not in self.kind(kind).not_expected


def _refuse_repeats(what: str, ids: Iterable[str]) -> None:
    if repeated := [item for item, count in Counter(ids).items() if count > 1]:
        raise ValueError(f"{what} given twice: {', '.join(repeated)}")


def _refuse_unknown(where: str, given: Iterable[str], known: set[str]) -> None:
    if unknown := [item for item in given if item not in known]:
        raise ValueError(f"{where} names unknown {', '.join(unknown)}")
