"""Two numbers of a goal written as start and target: "from 5 to 3", "5 -> 3", "3 (from 5)"."""

from __future__ import annotations

from itertools import pairwise

from assistant.language.clauses import lead_end, leads
from assistant.language.number import Number, clean, share_of
from assistant.language.patterns import Pattern
from assistant.language.plain import read

LIMITS = (
    r"(?:(?:at least|at most|under|below|above|over|up to|(?:more|less|fewer|lower|higher|better) than"
    r"|no (?:more|less|fewer|lower|higher|worse) than|or (?:more|less)|around|about|approximately"
    r"|approx\.?|roughly|nearly|almost|circa|ca\.?|some|only|just|an?|the|our|a (?:maximum|minimum) of"
    r"|max(?:imum)?\.?|min(?:imum)?\.?|level|grade|tier|stage|an average of|average|well|minus|plus"
    r"|[~≈±<>≤≥=:])\s*)*"
)
"""Words and signs that may stand between "to" and its number."""

_ARROW = r"(?:-{1,3}>|={1,3}>|→|>{1,3}|»|\.{2,3}>?|–>|—>)"
_ASIDE = (
    r"(?:\([^()]{0,60}\)|\[[^\[\]]{0,60}\]|today|now|currently|at present|at the moment|on average"
    r"|last \w+|this year|in [\w' ]{1,24}?|of [\w' ]{1,40}?|per \w+|an? \w+|each|and|and then|then"
    r"|baseline|[,;*_]|\w+ today|at (?:the )?start)"
)
_ASIDES = rf"\s*(?:{_ASIDE}\s*){{0,2}}?"
_ARROW_BETWEEN = Pattern(rf"{_ASIDES}{_ARROW}\s*(?:target:?\s*)?{LIMITS}")
FROM_BEFORE = Pattern(
    rf"\bfrom\s+(?:(?:an?|the) (?:baseline|current level|average) of\s+)?{LIMITS}$"
)
_TO_BETWEEN = Pattern(rf"[^.;]{{0,90}}?(?:\bto|\bdown to|\bup to|\buntil)\s+{LIMITS}")
_BARE_TO_BETWEEN = Pattern(rf"{_ASIDES}(?:up |down )?to\s+{LIMITS}")
_SHOULD_BE_BETWEEN = Pattern(
    rf"{_ASIDES}(?:should be|must be|will be|shall be|then|target|goal|aiming (?:at|for)|planned|aim)"
    rf"\s*{LIMITS}"
)
_ASIDE_FROM_BETWEEN = Pattern(
    rf"[^.;]{{0,70}}?(?:[(,\[–]|\s-|\bup|\bdown|\bcoming|\bstarting)\s*(?:up |down )?from\s+{LIMITS}"
)
_PLAIN_FROM_BETWEEN = Pattern(rf"\s*(?:{_ASIDE}\s*)?from\s+{LIMITS}")
_TO_NEXT = Pattern(r"(?: \w+){0,3}\s+to\s")
TO_BEFORE = Pattern(rf"(?:\bto|→|->|=>|\breach(?:es|ing)?|\bhits?|\bachieve|\battain)\s+{LIMITS}$")
_BY_BEFORE = Pattern(rf"\bby\s+(?:another |additional |further |a further )?{LIMITS}$")
_NOUN_AFTER = Pattern(r" [a-z]{3,}")
_SPAN_AFTER = {"to", "of", "least", "within", "in", "than", "a"}
_NEAREST, _FARTHEST = 0.04, 25
_WINDOW = 96


def first_pair(text: str, found: list[Number]) -> tuple[Number, Number] | None:
    """The first start and target that are written together, in one unit and size."""
    for first, second in pairwise(found):
        if first.kind != "weak" and (pair := _as_pair(text, first, second)):
            return levelled(*pair)
    return None


def is_from_thing(low: str, number: Number) -> bool:
    """Whether "from 200 users" names a source: the number is followed by its own noun."""
    return number.kind == "count" and bool(_NOUN_AFTER.match(low, number.end))


def levelled(baseline: Number, target: Number) -> tuple[Number, Number]:
    """Both numbers in the same unit and size: "1.2 to 1.5 million", "5 -> 3%"."""
    if baseline.scale == 1 and _is_near(baseline.value * target.scale, target):
        baseline = baseline._replace(value=clean(baseline.value * target.scale))
    elif target.scale == 1 and _is_near(target.value * baseline.scale, baseline):
        target = target._replace(value=clean(target.value * baseline.scale))
    baseline, target = _as_part_of(baseline, target), _as_part_of(target, baseline)
    if "share" not in {baseline.kind, target.kind} and not (baseline.unit and target.unit):
        unit = target.unit or baseline.unit
        baseline, target = baseline._replace(unit=unit), target._replace(unit=unit)
    elif (target.unit or "").startswith(f"{baseline.unit} per"):
        baseline = baseline._replace(unit=target.unit)
    return signed(baseline), signed(target)


def _as_part_of(number: Number, other: Number) -> Number:
    """A bare count beside a share is a part of the same whole: "40 of 310 → 200"."""
    if not other.whole or number.unit or number.kind == "weak" or number.value > other.whole:
        return number
    return number._replace(value=share_of(number.value, other.whole), unit="%", kind="share")


def signed(number: Number) -> Number:
    """The number as a level: "-10" is less than zero, not a fall by ten."""
    return number._replace(value=-number.value) if number.sign == "-" else number


def _as_pair(text: str, first: Number, second: Number) -> tuple[Number, Number] | None:
    low = read(text).low
    between = low[first.end : second.start]
    if len(between) > _WINDOW or "factor" in {first.kind, second.kind}:
        return None
    before = low[max(0, first.start - _WINDOW) : first.start]
    if _rises_to(text, first, second, between, before):
        return first, second
    starts_there = _TO_NEXT.match(low, second.end) or is_from_thing(low, second)
    if _ASIDE_FROM_BETWEEN.fullmatch(between) and not starts_there:
        return second, first
    if TO_BEFORE.search(before) and _PLAIN_FROM_BETWEEN.fullmatch(between):
        return second, first
    return None


def _rises_to(text: str, first: Number, second: Number, between: str, before: str) -> bool:
    """Whether the start comes first."""
    if _ARROW_BETWEEN.fullmatch(between) or _are_columns(first, second, between):
        return True
    if _SHOULD_BE_BETWEEN.fullmatch(between):
        return True
    if FROM_BEFORE.search(before) and _TO_BETWEEN.fullmatch(between):
        return True
    is_bare = _BARE_TO_BETWEEN.fullmatch(between) and not _BY_BEFORE.search(before)
    return bool(is_bare) and not _is_one_amount(text, first, second)


def _are_columns(first: Number, second: Number, between: str) -> bool:
    """Whether two cells of a table row stand side by side: "Scrap | 2.1% | 1.0%"."""
    is_gap = bool(between) and not between.strip(" |")
    same_unit = first.kind == second.kind == "measure" and first.unit == second.unit
    return is_gap and same_unit and "per" not in (first.unit or "")


def _is_one_amount(text: str, first: Number, second: Number) -> bool:
    """Whether "5 to 10 customers" is one amount: it rises, and no measure stands before it."""
    if first.value >= second.value or first.unit:
        return False
    reading = read(text)
    before = next((t for t in reversed(reading.tokens) if t.end <= first.start), None)
    if not before:
        return True
    led = {lead_end(reading, lead) for lead in leads(text)}
    return before.end in led or before.low in _SPAN_AFTER


def _is_near(scaled: float, other: Number) -> bool:
    return bool(other.value) and _NEAREST < scaled / other.value < _FARTHEST
