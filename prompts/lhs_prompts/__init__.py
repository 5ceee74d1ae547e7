"""The prompts of the optional language-model judge, as package data."""

from lhs_prompts.loader import load_prompt, parse_prompt
from lhs_prompts.prompt import Messages, Prompt, PromptError, Variable

__all__ = ["Messages", "Prompt", "PromptError", "Variable", "load_prompt", "parse_prompt"]
