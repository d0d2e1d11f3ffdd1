"""What words have in common whatever their ending: to compare goals without a model."""

from __future__ import annotations

from functools import lru_cache

from assistant.language.inflection import singular
from assistant.language.plain import read
from assistant.language.words import word_set

Stems = frozenset[str]

_ENDINGS = ("ations", "ation", "ings", "ing", "ments", "ment", "ied", "ed", "ly", "y")
_SHORTEST = 3


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its ending: ``deliveries``, ``delivering`` and ``deliver`` have one stem.

    Args:
        word: in any case; a hyphen or apostrophe may hold it together.
    """
    low = singular(word.lower().removesuffix("'s"))
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _SHORTEST:
            low = low[: -len(ending)]
            break
    if len(low) > _SHORTEST and low[-1] == low[-2] and low[-1] not in "aeiousl":
        low = low[:-1]
    return low.removesuffix("e") if len(low) > _SHORTEST else low


@lru_cache(maxsize=8192)
def content_stems(text: str) -> Stems:
    """The stems of the words that say what a text is about: no function words, no numbers."""
    return frozenset(
        stem(part)
        for token in read(text).tokens
        for part in token.low.split("-")
        if part[:1].isalpha() and part not in function_words()
    )


def function_words() -> frozenset[str]:
    """Words that say nothing about what a text is about."""
    return word_set("function words", "function_words")


def overlap(one: Stems, other: Stems) -> float:
    """The share of the smaller set that stands in the other, from 0 to 1."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def likeness(one: Stems, other: Stems) -> float:
    """What two sets share of all that they hold, from 0 to 1."""
    both = len(one | other)
    return len(one & other) / both if both else 0.0
