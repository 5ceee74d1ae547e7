"""Reads a prompt file and says in one sentence what is wrong with it, if anything is."""

from __future__ import annotations

import re
from importlib.resources import files

import yaml
from pydantic import ValidationError

from lhs_prompts.prompt import Prompt, PromptError

_NAME = re.compile(r"[a-z][a-z0-9-]*")


def load_prompt(name: str) -> Prompt:
    """Return the packaged prompt of this name.

    Raises:
        PromptError: There is no such prompt, or its file is not valid.
    """
    source = files("lhs_prompts") / f"{name}.yaml"
    if not _NAME.fullmatch(name) or not source.is_file():
        raise PromptError(f"there is no prompt {name!r}")
    prompt = parse_prompt(source.read_text(encoding="utf-8"))
    if prompt.id != name:
        raise PromptError(f"prompt {name}: calls itself {prompt.id!r}")
    return prompt


def parse_prompt(text: str) -> Prompt:
    """Return the prompt that a YAML text describes.

    Raises:
        PromptError: The text is not YAML, a field is missing or unknown, or the variables declared
            are not those used.
    """
    try:
        return Prompt.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise PromptError("prompt: not valid YAML") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "prompt"
        raise PromptError(f"{where}: {fault['msg'].removeprefix('Value error, ')}") from error
