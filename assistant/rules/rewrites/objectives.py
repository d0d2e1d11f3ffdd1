"""Rewrites and questions of the rules on objectives."""

from __future__ import annotations

import re

from assistant.language.blanks import DO_DIFFERENTLY, DOING, WHEN, WHO, WHOM
from assistant.language.cues import cues
from assistant.language.lexicon import Verb, all_verbs
from assistant.language.plain import read
from assistant.language.quantities import find_quantities
from assistant.language.segments import find_mechanism, find_segments
from assistant.language.verbs import find_maintain, leading_verb
from assistant.rules.base import Flag, Subject
from assistant.rules.rewrites.sentence import (
    capitalised,
    is_due,
    is_one_clause,
    quoted,
    text_of,
    trimmed,
)

_MOST_WORDS = 14
_SHORT = 8
_LEAST_WORDS = 3
_FOR = re.compile(
    r"\b(?:for|from|to|in|across|among|with|by|through|at|on|and)\b|\d", re.IGNORECASE
)
_BEFORE_NUMBER = re.compile(
    r"[\s,]+(?:from|to|by|under|over|above|below|at least|at most)\s+(?:at least |over |under )?$"
)
_NUMBERS_ONLY = re.compile(r"[\s,.]*(?:(?:to|from|by|or|and|more|at least|under|over)[\s,.]*)*")
_ASIDE = re.compile(
    r"\s*\([^()]*\)\s*$|,?\s+(?:including|such as|for example|for instance|e\.g\.|i\.e\.|namely"
    r"|especially|in particular)\b.*$",
    re.IGNORECASE,
)
_WITH_TOOL = re.compile(
    r"(?<!less)(?<!compliance)\s+(?:with|using)\s+(?:the|a|an|our|new)\s+[^,;]*"
    r"\b(?:[A-Z]\w+|app|bot|tool|suite|module|engine|platform|software|system|wizard)\b[^,;]*$"
)
_PASSES = re.compile(
    r"through (?:(?:[^A-Z]|[A-Z] )*$|(?:the|a|an) (?:merger|move|change|crisis|strike|peak|winter"
    r"|summer|season|outage|transition)\b)"
)
"""Through a time or place rather than by means of something with a name."""

_USE_TO = re.compile(r"^Use\s+[^,;]{2,50}?\s+to\s+(?=[a-z])")
_AND = re.compile(r",?\s(?:and|as well as|plus)\s|;\s")
_VAGUE = re.compile(r"\b(?:it|as|wherever|everywhere|nationally|internationally)\b", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:the|our|we|all|every|each|small|big|new)\b|\w+s\b", re.IGNORECASE)


def with_choice(subject: Subject, flag: Flag) -> str | None:
    """O1: the aspiration with blanks for where to win first, and how."""
    text = text_of(subject, flag)
    verb = leading_verb(text)
    opens = verb is not None and verb.start == 0 and len(text.split()) > 1
    if not opens or not is_one_clause(text, _SHORT) or "," in text or _FOR.search(text):
        return None
    if next(find_segments(text), None) or find_maintain(text) or _VAGUE.search(text):
        return None
    return f"{trimmed(text)} for {WHOM}, by {DOING}"


_LEAST_NAMED = 3
"""Words that can stand for an aim in a question; “Delight” alone cannot."""


def ask_for_choice(subject: Subject, flag: Flag) -> str | None:
    """O1: where first, how, and what gives way, for the words that nobody would oppose."""
    span = flag.span.text if flag.span else ""
    words = quoted(span if len(span.split()) >= _LEAST_NAMED else text_of(subject, flag))
    return (
        f"For whom or where first should {words} come true, by doing what differently, "
        "and what will you stop doing for it?"
    )


def without_number(subject: Subject, flag: Flag) -> str | None:
    """O2: the objective up to its numbers, where it ends in them."""
    text = text_of(subject, flag)
    first = next(find_quantities(text), None)
    verb = leading_verb(text)
    if first is None or verb is None or verb.start != 0 or not _moves(text):
        return None
    lead = _BEFORE_NUMBER.search(text[: first.span.start])
    if lead is None or not _is_numbers(text, lead.end()):
        return None
    left = text[: lead.start()]
    return left if len(left.split()) >= _LEAST_WORDS else None


def ask_for_change(subject: Subject, flag: Flag) -> str | None:
    """O2: the number as a key result, and the change that it stands for."""
    number = quoted(flag.span.text) if flag.span else "the number"
    text = quoted(trimmed(text_of(subject, flag)))
    if without_number(subject, flag):
        return f"Make {text} a key result: which change, in words a colleague would repeat, does it show?"
    return f"Which change should {number} show? Say that here, and make the number a key result."


def with_state(subject: Subject, flag: Flag) -> str | None:
    """O3: the work, and behind it a blank for the state that it leads to."""
    text = text_of(subject, flag)
    if not is_one_clause(text, _MOST_WORDS) or re.search(r",|\bso that\b|\bto \w+ ", text):
        return None
    return f"{trimmed(text)}, so that {WHO} {DO_DIFFERENTLY}"


def ask_for_state(subject: Subject, flag: Flag) -> str:
    """O3: what is true once the work is done."""
    done = quoted(text_of(subject, flag))
    return f"When {done} is done, what will be true for whom that is not true today?"


def ask_what_changes(subject: Subject, flag: Flag) -> str:
    """O4: what is different in the end."""
    text = quoted(text_of(subject, flag))
    return f"What about {text} is different at the end of the cycle? If nothing, would a health metric do?"


def shortened_safely(subject: Subject, flag: Flag) -> str | None:
    """O5: without a closing aside or the means, where that is enough."""
    text, limits = trimmed(text_of(subject, flag)), subject.limits
    left = _ASIDE.sub("", text)
    if left == text:
        left = _without_mechanism(text) or text
    fits = len(left.split()) <= limits.objective_words and len(left) <= limits.objective_characters
    return left if fits and len(left.split()) > _LEAST_WORDS and left != text else None


def ask_for_core(subject: Subject, flag: Flag) -> str | None:
    """O5: what may go."""
    if flag.span is None or not flag.span.text:
        return None
    return f"What would be lost without {quoted(flag.span.text)}? Which words would you say in the corridor?"


def with_scope(subject: Subject, flag: Flag) -> str | None:
    """O6: the aim with a blank for whom or where."""
    text = text_of(subject, flag)
    words = len(trimmed(text).split())
    if words < 2 or not is_one_clause(text, _SHORT) or "," in text or _FOR.search(text):  # noqa: PLR2004
        return None
    return f"{trimmed(text)} for {WHOM}"


def ask_who_notices(subject: Subject, flag: Flag) -> str:
    """O6: who is better off."""
    text = quoted(text_of(subject, flag))
    return f"Who notices first when {text} succeeds, and in which part of the business?"


def with_date(subject: Subject, flag: Flag) -> str | None:
    """O7: the objective with a blank for its date."""
    text = text_of(subject, flag)
    if not is_one_clause(text, _MOST_WORDS) or re.search(r"\bby\b", text, re.IGNORECASE):
        return None
    verb = leading_verb(text)
    if verb is not None and verb.start == 0 and "," not in text:
        return f"{trimmed(text)} by {WHEN}"
    return f"By {WHEN}: {trimmed(text)}"


def ask_for_date(subject: Subject, flag: Flag) -> str:
    """O7: by when."""
    text = quoted(text_of(subject, flag))
    return f"Which cycle is {text} for, and by when would you know that it is met?"


def ask_what_settles(subject: Subject, flag: Flag) -> str:
    """O8: what would settle the question."""
    text = quoted(text_of(subject, flag))
    return f"What would you see at the end of the cycle that settles whether {text} was met?"


def first_of_two(subject: Subject, flag: Flag) -> str | None:
    """O9: the first of two aims; the question names the other."""
    halves = _halves(text_of(subject, flag))
    return halves[0] if halves else None


def ask_which_half(subject: Subject, flag: Flag) -> str | None:
    """O9: the second aim as an objective of its own."""
    halves = _halves(text_of(subject, flag))
    if halves is None:
        return None
    return (
        f"Should {quoted(halves[1])} be an objective of its own? If you could reach only one of "
        "the two, which one?"
    )


def ask_for_owner(subject: Subject, flag: Flag) -> str:
    """O10: who."""
    return f"Who will be the first to say so when {quoted(text_of(subject, flag))} slips?"


def without_solution(subject: Subject, flag: Flag) -> str | None:
    """O11: the result without the tool that is fixed for it."""
    text = trimmed(text_of(subject, flag))
    used = _USE_TO.match(text)
    left = capitalised(text[used.end() :]) if used else _without_mechanism(text)
    return left if left and len(left.split()) >= _LEAST_WORDS else None


def ask_for_purpose(subject: Subject, flag: Flag) -> str | None:
    """O11: whether another way would do."""
    whole = flag.span is None or flag.span.text == text_of(subject, flag)
    tool = _WITH_TOOL.search(text_of(subject, flag))
    if whole and not tool:
        return None
    words = tool.group().strip() if tool and whole else flag.span.text if flag.span else ""
    return f"If another way than {quoted(words)} worked better, would you still want it? What is it for?"


def _moves(text: str) -> bool:
    """Whether the opening verb says a direction, so that it needs no number behind it."""
    return any(cue.start == 0 and cue.kind == "verb" and cue.way != "reach" for cue in cues(text))


def _is_numbers(text: str, start: int) -> bool:
    """Whether nothing but quantities and deadlines stands from a position on."""
    left = text[start:]
    for quantity in find_quantities(text):
        if quantity.span.start >= start:
            left = left.replace(quantity.span.text, " ", 1)
    return bool(_NUMBERS_ONLY.fullmatch(left)) or is_due(left)


def _without_mechanism(text: str) -> str | None:
    means = find_mechanism(text)
    if means and means.end >= len(text) and means.start > 0 and not _PASSES.match(means.text):
        return trimmed(text[: means.start])
    tool = _WITH_TOOL.search(text)
    return trimmed(text[: tool.start()]) if tool else None


def _halves(text: str) -> tuple[str, str] | None:
    """The two aims of a text, where both have a verb of their own."""
    text = trimmed(text)
    joints = list(_AND.finditer(text))
    if len(joints) != 1:
        return None
    joint = joints[0]
    left, right = trimmed(text[: joint.start()]), trimmed(text[joint.end() :])
    if "," in left or min(len(left.split()), len(right.split())) < _LEAST_WORDS:
        return None
    ordered = _opens_with_order(left) and _opens_with_order(right)
    told = joint.group().startswith(",") and _SUBJECT.match(right) and _says(left) and _says(right)
    return (left, capitalised(right)) if ordered or told else None


def _opens_with_order(text: str) -> bool:
    verb = _verb_at(text, 0)
    return verb is not None and verb.form == "base"


def _says(text: str) -> bool:
    """Whether a verb stands inside, so that it is a sentence and no list of things."""
    count = len(read(text).tokens)
    verbs = (_verb_at(text, index) for index in range(1, count))
    return any(verb is not None and verb.form in ("base", "third") for verb in verbs)


def _verb_at(text: str, index: int) -> Verb | None:
    return all_verbs().at(read(text).tokens, index)
