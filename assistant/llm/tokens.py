"""How many tokens a text takes, by a rule of thumb."""

from __future__ import annotations

from math import ceil

CHARACTERS_PER_TOKEN = 3.7
"""Measured on our own prompts with the tokenizer of SmolLM2, which needs more tokens than those of
larger models (Qwen2.5: 3.9). Nothing here depends on a tokenizer."""


def tokens(text: str) -> int:
    """About how many tokens the text takes."""
    return ceil(len(text) / CHARACTERS_PER_TOKEN)
