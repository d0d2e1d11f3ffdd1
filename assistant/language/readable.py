"""Tells whether a text is English that can be judged, another language, or no language at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from assistant.language.detect import ENGLISH, function_words, is_english_word, language
from assistant.language.plain import Token, read
from assistant.language.words import load, word_set

UNREADABLE = "unreadable"

_SURE = 0.75
"""Below this confidence a text is not called foreign: names and jargon look foreign."""

_MOSTLY_KNOWN, _HARDLY_KNOWN = 0.6, 0.25
_MANY_STRANGE, _SOME_STRANGE = 3, 2
_NO_LANGUAGE = {"la", "zxx"}
"""Nobody writes goals in Latin but as filler; "zxx" is the code for no language at all."""

_SHORTEST_HALF = 4
_BARE_FIGURE = re.compile(r"\d\s?[%€$£]|[€$£]\s?\d")
_ACRONYM = re.compile(r"[A-Z]{2,6}s?|\w*[a-z][A-Z]\w*|\w*\d\w*")
_ENDING = re.compile(
    r"(?:i?e[sd]|s|d|r|e?rs?|i?ly|ing?s?|i?ness|ments?|able|ible|less|ful|y|ise[ds]?|ize[ds]?|ising"
    r"|izing|ish|ability|isation|ization|ist?s?|like|wise)$"
)
_BEGINNING = re.compile(
    r"(?:un|re|pre|non|over|under|mis|co|de|dis|out|sub|multi|self|inter|anti|micro|mid|up|in)-?"
)


@lru_cache(maxsize=4096)
def trouble(text: str) -> str | None:
    """Why an element cannot be judged by a critic that reads English.

    Short texts get the benefit of the doubt: abbreviations, names and the vocabulary of goals
    never count against one.

    Args:
        text: an objective or key result.

    Returns:
        An ISO 639-1 code where it is plainly in another language, :data:`UNREADABLE` where it is
        in none, None where it can be judged.
    """
    tokens = read(text).tokens
    if not any(character.isalpha() for token in tokens for character in token.low):
        return None if _BARE_FIGURE.search(text) else UNREADABLE
    words = tuple(token for token in tokens if token.low.replace("-", "").isalpha())
    small, known, strange = _sorted(words)
    if len(known) + len(small) >= _MOSTLY_KNOWN * (len(known) + len(small) + len(strange)):
        return None
    code, confidence = language(text)
    if code != ENGLISH and confidence >= _SURE:
        return UNREADABLE if code in _NO_LANGUAGE else code
    if not known and (voted := _voted(words)):
        return voted
    return UNREADABLE if _is_gibberish(known, strange) else None


def _sorted(words: tuple[Token, ...]) -> tuple[set[str], set[str], set[str]]:
    """The small English words, the other English words, and what is neither English nor a name."""
    small, known, strange = set(), set(), set()
    for index, token in enumerate(words):
        if token.low in function_words(ENGLISH):
            small.add(token.low)
        elif is_english_word(words, index) or (
            _is_known(token.low) and token.low not in _foreign()
        ):
            known.add(token.low)
        elif not _is_name(token, index):
            strange.add(token.low)
    return small, known, strange


@cache
def _foreign() -> frozenset[str]:
    codes = [code for code in load("languages") if code != ENGLISH]
    return frozenset(word for code in codes for word in function_words(code))


def _is_name(token: Token, index: int) -> bool:
    """Whether a word looks like an abbreviation, or like a name inside a sentence."""
    is_capital = index > 0 and token.text[0].isupper()
    return is_capital or len(token.text) == 1 or _ACRONYM.fullmatch(token.text) is not None


def _is_gibberish(known: set[str], strange: set[str]) -> bool:
    """Many strange words, or few that no English speaker could utter."""
    odd = sum(not _is_utterable(word) for word in strange)
    if not known:
        return odd > 0 or len(strange) >= _SOME_STRANGE
    share = len(known) / (len(known) + len(strange))
    return share <= _HARDLY_KNOWN and len(strange) >= _MANY_STRANGE


def _voted(words: tuple[Token, ...]) -> str | None:
    """The language whose small and common words stand most often in a text without English."""
    votes = {
        code: sum(token.low in function_words(code) for token in words)
        for code in load("languages")
        if code != ENGLISH
    }
    code = max(votes, key=lambda name: votes[name])
    return code if votes[code] else None


def _is_utterable(word: str) -> bool:
    return all(triple in _triples() for triple in _split(word))


@cache
def _triples() -> frozenset[str]:
    return frozenset(triple for word in word_set("words", "english") for triple in _split(word))


def _split(word: str) -> Iterator[str]:
    padded = f" {word} "
    return (padded[at : at + 3] for at in range(len(padded) - 2))


@cache
def _is_known(word: str) -> bool:
    if "-" in word or "'" in word:
        return all(_is_known(part) for part in re.split("[-']", word) if len(part) > 2)  # noqa: PLR2004
    words = word_set("words", "english")
    if word in words:
        return True
    stem = _ENDING.sub("", word)
    if {stem, f"{stem}e", f"{stem}y", stem[:-1]} & words and len(stem) >= _SHORTEST_HALF - 1:
        return True
    bare = _BEGINNING.sub("", word, count=1)
    if len(bare) >= _SHORTEST_HALF and bare != word and word.endswith(bare) and _is_known(bare):
        return True
    return any(
        word[:at] in words and word[at:] in words
        for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1)
    )
