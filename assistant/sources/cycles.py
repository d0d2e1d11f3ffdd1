"""Understands how people name planning periods: ``Q3 2026``, ``2026-Q3``, ``FY26``, ``H1 2027``."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.models import Cycle, Problem
from assistant.sources.records import CycleRecord
from assistant.sources.teams import place_order

_MONTHS = (
    "jan(?:uary|uar)?", "feb(?:ruary|ruar)?", "mar(?:ch)?|märz", "apr(?:il)?", "may|mai", "june?|juni",
    "july?|juli", "aug(?:ust)?", "sept?(?:ember)?", "o[ck]t(?:ober)?", "nov(?:ember)?",
    "de[cz](?:ember)?",
)  # fmt: skip
_MONTH = "|".join(rf"(?P<m{{0}}{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_YEAR = r"(?P<year>20\d\d)"
_ANY_YEAR = r"(?P<fiscal>FY|CY)?\s?['’]?(?P<year>20\d\d|\d\d)"
_GAP = r"[ \-_/.,'’]{0,3}"
_DAY = r"20\d\d-\d\d-\d\d"
_RANGE = r"\s*(?:-|–|—|to|bis|until|\.\.\.?|/)\s*"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of months of one year, as a name says it.

    ``unit`` is Q, H, M or Y; ``number`` counts within the year, 1 for a whole year.
    """

    unit: str
    number: int
    year: int
    fiscal: bool = False

    @property
    def name(self) -> str:
        """The one spelling of this period: 2026-Q3, 2026-H1, 2026-07, 2026, FY26, FY26-Q3."""
        year = f"FY{self.year % 100:02}" if self.fiscal else str(self.year)
        if self.unit == "Y":
            return year
        return (
            f"{year}-{self.number:02}" if self.unit == "M" else f"{year}-{self.unit}{self.number}"
        )

    @property
    def months(self) -> tuple[int, int]:
        """The first and last month, counted from January."""
        length = {"Q": 3, "H": 6, "M": 1, "Y": 12}[self.unit]
        return (self.number - 1) * length + 1, self.number * length

    @property
    def cycle(self) -> Cycle:
        """The cycle with the days of the calendar year."""
        first, last = self.months
        start = date(self.year, first, 1)
        end = date(self.year, last, monthrange(self.year, last)[1])
        return Cycle(id=cycle_id(self.name), name=self.name, start=start, end=end)


_ORDINAL = (
    r"(?:(?P<o1>1st|first|1\.)|(?P<o2>2nd|second|2\.)|(?P<o3>3rd|third|3\.)|(?P<o4>4th|fourth|4\.))"
)
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (unit, re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.IGNORECASE))
    for unit, pattern in (
        ("Q", rf"{_ANY_YEAR}{_GAP}Q(?P<from>[1-4])\s?[-–]\s?Q(?P<to>[1-4])"),
        ("Q", rf"Q(?P<from>[1-4])\s?[-–]\s?Q(?P<to>[1-4]){_GAP}{_ANY_YEAR}"),
        ("Q", rf"{_ANY_YEAR}{_GAP}Q(?P<number>[1-4])"),
        ("Q", rf"Q(?P<number>[1-4]){_GAP}(?:of )?{_ANY_YEAR}"),
        ("Q", rf"(?P<number>[1-4])Q{_GAP}{_ANY_YEAR}"),
        ("Q", rf"{_ORDINAL}\s?(?:quarter|quartal)\s?(?:of )?{_ANY_YEAR}"),
        ("H", rf"{_ANY_YEAR}{_GAP}H(?P<number>[12])"),
        ("H", rf"H(?P<number>[12]){_GAP}(?:of )?{_ANY_YEAR}"),
        ("H", rf"(?P<number>[12])H{_GAP}{_ANY_YEAR}"),
        ("H", rf"{_ORDINAL}\s?(?:half|half[ -]year|halbjahr|hj)\s?(?:of )?{_ANY_YEAR}"),
        ("R", rf"(?:{_MONTH.format('a')})\.?{_RANGE}(?:{_MONTH.format('b')})\.?,?\s?{_YEAR}"),
        ("M", rf"(?:{_MONTH.format('a')})\.?,?\s?{_YEAR}"),
        ("M", rf"{_YEAR}-(?P<number>0[1-9]|1[0-2])(?!-?\d)"),
        ("Y", r"(?P<fiscal>FY)\s?['’-]?\s?(?P<year>20\d\d|\d\d)(?!\s?/)"),
        ("Y", r"(?P<fiscal>fiscal year) (?P<year>20\d\d)"),
        ("Y", rf"(?:CY|(?:calendar )?year|jahr)?\s?{_YEAR}(?![-/.]\d)"),
    )
)
_TWO_DIGITS = re.compile(r"\d\d")
_DAYS = re.compile(rf"(?P<start>{_DAY}){_RANGE}(?P<end>{_DAY})")
_FILLER = re.compile(
    r"\b(?:okrs?|cycle|period|quarter|quartal|zyklus|objectives|goals|planning|current|the|for)\b|"
    r"\([^()]*\)|[\s:,.–—-]+",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def read_cycle(name: str) -> Cycle:
    """The cycle that a name stands for.

    Args:
        name: as written, for example ``Q3 2026``, ``2026-Q3 (current)`` or ``Spring push``.

    Returns:
        A cycle whose name is the one spelling of its period, with the first and last day of
        calendar quarters, halves, months and years; a name that says no period is kept, without
        days.
    """
    words = " ".join(name.split())
    days = _DAYS.search(words)
    if days:
        return _by_days(words, days)
    found = find_period(words)
    if found and not _FILLER.sub("", words[: found[0]] + " " + words[found[1] :]):
        return found[2].cycle
    return Cycle(id=cycle_id(words), name=words)


def cycle_id(name: str) -> str:
    """The id of the cycle with this normalised name."""
    return "-".join(name.casefold().split())


def find_period(text: str) -> tuple[int, int, Period] | None:
    """The first planning period that a text names: where it begins and ends, and what it is."""
    best: tuple[int, int, Period] | None = None
    if not _TWO_DIGITS.search(text):
        return None
    for unit, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            period = _period(unit, match)
            if period and (best is None or match.start() < best[0]):
                best = (match.start(), match.end(), period)
            if period:
                break
    return best


def _period(unit: str, match: re.Match[str]) -> Period | None:
    groups = {name: value for name, value in match.groupdict().items() if value}
    year = int(groups["year"])
    year = year if year > 99 else 2000 + year  # noqa: PLR2004
    fiscal = groups.get("fiscal", "").upper() not in ("", "CY")
    if unit == "R":
        return _of_months(_month(groups, "a"), _month(groups, "b"), year)
    if "from" in groups:
        return _of_months(3 * int(groups["from"]) - 2, 3 * int(groups["to"]), year, fiscal)
    if unit == "Y":
        return Period("Y", 1, year, fiscal)
    if unit == "M" and "number" not in groups:
        return Period("M", _month(groups, "a"), year)
    number = groups.get("number") or next(name[1] for name in groups if re.fullmatch(r"o\d", name))
    return Period(unit, int(number), year, fiscal) if unit != "H" or int(number) <= 2 else None  # noqa: PLR2004


def _month(groups: dict[str, str], letter: str) -> int:
    return next(int(name[2:]) for name in groups if re.fullmatch(rf"m{letter}\d+", name))


def _of_months(first: int, last: int, year: int, fiscal: bool = False) -> Period | None:
    """The period that runs over exactly these months, if it has a name."""
    for unit, count in (("Y", 1), ("H", 2), ("Q", 4), ("M", 12)):
        for number in range(1, count + 1):
            period = Period(unit, number, year, fiscal)
            if period.months == (first, last):
                return period
    return None


def _by_days(words: str, days: re.Match[str]) -> Cycle:
    """A cycle that gives its own days, named after the period they make or the other words."""
    try:
        start, end = (date.fromisoformat(days[name]) for name in ("start", "end"))
    except ValueError:
        return Cycle(id=cycle_id(words), name=words)
    if end < start:
        return Cycle(id=cycle_id(words), name=words)
    rest = (words[: days.start()] + words[days.end() :]).strip(" ():,;–—-")
    named = read_cycle(rest) if rest else _of_days(start, end)
    return Cycle(id=named.id, name=named.name, start=start, end=end)


def _of_days(start: date, end: date) -> Cycle:
    period = _of_months(start.month, end.month, start.year) if start.year == end.year else None
    if period and (period.cycle.start, period.cycle.end) == (start, end):
        return period.cycle
    name = f"{start}..{end}"
    return Cycle(id=name, name=name)


def gather(
    records: Iterable[CycleRecord], mentions: Iterable[str]
) -> tuple[tuple[Cycle, ...], list[Problem]]:
    """Every cycle that is declared or mentioned; days that are stated win over the calendar's.

    Args:
        records: the cycles as written.
        mentions: names as objectives give them.
    """
    cycles: dict[str, Cycle] = {}
    dated: dict[str, list[CycleRecord]] = defaultdict(list)
    problems: list[Problem] = []
    for record in records:
        cycle = read_cycle(record.name)
        cycles.setdefault(cycle.id, cycle)
        if record.start or record.end:
            dated[cycle.id].append(record)
    for name in mentions:
        cycle = read_cycle(name)
        cycles.setdefault(cycle.id, cycle)
    for cycle_id, stated in dated.items():
        cycles[cycle_id] = _dated(cycles[cycle_id], stated, problems)
    return tuple(cycles.values()), problems


def _dated(cycle: Cycle, records: list[CycleRecord], problems: list[Problem]) -> Cycle:
    first, *others = sorted(records, key=lambda record: place_order(record.location))
    start, end = first.start or cycle.start, first.end or cycle.end
    if start and end and end < start:
        problems.append(
            Problem(
                message=f"The cycle {cycle.name!r} ends on {end}, before it starts on {start}; "
                "its days were left out.",
                location=first.location,
                severity="warning",
            )
        )
        return cycle
    for other in others:
        if (other.start, other.end) != (first.start, first.end):
            problems.append(
                Problem(
                    message=f"The cycle {cycle.name!r} has other days in {first.location}; "
                    "those were taken.",
                    location=other.location,
                    severity="warning",
                )
            )
    return cycle.model_copy(update={"start": start, "end": end})
