"""Rewrites and questions of the rules on key results."""

from __future__ import annotations

import re

from assistant.language.blanks import (
    BASELINE,
    DO_DIFFERENTLY,
    EVIDENCE,
    GUARD,
    MEASURE,
    TARGET,
    WHO,
)
from assistant.language.cues import cues
from assistant.language.lexicon import MOVING, is_measure_head
from assistant.language.parse import find_change
from assistant.language.polarity import polarity
from assistant.language.quantities import find_quantities
from assistant.language.segments import find_segments
from assistant.language.verbs import find_delivery, find_effect
from assistant.models import Measure, Quantity, Span
from assistant.rules.base import Flag, Subject
from assistant.rules.rewrites.sentence import (
    is_due,
    is_one_clause,
    is_one_line,
    measure_of,
    metric_or_text,
    quoted,
    text_of,
    trimmed,
)

_FROM_TO = f"from {BASELINE} to {TARGET}"
_MOST_WORDS = 18
_MOST_IN_WORK = 14
_SHORT = 12
_NAME = 3
"""Words up to which a text without a verb can only be the name of a measure."""

_MOST_BEHIND = 4
"""Words behind a change that still belong to its clause ("by a quarter in Europe")."""

_LEADS_OVER = re.compile(
    r"\b(?<!close )(?<!due )(?<!next )(?<!compared )(?<!according )(?<!out )(?P<to>to "
    r"(?:at least |at most |over |under |above |below |more than |less than |about )?)$"
)
_BETWEEN = re.compile(
    r"(?P<mark>\s*:)?\s*(?:at|of|is|reaches|=)?\s*"
    r"(?P<limit>(?:under|below|above|over|at least|at most|more than|less than|≥|≤|<|>)\s*)?$"
)
_SUBORDINATE = re.compile(r"\b(?:that|who|which|when|while|if|after|before|so|because|from|at)\b")
_LIST_LIKE = re.compile(r"->|→|[;|]|\s[-–—]\s|,.*,|\bso that\b|\bwhich\b")
_UP_OR_DOWN = re.compile(r"^[A-Za-z][\w' -]{2,60} (?:up|down)$")
_FEWER = re.compile(r"^(?:fewer|lower|higher|shorter)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d(?:[\d.,]|\s(?=\d))*")
_OPPOSITES = {
    "raise": "lower", "increase": "reduce", "grow": "shrink", "boost": "cut", "lift": "lower",
    "reduce": "increase", "cut": "raise", "lower": "raise", "decrease": "increase",
    "shrink": "grow", "raised": "lowered", "increased": "reduced", "reduced": "increased",
    "lowered": "raised", "decreased": "increased",
}  # fmt: skip
_MOST_NUMBERS = 2


def with_effect(subject: Subject, flag: Flag) -> str | None:
    """K1: the work, and behind it who should do what differently."""
    text = text_of(subject, flag)
    if find_effect(text) or not is_one_line(text, _MOST_IN_WORK) or _LIST_LIKE.search(text):
        return None
    moves = measure_of(subject, flag).baseline is not None
    effect = f"{trimmed(text)}, so that {WHO} {DO_DIFFERENTLY}"
    return effect if moves else f"{effect}, {_FROM_TO}"


def ask_for_effect(subject: Subject, flag: Flag) -> str:
    """K1: what the work named should change, and for whom."""
    text = text_of(subject, flag)
    group = next(find_segments(text), None)
    whom = f"{quoted(group.text)}" if group else "whom"
    done = quoted(text)
    if group:
        return f"Once {done} is done, what will be different for {whom}, and which number shows it?"
    return f"Once {done} is done, who will do what differently, and which number shows it?"


def with_measure(subject: Subject, flag: Flag) -> str | None:
    """K2: from a start to a target, of the measure that is named or of one to be named."""
    text = trimmed(text_of(subject, flag))
    delivered = find_delivery(text) or subject.score("K1", flag.on) is not None
    if delivered or not is_one_clause(text, _SHORT):
        return None
    if _UP_OR_DOWN.match(text):
        return f"{text} {_FROM_TO}"
    metric = measure_of(subject, flag).metric
    moved = any(cue.start == 0 and cue.kind == "verb" and cue.way in MOVING for cue in cues(text))
    named = metric and is_due(text[metric.end :]) and _names_measure(metric.text)
    if metric and named and (moved or len(text.split()) <= _NAME):
        joint = ", " if _FEWER.match(text) else " "
        return f"{text[: metric.end]}{joint}{_FROM_TO}{text[metric.end :]}"
    if _FEWER.match(text):
        return f"{text}, {_FROM_TO}"
    if not moved:
        return None
    return f"{text}, measured by {MEASURE}, {_FROM_TO}"


def ask_for_measure(subject: Subject, flag: Flag) -> str:
    """K2: how the named measure, or else the text, would be counted."""
    text, metric = text_of(subject, flag), measure_of(subject, flag).metric
    if find_delivery(text):
        return f"What would you count to see that {quoted(text)} has helped?"
    if metric:
        return f"How do you measure {quoted(metric.text)}: where is it today, where should it be?"
    return f"Which number would show whether {quoted(text)} is true, today and at the end?"


def with_baseline(subject: Subject, flag: Flag) -> str | None:
    """K3: the target with a blank for its start."""
    text, measure = text_of(subject, flag), measure_of(subject, flag)
    target, change = measure.target, find_change(text)
    if target is None or len(list(find_quantities(text))) > _MOST_NUMBERS or find_delivery(text):
        return None
    if change and change.span == target.span:
        return _change_from(text, target)
    before, behind = text[: target.span.start], text[target.span.start :]
    if (over := _LEADS_OVER.search(before)) and not re.search(r"\bfrom\b", before):
        at = over.start("to")
        return f"{text[:at]}from {BASELINE} {text[at:]}"
    if (named := _level_of(text, measure, target)) is not None:
        return named
    return f"{trimmed(before + behind)} (today: {BASELINE})" if is_one_line(text, 24) else None


def ask_for_baseline(subject: Subject, flag: Flag) -> str | None:
    """K3: where the measure stands before it is to reach the target."""
    target = measure_of(subject, flag).target
    if target is None:
        return None
    name = metric_or_text(subject, flag)
    goal = quoted(target.span.text)
    return f"Where does {name} stand today, on the way to {goal}, and where is that number kept?"


def ask_who_counts(subject: Subject, flag: Flag) -> str:
    """K4: what the named measure counts."""
    measure = measure_of(subject, flag)
    unit = "" if measure.unit or not measure.target else " and in which unit,"
    return (
        f"Who or what exactly counts in {metric_or_text(subject, flag)},{unit} "
        "and over which period?"
    )


def ask_what_follows(subject: Subject, flag: Flag) -> str:
    """K5: which behaviour the number should lead to."""
    name = metric_or_text(subject, flag)
    return (
        f"If the figure for {name} goes up, what will customers do that they do not do now? "
        "Could you count that instead?"
    )


def with_evidence(subject: Subject, flag: Flag) -> str | None:
    """K6: the milestone with a blank for what shows that it is done well."""
    text = text_of(subject, flag)
    is_output = subject.score("K1", flag.on) is not None
    if is_output or not find_delivery(text) or not is_one_clause(text, _SHORT):
        return None
    return f"{trimmed(text)}, accepted if {EVIDENCE}"


def ask_for_evidence(subject: Subject, flag: Flag) -> str:
    """K6: how half of it would look."""
    name = quoted(text_of(subject, flag))
    return f"How would you see that {name} is half done, and what would show that it is done well?"


def with_guard(subject: Subject, flag: Flag) -> str | None:
    """K7: the ratio with a blank for what must not suffer from it."""
    text = text_of(subject, flag)
    if not is_one_line(text, _MOST_WORDS):
        return None
    return f"{trimmed(text)}, with {GUARD} no worse than today"


def ask_for_guard(subject: Subject, flag: Flag) -> str:
    """K7: what keeps the hard cases in."""
    name = metric_or_text(subject, flag)
    return (
        f"Which hard cases could you turn away to improve {name}, and which number would show it?"
    )


def ask_for_link(subject: Subject, flag: Flag) -> str:
    """K8: whether the measure tells anything about the objective."""
    name, aim = metric_or_text(subject, flag), quoted(subject.objective.text)
    return f"If {name} moved and nothing else, would {aim} be closer? If not, what would show that?"


def with_open_target(subject: Subject, flag: Flag) -> str | None:
    """K9: the start, and a blank for a target that is worth it."""
    text, target = text_of(subject, flag), measure_of(subject, flag).target
    if target is None or measure_of(subject, flag).baseline is None or "already" in text.lower():
        return None
    if len(list(find_quantities(text))) > _MOST_NUMBERS or not is_one_line(text, _MOST_WORDS):
        return None
    number = _NUMBER.search(target.span.text)
    if number is None:
        return None
    start = target.span.start + number.start()
    end = target.span.start + number.end()
    return f"{text[:start]}{TARGET}{text[end:]}"


def ask_for_ambition(subject: Subject, flag: Flag) -> str | None:
    """K9: what would be aimed at without fear."""
    measure = measure_of(subject, flag)
    if measure.target is None:
        return None
    target = quoted(measure.target.span.text)
    return f"What would you aim for instead of {target} if a miss had no consequence for anyone?"


def consistent(subject: Subject, flag: Flag) -> str | None:
    """K10: the two numbers or the verb turned round, by what is better for the measure."""
    from assistant.rules.reversed_target import wanted_direction

    text, measure = text_of(subject, flag), measure_of(subject, flag)
    baseline, target = measure.baseline, measure.target
    if baseline is None or target is None or measure.metric is None:
        return None
    if len(list(find_quantities(text))) > _MOST_NUMBERS:
        return None
    if baseline.value == target.value:
        return with_open_target(subject, flag)
    wanted, better = wanted_direction(text, measure.metric), polarity(measure.metric.text)
    if wanted is None or better is None:
        return None
    if (wanted[0] == "increase") == (better == "higher"):
        return _with_numbers_swapped(text, baseline.span, target.span)
    return _with_opposite(text, wanted[1])


def ask_which_way(subject: Subject, flag: Flag) -> str | None:
    """K10: the word or the numbers."""
    from assistant.rules.reversed_target import wanted_direction

    text, measure = text_of(subject, flag), measure_of(subject, flag)
    baseline, target = measure.baseline, measure.target
    if baseline is None or target is None:
        return None
    if baseline.value == target.value:
        level = quoted(target.span.text)
        return f"Is {level} to be held as a limit, or which value should it reach?"
    wanted = wanted_direction(text, measure.metric)
    way = f"from {quoted(baseline.span.text)} to {quoted(target.span.text)}"
    return f"Which is meant: {quoted(wanted[1])}, or the way {way}?" if wanted else None


def ask_for_own_part(subject: Subject, flag: Flag) -> str:
    """K11: which part the team moves by itself."""
    name = metric_or_text(subject, flag)
    return f"Which part of {name} moves when only your team acts, and how would you count that?"


def _names_measure(name: str) -> bool:
    words = re.split(r"\b(?:of|in|for|per|to|from|among|at|on|with)\b", name.lower())[0].split()
    return bool(words) and is_measure_head(words[-1]) and not name.lower().startswith("how ")


def _change_from(text: str, target: Quantity) -> str | None:
    behind = text[target.span.end :]
    bare = trimmed(text)
    fits = is_one_clause(text, _SHORT) and not re.search(r"\bfrom\b", text)
    short = len(behind.split()) <= _MOST_BEHIND or target.span.start == 0
    is_part = behind.startswith(" of ") and target.span.start > 0
    if fits and short and not is_part and not _SUBORDINATE.search(behind):
        return f"{bare}, {_FROM_TO}"
    return f"{bare} (today: {BASELINE})" if is_one_line(text, 24) else None


def _level_of(text: str, measure: Measure, target: Quantity) -> str | None:
    """``Coverage 90 %`` as ``Coverage from [baseline?] to 90 %``."""
    metric, span = measure.metric, target.span
    if metric is None or metric.start != 0 or not is_due(text[span.end :]):
        return None
    if re.search(r" (?:with|to|by|without) ", metric.text):
        return None
    between = _BETWEEN.fullmatch(text, metric.end, span.start)
    if between is None:
        return None
    mark, limit = (between["mark"] or "").strip(), between["limit"] or ""
    return f"{text[: metric.end]}{mark} from {BASELINE} to {limit}{text[span.start :]}"


def _with_numbers_swapped(text: str, one: Span, other: Span) -> str | None:
    first, second = sorted((one, other), key=lambda span: span.start)
    left, right = _NUMBER.search(first.text), _NUMBER.search(second.text)
    if left is None or right is None:
        return None
    return (
        text[: first.start + left.start()]
        + right.group()
        + text[first.start + left.end() : second.start + right.start()]
        + left.group()
        + text[second.start + right.end() :]
    )


def _with_opposite(text: str, verb: str) -> str | None:
    opposite = _OPPOSITES.get(verb.lower())
    if opposite is None:
        return None
    opposite = opposite.capitalize() if verb[0].isupper() else opposite
    return re.sub(rf"\b{re.escape(verb)}\b", opposite, text, count=1)
