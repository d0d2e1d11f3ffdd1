"""Which way is better for a measure, judged by the words that name it."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Literal

from assistant.language.lexicon import nouns, phrases
from assistant.language.patterns import Pattern
from assistant.language.plain import Token, read
from assistant.language.words import Phrases

Polarity = Literal["higher", "lower"]

_CHUNK_ENDS = frozenset(
    "of in for among with per at on by from within across who that which to after before over "
    "under than between while without until during so where when as via through into and or "
    "against about".split()
)
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
            (i for i in range(start, len(tokens)) if tokens[i].low in _CHUNK_ENDS), len(tokens)
        )
        if found := _of_chunk(tokens[start:end]):
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


def _of_chunk(tokens: tuple[Token, ...]) -> Polarity | None:
    """The verdict of a noun phrase: participle behind, else modifier before, else last noun."""
    if not tokens:
        return None
    heads = [found for index in range(len(tokens)) if (found := _noun_at(tokens, index))]
    if found := _participle(tokens, after=1 if len(tokens) > 1 else 0):
        return found
    modified = any(
        phrases("polarity", "lower modifiers").at(tokens, index)
        or _UNDONE.fullmatch(tokens[index].low)
        for index in range(len(tokens))
    )
    if modified:
        return "lower"
    return heads[-1] if heads else None


def _participle(tokens: tuple[Token, ...], after: int) -> Polarity | None:
    verdict: Polarity | None = None
    for index in range(after, len(tokens)):
        if phrases("polarity", "lower participles").at(tokens, index):
            verdict = "lower"
        elif phrases("polarity", "higher participles").at(tokens, index):
            verdict = "higher"
    return verdict


def _noun_at(tokens: tuple[Token, ...], index: int) -> Polarity | None:
    if phrases("polarity", "neutral").at(tokens, index):
        return None
    lower, higher = _nouns("lower").at(tokens, index), _nouns("higher").at(tokens, index)
    if not lower and not higher:
        return None
    return "lower" if (lower or (0,))[0] > (higher or (0,))[0] else "higher"


@cache
def _nouns(side: Polarity) -> Phrases:
    return nouns("polarity", side)
