"""How a few shares run over the cycles, and over earlier scans."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assistant.history import Tally
from assistant.models import Cycle, EdgeVerdict, Finding, Scan
from assistant.report.context import Context

_DAYS_A_MONTH = 30.4
_MOST_STEPS = 12
_IN_WORDS = 6


@dataclass(frozen=True)
class Series:
    """One number over time; a value is None where there was nothing to count.

    ``ids`` names the scan of each point, empty for the present one; of cycles there are none.
    """

    name: str
    unit: str
    points: tuple[tuple[str, float | None], ...]
    ids: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[tuple[str, float], ...]:
        """The points that have a value."""
        return tuple((label, value) for label, value in self.points if value is not None)


def over_cycles(context: Context) -> tuple[Series, ...]:
    """The cycles of the length that most objectives use, oldest first.

    Returns:
        The series that have a value for at least two cycles.
    """
    cycle_of = {item.id: item.cycle_id for item in context.looked_at.values()}
    sizes = Counter(cycle_of.values())
    verdicts: defaultdict[str | None, list[EdgeVerdict]] = defaultdict(list)
    findings: defaultdict[str | None, list[Finding]] = defaultdict(list)
    for edge in context.scan.edges:
        verdicts[cycle_of.get(edge.child_id)].append(edge.verdict)
    for finding in context.scan.findings:
        findings[cycle_of.get(finding.objective_id)].append(finding)
    return _series(
        (item.name, _values(verdicts[item.id], findings[item.id], sizes[item.id]))
        for item in _comparable(context.organisation.cycles, sizes)
    )


def over_scans(scan: Scan, earlier: Iterable[Tally]) -> tuple[Series, ...]:
    """Earlier scans and the present one, oldest first; of many the last of a day, or of a month.

    Returns:
        The series that have a value for at least two scans.
    """
    now = _values([edge.verdict for edge in scan.edges], scan.findings, scan.objectives)
    before = [
        (item.taken_at, item.id, _of_tally(item))
        for item in earlier
        if item.taken_at < scan.taken_at
    ]
    steps = _thinned(sorted([*before, (scan.taken_at, "", now)], key=lambda step: step[0]))
    days = [taken.strftime("%Y-%m-%d") for taken, *_ in steps]
    is_unique = len({*days}) == len(days)
    found = _series(
        (day if is_unique else taken.strftime("%m-%d %H:%M"), values)
        for day, (taken, _, values) in zip(days, steps, strict=True)
    )
    return tuple(replace(item, ids=tuple(key for _, key, _ in steps)) for item in found)


def trend_lines(scan: Scan, earlier: Iterable[Tally]) -> Iterator[str]:
    """How figures ran over the latest scans, one line each; none without an earlier scan."""
    for item in over_scans(scan, earlier):
        last = item.points[-_IN_WORDS:]
        run = ", ".join("no data" if value is None else f"{value:g}" for _, value in last)
        unit = f" {item.unit}" if item.unit else ""
        yield f"{item.name}, {last[0][0]} to {last[-1][0]}: {run}{unit}"


_Step = tuple[datetime, str, "_Values"]


def _thinned(steps: Sequence[_Step]) -> Sequence[_Step]:
    """At most twelve: the last of each day, else of each month, else the latest."""
    for form in ("%Y-%m-%d", "%Y-%m"):
        if len(steps) > _MOST_STEPS:
            steps = list({step[0].strftime(form): step for step in steps}.values())
    return steps[-_MOST_STEPS:]


_CONFLICTS = "Remarks on conflicts (A5)"
_NAMES = (
    ("Links that drifted", "%"),
    ("Links to look at", "%"),
    (_CONFLICTS, ""),
    ("Errors and warnings per objective", ""),
)
_Values = tuple[float | None, float | None, float | None, float | None]


def _values(
    verdicts: Sequence[EdgeVerdict], findings: Sequence[Finding], objectives: int
) -> _Values:
    judged = [verdict for verdict in verdicts if verdict != "unclear"]
    grave = sum(1 for item in findings if item.severity != "info")
    conflicts = sum(1 for item in findings if item.rule == "A5")
    return (
        _share(judged.count("drifted"), len(judged)),
        _share(judged.count("look"), len(judged)),
        float(conflicts),
        round(grave / objectives, 2) if objectives else None,
    )


def _of_tally(item: Tally) -> _Values:
    return (
        _share(item.drifted, item.judged),
        _share(item.look, item.judged),
        float(item.conflicts),
        round(item.grave / item.objectives, 2) if item.objectives else None,
    )


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _series(found_in: Iterable[tuple[str, _Values]]) -> tuple[Series, ...]:
    steps = list(found_in)
    found = (
        Series(name, unit, tuple((label, values[place]) for label, values in steps))
        for place, (name, unit) in enumerate(_NAMES)
    )
    return tuple(item for item in found if len(item.known) > 1 and _says_something(item))


def _says_something(item: Series) -> bool:
    """No conflict at all may mean that nobody looked for any."""
    return item.name != _CONFLICTS or any(value for _, value in item.known)


def _comparable(cycles: Iterable[Cycle], used: Counter[str | None]) -> list[Cycle]:
    """Quarters with quarters, years with years: the length that most objectives use."""
    by_length: defaultdict[int | None, list[Cycle]] = defaultdict(list)
    for item in cycles:
        if used[item.id]:
            by_length[_months(item)].append(item)
    if not by_length:
        return []
    chosen = max(by_length.values(), key=lambda found: sum(used[item.id] for item in found))
    return sorted(chosen, key=lambda item: (item.start or date.min, item.name))


def _months(cycle: Cycle) -> int | None:
    if cycle.start is None or cycle.end is None:
        return None
    return round((cycle.end - cycle.start).days / _DAYS_A_MONTH)
