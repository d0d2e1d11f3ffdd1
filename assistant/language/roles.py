"""Which number of a goal is its start, which its target, which a change, which a condition."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from assistant.language.cues import cues
from assistant.language.number import Number
from assistant.language.pairs import (
    FROM_BEFORE,
    LIMITS,
    TO_BEFORE,
    first_pair,
    is_from_thing,
    levelled,
    signed,
)
from assistant.language.patterns import Pattern
from assistant.language.plain import read
from assistant.language.quantities import numbers
from assistant.language.sides import side_ranges


class Roles(NamedTuple):
    """The numbers of a goal by what they say.

    Attributes:
        baseline: the level at the start.
        target: the level to reach, or else the size of the change.
        change: the size of the change, if one is stated ("by 20 %", "+12 pts", "double").
        is_pair: whether baseline and target were written together ("from 5 to 3").
    """

    baseline: Number | None = None
    target: Number | None = None
    change: Number | None = None
    is_pair: bool = False


_PERIOD_BEFORE = r"(?:year|quarter|month|season|cycle)"
_START_BEFORE = Pattern(
    r"(?:\bbaseline(?: value| level)?(?: is| of| was| at)?"
    r"|\bcurrent(?:ly)?(?: level| value| rate)?(?: at| is| of| around)?|\btoday(?:'s)?(?: at| is)?"
    r"|\bnow(?: at)?|\bwas|\bwere|\bvs\.?|\bversus|\bcompared (?:to|with)|\binstead of"
    r"|\brather than|\bpreviously|\bformerly|\bup from|\bdown from"
    r"|\bstart(?:ing)?(?: value| point| level)?(?: at| from|:)|\bas[- ]is|\bstatus quo|\bcame from"
    rf"|\blast {_PERIOD_BEFORE}(?:'s)?(?: was| at)?|\bstands at|\bcurrently at|\bwe are at"
    r"|\b(?:20[0-2]\d|fy ?\d\d|q[1-4](?: 20\d\d)?|h[12](?: 20\d\d)?)"
    r"(?: actual| average| level| was)?\s*[:=]|\bactual|\bstart(?=\s*:))"
    rf"\s*[:=]?\s*{LIMITS}[(\[]?\s*$"
)
_START_AFTER = Pattern(
    r"\s*\)?\s*\(?(?:today|now\b(?! to)|currently|at present|at the moment|at baseline|baseline"
    rf"|as of now|last {_PERIOD_BEFORE}|right now|so far|in the (?:last|previous) \w+|previously)\b"
    r"(?! unknown| tbd| n/?a| not| to be| measured| set| taken| from)(?!\s*:?\s*(?:at |is |of )?[~$€£+-]?\s?\d)"
)
_FROM_HERE = Pattern(
    r"(?: (?:up|down|on)(?:wards?)?\b)?\s*"
    r"(?:$|[.,;:!)(–—]|-\s|(?:by|in|until|before|this|next|within|during)\b)"
)
_BLANK_TARGET = Pattern(r"\s*(?:→|->|=>|\bto)\s*(?:\[|\?|_{2}|tbd\b|x{1,3} ?%|xx)")
_IN_A_TIME = Pattern(
    r" (?:in|at the end of) (?:20\d\d|fy ?\d\d|[qh]\d(?: 20\d\d)?|[a-z]{3,9})\s*\)"
)
_CHANGE_BEFORE = Pattern(rf"\bby\s+(?:another |additional |further |a further )?{LIMITS}$")
_CHANGE_AFTER = Pattern(
    r"\s*-?\s*(?:(?:p\.?a\.?|yoy|y/y|year[- ]on[- ]year|annual(?:ly)?|relative|absolute|per \w+) )?"
    r"(?:more|fewer|less|lower|higher|faster|cheaper|shorter|smaller|larger|bigger|better|quicker"
    r"|longer|increase|decrease|reduction|growth|improvement|uplift|decline|savings?|up|down"
    r"|(?:lift|drop|rise|cut|gain|fall|jump)(?= in\b)|above (?:last|20)|over last|below (?:last|20)"
    r"|reduced|off|cost reduction)\b"
)
_CHANGE_WORD_BEFORE = Pattern(
    r"(?:\b(?:up|down|minus|plus|increase|decrease|reduction|growth|improvement|rise|drop|decline"
    rf"|uplift|cut|fall|savings?|gain)(?: of| by)?|[↑↓⬆⬇↗↘])\s*{LIMITS}$"
)
_TO_LEVEL = Pattern(rf"[^.;]{{0,60}}?\bto\s+{LIMITS}")
_TIMED = Pattern(
    r"\b(?:within|in|in under|in less than|in the|after|over the|during|during the|for|every|than"
    r"|under|of the|in at most|at|by|before|the)(?: (?:first|last|next|past|about|at most|only"
    r"|no more than|fewer than|less than|the|under|previous|following)){0,3}\s*$"
)
_AGED = Pattern(r"\b(?:older|longer|later|more) than\s*$")
_OF_EVENT = Pattern(r"\s*(?:of|after|before|from|following)\s+\w")
_NARROWED = Pattern(
    r"\b(?:with|using|having|than|over|under|above|below|among|of|from|across|in|at|worth"
    r"|hold|own|use|for|per|on|into|between|and|or)(?: (?:at least|more than|fewer than|less than"
    r"|over|under|the|our|all|top|their|its|first|largest|biggest)){0,3}\s*$"
)
_WITH = Pattern(r"\b(?:with|using|having) (?:\w+ than )?$")
_TOP = Pattern(r"\b(?:on|among|for|of|with|from|our|in|across|the) (?:the |our )?top\s*$")
_REACHED = Pattern(
    r"(?:\b(?:reach(?:es)?|achieve|hits?|attain|get to|target|goal|rises? to|is|are|be)\b|[≥≤<>=])"
    rf"\s*[:=]?\s*{LIMITS}$"
)
_LIMITED = Pattern(
    r"(?:\b(?:under|below|above|at least|at most|no more than|less than|reach|to)|[≥≤<>])\s*$"
)
_UNCHANGED = Pattern(
    r"\b(?:no(?:t)? (?:more|less|higher|lower|longer|shorter|above|below|over|under|beyond|past|worse"
    r"|exceed\w*|rise|fall|grow|increase|drop)|stays?|remains?|keeps?|hold)\b"
)
_COUNTED_SIZE = Pattern(
    r"\+?(?: \w+){0,2} (?:employees|seats|beds|products|accounts|staff|people|users|years|floors)\b"
)
_AT_LEAST_WITH = Pattern(r"\b(?:than|over|under|above|below|least|most)\s*$")
_NAME_FOLLOWS = Pattern(r"\s*:\s")
_OPENS_WITH_AREA = ("in ", "at ", "across ", "for ", "with ", "within ")
_TIMES = frozenset(
    {
        "ms",
        "seconds",
        "minutes",
        "hours",
        "days",
        "working days",
        "weeks",
        "months",
        "quarters",
    }
    | {"years"}
)
_WINDOW = 96


@lru_cache(maxsize=4096)
def roles(text: str) -> Roles:
    """Sort the numbers of a goal sentence into start, target and change."""
    low, sides = read(text).low, side_ranges(text)
    found = [
        number
        for number in numbers(text)
        if number.kind != "named" and not any(start <= number.start < end for start, end in sides)
    ]
    found = [n for n in found if not _is_in_name(low, n, found)]
    if pair := first_pair(text, found):
        taken = {number.start for number in pair}
        change = _first_change(low, [n for n in found if n.start not in taken])
        return Roles(*pair, change, is_pair=True)
    return _singles(text, found)


def _singles(text: str, found: list[Number]) -> Roles:
    low = read(text).low
    baseline = next((n for n in found if n.kind != "weak" and _is_start(text, n)), None)
    if not baseline and len(found) == 1 and _is_lone_start(low, found[0]):
        baseline = found[0]
    rest = [number for number in found if number is not baseline]
    change = _first_change(low, rest)
    target = _target(text, [number for number in rest if number is not change], change)
    if baseline and target:
        return Roles(*levelled(baseline, target), change)
    if baseline and not change and _UNCHANGED.search(low):
        return Roles(signed(baseline), signed(baseline))
    return Roles(signed(baseline) if baseline else None, target or change, change)


def _is_in_name(low: str, number: Number, found: list[Number]) -> bool:
    """Whether a number ends the name of a measure: "invoices over ten thousand: five"."""
    return number is not found[-1] and bool(_NAME_FOLLOWS.match(low, number.end))


def _before(low: str, number: Number) -> str:
    return low[max(0, number.start - _WINDOW) : number.start]


def _is_start(text: str, number: Number) -> bool:
    low = read(text).low
    before = _before(low, number)
    if number.kind == "factor":
        return False
    if _START_BEFORE.search(before) or _START_AFTER.match(low, number.end):
        return True
    if _BLANK_TARGET.match(low, number.end) or _is_remembered(before, low, number):
        return True
    if not FROM_BEFORE.search(before) or is_from_thing(low, number):
        return False
    return before.rstrip().endswith("(from") or any(cue.way != "reach" for cue in cues(text))


def _is_lone_start(low: str, number: Number) -> bool:
    """Whether the only number says where a measure starts: "win rate from 10 % upwards"."""
    if number.kind in {"weak", "factor"} or not FROM_BEFORE.search(_before(low, number)):
        return False
    return bool(_FROM_HERE.match(low, number.end))


def _is_remembered(before: str, low: str, number: Number) -> bool:
    """Whether a number is put in brackets with its time: "≤ 0.35 % (0.6 % in 2025)"."""
    return before.endswith("(") and bool(_IN_A_TIME.match(low, number.end))


def _first_change(low: str, found: list[Number]) -> Number | None:
    return next((number for number in found if _is_change(low, number)), None)


def _is_change(low: str, number: Number) -> bool:
    before = _before(low, number)
    if number.kind == "factor" or _CHANGE_BEFORE.search(before):
        return True
    if number.kind == "weak":
        return False
    if number.sign:
        return True
    if _CHANGE_AFTER.match(low, number.end):
        return number.kind in {"measure", "share"} or not low.startswith(" up", number.end)
    return bool(_CHANGE_WORD_BEFORE.search(before))


def _target(text: str, found: list[Number], change: Number | None) -> Number | None:
    low = read(text).low
    strong = [number for number in found if number.kind != "weak"]
    if change:
        return _level_beside(low, strong, change)
    if level := _level_of_a_move(text, strong):
        return level
    free = [number for number in strong if not _is_condition(low, number, found)]
    if free and low.startswith(_OPENS_WITH_AREA):
        free = [number for number in free if _REACHED.search(_before(low, number))] or free
    return free[0] if free else _last_resort(low, found)


def _level_beside(low: str, strong: list[Number], change: Number) -> Number | None:
    """The level in "by 20 % to 45k", and the one in "under 40 days while volume doubles"."""
    for number in strong:
        if number.end <= change.start:
            limited = _LIMITED.search(_before(low, number))
            if limited and not _is_condition(low, number, strong):
                return number
        elif _TO_LEVEL.fullmatch(low, change.end, number.start):
            return number
    return None


def _level_of_a_move(text: str, strong: list[Number]) -> Number | None:
    """The number behind "to", if a verb of direction or upkeep stands before it."""
    moving = next((cue for cue in cues(text) if cue.way != "reach"), None)
    if not moving:
        return None
    low = read(text).low
    return next(
        (n for n in strong if n.start > moving.start and TO_BEFORE.search(_before(low, n))),
        None,
    )


def _last_resort(low: str, found: list[Number]) -> Number | None:
    """The first weak word, time or "with five agents"; "firms with over 50 people" are a segment."""
    for number in found:
        if number.kind == "weak" or _time_of(number):
            return number
        limited = _AT_LEAST_WITH.search(_before(low, number))
        if not limited and not _COUNTED_SIZE.match(low, number.end):
            return number
    return None


def _time_of(number: Number) -> bool:
    return (number.unit or "").split(" per ")[0] in _TIMES


def _is_condition(low: str, number: Number, found: list[Number]) -> bool:
    """Whether a number only narrows what is measured: "within 4 hours", "with 3+ products"."""
    before = _before(low, number)
    others = [other for other in found if other is not number]
    if _TOP.search(before):
        return True
    if _time_of(number):
        return _is_window(low, number, others)
    if any(other.start < number.start for other in others):
        return not number.unit and bool(_NARROWED.search(before))
    return number.kind == "count" and bool(_WITH.search(before))


def _is_window(low: str, number: Number, others: list[Number]) -> bool:
    """Whether a time says within which the others count."""
    before = _before(low, number)
    if _OF_EVENT.match(low, number.end):
        return True
    if _AGED.search(before) and any(not _time_of(other) for other in others):
        return True
    earlier = any(not _time_of(other) and other.start < number.start for other in others)
    return earlier and bool(_TIMED.search(before))
