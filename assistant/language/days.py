"""The days that a period means, where text and cycle decide it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from assistant.models import Cycle

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "final": 4,
}
_MONTHS_OF_YEAR = 12
_QUARTERS_OF_YEAR = 4
_HALVES_OF_YEAR = 2
_LONGEST_QUARTER = 100
_SHORTEST_YEAR = 350
_CENTURY = 2000


class Days(NamedTuple):
    """The first and the last day of a period."""

    first: date
    last: date


def last_day(words: str, kind: str, cue: str, part: str, cycle: Cycle | None) -> date | None:
    """The last day on which something due by a period is in time.

    Args:
        words: the period as written, in lower case.
        kind: what it is, as named in dates.py.
        cue: the preposition before it; "before" ends on the day before it starts.
        part: the part of the period that is meant, such as ``mid`` or ``end``.
        cycle: supplies a missing year, and what "this quarter" is.
    """
    days = _days_of(words, kind, cycle)
    if not days or part in {"early", "middle"}:
        return None
    if part == "mid":
        return _middle(days)
    if part in {"start", "beginning"}:
        return days.first
    if cue.startswith(("before", "ahead of", "prior to")) and part not in {
        "end",
        "close",
    }:
        return days.first - timedelta(days=1)
    return days.last


def _middle(days: Days) -> date | None:
    if days.first.day != 1 or days.first.year != days.last.year:
        return None
    if days.first.month == days.last.month:
        return days.first.replace(day=15)
    if (days.first.month, days.last.month) == (1, 12):
        return days.first.replace(month=6, day=30)
    return None


def _days_of(words: str, kind: str, cycle: Cycle | None) -> Days | None:
    reader = _READERS.get(kind)
    try:
        return reader(words, cycle) if reader else None
    except ValueError:
        return None


def _iso_day(words: str, _cycle: Cycle | None) -> Days:
    day = date.fromisoformat(words)
    return Days(day, day)


def _numeric_day(words: str, _cycle: Cycle | None) -> Days | None:
    """The day of ``30.06.2026`` or ``30/06/2026``; None for 03/06, which reads either way."""
    first, second, year = (int(part) for part in re.split("[./]", words))
    year += _CENTURY if year < _CENTURY else 0
    either_way = max(first, second) <= _MONTHS_OF_YEAR and first != second
    if either_way and "." not in words:
        return None
    month_first = second > _MONTHS_OF_YEAR
    day = date(year, first, second) if month_first else date(year, second, first)
    return Days(day, day)


def _quarter(words: str, cycle: Cycle | None) -> Days | None:
    number = _ordinal(words, r"q([1-4])|([1-4])q")
    return _part_of_year(words, number, _QUARTERS_OF_YEAR, cycle)


def _half(words: str, cycle: Cycle | None) -> Days | None:
    return _part_of_year(words, _ordinal(words, r"h([12])"), _HALVES_OF_YEAR, cycle)


def _ordinal(words: str, pattern: str) -> int:
    if match := re.search(pattern, words):
        return int(next(group for group in match.groups() if group))
    return ORDINALS.get(words.split(maxsplit=1)[0], _QUARTERS_OF_YEAR)


def _part_of_year(words: str, number: int, parts: int, cycle: Cycle | None) -> Days | None:
    if "fy" in words or (cycle and "fy" in cycle.name.lower()):
        return None
    months = _MONTHS_OF_YEAR // parts

    def days(year: int) -> Days:
        last = number * months
        return Days(date(year, last - months + 1, 1), _last_of_month(year, last))

    return _in_year(_stated_year(words), days, cycle)


def _day_of_month(words: str, cycle: Cycle | None) -> Days | None:
    month = _month_number(words)
    number = re.search(r"(?<!\d)(?<!')([0-3]?\d)(?!\d)", words)
    if not number:
        return None
    day = int(number.group(1))

    def days(year: int) -> Days:
        return Days(date(year, month, day), date(year, month, day))

    return _in_year(_stated_year(words), days, cycle)


def _month(words: str, cycle: Cycle | None) -> Days | None:
    if match := re.fullmatch(r"(20\d\d)-(\d\d)", words):
        return _whole_month(int(match.group(1)), int(match.group(2)))
    month = _month_number(words)
    return _in_year(_stated_year(words), lambda year: _whole_month(year, month), cycle)


def _week(words: str, _cycle: Cycle | None) -> Days | None:
    match = re.search(r"(\d\d?)[ /]+(20\d\d)", words)
    if not match:
        return None
    monday = date.fromisocalendar(int(match.group(2)), int(match.group(1)), 1)
    return Days(monday, monday + timedelta(days=6))


def _year(words: str, _cycle: Cycle | None) -> Days | None:
    if not words.isdigit():
        return None
    return Days(date(int(words), 1, 1), date(int(words), 12, 31))


def _end_of(words: str, cycle: Cycle | None) -> Days | None:
    """The period that "this quarter" or "year end" means inside a cycle."""
    if "next" in words or "coming" in words or "fy" in words or "fiscal" in words:
        return None
    stated = re.search(r"20\d\d", words)
    if stated:
        return _year(stated.group(), cycle) if "y" in words else None
    if not cycle or not cycle.start or not cycle.end:
        return None
    length = (cycle.end - cycle.start).days
    says_quarter = "quarter" in words or words == "eoq"
    says_year = "year" in words or words in {"eoy", "ye"}
    same_length = says_quarter == (length <= _LONGEST_QUARTER)
    fits = same_length and says_year == (length >= _SHORTEST_YEAR)
    return Days(cycle.start, cycle.end) if fits or "cycle" in words else None


def _in_year(stated: int | None, days: Callable[[int], Days], cycle: Cycle | None) -> Days | None:
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
    return next(MONTHS[word] for word in re.findall(r"[a-z]+", words) if word in MONTHS)


def _whole_month(year: int, month: int) -> Days:
    return Days(date(year, month, 1), _last_of_month(year, month))


def _last_of_month(year: int, month: int) -> date:
    # The 28th and four days more is always in the next month.
    following = date(year, month, 28) + timedelta(days=4)
    return following - timedelta(days=following.day)


_READERS: dict[str, Callable[[str, Cycle | None], Days | None]] = {
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
}
"""Fiscal years, durations and occasions ("before Easter") name no day that we could know."""
