"""Finds the periods that a text names, and which of them say when something is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from assistant.language.days import MONTHS, ORDINALS, last_day
from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.models import Cycle, Deadline

_ALSO_WORDS = {"may", "march", "mar", "sep", "jan", "dec"}
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"20[1-4]\d(?![\d%])"
_FY = r"fy ?'?(?:20)?\d\d"
_OF_YEAR = rf"(?: of (?:20\d\d|{_FY}|the (?:\w+ )?year))?"
_TRAILING_YEAR = rf"(?:[ /'-]*(?:of )?(?:{_FY}|20\d\d)|[/'-]\d\d)?"
_COUNT = r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|\d{1,2})"
_LENGTH = r"(?:months?|quarters?|years?|weeks?|sprints?|cycles?)"
_NAMED = (
    r"(?:okr |planning |fiscal |financial |school |academic |calendar |business )?"
    r"(?:quarter|month|year|half-year|half|cycle|trimester|term|semester|season|sprint|tertial)"
)
_PERIOD = Pattern(
    r"(?<![\w.,/])(?<!\d-)(?:"
    r"(?P<iso>20\d\d-[01]\d-[0-3]\d)"
    r"|(?P<numeric>[0-3]?\d[./][0-3]?\d[./](?:20)?\d\d)"
    rf"|(?P<quarter>(?:20\d\d|{_FY})[ /-]?q[1-4]|q[1-4]{_TRAILING_YEAR}|[1-4]q ?(?:20)?\d\d"
    rf"|(?:{'|'.join(ORDINALS)}) quarter{_OF_YEAR}"
    r"|last quarter of (?:20\d\d|the year))"
    rf"|(?P<half>(?:20\d\d|{_FY})[ /-]?h[12]|h[12]{_TRAILING_YEAR}"
    rf"|(?:first|second|1st|2nd) half{_OF_YEAR})"
    r"|(?P<fiscal>(?:fy|financial year|fiscal year|fiscal|school year|academic year)"
    r" ?'?(?:20)?\d\d(?:[/–-](?:20)?\d\d)?)"
    rf"|(?P<day>[0-3]?\d(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR}| '\d\d)?)"
    rf"|(?P<monthday>{_MONTH} [0-3]?\d(?:st|nd|rd|th)?(?![\w:]| ?%|[.,]\d)"
    rf"(?! (?!across|has|is|as|was)[a-z]+s\b)(?:,? {_YEAR})?)"
    rf"|(?P<month>{_MONTH}(?:,? (?:of )?{_YEAR}| ?'\d\d|[-/](?:20)?\d\d)?)"
    r"|(?P<isomonth>20\d\d-(?:0[1-9]|1[0-2])(?![\d-]))"
    rf"|(?P<week>(?:cw|kw|calendar week) ?\d\d?(?:[ /]+{_YEAR})?)"
    rf"|(?P<year>{_YEAR}(?:[/–-]\d\d(?!\d))?)"
    rf"|(?P<yearend>(?:eo[qymh]|eofy|ye|(?:year|quarter|month|half-year|cycle)[ -]?end)"
    rf"(?:[ ,]+(?:{_YEAR}|{_FY}))?)"
    rf"|(?P<relative>(?:this|(?:the )?next|(?:the )?coming|(?:the )?current|the) {_NAMED}"
    r"|(?<=end of )(?:year|quarter|month|cycle|season|term))"
    rf"|(?P<duration>(?:(?:the )?(?:next |coming |following ))?{_COUNT}"
    rf"(?: (?:to|or) {_COUNT})?[ -]{_LENGTH})"
    r")(?!\w)"
)
_OCCASION = Pattern(
    r"\b(?P<prep>by|before|until|till|ahead of|prior to|in time for) "
    r"(?P<part>(?:the )?(?:end|close|start|beginning|middle) of )?"
    r"(?P<occasion>(?:this |next |new year|christmas|easter|ramadan|diwali|thanksgiving|black friday"
    r"|(?:early |late )?(?:summer|winter|autumn|spring)"
    r"|(?:the |our )(?:\w{1,20} ){0,2}?(?:summer|winter|autumn|go-live|launch|harvest|season|peak"
    r"|terms?|semester|audit|holidays|elections?|conference|kick-off|meeting|renewals?))"
    r"(?:summer|winter|autumn|spring|christmas)?"
    rf"(?: (?:break|season|holidays|term|peak))?(?:,? {_YEAR})?)(?!\w)"
)
_PART = Pattern(
    r"(?:\bthe )?\b(?P<part>end|close|start|beginning|middle|mid|early|late|latter half)"
    r"(?:[ -]+of)?[ -]*(?:the )?$"
)
_DUE = Pattern(
    r"\b(?:by|until|till|before|(?:no|not) later than|at the latest (?:by|in)|latest(?: by)?|"
    r"due(?: date| by| on| in)?|deadline|ahead of|prior to|come)[ :]*(?:the )?$"
)
_DURING = Pattern(r"\b(?:in|during|within|throughout|over|for|at|on|through|across)[ :]*(?:the )?$")
_REFERENCE_BEFORE = Pattern(
    r"(?:\b(?:since|from|as of|as at|vs\.?|versus|than|against|to|and|or|of|after|between|starting"
    r"|with|on|until now|last|previous|past|prior|every|per|each|using|like|the|our)|\d[–-]|[/&+])"
    r"[ :]*(?:the )?$"
)
_FROM_BEFORE = Pattern(r"\bfrom\b[^.;]{0,48}$")
_REMEMBERED_BEFORE = Pattern(r"\([~$€£]?\s?\d[\d.,]*\s?[%a-z$€£]{0,10} (?:in|at the) $")
_TO_AFTER = Pattern(r"^[^.;,]{0,24}?(?:\bto\b|→|->|=>)")
_SHARE_BEFORE = Pattern(
    r"(?:%|percent|per cent|\d|half|third|quarter)\s+of\b|\b(?:share|proportion|percentage) of\b"
)
_EVENT_AFTER = Pattern(
    r"^\s*(?:of|after|from|following|before|post)\s+(?!now|today|\d|the (?:year|quarter))"
)
_LEVEL_AFTER = Pattern(
    r"\s*:?\s*(?:from\s|→|->|=>|to\s|[<>≤≥]|under|below|above)?\s*[$€£]?\d|\s+from\s"
)
_END_AFTER = Pattern(r"^[\s)\].,;!:*_]*(?:$|[(@#,;.]|=>|–|—| - |\band\b)")
_QUANTITY_BEFORE = Pattern(r"[\d%]\s*[a-z]{0,8}\s*\($")
_VALUE_AFTER = Pattern(r"^\s*\)?\s*(?:→|->|=>|to\b|,\s*\S*\d|[:=]\s*[\d$€£])")
_NUMBER_BEFORE = Pattern(r"([\d][\d.,]*)\s*[a-z]{0,12}\s*(?:\bto|→|->|=>|[-–>])\s*$")
_NUMBER_AFTER = Pattern(r"^\s*[a-z]{0,12}\s*(?:\bto\b|→|->|=>|[-–>])\s*([\d][\d.,]*)")
_UNIT_AFTER = Pattern(
    r"^\s?(?:%|€|\$|£|percent|points?|hours?|days?|minutes?|units?|k\b|users|customers|people)"
)
_WINDOW = 64
_OURS = ("this", "next", "coming")
_FOR_A_TIME = Pattern(r"\b(?:within|in|over|during|for)[ ]*$")
_REFERENCE_AFTER = Pattern(r"\s+(?:level|average|baseline|figure|actual)s?\b")
_NOT_THE = {"at", "on", "across", "over", "for", "through", "throughout"}


class Period(NamedTuple):
    """A stretch of time as named in a plain text, preposition left out."""

    start: int
    end: int
    kind: str


class Due(NamedTuple):
    """A deadline in the plain text: the whole phrase, its cues, and the period inside it."""

    start: int
    end: int
    cue: str
    part: str
    period: Period


def find_deadlines(text: str, cycle: Cycle | None = None) -> Iterator[Deadline]:
    """Yield each phrase that says when something is due, in order.

    Args:
        text: a goal sentence.
        cycle: the planning period around it; it supplies a missing year and says what
            "this quarter" is.

    Yields:
        The phrase with its preposition, and the last day of the period that it names. The day
        is None where text and cycle do not decide it: fiscal years, seasons, durations.
    """
    reading = read(text)
    for due in due_phrases(text):
        words = reading.low[due.period.start : due.period.end]
        on = last_day(words, due.period.kind, due.cue, due.part, cycle)
        yield Deadline(on=on, span=reading.span(due.start, due.end))


@lru_cache(maxsize=4096)
def periods(text: str) -> tuple[Period, ...]:
    """Every stretch of time that the text names, due or not, by position in the plain text."""
    low = read(text).low
    return tuple(
        Period(match.start(), match.end(), match.lastgroup or "")
        for match in _PERIOD.finditer(low)
        if not (match.lastgroup == "year" and _is_amount(low, match))
    )


@lru_cache(maxsize=4096)
def due_phrases(text: str) -> tuple[Due, ...]:
    """Every deadline phrase, by position in the plain text."""
    reading = read(text)
    found = [_as_due_occasion(match) for match in _OCCASION.finditer(reading.low)]
    taken = [(due.start, due.end) for due in found]
    for period in periods(text):
        if all(period.end <= start or period.start >= end for start, end in taken):
            due = _as_due(reading, period)
            found.extend([due] if due else [])
    return tuple(sorted(found))


def _as_due_occasion(match: re.Match[str]) -> Due:
    period = Period(match.start("occasion"), match.end(), "occasion")
    return Due(
        match.start(),
        match.end(),
        match.group("prep"),
        match.group("part") or "",
        period,
    )


def _as_due(reading: Reading, period: Period) -> Due | None:
    low = reading.low
    before = low[max(0, period.start - _WINDOW) : period.start]
    after = low[period.end : period.end + _WINDOW]
    if part := _PART.search(before):
        before = before[: part.start()]
    start = period.start - (len(part.group()) if part else 0)
    bare = Due(start, period.end, "", part.group("part") if part else "", period)
    if period.kind == "duration":
        return _as_due_duration(low, period, before, after)
    if cue := _DUE.search(before):
        return _behind(bare, cue)
    if _FROM_BEFORE.search(before) and _TO_AFTER.search(after):
        return None
    if _REMEMBERED_BEFORE.search(before) and after.startswith(")"):
        return None
    if cue := _DURING.search(before):
        return None if _is_reference(cue.group(), bare, after) else _behind(bare, cue)
    is_ours = period.kind == "relative" and low.startswith(_OURS, period.start)
    return bare if is_ours or _stands_alone(reading, period, before, after) else None


def _behind(due: Due, cue: re.Match[str]) -> Due:
    return due._replace(start=due.start - len(cue.group()), cue=cue.group().strip(" :"))


def _is_reference(cue: str, due: Due, after: str) -> bool:
    """Whether "on 2023" and the like only name what something is compared with."""
    word = cue.strip(" :").removesuffix(" the")
    if word == "on" and due.period.kind not in {"iso", "numeric", "day", "monthday"}:
        return True
    if due.period.kind == "relative" and word in _NOT_THE and not due.part:
        return True
    return bool(_REFERENCE_AFTER.match(after))


def _as_due_duration(low: str, period: Period, before: str, after: str) -> Due | None:
    words = low[period.start : period.end]
    cue = _FOR_A_TIME.search(before)
    bare = Due(period.start, period.end, "", "", period)
    if words.removeprefix("the ").startswith(("next", "coming", "following")):
        return _behind(bare, cue) if cue else bare
    if not cue or cue.group().strip() not in {"within", "in"} or "week" in words or "-" in words:
        return None
    if _EVENT_AFTER.search(after) or _SHARE_BEFORE.search(before) or _LEVEL_AFTER.match(after):
        return None
    return _behind(bare, cue)


def _stands_alone(reading: Reading, period: Period, before: str, after: str) -> bool:
    """Whether a period without preposition says when: "(Q4)", "..., Q3 2026", "Q3: ..."."""
    if period.kind == "relative" or _is_plain_word(reading, period):
        return False
    if _REFERENCE_BEFORE.search(before) or (
        _QUANTITY_BEFORE.search(before) and _VALUE_AFTER.search(after)
    ):
        return False
    if before.rstrip().endswith("(") and re.match(r"\s*[:=]", after):
        return False
    if period.start <= _WINDOW and not before.strip(" [(*#-"):
        return bool(re.match(r"[\s\])]*(?:$|[:–—-])", after))
    return bool(_END_AFTER.search(after))


def _is_plain_word(reading: Reading, period: Period) -> bool:
    """Whether a month could as well be the word "may" or "march"."""
    words = reading.low[period.start : period.end].rstrip(".")
    is_bare = words in _ALSO_WORDS or not reading.plain[period.start].isupper()
    return period.kind == "month" and is_bare


def _is_amount(low: str, match: re.Match[str]) -> bool:
    """Whether four digits that look like a year are an amount: "from 1800 to 2040 units"."""
    before = low[max(0, match.start() - _WINDOW) : match.start()]
    after = low[match.end() : match.end() + _WINDOW]
    if before.rstrip().endswith(("$", "€", "£", "¥")) or _UNIT_AFTER.search(after):
        return True
    partners = (_NUMBER_BEFORE.search(before), _NUMBER_AFTER.search(after))
    return any(partner and not re.fullmatch(_YEAR, partner.group(1)) for partner in partners)
