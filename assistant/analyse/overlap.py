"""Where two objectives touch: the elements that share most, and the words that both use."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from assistant.language.plain import read
from assistant.language.stems import Stems, content_stems, function_words, likeness, stem
from assistant.models import Objective

Element = tuple[str, str]
_SAME_SENTENCE = 0.5
_MOST_WORDS = 5


class Overlap(NamedTuple):
    """The elements of two objectives that touch, and what both name in the words of the first.

    ``shared`` is empty where they have no word in common.
    """

    on_a: str
    on_b: str
    shared: str


def find_overlap(
    a: Objective, b: Objective, elements_a: Sequence[Element], elements_b: Sequence[Element]
) -> Overlap:
    """Find the elements that share most words; without any, the objectives themselves.

    Args:
        a: one objective.
        b: the other.
        elements_a: its elements by name, the objective first, without dropped ones.
        elements_b: those of the other.
    """
    pairs = list(product(elements_a, elements_b))
    graded = [(len(_common(one, other)), likeness(*_both(one, other))) for one, other in pairs]
    best = max(range(len(pairs)), key=lambda at: (graded[at], -at))
    one, other = pairs[best]
    if not graded[best][0]:
        return Overlap("objective", "objective", "")
    return Overlap(one[0], other[0], _in_words(one[1], _common(one, other)))


def is_elsewhere(a: Objective, b: Objective) -> bool:
    """Whether two objectives are one sentence about two things: other people, another place."""
    one, other = content_stems(a.text), content_stems(b.text)
    return bool(one - other and other - one) and likeness(one, other) >= _SAME_SENTENCE


def _both(one: Element, other: Element) -> tuple[Stems, Stems]:
    return content_stems(one[1]), content_stems(other[1])


def _common(one: Element, other: Element) -> Stems:
    first, second = _both(one, other)
    return first & second


def _in_words(text: str, shared: Stems) -> str:
    """The words of a text that are shared: the longest run of them, small words between kept."""
    runs: list[list[int]] = []
    tokens = read(text).tokens
    for at, token in enumerate(tokens):
        held = {stem(part) for part in token.low.split("-") if part}
        if not held & shared:
            continue
        between = tokens[runs[-1][-1] + 1 : at] if runs else ()
        if runs and all(item.low in function_words() for item in between):
            runs[-1].append(at)
        else:
            runs.append([at])
    if not runs:
        return ""
    longest = max(runs, key=len)[:_MOST_WORDS]
    return read(text).span(tokens[longest[0]].start, tokens[longest[-1]].end).text
