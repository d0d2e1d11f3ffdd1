"""Finds the periods that a text names, and which of them say when something is due."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from assistant.language.patterns import Pattern
from assistant.language.plain import Reading, read
from assistant.models import Cycle, Deadline

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ALSO_WORDS = {"may", "march", "mar", "sep", "jan", "dec"}
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": 4,
    "final": 4,
}
_QUARTERS_OF_YEAR = 4
_HALVES_OF_YEAR = 2
_LONGEST_QUARTER = 100
_SHORTEST_YEAR = 350
_CENTURY = 2000

_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
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
    rf"|(?:{'|'.join(_ORDINALS)}) quarter{_OF_YEAR})"
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


class _Days(NamedTuple):
    first: date
    last: date


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
        yield Deadline(on=_due_day(reading.low, due, cycle), span=reading.span(due.start, due.end))


@lru_cache(maxsize=512)
def periods(text: str) -> tuple[Period, ...]:
    """Every stretch of time that the text names, due or not, by position in the plain text."""
    low = read(text).low
    return tuple(
        Period(match.start(), match.end(), match.lastgroup or "")
        for match in _PERIOD.finditer(low)
        if not (match.lastgroup == "year" and _is_amount(low, match))
    )


@lru_cache(maxsize=512)
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
    return Due(match.start(), match.end(), match.group("prep"), match.group("part") or "", period)


def _as_due(reading: Reading, period: Period) -> Due | None:
    low = reading.low
    before = low[max(0, period.start - _WINDOW) : period.start]
    after = low[period.end : period.end + _WINDOW]
    part = _PART.search(before)
    if part:
        before = before[: part.start()]
    start = period.start - (len(part.group()) if part else 0)
    name = part.group("part") if part else ""

    if cue := _DUE.search(before):
        if period.kind == "duration":
            return None
        return Due(start - len(cue.group()), period.end, cue.group().strip(" :"), name, period)
    if period.kind == "duration":
        return _as_due_duration(low, period, before, after)
    if _FROM_BEFORE.search(before) and _TO_AFTER.search(after):
        return None
    if cue := _DURING.search(before):
        word = cue.group().strip(" :")
        if _is_reference(word, period, name, after):
            return None
        return Due(start - len(cue.group()), period.end, word, name, period)
    if period.kind == "relative" and low.startswith(("this", "next", "coming"), period.start):
        return Due(start, period.end, "", name, period)
    if _stands_alone(reading, period, before, after):
        return Due(start, period.end, "", name, period)
    return None


def _is_reference(word: str, period: Period, part: str, after: str) -> bool:
    """Whether "on 2023" and the like only name what something is compared with."""
    if word == "on" and period.kind not in {"iso", "numeric", "day", "monthday"}:
        return True
    if period.kind == "relative" and word in _NOT_THE and not part:
        return True
    return bool(re.match(r"\s+(?:level|average|baseline|figure|actual)s?\b", after))


def _as_due_duration(low: str, period: Period, before: str, after: str) -> Due | None:
    words = low[period.start : period.end]
    ahead = bool(re.match(r"(?:the )?(?:next|coming|following) ", words))
    cue = re.search(r"\b(?:within|in|over|during|for)[ ]*$", before)
    if ahead:
        start = period.start - (len(cue.group()) if cue else 0)
        return Due(start, period.end, cue.group().strip() if cue else "", "", period)
    if not cue or cue.group().strip() not in {"within", "in"} or "week" in words or "-" in words:
        return None
    if _EVENT_AFTER.search(after) or _SHARE_BEFORE.search(before) or _LEVEL_AFTER.match(after):
        return None
    return Due(period.start - len(cue.group()), period.end, cue.group().strip(), "", period)


def _stands_alone(reading: Reading, period: Period, before: str, after: str) -> bool:
    """Whether a period without preposition says when: "(Q4)", "..., Q3 2026", "Q3: ..."."""
    if period.kind == "relative":
        return False
    if period.kind == "month":
        words = reading.low[period.start : period.end].rstrip(".")
        if words in _ALSO_WORDS or not reading.plain[period.start].isupper():
            return False
    if _REFERENCE_BEFORE.search(before):
        return False
    if _QUANTITY_BEFORE.search(before) and _VALUE_AFTER.search(after):
        return False
    if before.rstrip().endswith("(") and re.match(r"\s*[:=]", after):
        return False
    if not before.strip(" [(*#-") and period.start <= _WINDOW:
        return bool(re.match(r"[\s\])]*(?:$|[:–—-])", after))
    return bool(_END_AFTER.search(after))


def _is_amount(low: str, match: re.Match[str]) -> bool:
    """Whether four digits that look like a year are an amount: "from 1800 to 2040 units"."""
    before = low[max(0, match.start() - _WINDOW) : match.start()]
    after = low[match.end() : match.end() + _WINDOW]
    if before.rstrip().endswith(("$", "€", "£", "¥")) or _UNIT_AFTER.search(after):
        return True
    partners = (_NUMBER_BEFORE.search(before), _NUMBER_AFTER.search(after))
    return any(partner and not re.fullmatch(_YEAR, partner.group(1)) for partner in partners)


def _due_day(low: str, due: Due, cycle: Cycle | None) -> date | None:
    days = _days_of(low[due.period.start : due.period.end], due.period.kind, cycle)
    if not days:
        return None
    if due.part in {"start", "beginning"}:
        return days.first
    if due.part in {"early", "middle"}:
        return None
    if due.part == "mid":
        return _middle(days)
    if due.cue.startswith(("before", "ahead of", "prior to")) and due.part not in {"end", "close"}:
        return days.first - timedelta(days=1)
    return days.last


def _middle(days: _Days) -> date | None:
    if days.first.day != 1 or days.first.year != days.last.year:
        return None
    if days.first.month == days.last.month:
        return days.first.replace(day=15)
    if (days.first.month, days.last.month) == (1, 12):
        return days.first.replace(month=6, day=30)
    return None


def _days_of(words: str, kind: str, cycle: Cycle | None) -> _Days | None:
    readers: dict[str, Callable[[str, Cycle | None], _Days | None]] = {
        "iso": _iso_day,
        "numeric": _numeric_day,
        "quarter": _quarter,
        "half": _half,
        "day": _day_of_month,
        "monthday": _day_of_month,
        "month": _month,
        "isomonth": _month,
        "week": _week,
        "year": _year,
        "yearend": _end_of,
        "relative": _end_of,
        "occasion": _no_day,
        "fiscal": _no_day,
        "duration": _no_day,
    }
    try:
        return readers[kind](words, cycle)
    except ValueError:
        return None


def _no_day(_words: str, _cycle: Cycle | None) -> None:
    return None


def _iso_day(words: str, _cycle: Cycle | None) -> _Days:
    day = date.fromisoformat(words)
    return _Days(day, day)


def _numeric_day(words: str, _cycle: Cycle | None) -> _Days | None:
    """The day of ``30.06.2026`` or ``30/06/2026``; None for 03/06, which reads either way."""
    first, second, year = (int(part) for part in re.split("[./]", words))
    year += _CENTURY if year < _CENTURY else 0
    months_first = "." not in words and second > 12
    if "." not in words and first <= 12 and second <= 12 and first != second:
        return None
    day = date(year, first, second) if months_first else date(year, second, first)
    return _Days(day, day)


def _quarter(words: str, cycle: Cycle | None) -> _Days | None:
    number = _ordinal(words, r"q([1-4])|([1-4])q")
    return _part_of_year(words, number, _QUARTERS_OF_YEAR, cycle)


def _half(words: str, cycle: Cycle | None) -> _Days | None:
    return _part_of_year(words, _ordinal(words, r"h([12])"), _HALVES_OF_YEAR, cycle)


def _ordinal(words: str, pattern: str) -> int:
    if match := re.search(pattern, words):
        return int(next(group for group in match.groups() if group))
    return _ORDINALS[words.split()[0]]


def _part_of_year(words: str, number: int, parts: int, cycle: Cycle | None) -> _Days | None:
    if "fy" in words or (cycle and "fy" in cycle.name.lower()):
        return None
    months = 12 // parts

    def days(year: int) -> _Days:
        last = number * months
        return _Days(date(year, last - months + 1, 1), _last_of_month(year, last))

    return _in_year(_stated_year(words), days, cycle)


def _day_of_month(words: str, cycle: Cycle | None) -> _Days | None:
    month = _month_number(words)
    number = re.search(r"(?<!\d)(?<!')([0-3]?\d)(?!\d)", words)
    if not number:
        return None
    day = int(number.group(1))

    def days(year: int) -> _Days:
        return _Days(date(year, month, day), date(year, month, day))

    return _in_year(_stated_year(words), days, cycle)


def _month(words: str, cycle: Cycle | None) -> _Days | None:
    if match := re.fullmatch(r"(20\d\d)-(\d\d)", words):
        return _whole_month(int(match.group(1)), int(match.group(2)))
    month = _month_number(words)
    return _in_year(_stated_year(words), lambda year: _whole_month(year, month), cycle)


def _week(words: str, _cycle: Cycle | None) -> _Days | None:
    match = re.search(r"(\d\d?)[ /]+(20\d\d)", words)
    if not match:
        return None
    monday = date.fromisocalendar(int(match.group(2)), int(match.group(1)), 1)
    return _Days(monday, monday + timedelta(days=6))


def _year(words: str, _cycle: Cycle | None) -> _Days | None:
    if not words.isdigit():
        return None
    return _Days(date(int(words), 1, 1), date(int(words), 12, 31))


def _end_of(words: str, cycle: Cycle | None) -> _Days | None:
    """The period that "this quarter" or "year end" means inside a cycle."""
    if "next" in words or "coming" in words or "fy" in words or "fiscal" in words:
        return None
    stated = re.search(r"20\d\d", words)
    if stated:
        return _year(stated.group(), cycle) if "y" in words else None
    if not cycle or not cycle.start or not cycle.end:
        return None
    length = (cycle.end - cycle.start).days
    is_year = length >= _SHORTEST_YEAR
    fits = (
        "cycle" in words
        or ("quarter" in words or words == "eoq") == (length <= _LONGEST_QUARTER)
        and ("year" in words or words in {"eoy", "ye"}) == is_year
    )
    return _Days(cycle.start, cycle.end) if fits else None


def _in_year(stated: int | None, days: Callable[[int], _Days], cycle: Cycle | None) -> _Days | None:
    """The days in the stated year, or else in the first year that ends within the cycle."""
    if stated:
        return days(stated)
    if not cycle or not (cycle.start or cycle.end):
        return None
    if not cycle.start:
        return days(cycle.end.year) if cycle.end else None
    this_year = days(cycle.start.year)
    return this_year if this_year.last >= cycle.start else days(cycle.start.year + 1)


def _stated_year(words: str) -> int | None:
    if match := re.search(r"(?<!\d)(20\d\d)(?!\d)", words):
        return int(match.group(1))
    if match := re.search(r"(?:['/]|\dq ?|[a-z]-)(\d\d)$", words):
        return _CENTURY + int(match.group(1))
    return None


def _month_number(words: str) -> int:
    return next(_MONTHS[word] for word in re.findall(r"[a-z]+", words) if word in _MONTHS)


def _whole_month(year: int, month: int) -> _Days:
    return _Days(date(year, month, 1), _last_of_month(year, month))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
