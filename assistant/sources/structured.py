"""Reads OKRs from YAML and JSON; ``docs/formats.md`` documents the schema.

A field that is not known, or is not what it should be, is a problem of its own: the rest of
the element is read. Nothing in a file is ever constructed or run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import replace

from assistant.models import Location, ObjectiveKind, Problem
from assistant.sources import cells
from assistant.sources.cells import Reading, Sizes, shown
from assistant.sources.elements import (
    Inherited,
    Said,
    build_key_result,
    build_objective,
    tidied,
)
from assistant.sources.fields import (
    ALIASES,
    Field,
    Fields,
    Place,
    article,
    cell_of,
    closest,
    complain,
    fields_of,
    keys_of,
    list_of,
    names,
    names_of,
    parents_of,
    texts_of,
)
from assistant.sources.json_trees import parse_json
from assistant.sources.records import (
    CycleRecord,
    KeyResultRecord,
    Record,
    TeamRecord,
)
from assistant.sources.trees import Mapping, Node, Pair, Scalar, Sequence
from assistant.sources.yaml_trees import parse_yaml

_OBJECTIVE_WORDS = frozenset({"objective", "okr", "goal"})
_OBJECTIVE_NAMES = names_of("objective", "text", "key_results")
_TEAM_NAMES = names_of("team", "objectives", "teams", "people", "budget") - {"children"}
_ONLY_TEAM_NAMES = names_of("team", "people", "budget")

_SENTENCES = ("objective", "key result")

_Job = tuple[Place, Node]


def read_yaml(text: str, file: str) -> Iterator[Record]:
    """Read the teams, cycles and OKRs of a YAML file, which may hold several documents.

    Args:
        text: the content of the file.
        file: its name, for locations.

    Yields:
        Records in the order of the file. A syntax error is a problem that costs the element
        it stands in and what follows in its document; other problems cost only their field.
    """
    yield from _read(text, file, "YAML")


def read_json(text: str, file: str) -> Iterator[Record]:
    """Read the teams, cycles and OKRs of a JSON file; see :func:`read_yaml`."""
    yield from _read(text, file, "JSON")


def _read(text: str, file: str, language: str) -> Iterator[Record]:
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        message = f"The file is binary, not {language} text."
        yield Problem(message=message, location=Location(file=file))
        return
    if not text.strip():
        message = "The file is empty."
        yield Problem(message=message, location=Location(file=file), severity="warning")
        return
    parts = list((parse_yaml if language == "YAML" else parse_json)(text, file))
    keys = Counter[str]()
    for part in parts:
        if not isinstance(part, Problem):
            keys.update(keys_of(part))
    found = False
    for part in parts:
        records = [part] if isinstance(part, Problem) else _document(Place(file, keys), part)
        for record in records:
            found = True
            yield record
    if not found:
        message = "The file holds no objectives, teams or cycles."
        yield Problem(message=message, location=Location(file=file), severity="warning")


def _document(place: Place, node: Node) -> Iterator[Record]:
    if isinstance(node, Scalar):
        if node.text is not None:
            yield complain(
                place,
                node.line,
                "The file must hold a list of objectives, or fields such as 'objectives' and "
                f"'teams', not the text {shown(node.text)!r}.",
                "error",
            )
        return
    if isinstance(node, Sequence):
        yield from _objectives(place, node)
        return
    if names(node) & (_OBJECTIVE_NAMES - names_of("file", "title")):
        yield from _objective(place, node)
    elif names(node) & _ONLY_TEAM_NAMES:
        yield from _team(place, node)
    else:
        yield from _file(place, node)


def _file(place: Place, node: Mapping) -> Iterator[Record]:
    fields = yield from fields_of(place, node, "file")
    company = yield from _above(fields.pop("company", None), "team")
    team = yield from _above(fields.pop("team", None), "team", company)
    cycle = yield from _above(fields.pop("cycle", None), "cycle")
    inner = replace(place, team=team or company, cycle=cycle)
    for name, field in fields.items():
        here = replace(inner, pointer=field.place.pointer)
        if name == "cycles":
            for below, item in _items(here, field.node, "cycle"):
                yield from _cycle(below, item)
        elif name == "teams":
            for below, item in _items(replace(here, team=company), field.node, "team"):
                yield from _team(below, item)
        elif name == "objectives":
            yield from _objectives(here, field.node)


def _above(
    field: Field | None, kind: str, parent: str | None = None
) -> Generator[Record, None, str | None]:
    """What holds for the whole file: yields its record and returns its name."""
    if field is None:
        return None
    place = replace(field.place, team=parent)
    is_team = field.name.casefold() == "team"
    if isinstance(field.node, Scalar):
        cell = yield from cell_of(field)
        name = cells.read_text(cell)
        if name and cell and kind == "team" and (parent or not is_team):
            yield TeamRecord(name=name, location=cell.location, parent=parent)
        return name
    name = None
    for record in (_team if kind == "team" else _cycle)(place, field.node):
        if name is None and isinstance(record, TeamRecord | CycleRecord):
            name = record.name
        yield record
    return name


def _items(place: Place, node: Node, kind: str) -> Iterator[_Job]:
    """The elements of a list, of a mapping from name to element, or the one element itself."""
    if isinstance(node, Sequence):
        for position, item in enumerate(node.items):
            yield place.down(position), item
    elif isinstance(node, Mapping) and not names(node) & ALIASES[kind].keys():
        for pair in node.pairs:
            sentence = _sentence(pair) if kind in _SENTENCES and " " in pair.name else None
            below = replace(place.down(pair.name), given=None if sentence else pair.name.strip())
            yield below, sentence or pair.value
    elif not isinstance(node, Scalar) or node.text is not None:
        yield place, node


def _objectives(place: Place, node: Node) -> Iterator[Record]:
    for below, item in _items(place, node, "objective"):
        said = names(item)
        is_team = said & _TEAM_NAMES and not said & (_OBJECTIVE_NAMES - {"name"})
        yield from (_team if is_team else _objective)(below, item)


def _cycle(place: Place, node: Node) -> Iterator[Record]:
    fields = yield from _open(place, node, "cycle", "name")
    if fields is None:
        return
    cell = yield from cell_of(fields.get("name"))
    start = yield from cells.read_date((yield from cell_of(fields.get("start"))))
    end = yield from cells.read_date((yield from cell_of(fields.get("end"))))
    name = cells.read_text(cell) or place.given
    if not name:
        yield complain(place, node.line, "The cycle has no name and was left out.", "error")
        return
    if start and end and end < start:
        yield complain(
            place, node.line, f"The cycle {shown(name)!r} ends before it starts; no dates are used."
        )
        start = end = None
    yield CycleRecord(name=name, location=place.at(node.line), start=start, end=end)


def _team(place: Place, node: Node) -> Iterator[Record]:
    fields = yield from _open(place, node, "team", "name")
    if fields is None:
        return
    name = (yield from _text(fields, "name")) or place.given
    people = yield from cells.read_count((yield from cell_of(fields.get("people"))))
    budget = yield from cells.read_amount((yield from cell_of(fields.get("budget"))))
    parent = (yield from _text(fields, "parent")) or place.team
    cycle = (yield from _text(fields, "cycle")) or place.cycle
    if name:
        yield TeamRecord(
            name=name,
            location=place.at(node.line),
            parent=parent,
            people=people,
            budget=budget,
        )
    else:
        yield complain(
            place, node.line, "The team has no name; its objectives are read without it.", "error"
        )
    inner = replace(place, team=name or place.team, cycle=cycle, given=None)
    for field in fields:
        here = replace(inner, pointer=fields[field].place.pointer)
        if field == "objectives":
            yield from _objectives(here, fields[field].node)
        elif field == "teams":
            for below, item in _items(here, fields[field].node, "team"):
                yield from _team(below, item)


def _objective(place: Place, node: Node) -> Iterator[Record]:
    fields = yield from _open(place, node, "objective", "text")
    if fields is None:
        return
    cell = yield from cell_of(fields.get("text"))
    text = cells.read_text(cell)
    if _is_unfinished(node, fields):
        name = f"The objective {shown(text)!r}" if text else "An objective"
        message = f"{name} was left out, because the syntax error stands in it."
        yield complain(place, node.line, message)
        return
    said = yield from _said(fields, place, "objective")
    words = tidied(text or "")
    inherited = Inherited(place.team, place.cycle, place.parents)
    location = place.at((cell and cell.location.line) or node.line)
    record = build_objective(words, location, said, inherited)
    inner = replace(place, team=record.team, cycle=record.cycle, parents=(), given=None)
    key_results, jobs = yield from _key_results(inner, fields.get("key_results"))
    if cells.has_words(record.text):
        yield record.model_copy(update={"key_results": key_results})
    else:
        found = f"{shown(text)!r} holds no words" if text else "has no text"
        message = f"The objective {found}; it and its key results were left out."
        yield complain(place, node.line, message, "error")
    refer = _refer(record.key, record.text, place.keys)
    for below, item in [*jobs, *_nested(inner, fields.get("objectives"), refer)]:
        yield from _objective(below, item)


def _said(fields: Fields, place: Place, kind: str) -> Reading[Said]:
    """What the fields of an element say, but for its text and its children."""
    score = None
    if kind == "key result":
        score = yield from cells.read_score((yield from cell_of(fields.get("score"))))
    noted = ("notes", "score") if kind == "objective" else ("notes", "current", "due")
    return Said(
        key=(yield from _text(fields, "key")) or place.given,
        owner=(yield from _text(fields, "owner")),
        status=(yield from cells.read_status((yield from cell_of(fields.get("status"))))),
        score=score,
        tags=(yield from list_of(fields.get("tags"))),
        notes=(yield from _notes(fields, noted)),
        team=(yield from _text(fields, "team")),
        cycle=(yield from _text(fields, "cycle")),
        parents=(yield from parents_of(fields.get("parents"), place.keys)),
        contribution=(yield from _text(fields, "contribution")),
        horizon=(yield from _text(fields, "horizon")),
        kind=(yield from _kind(fields)),
        phase=(yield from cells.read_phase((yield from cell_of(fields.get("phase"))))),
        drivers=(yield from list_of(fields.get("drivers"))),
    )


def _text(fields: Fields, name: str) -> Reading[str | None]:
    return cells.read_text((yield from cell_of(fields.get(name))))


def _open(place: Place, node: Node, kind: str, main: str) -> Reading[Fields | None]:
    """The fields of an element, or its main field alone where the element is a mere text."""
    if isinstance(node, Scalar):
        if node.text is None and place.given is None:
            return None
        return {main: Field(main, node, place)}
    if isinstance(node, Sequence):
        yield complain(
            place,
            node.line,
            f"A list stands where {article(kind)} should; it takes a text or fields.",
            "error",
        )
        return None
    if kind in _SENTENCES and len(node.pairs) == 1 and not closest(node.pairs[0].name, kind):
        sentence = _sentence(node.pairs[0])
        if sentence:
            return {main: Field(main, sentence, place)}
    return (yield from fields_of(place, node, kind))


def _sentence(pair: Pair) -> Scalar | None:
    """``- Churn: from 4 % to 3 %`` is a mapping to YAML and a sentence to its author."""
    if not isinstance(pair.value, Scalar):
        return None
    return Scalar(f"{pair.name}: {pair.value.text}" if pair.value.text else pair.name, pair.line)


def _is_unfinished(node: Node, fields: Fields) -> bool:
    """Whether an objective was cut before its own words and key results were complete."""
    if not isinstance(node, Mapping) or not node.cut:
        return False
    return list(fields)[-1:] != ["objectives"]


def _key_results(
    place: Place, field: Field | None
) -> Reading[tuple[tuple[KeyResultRecord, ...], list[_Job]]]:
    if field is None:
        return (), []
    results: list[KeyResultRecord] = []
    jobs: list[_Job] = []
    here = replace(place, pointer=field.place.pointer)
    for below, item in _items(here, field.node, "key result"):
        fields = yield from _open(below, item, "key result", "text")
        if fields is None:
            continue
        result = yield from _key_result(below, item, fields)
        results.extend([result] if result else [])
        refer = _refer(result.key, result.text, place.keys) if result else None
        jobs.extend(_nested(below, fields.get("objectives"), refer))
    return tuple(results), jobs


def _key_result(place: Place, node: Node, fields: Fields) -> Reading[KeyResultRecord | None]:
    cell = yield from cell_of(fields.get("text"))
    sizes = Sizes(
        metric=(yield from cell_of(fields.get("metric"))),
        baseline=(yield from cell_of(fields.get("baseline"))),
        target=(yield from cell_of(fields.get("target"))),
        unit=(yield from cell_of(fields.get("unit"))),
    )
    text = cells.read_text(cell)
    said = yield from _said(fields, place, "key result")
    location = place.at((cell and cell.location.line) or node.line)
    result = build_key_result(tidied(text) if text else None, location, said, sizes)
    if result is None:
        found = f"{shown(text)!r} holds no words" if text else "has no text"
        yield complain(place, node.line, f"The key result {found} and was left out.")
    return result


def _nested(place: Place, field: Field | None, refer: str | None) -> list[_Job]:
    """The objectives that hang under an objective or a key result."""
    if field is None:
        return []
    parents = (refer,) if refer else ()
    here = replace(place, pointer=field.place.pointer, parents=parents)
    return list(_items(here, field.node, "objective"))


def _refer(key: str | None, text: str | None, keys: Counter[str]) -> str | None:
    """How a child names its parent: by key where the key is the parent's alone, else by text."""
    return key if key and keys[key] == 1 else text


def _kind(fields: Fields) -> Reading[ObjectiveKind | None]:
    cell = yield from cell_of(fields.get("type"))
    if cell and cell.text.casefold() in _OBJECTIVE_WORDS:
        return None
    return (yield from cells.read_kind(cell))


def _notes(fields: Fields, names: tuple[str, ...]) -> Reading[tuple[str, ...]]:
    """What has no place of its own, in words: ``Current: 2.1 %``."""
    notes: list[str] = []
    for name in names:
        field = fields.get(name)
        if field is None:
            continue
        if name == "notes":
            notes.extend((yield from texts_of(field)))
        else:
            text = cells.read_text((yield from cell_of(field)))
            notes.extend([f"{name.capitalize()}: {text}"] if text else [])
    return tuple(notes)
