"""Which number of a goal is its start, which its target, which a change, which a condition."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.language.clauses import leads
from assistant.language.direction import cues
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.language.quantities import Number, numbers
from assistant.language.segments import side_ranges


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


_LIMIT = (
    r"(?:at least|at most|under|below|above|over|up to|(?:more|less|fewer|lower|higher|better) than"
    r"|no (?:more|less|fewer|lower|higher|worse) than|or (?:more|less)|around|about|approximately"
    r"|approx\.?|roughly|nearly|almost|circa|ca\.?|some|only|just|an?|the|our|a (?:maximum|minimum) of"
    r"|max(?:imum)?\.?|min(?:imum)?\.?|level|grade|tier|stage|an average of|average|well|minus|plus"
    r"|[~≈±<>≤≥=:]=?)"
)
_LIMITS = rf"(?:{_LIMIT}\s*)*"
_ARROW = r"(?:-+>|=+>|→|>{1,3}|»|\.{2,3}>?|–>|—>)"
_ASIDE = (
    r"(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|today|now|currently|at present|at the moment|on average"
    r"|last \w+|this year|in [\w' ]{1,24}?|of [\w' ]{1,40}?|per \w+|an? \w+|each|and|and then|then"
    r"|baseline|[,;*_]|\w+ today|at (?:the )?start)"
)
_ARROW_BETWEEN = Pattern(rf"(?:{_ASIDE}\s*|\s)*?{_ARROW}\s*(?:target:?\s*)?{_LIMITS}")
_FROM_BEFORE = Pattern(
    rf"\bfrom\s+(?:(?:an?|the) (?:baseline|current level|average) of\s+)?{_LIMITS}$"
)
_TO_BETWEEN = Pattern(rf"[^.;]{{0,90}}?(?:\bto|\bdown to|\bup to|\buntil)\s+{_LIMITS}")
_BARE_TO_BETWEEN = Pattern(rf"(?:{_ASIDE}\s*|\s)*?(?:up |down )?to\s+{_LIMITS}")
_ASIDE_FROM_BETWEEN = Pattern(
    rf"[^.;]{{0,70}}?(?:[(,\[–]|\s-|\bup|\bdown|\bcoming|\bstarting)\s*(?:up |down )?from\s+{_LIMITS}"
)
_PLAIN_FROM_BETWEEN = Pattern(rf"(?:\s*(?:{_ASIDE}\s*)?)from\s+{_LIMITS}")
_TO_BEFORE = Pattern(
    rf"(?:\bto|→|->|=>|\breach(?:es|ing)?|\bhits?|\bachieve|\battain)\s+{_LIMITS}$"
)
_VERB_BEFORE_RANGE = Pattern(r"(?:^|[:.;–-])\s*\w*\s*$")

_START_BEFORE = Pattern(
    r"(?:\bbaseline(?: value| level)?(?: is| of| was| at)?|\bcurrent(?:ly)?(?: level| value| rate)?"
    r"(?: at| is| of| around)?|\btoday(?:'s)?(?: at| is)?|\bnow(?: at)?|\bwas|\bwere|\bvs\.?|\bversus"
    r"|\bcompared (?:to|with)|\binstead of|\brather than|\bpreviously|\bformerly|\bup from|\bdown from"
    r"|\bstart(?:ing)?(?: value| point| level)?(?: at| from|:)|\bas[- ]is|\bstatus quo|\bcame from"
    r"|\blast (?:year|quarter|month|season|cycle)(?:'s)?(?: was| at)?|\bstands at|\bcurrently at|\bwe are at"
    r"|\b(?:20[0-2]\d|fy ?\d\d|q[1-4](?: 20\d\d)?|h[12](?: 20\d\d)?)(?: actual| average| level| was)?\s*[:=]"
    r"|\bactual|\bagainst|\bover|\bstart(?=\s*:)|\bist)"
    rf"\s*[:=]?\s*{_LIMITS}[(\[]?\s*$"
)
_START_AFTER = Pattern(
    r"\s*\)?\s*(?:\(?(?:today|now\b(?! to)|currently|at present|at the moment|at baseline|baseline|as of now"
    r"|last (?:year|quarter|month|season|cycle)|right now|so far|in the (?:last|previous) \w+|previously)\b(?! unknown| tbd| n/?a| not| to be)"
    r"(?!\s*:?\s*(?:at |is |of )?[~$€£+-]?\s?\d))"
    r"|\s*(?:→|->|=>|\bto)\s*(?:\[|\?|_{2,}|tbd\b|x+ ?%|xx)"
)
_CHANGE_BEFORE = Pattern(rf"\bby\s+(?:another |additional |further |a further )?{_LIMITS}$")
_CHANGE_AFTER = Pattern(
    r"\s*-?\s*(?:(?:p\.?a\.?|yoy|y/y|year[- ]on[- ]year|annual(?:ly)?|relative|absolute|per \w+) )?"
    r"(?:more|fewer|less|lower|higher|faster|cheaper|shorter|smaller|larger|bigger|better|quicker|longer"
    r"|increase|decrease|reduction|growth|improvement|uplift|decline|savings?|up\b|(?:lift|drop|rise|cut|gain|fall|jump)(?= in\b)"
    r"|down\b|above (?:last|20)|over last|below (?:last|20)|reduced|off\b|cost reduction)\b"
)
_CHANGE_WORD_BEFORE = Pattern(
    r"(?:\b(?:up|down|minus|plus|increase|decrease|reduction|growth|improvement|rise|drop|decline|uplift|cut"
    r"|fall|saving|savings|gain)(?: of| by)?|[↑↓⬆⬇↗↘])\s*(?:to )?"
    rf"{_LIMITS}$"
)
_TO_LEVEL = Pattern(rf"[^.;]{{0,60}}?\bto\s+{_LIMITS}")
_TIME_CONDITION = Pattern(
    r"\b(?:within|in|in under|in less than|in the|after|over the|during|during the|for|every|than|under|of the"
    r"|in at most|at|by|before|the)(?: (?:first|last|next|past|about|at most|only|no more than|fewer than"
    r"|less than|the|under|previous|following))*\s*$"
)
_THING_CONDITION = Pattern(
    r"\b(?:with|using|having|than|over|under|above|below|among|of|from|across|in|all|these|at|worth|hold|own|use"
    r"|for|per|on|into|between|and|or)(?: (?:at least|more than|fewer than|less than|over|under|the|our|all|top"
    r"|the top|the first|their|its|first|largest|biggest|the largest))*\s*$"
)
_TOP = Pattern(r"\b(?:on|among|for|of|with|from|our|in|across|the) (?:the |our )?top\s*$")
_TIMES = {
    "seconds",
    "minutes",
    "hours",
    "days",
    "working days",
    "weeks",
    "months",
    "quarters",
    "years",
    "ms",
}
_REACHED_BEFORE = Pattern(
    rf"(?:\b(?:reach(?:es)?|achieve|hits?|attain|get to|target|goal|rises? to|is|are|be)\b|[≥≤<>=])\s*[:=]?\s*{_LIMITS}$"
)
_LIMITED = Pattern(
    r"(?:\b(?:under|below|above|at least|at most|no more than|less than|reach|to)|[≥≤<>])\s*$"
)
_WINDOW = 96


@lru_cache(maxsize=512)
def roles(text: str) -> Roles:
    """Sort the numbers of a goal sentence into start, target and change."""
    reading = read(text)
    found = _outside_sides(text, numbers(text))
    if pair := _first_pair(text, reading, found):
        baseline, target = _levelled(*pair)
        change = _first_change(reading, [n for n in found if n not in pair])
        return Roles(baseline, target, change, is_pair=True)
    return _singles(text, reading, found)


def _outside_sides(text: str, found: tuple[Number, ...]) -> list[Number]:
    sides = side_ranges(text)
    return [n for n in found if n.kind != "named" and not any(start <= n.start < end for start, end in sides)]


def _first_pair(text: str, reading: Reading, found: list[Number]) -> tuple[Number, Number] | None:
    strong = [number for number in found if number.kind != "weak"]
    for first, second in zip(strong, strong[1:], strict=False):
        if pair := _as_pair(text, reading, first, second):
            return pair
    return None


def _as_pair(
    text: str, reading: Reading, first: Number, second: Number
) -> tuple[Number, Number] | None:
    """Start and target, if two neighbouring numbers are written as such."""
    low = reading.low
    between = low[first.end : second.start]
    if len(between) > _WINDOW or first.kind == "factor" or second.kind == "factor":
        return None
    before = low[max(0, first.start - _WINDOW) : first.start]
    if _ARROW_BETWEEN.fullmatch(between) or _is_column_pair(first, second, between):
        return first, second
    if _FROM_BEFORE.search(before) and _TO_BETWEEN.fullmatch(between):
        return first, second
    if _BARE_TO_BETWEEN.fullmatch(between) and not _CHANGE_BEFORE.search(before):
        return None if _is_span(text, reading, first, second) else (first, second)
    if _ASIDE_FROM_BETWEEN.fullmatch(between) and not _is_from_thing(low, second):
        return second, first
    if _TO_BEFORE.search(before) and _PLAIN_FROM_BETWEEN.fullmatch(between):
        return second, first
    return None


def _is_column_pair(first: Number, second: Number, between: str) -> bool:
    """Whether two cells of a table row stand side by side: "Scrap | 2.1% | 1.0%"."""
    is_gap = not between.strip(" |\t") and bool(between)
    is_digits = first.kind == "measure" and second.kind == "measure"
    return is_gap and is_digits and first.unit == second.unit and "per" not in (first.unit or "")


def _is_from_thing(low: str, number: Number) -> bool:
    """Whether "from 200 users" names a source: the number is followed by its own noun."""
    return number.kind == "count" and bool(
        re.match(r" [a-z]{3,}", low[number.end : number.end + 8])
    )


def _is_span(text: str, reading: Reading, first: Number, second: Number) -> bool:
    """Whether "5 to 10 customers" is one amount: it rises, and no measure stands before it."""
    if first.value >= second.value or first.unit:
        return False
    before = [t for t in reading.tokens if t.end <= first.start]
    if not before:
        return True
    led = {reading.tokens[lead.at + lead.verb.length - 1].end for lead in leads(text)}
    return before[-1].end in led or before[-1].low in {
        "to",
        "of",
        "least",
        "within",
        "in",
        "than",
        "a",
    }


def _levelled(baseline: Number, target: Number) -> tuple[Number, Number]:
    """Both numbers in the same unit and size: "1.2 to 1.5 million", "5 -> 3%"."""
    if baseline.scale == 1 and target.scale > 1 and _is_near(baseline.value * target.scale, target):
        baseline = baseline._replace(value=round(baseline.value * target.scale, 6))
    elif (
        target.scale == 1
        and baseline.scale > 1
        and _is_near(target.value * baseline.scale, baseline)
    ):
        target = target._replace(value=round(target.value * baseline.scale, 6))
    unit = target.unit or baseline.unit
    if not baseline.unit or not target.unit:
        baseline, target = baseline._replace(unit=unit), target._replace(unit=unit)
    elif target.unit.startswith(f"{baseline.unit} per"):
        baseline = baseline._replace(unit=target.unit)
    return _signed(baseline), _signed(target)


def _is_near(scaled: float, other: Number) -> bool:
    return bool(other.value) and 0.04 < scaled / other.value < 25


def _signed(number: Number) -> Number:
    return number._replace(value=-number.value) if number.sign == "-" else number


def _singles(text: str, reading: Reading, found: list[Number]) -> Roles:
    baseline = next((n for n in found if n.kind != "weak" and _is_start(text, reading, n)), None)
    rest = [n for n in found if n is not baseline]
    change = _first_change(reading, rest)
    if change and (level := _limited_before(reading, rest, change)):
        return Roles(baseline, level, change)
    target = _target(text, reading, [n for n in rest if n is not change], change)
    if baseline and target and target is not change:
        baseline, target = _levelled(baseline, target)
    elif baseline:
        baseline = _signed(baseline)
    return Roles(baseline, target or change, change)


def _limited_before(reading: Reading, found: list[Number], change: Number) -> Number | None:
    """A level with its own limit before the change: "under 40 days while volume doubles"."""
    for number in found:
        before = reading.low[max(0, number.start - 48) : number.start]
        limited = _LIMITED.search(before) and not _is_condition(reading, number, found)
        if number.end <= change.start and number.kind != "weak" and limited:
            return number
    return None


def _is_start(text: str, reading: Reading, number: Number) -> bool:
    before = reading.low[max(0, number.start - _WINDOW) : number.start]
    if number.kind == "factor":
        return False
    if match := _START_BEFORE.search(before):
        return not match.group().startswith("over") and not _is_current_only(match.group())
    if _START_AFTER.match(reading.low, number.end):
        return True
    if not _FROM_BEFORE.search(before) or _is_from_thing(reading.low, number):
        return False
    return any(cue.way != "reach" for cue in cues(text)) or "(from" in before[-12:]


def _is_current_only(cue: str) -> bool:
    """ "Against 3 competitors" and "now 3 clinics" name things, not a start."""
    return cue.startswith("against")


def _first_change(reading: Reading, found: list[Number]) -> Number | None:
    return next((number for number in found if _is_change(reading, number)), None)


def _is_change(reading: Reading, number: Number) -> bool:
    low = reading.low
    if number.kind == "factor":
        return True
    before = low[max(0, number.start - 48) : number.start]
    if _CHANGE_BEFORE.search(before):
        return True
    if number.kind == "weak":
        return False
    if number.sign and number.unit != "/5":
        return True
    if _CHANGE_AFTER.match(low, number.end):
        return number.kind in {"measure", "share"} or not low.startswith(" up", number.end)
    return bool(_CHANGE_WORD_BEFORE.search(before)) and not before.rstrip().endswith(" to")


def _target(
    text: str, reading: Reading, found: list[Number], change: Number | None
) -> Number | None:
    low = reading.low
    strong = [number for number in found if number.kind != "weak"]
    if change:
        return _level_after_change(reading, strong, change)
    moving = [cue for cue in cues(text) if cue.way in {"increase", "decrease", "improve", "hold"}]
    if moving:
        for number in strong:
            before = low[max(0, number.start - 48) : number.start]
            if number.start > moving[0].start and _TO_BEFORE.search(before):
                return number
    free = [number for number in strong if not _is_condition(reading, number, found)]
    if free:
        reached = [n for n in free if _is_reached(reading, n)] if _opens_with_area(reading) else []
        return (reached or free)[0]
    weak = [number for number in found if number.kind == "weak"]
    timed = [number for number in strong if (number.unit or "").split(" per ")[0] in _TIMES]
    if weak and (not timed or weak[0].start < timed[0].start):
        return weak[0]
    return timed[0] if timed else None


def _level_after_change(reading: Reading, strong: list[Number], change: Number) -> Number | None:
    for number in strong:
        if number.start < change.end:
            continue
        if _TO_LEVEL.fullmatch(reading.low[change.end : number.start]):
            return number
    return None


def _opens_with_area(reading: Reading) -> bool:
    return reading.low.startswith(("in ", "at ", "across ", "for ", "with ", "within "))


def _is_reached(reading: Reading, number: Number) -> bool:
    return bool(_REACHED_BEFORE.search(reading.low[max(0, number.start - 48) : number.start]))


def _is_condition(reading: Reading, number: Number, found: list[Number]) -> bool:
    """Whether a number only narrows what is measured: "within 4 hours", "with 3+ products"."""
    low = reading.low
    strong = [n for n in found if n.kind != "weak"]
    before = low[max(0, number.start - 48) : number.start]
    if _TOP.search(before):
        return True
    unit = (number.unit or "").split(" per ")[0]
    if unit in _TIMES:
        if re.match(
            r"\s*(?:of|after|before|from|following)\s+\w", low[number.end : number.end + 16]
        ):
            return True
        is_age = bool(re.search(r"\b(?:older|longer|later|more) than\s*$", before))
        others = [
            n
            for n in found
            if (n.start < number.start or is_age)
            and n is not number
            and (n.unit or "").split(" per ")[0] not in _TIMES
        ]
        is_timed = bool(_TIME_CONDITION.search(before))
        return is_timed and bool(others)
    if number.unit or number is strong[0]:
        first_thing = number is strong[0] and number.kind == "count" and not number.unit
        return first_thing and bool(re.search(r"\b(?:with|using|having) (?:\w+ than )?$", before))
    return bool(_THING_CONDITION.search(before)) and number is not strong[0]
