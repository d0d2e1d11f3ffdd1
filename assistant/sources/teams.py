"""Finds teams by the names that people give them, and puts them into a tree."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s

from assistant.models import Location, Problem, Team, fold
from assistant.sources.records import TeamRecord
from assistant.sources.vocabulary import PLAIN_UNIT

_ACCENTS = re.compile("[\u0300-\u036f]")
_SIGNS = {"&": " and ", "+": " plus ", "#": " sharp ", "@": " at "}
_UNIT = re.compile(rf"^(?:the-)?(?:{PLAIN_UNIT})-(?=.)|(?<=.)-(?:{PLAIN_UNIT})$")
_ALWAYS_A_PATH = re.compile(r"\s*[>›»→]\s*")
_MAYBE_A_PATH = re.compile(r"\s+[/|–—]\s+|\s*::\s*|\s+-\s+")


def slug(name: str) -> str:
    """A name as ids write it: ``Größe & Co`` is ``grosse-and-co``; never empty."""
    for sign, word in _SIGNS.items():
        name = name.replace(sign, word)
    plain = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", name)))
    words = re.findall(r"[^\W_]+", plain.casefold())
    return "-".join(words) or blake2s(fold(name).encode(), digest_size=3).hexdigest()


def team_key(name: str) -> str:
    """The same for ``Payments``, ``payments team`` and ``Team Payments``."""
    return _UNIT.sub("", slug(name), count=1)


def place_order(location: Location | None) -> tuple[str, int, str, str, str]:
    """Sorts places by file and then as they stand in it."""
    if location is None:
        return ("", 0, "", "", "")
    return (
        location.file,
        location.line or location.page or 0,
        location.pointer or "",
        location.sheet or "",
        location.cell or "",
    )


@dataclass(slots=True)
class _Node:
    """One team: ``above`` is the key of the team over it."""

    key: str
    above: str | None
    records: list[TeamRecord] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    id: str = ""
    parent_id: str | None = None

    @property
    def name(self) -> str:
        if self.records:
            return _sorted(self.records)[0].name
        return min(self.names)

    @property
    def location(self) -> Location | None:
        places = [record.location for record in self.records]
        return min(places, key=place_order) if places else None


class Teams:
    """The teams of an organisation.

    ``find`` resolves a name; ``problems`` holds what was wrong with the names and the tree.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._nodes: dict[str, list[_Node]] = {}
        self._by_id: dict[str, _Node] = {}
        self._told: set[tuple[str, str]] = set()
        self._whole: set[str] = set()
        self._simple: set[str] = set()
        self._is_closed = False

    # --- where teams come from ---

    @classmethod
    def of_records(cls, records: Iterable[TeamRecord], mentions: Iterable[str]) -> Teams:
        """The teams that records declare and that objectives mention.

        Args:
            records: the teams as written, in any order.
            mentions: names as objectives give them.
        """
        declared, names = list(records), list(dict.fromkeys(mentions))
        teams = cls()
        teams._learn(declared, names)
        for record in declared:
            teams._declare(record)
        for name in names:
            teams._place(teams._parts(name))
        for key, nodes in teams._nodes.items():
            teams._nodes[key] = teams._merged(nodes)
        teams._name_all()
        teams._link_all()
        teams._cut_circles()
        teams._sum_up()
        return teams

    @classmethod
    def of_teams(cls, existing: Iterable[Team]) -> Teams:
        """The teams of an organisation that is there already; a name it lacks is a problem."""
        teams = cls()
        for team in existing:
            node = _Node(team_key(team.name), None, names=[team.name], id=team.id)
            node.parent_id = team.parent_id
            if team.location:
                node.records = [TeamRecord(name=team.name, location=team.location)]
            teams._nodes.setdefault(node.key, []).append(node)
            teams._by_id[team.id] = node
        teams._whole = teams._simple = set(teams._nodes)
        teams._is_closed = bool(teams._nodes)
        return teams

    # --- what they tell ---

    def teams(self) -> tuple[Team, ...]:
        """Every team, in the order in which it was first named."""
        return tuple(
            Team(
                id=node.id,
                name=node.name,
                parent_id=node.parent_id,
                people=_first(record.people for record in _sorted(node.records)),
                budget=_first(record.budget for record in _sorted(node.records)),
                location=node.location,
            )
            for node in self._all()
        )

    def find(self, name: str, location: Location) -> str | None:
        """The id of the team that a name means at a place.

        Of several teams with this name, the one that the place stands under is meant; if that
        cannot be told, there is a problem and no team. A name that no team of an existing
        organisation bears gets the id that such a team would have, and a problem.
        """
        nodes = self._candidates(name)
        if len(nodes) > 1:
            nodes = _nearest(nodes, location) or nodes
        if len(nodes) == 1:
            return nodes[0].id
        if nodes:
            self._tell_ambiguous(name, nodes, location)
            return None
        if self._is_closed:
            self._tell(
                f"The team {name!r} is not in the organisation; check the name, or index "
                "the team first.",
                f"unknown {team_key(name)}",
                location,
            )
        return f"team-{team_key(self._parts(name)[-1])}"

    def known(self, name: str) -> frozenset[str]:
        """The ids of all teams that a name may mean; empty where it names none."""
        return frozenset(node.id for node in self._candidates(name))

    def ancestors(self, team_id: str | None) -> Iterator[str]:
        """The ids of the teams above a team, the nearest first."""
        seen = {team_id}
        node = self._by_id.get(team_id or "")
        while node and node.parent_id and node.parent_id not in seen:
            seen.add(node.parent_id)
            yield node.parent_id
            node = self._by_id.get(node.parent_id)

    # --- building ---

    def _all(self) -> Iterator[_Node]:
        for nodes in self._nodes.values():
            yield from nodes

    def _learn(self, records: Sequence[TeamRecord], mentions: Sequence[str]) -> None:
        """Which names are names as a whole, and which may begin a path."""
        names = [*mentions, *(record.name for record in records)]
        names += [record.parent for record in records if record.parent]
        self._whole = {team_key(record.name) for record in records}
        self._simple = {team_key(name) for name in names if not _MAYBE_A_PATH.search(name)}

    def _parts(self, name: str) -> list[str]:
        """The path that a name gives, from the top down; most names are no path."""
        parts = [part.strip() for part in _ALWAYS_A_PATH.split(name) if part.strip()]
        if len(parts) > 1:
            return parts
        parts = [part.strip() for part in _MAYBE_A_PATH.split(name) if part.strip()]
        if (
            len(parts) > 1
            and team_key(name) not in self._whole
            and team_key(parts[0]) in self._simple
        ):
            return parts
        return [name.strip()]

    def _declare(self, record: TeamRecord) -> None:
        above = self._parts(record.parent) if record.parent and record.parent.strip() else []
        *before, last = self._parts(record.name)
        path = [*above, *before]
        if path and team_key(path[-1]) == team_key(last):
            path.pop()
            self._tell(
                f"The team {record.name!r} is said to stand under itself; it was put at the top.",
                f"self {team_key(record.name)}",
                record.location,
            )
        self._place([*path, last], record)

    def _place(self, path: Sequence[str], record: TeamRecord | None = None) -> None:
        """Make sure of each team of a path, from the top down; the record is about the last."""
        above: str | None = None
        for at, name in enumerate(path):
            key = team_key(name)
            if key != above:
                self._add(key, above, record if at == len(path) - 1 else None, name)
            above = key

    def _add(self, key: str, above: str | None, record: TeamRecord | None, name: str) -> None:
        nodes = self._nodes.setdefault(key, [])
        node = next((node for node in nodes if node.above == above), None)
        if node is None:
            node = _Node(key, above)
            nodes.append(node)
        node.names.append(name)
        if record:
            node.records.append(record.model_copy(update={"name": name}))

    def _merged(self, nodes: list[_Node]) -> list[_Node]:
        """A team named without the one above it is the one that is named with it."""
        placed = [node for node in nodes if node.above is not None]
        loose = [node for node in nodes if node.above is None]
        if len(placed) == 1 and loose:
            placed[0].names.extend(loose[0].names)
            placed[0].records.extend(loose[0].records)
            return placed
        if len(placed) > 1 and loose:
            for record in loose[0].records:
                if record.people is not None or record.budget is not None:
                    self._tell_ambiguous(record.name, placed, record.location)
            return placed
        return nodes

    def _name_all(self) -> None:
        """Give each team its id: the name, and where that is taken the team above and it."""
        taken: set[str] = set()
        nodes = sorted(
            self._all(),
            key=lambda node: (len(self._nodes[node.key]) > 1, node.key, node.above or ""),
        )
        for node in nodes:
            unique = len(self._nodes[node.key]) == 1
            name = node.key if unique or node.above is None else f"{node.above}-{node.key}"
            node.id = f"team-{name}"
            if node.id in taken:
                node.id += (
                    "-" + blake2s(f"{node.above}\x1f{node.key}".encode(), digest_size=2).hexdigest()
                )
            taken.add(node.id)
            self._by_id[node.id] = node

    def _link_all(self) -> None:
        for node in self._all():
            if node.above is None:
                continue
            above = self._nodes.get(node.above, [])
            if len(above) > 1 and node.location:
                above = _nearest(above, node.location) or above
            if len(above) == 1:
                node.parent_id = above[0].id
            elif above and node.location:
                self._tell_ambiguous(above[0].name, above, node.location)

    def _cut_circles(self) -> None:
        """Take one link out of each circle of teams, always the same one."""
        state: dict[str, int] = {}
        for start in sorted(self._by_id):
            walked: list[str] = []
            team_id: str | None = start
            while team_id and team_id not in state:
                state[team_id] = 1
                walked.append(team_id)
                team_id = self._by_id[team_id].parent_id
            if team_id and state.get(team_id) == 1 and team_id in walked:
                self._cut(walked[walked.index(team_id) :])
            state.update(dict.fromkeys(walked, 2))

    def _cut(self, circle: list[str]) -> None:
        first = min(circle)
        node = self._by_id[first]
        at = circle.index(first)
        names = [self._by_id[team_id].name for team_id in [*circle[at:], *circle[:at], first]]
        node.parent_id = None
        self.problems.append(
            Problem(
                message=f"The teams stand under one another in a circle: {' > '.join(names)}; "
                f"{node.name!r} was put at the top.",
                location=node.location,
                severity="warning",
            )
        )

    def _sum_up(self) -> None:
        """Remark where two places give one team different sizes."""
        for node in self._all():
            for name in ("people", "budget"):
                values = {getattr(record, name) for record in node.records} - {None}
                if len(values) > 1:
                    first = _first(getattr(record, name) for record in _sorted(node.records))
                    shown = " and ".join(f"{value:g}" for value in sorted(values))
                    self._tell(
                        f"The {name} of the team {node.name!r} are given as {shown}; "
                        f"{first:g} was taken.",
                        f"{name} {node.id}",
                        _sorted(node.records)[-1].location,
                    )

    # --- looking up ---

    def _candidates(self, name: str) -> list[_Node]:
        exact = self._nodes.get(team_key(name), [])
        if exact:
            return exact
        *before, last = self._parts(name)
        nodes = self._nodes.get(team_key(last), [])
        for part in reversed(before):
            key = team_key(part)
            above = [node for node in nodes if key in self._above_keys(node)]
            nodes = above or nodes
        return nodes

    def _above_keys(self, node: _Node) -> set[str]:
        keys = {node.above} if node.above else set()
        return keys | {self._by_id[team_id].key for team_id in self.ancestors(node.id)}

    # --- problems ---

    def _tell(self, message: str, about: str, location: Location) -> None:
        """Say it once for each matter and file."""
        if (about, location.file) not in self._told:
            self._told.add((about, location.file))
            self.problems.append(Problem(message=message, location=location, severity="warning"))

    def _tell_ambiguous(self, name: str, nodes: Sequence[_Node], location: Location) -> None:
        paths = " and ".join(sorted(self._path(node) for node in nodes))
        self._tell(
            f"The team {name!r} fits several: {paths}. Write the team above it as well, "
            f"for example {self._path(min(nodes, key=self._path))!r}.",
            f"several {team_key(name)}",
            location,
        )

    def _path(self, node: _Node) -> str:
        parent = self._by_id.get(node.parent_id or "")
        if parent:
            return f"{parent.name} > {node.name}"
        above = self._nodes.get(node.above or "")
        return f"{above[0].name} > {node.name}" if above else node.name


def _sorted(records: Sequence[TeamRecord]) -> list[TeamRecord]:
    """In the order of the sources, and of content where one place says it twice."""
    return sorted(
        records,
        key=lambda item: (
            place_order(item.location),
            item.name,
            item.people or 0,
            item.budget or 0,
        ),
    )


def _first(values: Iterable[float | int | None]) -> float | int | None:
    return next((value for value in values if value is not None), None)


def _nearest(nodes: Sequence[_Node], location: Location) -> list[_Node]:
    """Of teams with one name, the one whose heading or mapping the place stands under."""
    ranked = [
        (nearness, node)
        for node in nodes
        for record in node.records
        if (nearness := _nearness(record.location, location)) is not None
    ]
    if not ranked:
        return []
    best = max(nearness for nearness, _ in ranked)
    found = [node for nearness, node in ranked if nearness == best]
    return found if all(node is found[0] for node in found) else []


def _nearness(team: Location, place: Location) -> int | None:
    """How closely a place follows the line, cell or pointer of a team; None if it does not."""
    if team.file != place.file:
        return None
    if team.pointer is not None and place.pointer is not None:
        inside = place.pointer == team.pointer or place.pointer.startswith(team.pointer + "/")
        return len(team.pointer) if inside else None
    if team.cell is not None or place.cell is not None:
        same = (team.sheet, _row(team.cell)) == (place.sheet, _row(place.cell))
        return 1 if same else None
    if team.line is None or place.line is None or team.line > place.line:
        return None
    return team.line


def _row(cell: str | None) -> str:
    return re.sub(r"\D", "", cell or "")
