"""Questions of the rules on a whole set, and the key results that would complete it."""

from __future__ import annotations

import re

from assistant.language.blanks import BASELINE, GUARD, SIGN, TARGET
from assistant.models import KeyResult
from assistant.rules.base import Flag, Subject
from assistant.rules.rewrites.sentence import quoted

_QUOTE_IN_MESSAGE = re.compile(r"^'(?P<words>.+?)' ")


def guard(subject: Subject, flag: Flag) -> str:
    """S3: one more key result that holds a level."""
    return f"{GUARD} holds at {TARGET} or better"


def ask_for_guard(subject: Subject, flag: Flag) -> str | None:
    """S3: what the push could cost."""
    pushed = _measured(subject)
    if pushed is None:
        return None
    return f"While you push {quoted(pushed.text)}, what must not get worse, and for whom?"


def leading_sign(subject: Subject, flag: Flag) -> str:
    """S4: one more key result that moves early."""
    return f"{SIGN}, read every week, from {BASELINE} to {TARGET}"


def ask_for_sign(subject: Subject, flag: Flag) -> str | None:
    """S4: what moves before the result does."""
    late = _measured(subject)
    if late is None:
        return None
    return f"Which number would move in the first weeks if {quoted(late.text)} is on its way?"


def ask_for_step(subject: Subject, flag: Flag) -> str:
    """S5: early evidence of the long aim."""
    aim = quoted(subject.objective.text)
    return f"Which early evidence that {aim} comes closer could you see this cycle?"


def ask_what_is_missing(subject: Subject, flag: Flag) -> str:
    """S2: the part that nothing measures."""
    aim = quoted(subject.objective.text)
    return f"Imagine every key result met, and still not {aim}: what happened? Measure that."


def ask_without_pay(subject: Subject, flag: Flag) -> str | None:
    """S6: the key result if nothing hung on it."""
    found = _QUOTE_IN_MESSAGE.match(flag.message)
    if found is None:
        return None
    return f"What would the team aim for if {quoted(found['words'])} did not hang on it?"


def ask_for_even_odds(subject: Subject, flag: Flag) -> str | None:
    """S8: the target at even odds."""
    found = _QUOTE_IN_MESSAGE.match(flag.message)
    if found is None:
        return None
    return f"With {quoted(found['words'])}: what would you set if you expected to reach it half of the time?"


def ask_for_type(subject: Subject, flag: Flag) -> str:
    """S7: what a partial result would mean."""
    aim = quoted(subject.objective.text)
    return f"Would 0.7 on {aim} be a good result, or a broken promise?"


def ask_for_check_point(subject: Subject, flag: Flag) -> str | None:
    """S9: when the first measure is looked at again."""
    first = _measured(subject)
    if first is None:
        return None
    return f"When will you look at {quoted(first.text)} again, and which sign would make you change course?"


def _measured(subject: Subject) -> KeyResult | None:
    """The first key result that is still wanted, one with a target before one without."""
    wanted = [item for item in subject.objective.key_results if item.status != "dropped"]
    return next((item for item in wanted if item.measure.target), next(iter(wanted), None))
