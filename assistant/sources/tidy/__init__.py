"""Separates the words of an element from what people write around them.

``[P0] KR1: Raise activation from 41 % to 55 % (owner: Mia) => done`` is the text
``Raise activation from 41 % to 55 %`` with a tag, a key, an owner and a status. Whatever stays
is verbatim: only invisible characters go and white space is evened out.

``traced`` follows characters through the cuts, ``reports`` reads states and scores, ``work``
holds what came off, ``leading`` and ``trailing`` take it off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from assistant.sources.tidy.leading import LEADING, strike_out
from assistant.sources.tidy.reports import is_progress, read_progress, read_score
from assistant.sources.tidy.traced import Traced, normalise, trace
from assistant.sources.tidy.trailing import TRAILING, WITHIN
from assistant.sources.tidy.work import Step, Tidied, Work

__all__ = [
    "Tidied", "Traced", "clean", "is_progress", "normalise", "read_progress", "read_score", "trace",
]  # fmt: skip

_MOST_STEPS = 200


def clean(raw: str) -> Tidied:
    """Take the words of an objective or key result out of what is written around them.

    Args:
        raw: one line, cell or item, without list bullets of the format itself.

    Returns:
        The words and everything that was set apart. Nothing is lost: what carries no meaning
        known here stays in the text.
    """
    work = Work(trace(raw))
    _strip(work)
    if _unstruck(work):
        _strip(work)
    text = work.traced
    return replace(work.found(), text=text.text, offsets=text.offsets)


def _strip(work: Work) -> None:
    for steps in (LEADING, WITHIN, TRAILING):
        _repeat(work, steps)


def _unstruck(work: Work) -> bool:
    """Settle what is still struck out once all around it is gone; whether there was any."""
    before = work.text
    if "~~" in before:
        _repeat(work, (*LEADING[:2], strike_out))
    return work.text != before


def _repeat(work: Work, steps: Iterable[Step]) -> None:
    """Apply the steps until none of them finds anything more."""
    for _ in range(_MOST_STEPS):
        if not any(step(work) for step in steps):
            return
