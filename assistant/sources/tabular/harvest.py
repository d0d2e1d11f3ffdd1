"""Turns the items of a table into records: which is what, whose it is, and what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.models import ObjectiveKind, Problem, fold
from assistant.sources import cells
from assistant.sources.cells import Cell, Reading, Sizes
from assistant.sources.elements import (
    Inherited,
    Said,
    build_key_result,
    build_objective,
    tidied,
)
from assistant.sources.records import KeyResultRecord, Record, TeamRecord
from assistant.sources.tabular.items import Item
from assistant.sources.tabular.kinds import ElementKind, read_objective_kind
from assistant.sources.tabular.table import Table
from assistant.sources.tidy import Tidied


@dataclass(frozen=True)
class _Grown:
    """What is known once all items of a table are."""

    words: dict[Item, Tidied]
    kinds: dict[Item, ElementKind]
    results: dict[Item, list[Item]]
    keys: Counter[str]
    texts: Counter[str]
    guessed: Item | None
    homeless: frozenset[Item]


def records_of(table: Table, items: list[Item]) -> Iterator[Record]:
    """The teams and objectives of a table, in its order, and problems with single cells."""
    grown = _grow(items)
    if grown.guessed:
        yield Problem(
            message="No column says which rows are key results; the rows with nothing below them "
            "were read as key results.",
            location=grown.guessed.location,
            severity="info",
        )
    named: set[tuple[str, str]] = set()
    for item in items:
        if grown.kinds[item] == "objective":
            yield from _team(item, named)
            yield from _objective(table, item, grown)
        elif item in grown.homeless:
            yield _homeless(item)


def _grow(items: list[Item]) -> _Grown:
    words = {item: _words(item.text) for item in items}
    kinds, guessed = _kinds(items, words)
    results: dict[Item, list[Item]] = {item: [] for item in items}
    homeless: list[Item] = []
    for item in items:
        if kinds[item] == "key_result":
            home = _home(item, kinds)
            if home:
                results[home].append(item)
            else:
                homeless.append(item)
    keys = Counter(fold(item.fields["id"].text) for item in items if "id" in item.fields)
    texts = Counter(fold(word.text) for word in words.values())
    return _Grown(words, kinds, results, keys, texts, guessed, frozenset(homeless))


def _words(cell: Cell | None) -> Tidied:
    """The words of a cell. An @ at its start is one of a formula, not of somebody's name."""
    if cell is None:
        return Tidied(text="")
    if not cell.text.startswith("@"):
        return tidied(cell.text)
    words = tidied(cell.text[1:])
    return replace(words, text=f"@{words.text}")


def _kinds(
    items: list[Item], words: dict[Item, Tidied]
) -> tuple[dict[Item, ElementKind], Item | None]:
    """What each item is, and the first one for which only its place tells.

    A type says it, or a word before the text (``KR 1:``); else what has nothing below it is a
    key result.
    """
    parents = {above for item in items for above in item.above}
    kinds: dict[Item, ElementKind] = {}
    guessed: Item | None = None
    for item in items:
        told = item.kind or words[item].role
        if told is None and item.above and item not in parents:
            told = "key_result"
            guessed = guessed or item
        kinds[item] = told or "objective"
    return kinds, guessed


def _home(item: Item, kinds: dict[Item, ElementKind]) -> Item | None:
    """The nearest objective above a key result."""
    seen = {item}
    above = item.above
    while above:
        nearest = above[0]
        if kinds.get(nearest) == "objective":
            return nearest
        if nearest in seen:
            return None
        seen.add(nearest)
        above = nearest.above
    return None


def _homeless(item: Item) -> Problem:
    text = cells.shown(item.text.text) if item.text else ""
    parent = (
        f"its parent {cells.shown(item.stated[0])!r} is not in the table" if item.stated else ""
    )
    message = (
        f"The key result {text!r} hangs under no objective"
        f"{f' ({parent})' if parent else ''} and was left out."
    )
    return Problem(message=message, location=item.location)


def _team(item: Item, named: set[tuple[str, str]]) -> Iterator[Record]:
    """The team of an item, once, where a column says which team it belongs to."""
    team, parent = item.fields.get("team"), item.fields.get("parent_team")
    if team is None or parent is None or fold(team.text) == fold(parent.text):
        return
    name = (fold(team.text), fold(parent.text))
    if name not in named:
        named.add(name)
        yield TeamRecord(name=team.text.strip(), location=team.location, parent=parent.text.strip())


def _objective(table: Table, item: Item, grown: _Grown) -> Iterator[Record]:
    words = grown.words[item]
    if not cells.has_words(words.text):
        text = cells.shown(words.text)
        message = f"The objective {text!r} holds no words; it and its key results were left out."
        yield Problem(message=message, location=item.location)
        return
    said = yield from _said(item, "objective")
    inherited = Inherited(table.team, table.cycle, tuple(_parents(item, grown)))
    key_results = yield from _key_results(grown.results[item], grown)
    record = build_objective(words, item.location, said, inherited, key_results)
    owners = {result.owner for result in key_results}
    if table.preset.shape == "rows" and record.owner is None and len(owners) == 1:
        record = record.model_copy(update={"owner": owners.pop()})
    yield record


def _parents(item: Item, grown: _Grown) -> Iterator[str]:
    for above in item.above:
        text = grown.words[above].text
        key = above.fields.get("id")
        is_known = key is not None and grown.keys[fold(key.text)] == 1
        if key and is_known and (above.has_id or grown.texts[fold(text)] > 1):
            yield key.text
        elif text:
            yield text
    yield from item.stated


def _key_results(items: Iterable[Item], grown: _Grown) -> Reading[tuple[KeyResultRecord, ...]]:
    found: dict[tuple[str, str], KeyResultRecord] = {}
    for item in items:
        said = yield from _said(item, "key_result")
        words = grown.words[item] if item.text else None
        record = build_key_result(words, item.location, said, _sizes(item))
        if record is None:
            text = cells.shown(item.text.text) if item.text else ""
            yield Problem(
                message=f"The key result {text!r} holds no words and was left out.",
                location=item.location,
                severity="warning",
            )
            continue
        name = (fold(record.text), record.key or "")
        if name in found:
            yield Problem(
                message=f"The key result {cells.shown(record.text)!r} stands already at "
                f"{found[name].location}; it counts once.",
                location=item.location,
                severity="info",
            )
            continue
        found[name] = record
    return tuple(found.values())


def _sizes(item: Item) -> Sizes:
    fields = item.fields
    return Sizes(
        metric=fields.get("metric"),
        baseline=fields.get("baseline"),
        target=fields.get("target"),
        unit=fields.get("unit"),
    )


def _said(item: Item, kind: ElementKind) -> Reading[Said]:
    """What the cells of an item say, but for its text and its measure."""
    fields = item.fields
    score = fields.get("score")
    is_result = kind == "key_result"
    kept = ("current", "due") if is_result else ("score",)
    return Said(
        key=cells.read_text(fields.get("id")),
        owner=cells.read_text(fields.get("owner")),
        status=(yield from cells.read_status(fields.get("status"))),
        score=(yield from cells.read_score(score, item.percent)) if is_result else None,
        tags=cells.read_names(fields.get("tags")),
        notes=(*_notes(fields.get("notes")), *_kept(fields, kept)),
        team=cells.read_text(fields.get("team") or fields.get("parent_team")),
        cycle=_cycle(fields),
        parents=cells.read_references(fields.get("parents"), ()),
        contribution=cells.read_text(fields.get("contribution")),
        horizon=cells.read_text(fields.get("horizon") or fields.get("due")),
        kind=(yield from _objective_kind(fields)),
        phase=(yield from cells.read_phase(fields.get("phase"))),
        drivers=cells.read_names(fields.get("drivers")),
    )


def _notes(cell: Cell | None) -> tuple[str, ...]:
    text = cells.read_text(cell)
    return (" ".join(text.split()),) if text else ()


def _kept(fields: dict[str, Cell], roles: Iterable[str]) -> Iterator[str]:
    """What has no place of its own, in words: ``Current: 2.1 %``."""
    for role in roles:
        text = cells.read_text(fields.get(role))
        if text:
            yield f"{role.capitalize()}: {text}"


def _cycle(fields: dict[str, Cell]) -> str | None:
    cycle, year = cells.read_text(fields.get("cycle")), cells.read_text(fields.get("year"))
    if cycle and year and year[-2:] not in cycle:
        return f"{cycle} {year}"
    return cycle or year


def _objective_kind(fields: dict[str, Cell]) -> Reading[ObjectiveKind | None]:
    told = fields.get("type")
    kind = read_objective_kind(told.text) if told else None
    return kind or (yield from cells.read_kind(fields.get("kind")))
