"""Blanks: what only the team can fill in, such as ``[baseline?]``, visible inside a text.

A proposed text holds a blank wherever it would otherwise have to invent something. All that is
known about blanks is known here: how they look, which there are, and what may stand in for them
while a proposal is tried out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.language.quantities import find_numbers, find_quantities, same_number
from assistant.models import Span

NUMBER = "[number?]"
BASELINE = "[baseline?]"
TARGET = "[target?]"
WHEN = "[when?]"
WHO = "[who?]"
WHOM = "[whom or where?]"
DO_DIFFERENTLY = "[do what differently?]"
DOING = "[doing what differently?]"
EVIDENCE = "[what evidence?]"
MEASURE = "[which measure?]"
GUARD = "[what must not get worse?]"
SIGN = "[which early sign?]"

_SAMPLES = {
    WHEN: "June 2027",
    WHO: "customers",
    WHOM: "first-time buyers in the north",
    DO_DIFFERENTLY: "order again within 30 days",
    DOING: "answering within a day",
    EVIDENCE: "at least 8 of 10 users finish unaided",
    MEASURE: "the share of customers who agree",
    GUARD: "Complaints about quality",
    SIGN: "Customers who come back within a week",
}
_BLANK = re.compile(r"\[[^\[\]\d]{1,60}\?\]")
_LOW, _HIGH = "12 %", "34 %"
"""Stand in for a start and a target where the text has no number of its own."""

_BEYOND = 2.0
"""How far, as a factor, a stand-in lies beyond the numbers that a text has."""


def find_blanks(text: str) -> tuple[Span, ...]:
    """The blanks of a text, in order. ``[10 %?]`` is a number in doubt, not a blank."""
    return tuple(Span.of(text, *match.span()) for match in _BLANK.finditer(text))


def filled(text: str, *, falling: bool = False) -> str:
    """The text as it could read once the team has filled it in, to try a proposal out.

    Args:
        text: may hold blanks; without one it comes back as it is.
        falling: whether the start stands above the target.
    """
    if not _BLANK.search(text):
        return text
    low, high = _sample_numbers(text)
    start, target = (high, low) if falling else (low, high)
    samples = {BASELINE: start, TARGET: target, NUMBER: target, **_SAMPLES}
    return _BLANK.sub(lambda match: samples.get(match.group(), "something"), text)


def _sample_numbers(text: str) -> tuple[str, str]:
    """A low and a high stand-in; beside one given number they lie on either side of it."""
    if BASELINE in text and TARGET in text:
        return _LOW, _HIGH
    known = [abs(item.value) for item in find_quantities(text) if item.value]
    if not known:
        return _LOW, _HIGH
    return f"{min(known) / _BEYOND:g}", f"{max(known) * _BEYOND:g}"


def unsupported_numbers(text: str, known: Iterable[str]) -> tuple[Span, ...]:
    """The numbers of a text that none of the known numbers backs, in order.

    Args:
        text: a proposal, or prose about one.
        known: numbers as written, see :func:`written_numbers`.
    """
    backed = tuple(known)
    return tuple(
        span
        for span in find_numbers(text)
        if not any(same_number(span.text, number) for number in backed)
    )


def written_numbers(texts: Iterable[str]) -> tuple[str, ...]:
    """Every number of some texts, as written, each once."""
    return tuple({span.text: None for text in texts for span in find_numbers(text)})
