"""The fields that OKRs may have in YAML and JSON, and how one field is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.models import Location, Problem, Severity
from assistant.sources import cells
from assistant.sources.cells import Cell, Reading, shown
from assistant.sources.trees import Mapping, Node, Scalar, Sequence

_SHARED = {
    "key": ("key", "id", "ref"),
    "owner": ("owner", "owners", "owner_name", "responsible", "assignee", "lead", "dri"),
    "status": ("status", "state"),
    "score": ("score", "progress", "grade"),
    "tags": ("tags", "tag", "labels"),
    "notes": ("notes", "note", "comment", "comments", "description"),
}

FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    "file": {
        "company": ("company", "organisation", "organization"),
        "team": ("team",),
        "cycle": ("cycle", "quarter", "period"),
        "cycles": ("cycles", "periods"),
        "teams": ("teams", "departments", "units"),
        "objectives": ("objectives", "okrs", "goals"),
        "title": ("title", "name", "description", "version", "$schema"),
    },
    "team": {
        "name": ("name", "team", "title"),
        "parent": ("parent", "parent_team", "part_of"),
        "people": ("people", "headcount", "size", "team_size", "fte"),
        "budget": ("budget",),
        "cycle": ("cycle", "quarter", "period"),
        "objectives": ("objectives", "okrs", "goals"),
        "teams": ("teams", "children", "subteams"),
    },
    "cycle": {
        "name": ("name", "cycle", "title"),
        "start": ("start", "from", "start_date"),
        "end": ("end", "to", "end_date"),
    },
    "objective": {
        "text": ("objective", "text", "title", "name", "goal", "statement"),
        "team": ("team",),
        "cycle": ("cycle", "quarter", "period"),
        "type": ("type", "kind", "commitment"),
        "horizon": ("horizon", "due", "due_date", "deadline", "time_frame"),
        "drivers": ("drivers", "driver"),
        "phase": ("phase", "stage"),
        "parents": (
            "parents",
            "parent",
            "parent_objective",
            "parent_id",
            "parent_key",
            "serves",
            "supports",
            "aligns_to",
            "aligned_to",
            "contributes_to",
        ),
        "contribution": ("contribution", "contributes"),
        "key_results": ("key_results", "krs", "results", "key_result"),
        "objectives": ("objectives", "children", "child_objectives", "sub_objectives"),
        **_SHARED,
    },
    "key result": {
        "text": ("text", "key_result", "kr", "title", "name", "result"),
        "metric": ("metric", "measure", "kpi"),
        "baseline": ("baseline", "start", "start_value", "from"),
        "target": ("target", "target_value", "to"),
        "unit": ("unit", "units"),
        "current": ("current", "current_value", "actual"),
        "due": ("due", "due_date", "deadline"),
        "objectives": ("objectives", "children", "child_objectives"),
        **_SHARED,
    },
}
"""What each kind of element may say: the field and the names that it is known by."""

_LABELS = ("key", "id", "name", "objective", "text", "title", "email")
_ALIKE = 75


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands, and what it inherits from there."""

    file: str
    keys: Counter[str]
    pointer: str = ""
    team: str | None = None
    cycle: str | None = None
    parents: tuple[str, ...] = ()
    given: str | None = None
    """The name under which the element stands in a mapping of elements."""

    def down(self, step: str | int) -> Place:
        """The place one field or one item further down."""
        escaped = str(step).replace("~", "~0").replace("/", "~1")
        return replace(self, pointer=f"{self.pointer}/{escaped}", given=None)

    def at(self, line: int) -> Location:
        """The location of a line at this place."""
        return Location(file=self.file, line=line, pointer=self.pointer)


@dataclass(frozen=True, slots=True)
class Field:
    """One known field of an element."""

    name: str
    node: Node
    place: Place


Fields = dict[str, Field]


def squash(name: str) -> str:
    """The name of a field as it is compared: ``key-results`` and ``keyResults`` are one."""
    return "".join(letter for letter in name.casefold() if letter not in "_- ")


ALIASES = {
    kind: {squash(alias): field for field, aliases in fields.items() for alias in aliases}
    for kind, fields in FIELDS.items()
}


def keys_of(node: Node) -> Iterator[str]:
    """Every id that the file gives to something."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from keys_of(item)
    if isinstance(node, Mapping):
        for pair in node.pairs:
            if isinstance(pair.value, Scalar) and squash(pair.name) in ("key", "id", "ref"):
                yield (pair.value.text or "").strip()
            yield from keys_of(pair.value)


def complain(place: Place, line: int, message: str, severity: Severity = "warning") -> Problem:
    """A problem with what stands in one line of one place."""
    return Problem(message=message, location=place.at(line), severity=severity)


def names(node: Node) -> set[str]:
    """The squashed field names of a mapping, and nothing of anything else."""
    return {squash(pair.name) for pair in node.pairs} if isinstance(node, Mapping) else set()


def names_of(kind: str, *fields: str) -> set[str]:
    """Every squashed name under which these fields of a kind are known."""
    return {squash(alias) for field in fields for alias in FIELDS[kind][field]}


def fields_of(place: Place, node: Mapping, kind: str) -> Reading[Fields]:
    """The known fields, by their canonical name; unknown ones become problems."""
    known = ALIASES[kind]
    found: Fields = {}
    for pair in node.pairs:
        name = known.get(squash(pair.name))
        below = place.down(pair.name)
        if name is None and pair.name.startswith("x-"):
            continue
        if name is None:
            yield complain(below, pair.line, _unknown(pair.name, kind))
        elif name in found:
            yield complain(
                below,
                pair.line,
                f"The field {shown(pair.name)!r} says again what {found[name].name!r} says above; "
                "the first one counts.",
            )
        else:
            found[name] = Field(pair.name, pair.value, below)
    return found


def _unknown(name: str, kind: str) -> str:
    close = closest(name, kind)
    hint = f"did you mean {close!r}?" if close else f"known are {', '.join(FIELDS[kind])}."
    return f"The field {shown(name)!r} is not known in {article(kind)} and was left out; {hint}"


def article(kind: str) -> str:
    """``an objective``, ``a team``."""
    return f"{'an' if kind == 'objective' else 'a'} {kind}"


@lru_cache(maxsize=1000)
def closest(name: str, kind: str) -> str | None:
    """The field of a kind that a mistyped name must mean, if there is one."""
    from rapidfuzz import fuzz, process

    close = process.extractOne(
        squash(name), ALIASES[kind].keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE
    )
    return ALIASES[kind][close[0]] if close else None


def cell_of(field: Field | None) -> Reading[Cell | None]:
    """A field that holds one text. A list of texts is joined, a person is the person's name."""
    if field is None:
        return None
    name = field.name.replace("_", " ")
    if isinstance(field.node, Scalar):
        text = cells.plain(field.node.text or "")
        return Cell(name, text, field.place.at(field.node.line)) if text else None
    words = [text for text, _ in _texts(field.node)]
    if None not in words and words:
        joined = ", ".join(word for word in words if word)
        return Cell(name, joined, field.place.at(field.node.line))
    found = "a list" if isinstance(field.node, Sequence) else "a mapping"
    yield complain(
        field.place, field.node.line, f"The field {name!r} takes a text, not {found}; left out."
    )
    return None


def _texts(node: Node) -> Iterator[tuple[str | None, int]]:
    """Every text of a list, with its line; None stands for what is no text."""
    for item in node.items if isinstance(node, Sequence) else (node,):
        value = _label(item) if isinstance(item, Mapping) else item
        text = cells.plain(value.text or "") if isinstance(value, Scalar) else None
        yield text, item.line


def _label(node: Mapping) -> Node:
    """What a mapping calls itself: ``{id: O1, title: Grow}`` is O1."""
    values = {squash(pair.name): pair.value for pair in node.pairs}
    return next((values[name] for name in _LABELS if name in values), node)


def list_of(field: Field | None) -> Reading[tuple[str, ...]]:
    """A list of short names, or one text with commas."""
    if field is None:
        return ()
    if isinstance(field.node, Scalar):
        return cells.read_names((yield from cell_of(field)))
    return (yield from texts_of(field))


def texts_of(field: Field) -> Reading[tuple[str, ...]]:
    """Every text of a list, or the one text that stands there instead."""
    found = []
    for text, line in _texts(field.node):
        if text is None:
            yield complain(field.place, line, f"An item of {field.name!r} is no text; left out.")
        elif not cells.is_blank(text):
            found.append(text)
    return tuple(found)


def parents_of(field: Field | None, keys: Container[str]) -> Reading[tuple[str, ...]]:
    """The stated parents; one text is several only where every part of it is a key."""
    if field is None:
        return ()
    if isinstance(field.node, Scalar):
        return cells.read_references((yield from cell_of(field)), keys, whole=True)
    return (yield from texts_of(field))
