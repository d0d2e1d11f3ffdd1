"""Tells the language of a text, cheaply where it is plainly English."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from assistant.language.lexicon import all_verbs, is_measure_head, nouns
from assistant.language.plain import Token, read
from assistant.language.words import load

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
_SURE, _LIKELY, _UNDECIDED = 0.99, 0.8, 0.5
_FEW_WORDS = 4
_SEVERAL = 2
_PROBABLE_ENOUGH = 0.9
_MOST_CHARACTERS = 2000


@lru_cache(maxsize=65536)
def language(text: str) -> tuple[str, float]:
    """The language of a text.

    Function words and the vocabulary of goals decide where they can; only other texts of four
    words or more pay for the language model (its first use takes about a second).

    Args:
        text: a draft or a part of one. The more words, the safer the answer; what stands
            behind the first 2,000 characters is not read.

    Returns:
        An ISO 639-1 code and a confidence from 0 to 1. A fragment that says too little is
        given as ``("en", 0.5)``: names and abbreviations look alike in every language.
    """
    text = text[:_MOST_CHARACTERS]
    tokens = read(text).tokens
    words = tuple(token for token in tokens if token.low.replace("-", "").isalpha())
    if not words:
        return ENGLISH, _UNDECIDED
    votes = {code: _votes(words, code) for code in load("languages")}
    english = votes.pop(ENGLISH)
    foreign, most = max(votes.items(), key=lambda vote: vote[1])
    known = sum(is_english_word(words, index) for index in range(len(words)))
    if most == 0 or english > 2 * most:
        if english + known > 0 and (english + known) * 3 >= len(words):
            return ENGLISH, _SURE if english else _LIKELY
        if len(words) < _FEW_WORDS and _is_latin(words):
            return ENGLISH, _UNDECIDED
    if most >= _SEVERAL and english + known == 0:
        return foreign, _LIKELY
    if not _is_latin(words):
        code, probability = _identifier().classify(text)
        return str(code), round(float(probability), 3)
    return _by_model(text, foreign if most > english else None, english + known)


def _votes(words: tuple[Token, ...], code: str) -> int:
    return sum(word.low in function_words(code) for word in words)


@cache
def function_words(code: str) -> frozenset[str]:
    """The small and common words that give a language away."""
    return frozenset(load("languages")[code])


def is_english_word(words: tuple[Token, ...], index: int) -> bool:
    """Whether a word belongs to the vocabulary of goals that the word lists hold."""
    return (
        is_measure_head(words[index].low)
        or all_verbs().at(words, index) is not None
        or nouns("segments", "people").at(words, index) is not None
        or nouns("verbs", "deliverables").at(words, index) is not None
    )


def _is_latin(words: tuple[Token, ...]) -> bool:
    return sum(word.low[0] <= "\u024f" for word in words) * 2 >= len(words)


def _by_model(text: str, voted: str | None, english: int) -> tuple[str, float]:
    code, probability = _identifier().classify(text)
    confidence = round(float(probability), 3)
    if code == ENGLISH:
        return ENGLISH, max(confidence, _UNDECIDED)
    if code == voted or (confidence >= _PROBABLE_ENOUGH and not english):
        return str(code), confidence
    if voted and not english:
        return voted, _LIKELY
    return ENGLISH, _UNDECIDED


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
