"""The prompts of the optional language-model judge, as package data."""
