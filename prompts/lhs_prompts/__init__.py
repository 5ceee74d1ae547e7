"""Prompts as package data: versioned, with declared variables, rendered without surprises."""

from lhs_prompts.prompt import Prompt, load_prompt

__all__ = ["Prompt", "load_prompt"]
