"""What is particular about a text among all others: its rare words, names and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from typing import TYPE_CHECKING

from assistant.language.plain import read
from assistant.language.stems import function_words, stem
from assistant.language.words import load, word_set

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Weights = NDArray[np.float32]

Terms = frozenset[str]

_LENGTH = 6
"""Letters by which two words are compared: ``assembly`` and ``assemble`` are one."""

_INNER_WORD = re.compile(r"(?<=[a-z,0-9] )[^\W\d_]+")
_EXACT = 100_000
_FEW = 50
"""So few texts say little about how rare a word is; they count as this many."""

_PLAIN_NUMBERS = 10
"""Numbers up to here stand everywhere and mark nothing."""

_TELLING = frozenset({"own", "second", "another", "other", "outside", "without"})
"""Small words that turn a statement: a pack of our own, a second line, other makes."""


@lru_cache(maxsize=65536)
def terms(text: str) -> Terms:
    """The stems of the telling words of a text, and its numbers as ``#7500``."""
    found: set[str] = set()
    reading = read(text)
    for token in reading.tokens:
        if token.low[0].isdigit():
            percent = reading.low[token.end : token.end + 2].strip().startswith("%")
            found.update(_number(token.low, percent))
        else:
            found.update(_word(part) for part in token.low.split("-") if _tells(part))
    return frozenset(found)


def numbers(found: Terms) -> Terms:
    """The numbers among some terms."""
    return frozenset(term for term in found if term.startswith("#"))


def proper_names(texts: Iterable[str]) -> Terms:
    """The words that are written with a capital within a sentence, and more often so than not.

    Days, months and feasts are no names here.
    """
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for text in texts:
        for match in _INNER_WORD.finditer(text):
            word = match.group()
            (capital if word[0].isupper() else small)[word.lower()] += 1
    found = (
        word
        for word, count in capital.items()
        if count > small[word] and len(word) > 1 and word not in word_set("no place")
    )
    return frozenset().union(*map(terms, found))


class Vocabulary:
    """How much each term says: the rarer it is among some texts, the more.

    A weight is 1 for a term of a single text, whatever their number, and 0 for one of all.

    Args:
        texts: the terms of each text.
    """

    def __init__(self, texts: Sequence[Terms]) -> None:
        self._texts = max(len(texts), _FEW)
        self._counts = Counter(term for found in texts for term in found)

    def weight(self, term: str) -> float:
        """From 0 for a term of every text to 1 for one of a single text, or of none."""
        count = max(1, self._counts.get(term, 0))
        return max(0.0, log(self._texts / count) / log(self._texts))

    def total(self, found: Iterable[str]) -> float:
        """The weights of some terms together."""
        return sum(map(self.weight, found))


class Postings:
    """Finds those of many texts that share telling terms with another text."""

    def __init__(self, texts: Sequence[Terms], vocabulary: Vocabulary) -> None:
        self._size = len(texts)
        self._vocabulary = vocabulary
        self._where: dict[str, list[int]] = {}
        for position, found in enumerate(texts):
            for term in found:
                self._where.setdefault(term, []).append(position)

    def shared(self, found: Terms) -> Weights:
        """For each text, what the terms that it shares with these weigh together."""
        import numpy as np

        scores = np.zeros(self._size, dtype=np.float32)
        for term in found:
            if term in self._where:
                scores[self._where[term]] += self._vocabulary.weight(term)
        return scores


def _tells(part: str) -> bool:
    return part in _TELLING or (part[:1].isalpha() and part not in function_words())


@lru_cache(maxsize=65536)
def _word(part: str) -> str:
    return stem(_pasts().get(part, part))[:_LENGTH]


def as_term(value: float, percent: bool = False) -> str:
    """The term of a number: ``#7500``, ``#60%``."""
    return f"#{value:g}{'%' if percent else ''}" if value < _EXACT else f"#{value:.0f}"


def _number(low: str, percent: bool) -> Iterable[str]:
    digits = low.replace(",", "").replace("'", "")
    if not digits.replace(".", "", 1).isdigit() or not digits.isascii():
        return (f"#{digits}",)
    value = float(digits)
    return () if value <= _PLAIN_NUMBERS and not percent else (as_term(value, percent),)


@cache
def _pasts() -> Mapping[str, str]:
    """From an irregular past to its verb: ``won`` to ``win``."""
    entries = (entry.split() for entry in load("inflection")["pasts"])
    return {past: verb for verb, *others in entries for past in others if past != verb}
