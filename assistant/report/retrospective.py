"""A retrospective as Markdown. Text from OKRs and documents is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from assistant.analyse.citations import dated
from assistant.analyse.retrospective import Comparison, Outcome, Retrospective
from assistant.report.markdown import escape

_DASH = "–"


def render_retrospective(found: Retrospective) -> str:
    """The retrospective as a Markdown section, headings from the second level on."""
    lines = [f"## Looking back on {escape(found.cycle.name)}", "", _summary(found), ""]
    lines += _outcomes("What moved", found.moved)
    lines += _outcomes("What moved in part", found.partly)
    lines += _outcomes("What stood still", found.stood)
    lines += _outcomes("Without a score", found.open)
    lines += _outcomes("Given up on the way", found.dropped)
    lines += _pairs(found)
    lines += _assumptions(found)
    lines += _foreseen(found)
    if found.questions:
        lines += ["### To talk about", ""]
        lines += [f"- {escape(item)}" for item in found.questions]
    return "\n".join(lines).rstrip() + "\n"


def _summary(found: Retrospective) -> str:
    return (
        f"{found.scored} objectives with a score: {len(found.moved)} moved (0.7 or more), "
        f"{len(found.partly)} in part, {len(found.stood)} stood still (below 0.3); "
        f"{len(found.open)} without a score, {len(found.dropped)} given up."
    )


def _outcomes(title: str, items: Iterable[Outcome]) -> Iterator[str]:
    rows = [_row(item) for item in items]
    if not rows:
        return
    yield from (f"### {title}", "", "| score | objective | team | key results scored |")
    yield "| --- | --- | --- | --- |"
    yield from rows
    yield ""


def _row(item: Outcome) -> str:
    return (
        f"| {_score(item.score)} | {escape(item.text)} | {escape(item.team) or _DASH} "
        f"| {item.scored} of {item.key_results} |"
    )


def _score(value: float | None) -> str:
    return _DASH if value is None else f"{value:.2f}"


def _pairs(found: Retrospective) -> Iterator[str]:
    if not found.without_parent:
        return
    yield from ("### Success below, standstill above", "")
    for pair in found.without_parent:
        seen = {True: " The scan at the start doubted this link.", False: "", None: ""}
        yield (
            f"- {escape(pair.child.text)} ({_score(pair.child.score)}) under "
            f"{escape(pair.parent.text)} ({_score(pair.parent.score)}).{seen[pair.was_visible]}"
        )
    yield ""


def _assumptions(found: Retrospective) -> Iterator[str]:
    if not found.assumptions:
        return
    yield from ("### Assumptions that did not hold", "")
    for item in found.assumptions:
        source = dated(item.taken_back.title, item.taken_back.published)
        yield f"- “{escape(item.assumption)}”"
        yield f"  - taken back: “{escape(item.taken_back.quote)}” ({escape(source)})"
        for outcome in item.rested:
            yield f"  - rested on it: {escape(outcome.text)} ({_score(outcome.score)})"
    yield ""


def _foreseen(found: Retrospective) -> Iterator[str]:
    yield from ("### What was visible at the start", "")
    if found.scan_taken is None or found.doubted is None:
        yield (
            "No scan of this period was kept before it ended, so nothing can be said. Scan at the "
            "start of a period, or give the file of a scan with `--before`."
        )
        yield ""
        return
    yield _compared(found.doubted, _scan(found, found.scan_taken))
    yield ""
    for item in found.foreseen:
        yield (
            f"- **{item.finding.rule}** {escape(item.finding.message)} "
            f"It ended at {_score(item.outcome.score)}."
        )
    if found.foreseen:
        yield ""


def _scan(found: Retrospective, taken: date) -> str:
    parts = [escape(found.scan_named)]
    if found.cycle.start:
        days = (taken - found.cycle.start).days
        when = "after" if days >= 0 else "before"
        parts.append(f"{abs(days)} day{'' if abs(days) == 1 else 's'} {when} the period began")
    said = ", ".join(part for part in parts if part)
    return f"The scan of {taken.isoformat()}{f' ({said})' if said else ''}"


def _compared(item: Comparison, scan: str) -> str:
    if not item.doubted_count and not item.others_count:
        return f"{scan} judged no link of an objective that has a score."
    return (
        f"{scan} doubted the links of {item.doubted_count} scored objectives (mean score "
        f"{_score(item.doubted)}) and not those of {item.others_count} (mean score "
        f"{_score(item.others)}). A high score under a doubted link is no proof that the parent "
        "was served."
    )
