"""Finds the objective or key result that the words of a child name as its parent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.models import Cycle, Location, fold
from assistant.sources.markers import fold_key, is_positional
from assistant.sources.teams import Teams
from assistant.sources.tidy import clean
from assistant.sources.vocabulary import VERBS

CLOSE = 93.0
"""How alike two texts must be, from 0 to 100, to be taken for one that was mistyped."""

_EDGES = " \t.,;:!\"'“”„«»‘’*_"
_SEPARATORS = re.compile(r"\s*[/:>›»|–—]\s*|\s+-\s+|['’]s\s+|\s+")
_BEHIND = re.compile(r"(?P<words>.+?)\s*[(\[](?P<team>[^()\[\]]{1,60})[)\]]")
_MOST_TEAM_WORDS = 5
_NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]{3,}|\d+")
_RAREST = 3
_MOST_PER_WORD = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """An objective or key result that a child may name.

    Attributes:
        objective_id: the objective, or the one that the key result belongs to.
        states: what it is itself said to serve, folded: whoever serves the same is no parent.
    """

    objective_id: str
    key_result_id: str | None
    text: str
    key: str | None
    team_id: str | None
    cycle_id: str | None
    location: Location | None
    states: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to.

    Attributes:
        target: the parent, None if there is none or more than one.
        among: the targets that fit equally well, where one cannot be told.
        is_close: the text is not the same, only close.
        is_self: the name leads back to the child.
    """

    target: Target | None = None
    among: tuple[Target, ...] = ()
    is_close: bool = False
    is_self: bool = False


def fold_text(text: str) -> str:
    """A text as references see it: without quotes and full stops around it."""
    return fold(text).strip(_EDGES)


def numbered_key(objective_key: str, key: str) -> list[str]:
    """The spellings under which a key result of a numbered objective is known."""
    above, own = fold_key(objective_key), fold_key(key)
    spellings = [above + own]
    number = re.fullmatch(r"o(\d+(?:\.\d+)*)", above)
    counted = re.fullmatch(r"kr(\d+)", own)
    if number and counted:
        spellings.append(f"kr{number[1]}.{counted[1]}")
    dotted = re.fullmatch(r"kr(\d+)\.(\d+)", own)
    if dotted:
        spellings.append(f"o{dotted[1]}kr{dotted[2]}")
    return spellings


class _Group:
    """Targets that share a key or a text."""

    def __init__(self, targets: Sequence[Target] = ()) -> None:
        self.targets = list(targets)

    @cached_property
    def by_team(self) -> dict[str | None, list[Target]]:
        teams: dict[str | None, list[Target]] = defaultdict(list)
        for target in self.targets:
            teams[target.team_id].append(target)
        return teams


class Parents:
    """All that can be named as a parent.

    Args:
        targets: objectives and their key results, in any order.
        teams: their teams.
        cycles: their cycles by id.
    """

    def __init__(
        self, targets: Iterable[Target], teams: Teams, cycles: Mapping[str, Cycle]
    ) -> None:
        self._targets = tuple(targets)
        self._teams = teams
        self._cycles = cycles
        self._by_key: dict[str, _Group] = defaultdict(_Group)
        self._by_id: dict[str, _Group] = {}
        self._by_text: dict[str, _Group] = defaultdict(_Group)
        self._distances: dict[str | None, dict[str | None, int]] = {}
        self._close: dict[str, str | None] = {}
        keys = {item.objective_id: item.key for item in self._targets if not item.key_result_id}
        for target in self._targets:
            self._by_id[target.key_result_id or target.objective_id] = _Group([target])
            self._by_text[fold_text(target.text)].targets.append(target)
            for key in _keys(target, keys.get(target.objective_id)):
                self._by_key[key].targets.append(target)

    def find(self, stated: str, child: Target) -> Found:
        """The parent that some words name: a key, an id, a text, or nearly a text.

        Args:
            stated: the words.
            child: the objective that states them.
        """
        for candidates in self._readings(stated):
            found = self._choose(candidates, child, fold_text(stated))
            if found:
                return found
        close = self._closest(fold_text(clean(stated).text))
        if close is None:
            return Found()
        found = self._choose(self._by_text[close], child, fold_text(stated))
        if found is None or found.target is None:
            return Found()
        return Found(target=found.target, is_close=True)

    def _readings(self, stated: str) -> Iterator[_Group]:
        """The targets that the words may mean, the surest way of reading them first."""
        yield self._by_key.get(fold_key(stated), _NONE)
        yield self._by_id.get(stated.strip(), _NONE)
        yield self._by_text.get(fold_text(stated), _NONE)
        words = clean(stated)
        yield self._by_text.get(fold_text(words.text), _NONE)
        for teams, rest in self._qualified(stated):
            for group in (self._by_key.get(fold_key(rest)), self._by_text.get(fold_text(rest))):
                if group:
                    yield _Group([item for team in sorted(teams) for item in group.by_team[team]])
        if words.key:
            yield self._by_key.get(fold_key(words.key), _NONE)

    def _qualified(self, stated: str) -> Iterator[tuple[frozenset[str], str]]:
        """``Payments: O1``, ``Acme / KR1.2`` and ``O1 (Payments)``: the teams and the rest."""
        behind = _BEHIND.fullmatch(stated.strip())
        if behind and (teams := self._teams.known(behind["team"])):
            yield teams, behind["words"]
        for count, gap in enumerate(_SEPARATORS.finditer(stated)):
            if count >= _MOST_TEAM_WORDS:
                return
            left, right = stated[: gap.start()].strip(), stated[gap.end() :].strip()
            if left and right and (teams := self._teams.known(left)):
                yield teams, right

    def _choose(self, group: _Group, child: Target, stated: str) -> Found | None:
        """The best of the candidates; None where there is none."""
        others = [item for item in self._near(group, child) if _is_other(item, child)]
        if not others:
            return Found(is_self=True) if group.targets else None
        items = [item for item in others if stated not in item.states] or others
        ranks = [self._rank(item, child) for item in items]
        nearest = min(ranks)
        best = [item for item, rank in zip(items, ranks, strict=True) if rank == nearest]
        return Found(target=best[0]) if len(best) == 1 else Found(among=tuple(best))

    def _near(self, group: _Group, child: Target) -> Sequence[Target]:
        """Of many candidates only those of the team and the teams above, if any of them fits."""
        if len(group.targets) <= _MANY:
            return group.targets
        near = [item for team in self._distance_to(child) for item in group.by_team.get(team, ())]
        fits = any(
            _is_other(item, child) and self._cycle_distance(item, child) != _ANOTHER_CYCLE
            for item in near
        )
        return near if fits else group.targets

    def _distance_to(self, child: Target) -> dict[str | None, int]:
        """How far the team of the child and each one above it are from it; no one else counts."""
        if child.team_id not in self._distances:
            distances: dict[str | None, int] = {child.team_id: _FAR}
            for steps, team in enumerate(self._teams.ancestors(child.team_id)):
                distances[team] = steps
            self._distances[child.team_id] = distances
        return self._distances[child.team_id]

    def _rank(self, target: Target, child: Target) -> tuple[bool, int, int, bool, bool]:
        """How far a target lies from a child; the teams above and the cycles around come first."""
        cycle = self._cycle_distance(target, child)
        return (
            cycle == _ANOTHER_CYCLE,
            self._distance_to(child).get(target.team_id, _FAR + 1),
            cycle,
            _file(target) != _file(child),
            target.key_result_id is not None,
        )

    def _cycle_distance(self, target: Target, child: Target) -> int:
        if target.cycle_id == child.cycle_id:
            return 0
        outer = self._cycles.get(target.cycle_id or "")
        inner = self._cycles.get(child.cycle_id or "")
        if outer is None or inner is None:
            return 2
        return 1 if _contains(outer, inner) else _ANOTHER_CYCLE

    # --- texts that are nearly the same ---

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        words: dict[str, list[str]] = defaultdict(list)
        for text in self._by_text:
            for word in set(_WORD.findall(text)):
                words[word].append(text)
        return words

    def _closest(self, stated: str) -> str | None:
        if stated not in self._close:
            self._close[stated] = self._nearest_text(stated)
        return self._close[stated]

    def _nearest_text(self, stated: str) -> str | None:
        """The one text that is all but the same; the same figures must stand in it."""
        from rapidfuzz import fuzz, process

        words = (word for word in set(_WORD.findall(stated)) if word in self._by_word)
        rarest = sorted(words, key=lambda word: (len(self._by_word[word]), word))[:_RAREST]
        lists = (self._by_word[word] for word in rarest)
        texts = {text for each in lists if len(each) <= _MOST_PER_WORD for text in each}
        near = process.extract(
            stated, sorted(texts), scorer=fuzz.ratio, score_cutoff=CLOSE, limit=None
        )
        fitting = [text for text, _, _ in near if _says_the_same(text, stated)]
        return fitting[0] if len(fitting) == 1 else None


def _is_other(target: Target, child: Target) -> bool:
    return target.objective_id != child.objective_id


def _file(target: Target) -> str | None:
    return target.location.file if target.location else None


_NONE = _Group()
_FAR = 1000
_MANY = 50
_ANOTHER_CYCLE = 3


def _keys(target: Target, objective_key: str | None) -> set[str]:
    if not target.key:
        return set()
    own = {fold_key(target.key)}
    if target.key_result_id and objective_key:
        own.update(numbered_key(objective_key, target.key))
    elif target.key_result_id and is_positional(target.key):
        own.update(numbered_key("", target.key))
    return own


def _contains(outer: Cycle, inner: Cycle) -> bool:
    if not (outer.start and outer.end and inner.start and inner.end):
        return False
    return outer.start <= inner.start and inner.end <= outer.end


def _says_the_same(text: str, stated: str) -> bool:
    """Whether two close texts may mean the same: other figures or another verb do not."""
    if sorted(_NUMBERS.findall(text)) != sorted(_NUMBERS.findall(stated)):
        return False
    verbs = [words.split()[0] for words in (text, stated) if words.split()]
    return len(set(verbs)) == 1 or not all(verb in VERBS for verb in verbs)
