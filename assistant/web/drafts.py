"""Drafts as text: written from OKRs, started from a template, changed in one place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from assistant.errors import InputError
from assistant.models import Noun, Objective, Organisation, Problem
from assistant.sources.read import read_draft_file
from assistant.sources.records import ObjectiveRecord

TEMPLATES: Mapping[str, str] = {
    "An outcome for customers": """\
Objective: [whom or where?] can [do what differently?] because of us
Type: aspirational

- [which measure?] from [baseline?] to [target?]
- [what must not get worse?] stays at [number?] or better
- [which early sign?] from [baseline?] to [target?] by [when?]

We look again on [when?] and change course if [what evidence?].
""",
    "Something to learn first": """\
Objective: We know whether [whom or where?] would [do what differently?]
Type: learning

- [number?] of [who?] try it unaided and we see [what evidence?]
- A decision to go on or to stop by [when?], on [what evidence?]
""",
    "A promise to keep": """\
Objective: [whom or where?] can rely on [which measure?]
Type: committed

- [which measure?] from [baseline?] to [target?]
- [what must not get worse?] stays at [number?] or better

We look again on [when?].
""",
}
"""Drafts to start from, by name; what only the team knows is a blank."""

EXAMPLE = """\
Team: Marketing & Offer
Cycle: 2026-Q4

Objective: Be the most trusted name in refrigerated transport
Owner: Sofie Nyborg
Parent: We win mid-size hauliers on running cost, not on list price

- Launch the new website with the trailer configurator
- Increase brand awareness among hauliers to 40 %
- Enquiries from the website and fairs from 610 to 1,200 a month
"""
"""A draft of the demo organisation with much to find."""

_WRITTEN = (
    "An objective stands on a line of its own, with its key results as a list below it; in a table "
    "there is a column for each."
)
_PROSE = (".md", ".markdown", ".txt", "")
_BULLET = re.compile(r"^(\s*)([-*+•–]|\d+[.)])(\s+)")


class Draft(Noun):
    """A draft as text, with what was amiss when it was read."""

    text: str
    problems: tuple[Problem, ...] = ()


def read_upload(path: Path, *, max_mb: float) -> Draft:
    """A file as a draft that can be edited: prose as it stands, tables and trees written out.

    Raises:
        InputError: it cannot be read or holds no objective.
    """
    records = tuple(read_draft_file(path, max_mb=max_mb))
    problems = tuple(
        item.model_copy(update={"location": None}) for item in records if isinstance(item, Problem)
    )
    written = [item for item in records if isinstance(item, ObjectiveRecord)]
    if path.suffix.lower() in _PROSE:
        return Draft(text=path.read_text(encoding="utf-8", errors="replace"), problems=problems)
    if not written:
        said = " ".join(item.message for item in problems) or _WRITTEN
        raise InputError(f"No objective was found in {path.name!r}. {said}")
    return Draft(text="\n\n".join(map(_record, written)) + "\n", problems=problems)


def from_last_cycle(
    organisation: Organisation, team_id: str, cycle_id: str | None = None
) -> str | None:
    """A team's OKRs of the cycle before, to be carried on as a draft.

    Args:
        organisation: as indexed.
        team_id: whose.
        cycle_id: the cycle that is drafted; by default the latest that the team has is taken.

    Returns:
        The draft, without a cycle; None where the team has no OKRs of an earlier cycle.
    """
    ends = {item.id: item.end.isoformat() if item.end else "" for item in organisation.cycles}
    limit = (ends[cycle_id], cycle_id) if cycle_id in ends else ("9", "")
    own = [item for item in organisation.objectives if item.team_id == team_id and item.cycle_id]
    periods = ((ends.get(item.cycle_id or "", ""), item.cycle_id or "") for item in own)
    latest = max((period for period in periods if period < limit), default=None)
    if latest is None:
        return None
    team = organisation.team(team_id)
    kept = [item for item in own if item.cycle_id == latest[1] and item.status != "dropped"]
    head = f"Team: {team.name if team else team_id}\n\n"
    return head + "\n\n".join(map(_objective, kept)) + "\n"


def _record(record: ObjectiveRecord) -> str:
    return _written(record, {"Team": record.team, "Cycle": record.cycle}, record.parents)


def _objective(objective: Objective) -> str:
    return _written(objective, {}, tuple(link.stated for link in objective.parents))


def _written(
    item: ObjectiveRecord | Objective, fields: Mapping[str, str | None], parents: Iterable[str]
) -> str:
    lines = [f"Objective: {_line(item.text)}"]
    stated = {
        **fields,
        "Owner": item.owner,
        "Type": item.kind,
        "Phase": item.phase,
        "Horizon": item.horizon,
        "Contribution": item.contribution,
    }
    lines.extend(f"Parent: {_line(parent)}" for parent in parents)
    lines.extend(f"{name}: {_line(value)}" for name, value in stated.items() if value)
    results = [f"- {_line(result.text)}" for result in item.key_results]
    return "\n".join([*lines, "", *results, *_notes(item.notes)])


def _notes(notes: Iterable[str]) -> Iterator[str]:
    for number, note in enumerate(notes):
        if not number:
            yield ""
        yield _line(note)


def _line(text: str) -> str:
    return " ".join(text.split())


def replaced(text: str, objective: Objective, on: str, new: str) -> str | None:
    """The draft with other words for one element, or with one more key result for the set.

    Args:
        text: the draft.
        objective: as it was read from this draft.
        on: ``objective``, ``kr:N`` or ``set``.
        new: the words, on one line.

    Returns:
        The changed draft; None where the element cannot be found in it any more.
    """
    if on == "set":
        return _added(text, objective, _line(new))
    old = objective.element(on)
    if old is None:
        return None
    found = _place(text, old, _line_of(objective, on))
    if found is None:
        return None
    start, end = found
    return text[:start] + _line(new) + text[end:]


def with_parent(text: str, objective: Objective, parent: str) -> str | None:
    """The draft with a line below the objective that says what it serves; None if it is gone."""
    found = _place(text, objective.text, _line_of(objective, "objective"))
    if found is None:
        return None
    end = text.find("\n", found[1])
    end = len(text) if end < 0 else end
    return f"{text[:end]}\nParent: {_line(parent)}{text[end:]}"


def _added(text: str, objective: Objective, new: str) -> str | None:
    number = len(objective.key_results)
    on = f"kr:{number}" if number else "objective"
    found = _place(text, objective.element(on) or "", _line_of(objective, on))
    if found is None:
        return None
    line_start = text.rfind("\n", 0, found[0]) + 1
    line_end = text.find("\n", found[1])
    line_end = len(text) if line_end < 0 else line_end
    bullet = _BULLET.match(text[line_start:line_end]) if number else None
    lead = _next_bullet(bullet) if bullet else "- "
    return f"{text[:line_end]}\n{lead}{new}{text[line_end:]}"


def _next_bullet(bullet: re.Match[str]) -> str:
    indent, sign, space = bullet.groups()
    if sign[0].isdigit():
        sign = f"{int(sign[:-1]) + 1}{sign[-1]}"
    return f"{indent}{sign}{space}"


def _line_of(objective: Objective, on: str) -> int:
    item = objective if on == "objective" else objective.key_results[int(on[3:]) - 1]
    return (item.location.line if item.location and item.location.line else 1) - 1


def _place(text: str, words: str, line: int) -> tuple[int, int] | None:
    """Where the words stand, at or after a line; white space and emphasis may differ."""
    if not words.split():
        return None
    pattern = re.compile(r"[\s*_`]+".join(re.escape(word) for word in words.split()))
    start = sum(len(item) for item in text.splitlines(keepends=True)[:line])
    found = pattern.search(text, start) or pattern.search(text)
    return found.span() if found else None
