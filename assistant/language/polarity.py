"""Which way is better for a measure, judged by the words that name it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from assistant.language.lexicon import Number, nouns, phrases
from assistant.language.patterns import Pattern
from assistant.language.plain import Token, read
from assistant.language.words import Phrases, word_set

Polarity = Literal["higher", "lower"]

_TAIL = 3
_UNDONE = Pattern(r"(?:un|non-?|mis)\w{3,}ed$")


@lru_cache(maxsize=2048)
def polarity(metric_text: str) -> Polarity | None:
    """Whether more or less of a measure is better.

    Args:
        metric_text: the words that name it, such as ``late deliveries`` or ``win rate``.

    Returns:
        ``lower`` for churn, defects, cost, time to X; ``higher`` for retention, revenue, NPS;
        None where the words do not say.
    """
    tokens = read(metric_text).tokens
    if found := _decisive_phrase(tokens):
        return found
    start = 0
    while start < len(tokens):
        end = next(
            (i for i in range(start, len(tokens)) if tokens[i].low in word_set("chunk ends")),
            len(tokens),
        )
        if found := _of_chunk(tokens[start:end], tokens[end : end + _TAIL]):
            return found
        start = end + 1
    return None


def _decisive_phrase(tokens: tuple[Token, ...]) -> Polarity | None:
    for index in range(len(tokens)):
        higher = phrases("polarity", "higher phrases").at(tokens, index)
        lower = phrases("polarity", "lower phrases").at(tokens, index)
        if higher or lower:
            return "higher" if (higher or (0,))[0] >= (lower or (0,))[0] else "lower"
        if tokens[index].low.endswith("-free"):
            return "higher"
    return None


def _of_chunk(tokens: tuple[Token, ...], behind: tuple[Token, ...]) -> Polarity | None:
    """The verdict of a noun phrase: participle behind, else modifier before, else last noun."""
    if not tokens:
        return None
    if found := _participle((*tokens, *behind), 1 if len(tokens) > 1 else 0, len(tokens)):
        return found
    verdict: Polarity | None = None
    free: list[int] = []
    index = 0
    while index < len(tokens):
        length, found = _noun_at(tokens, index)
        verdict = found or verdict
        if length == 1 and not found:
            free.append(index)
        index += length
    if any(_is_undesired(tokens, index) for index in free):
        return "lower"
    if not verdict and any(_has(tokens, index, "higher modifiers") for index in free):
        return "higher"
    return verdict


def _is_undesired(tokens: tuple[Token, ...], index: int) -> bool:
    return _has(tokens, index, "lower modifiers") or bool(_UNDONE.fullmatch(tokens[index].low))


def _has(tokens: tuple[Token, ...], index: int, section: str) -> bool:
    return phrases("polarity", section).at(tokens, index) is not None


def _participle(tokens: tuple[Token, ...], start: int, end: int) -> Polarity | None:
    verdict: Polarity | None = None
    for index in range(start, min(end + 1, len(tokens))):
        if index == end and tokens[index].low not in {"on", "in"}:
            break
        if _has(tokens, index, "lower participles"):
            verdict = "lower"
        elif _has(tokens, index, "higher participles"):
            verdict = "higher"
    return verdict


def _noun_at(tokens: tuple[Token, ...], index: int) -> tuple[int, Polarity | None]:
    """How many tokens the noun at an index takes, and which way is better for it."""
    lower, higher = (
        _nouns("lower").at(tokens, index),
        _nouns("higher").at(tokens, index),
    )
    longest = max((lower or (1,))[0], (higher or (1,))[0])
    neutral = phrases("polarity", "neutral").at(tokens, index)
    if (not lower and not higher) or (neutral and longest <= neutral[0]):
        return (neutral[0] if neutral else 1), None
    return longest, "lower" if (lower or (0,))[0] > (higher or (0,))[0] else "higher"


@cache
def _nouns(side: Polarity) -> Phrases[Number]:
    return nouns("polarity", side)
