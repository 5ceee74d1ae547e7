"""A prompt: two texts with declared variables, each trusted or fenced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from string import Template
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

_MARK_DIGITS = 16

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class PromptError(ValueError):
    """A prompt is not valid, or was not given the variables it declares."""


class Messages(NamedTuple):
    """What is sent to a model: the instructions, and what they are about."""

    system: str
    human: str


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Variable(_Part):
    """What stands for a variable, and whether its text may give instructions.

    The value of an `untrusted` variable comes from a document. It is fenced wherever it is used,
    and may not be used in the system text at all.
    """

    description: Text
    trust: Literal["trusted", "untrusted"]


class Prompt(_Part):
    """A versioned prompt; `output` describes each field of the answer, by dotted name.

    In `system` and `human`, `$name` stands for a variable and `$$` for a dollar sign.
    """

    id: Text
    version: Text
    variables: dict[str, Variable]
    system: Text
    human: Text
    output: dict[str, Text] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> Self:
        used: set[str] = set()
        for where, text in (("system", self.system), ("human", self.human)):
            if not Template(text).is_valid():
                raise ValueError(f"a dollar sign in {where} starts no variable; write $$")
            used.update(Template(text).get_identifiers())
        _refuse("undeclared", used - set(self.variables))
        _refuse("unused", set(self.variables) - used)
        _refuse(
            "untrusted, yet in the system text:",
            self._untrusted & set(Template(self.system).get_identifiers()),
        )
        return self

    @property
    def hash(self) -> str:
        """SHA-256 (64 hexadecimal digits) of everything the prompt says."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def render(self, values: Mapping[str, str]) -> Messages:
        """Return both texts with the values in place, those of untrusted variables fenced.

        Values are put in once and never read again: nothing in them is a variable, whatever it
        looks like.

        Raises:
            PromptError: A declared variable has no value, or a value belongs to none.
        """
        if faults := set(values) ^ set(self.variables):
            raise PromptError(f"prompt {self.id}: values do not fit: {', '.join(sorted(faults))}")
        mark = _mark([values[name] for name in sorted(self._untrusted)])
        given = {
            name: _fenced(name, value, mark) if name in self._untrusted else value
            for name, value in values.items()
        }
        return Messages(
            Template(self.system).substitute(given), Template(self.human).substitute(given)
        )

    @property
    def _untrusted(self) -> set[str]:
        return {name for name, variable in self.variables.items() if variable.trust == "untrusted"}


def _refuse(what: str, names: Iterable[str]) -> None:
    if named := sorted(names):
        raise ValueError(f"variable {what} {', '.join(named)}")


def _fenced(name: str, value: str, mark: str) -> str:
    return f"[begin {name} {mark}]\n{value}\n[end {name} {mark}]"


def _mark(values: list[str]) -> str:
    """Return a mark that occurs in no value, so that no document can close its own fence.

    It is a hash of the values: the same request is the same text, and who writes a document cannot
    foresee the mark without the document being finished.
    """
    mark = json.dumps(values)
    while True:
        mark = hashlib.sha256(mark.encode()).hexdigest()[:_MARK_DIGITS]
        if not any(mark in value for value in values):
            return mark
