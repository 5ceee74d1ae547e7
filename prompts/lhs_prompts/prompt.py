"""Loading and rendering a prompt file."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files

import yaml

from lhs_evidence.errors import PromptError

_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system and a human text with named places, `{{name}}`.

    `variables` are exactly the names used; `sha256` is that of the file, for the record of what
    produced an answer.
    """

    id: str
    version: str
    variables: tuple[str, ...]
    system: str
    human: str
    sha256: str

    def render(self, **values: str) -> tuple[str, str]:
        """Return the system and the human text with every place filled.

        Values are put in once and never read again, so braces in a document's text are only text.

        Raises:
            PromptError: A declared variable is missing, or one is not declared.
        """
        if odd := set(values) ^ set(self.variables):
            raise PromptError(f"prompt {self.id}: variables do not fit: {', '.join(sorted(odd))}")
        return _filled(self.system, values), _filled(self.human, values)


def load_prompt(name: str) -> Prompt:
    """Return the packaged prompt of that name.

    Raises:
        PromptError: There is none, or its declared variables are not those it uses.
    """
    try:
        content = (files("lhs_prompts") / f"{name}.yaml").read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"there is no prompt {name!r}") from error
    return parse_prompt(content)


def parse_prompt(content: str) -> Prompt:
    """Return the prompt that a file's content describes; see `load_prompt`."""
    try:
        data = yaml.safe_load(content)
        prompt = Prompt(
            id=data["id"],
            version=str(data["version"]),
            variables=tuple(data["variables"]),
            system=data["system"],
            human=data["human"],
            sha256=hashlib.sha256(content.encode()).hexdigest(),
        )
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise PromptError("a prompt needs id, version, variables, system and human") from error
    used = set(_VARIABLE.findall(prompt.system + prompt.human))
    if odd := used ^ set(prompt.variables):
        raise PromptError(f"prompt {prompt.id}: declared and used differ: {', '.join(sorted(odd))}")
    return prompt


def _filled(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda place: values[place.group(1)], text)
