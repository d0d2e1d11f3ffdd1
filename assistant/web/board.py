"""A scan that is being looked at: its worklist by filters, its pictures, what stands behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from markupsafe import Markup

from assistant.analyse.worklist import WorkItem, compares
from assistant.models import (
    Choice,
    Coverage,
    Edge,
    Figure,
    Finding,
    Objective,
    PeerLink,
    Scan,
    fold,
)
from assistant.report.context import Context
from assistant.report.page import fill
from assistant.report.pictures.tree import By, draw_tree
from assistant.report.views import forest
from assistant.report.views.network import Line as PeerLine
from assistant.report.views.summary import horizon_name
from assistant.scan import Scanned
from assistant.surroundings import ancestors
from assistant.web.choices import tree
from assistant.web.filters import WORDING, Filters, is_kind
from assistant.web.words import rule_title

OPEN = "open"
"""What pressing a part of a picture does, see :mod:`assistant.web.panel`."""

_MOST_LETTERS = 200
_MOST_LEAVES = 500
_FOLDED, _UNFOLDED = 40, 150
"""Rows from which on quiet branches are put together, in the whole forest and in one branch."""


class Board:
    """A scan with all that is made of it, each part once, when it is first looked at.

    Args:
        scanned: the scan with its organisation and the scans before.
    """

    def __init__(self, scanned: Scanned) -> None:
        self._scanned = scanned
        self.scan: Scan = scanned.scan

    def draw(self) -> None:
        """Make what takes time, so that nobody waits for it later."""
        _ = self.shown, self._above

    @cached_property
    def shown(self) -> Mapping[str, Any]:
        """The variables of the report, with pictures whose parts can be pressed."""
        scan, organisation, earlier = self._scanned
        return fill(scan, organisation, earlier, act=OPEN)

    def tree(self, by: By, *, branch: str = "", whole: bool = False) -> Markup:
        """The tree of objectives.

        Args:
            by: what the boxes are coloured by.
            branch: id of the objective at its top; empty for all.
            whole: whether what is quiet stands in it too.
        """
        rows: Sequence[forest.Row] = self.shown["rows"]
        if branch:
            top = self._places[branch]
            depth = rows[top].depth
            below = rows[top : top + rows[top].size + 1]
            rows = [replace(row, depth=row.depth - depth) for row in below]
        if not whole and not (branch and not rows[0].troubled):
            rows = forest.fold(rows, above=_UNFOLDED if branch else _FOLDED)
        return draw_tree(rows, by=by, act=OPEN, most=_MOST_LEAVES)

    def way_to(self, objective_id: str) -> list[forest.Row]:
        """The rows of the forest from a root down to an objective; empty where it has none."""
        rows: Sequence[forest.Row] = self.shown["rows"]
        place = self._places.get(objective_id)
        way: list[forest.Row] = []
        for row in reversed(rows[: place + 1] if place is not None else ()):
            if not way or row.depth < way[-1].depth:
                way.append(row)
        return way[::-1]

    def below(self, objective_id: str) -> int:
        """How many objectives stand below one in the forest."""
        place = self._places.get(objective_id)
        return 0 if place is None else self.shown["rows"][place].size

    @property
    def scanned(self) -> Scanned:
        """The scan as the reports take it."""
        return self._scanned

    @property
    def context(self) -> Context:
        """Names and places."""
        found: Context = self.shown["context"]
        return found

    # The worklist

    def worklist(self, filters: Filters) -> list[WorkItem]:
        """The lines of the worklist that fit, in their order."""
        words = fold(filters.text).split()
        return [item for item in self.context.worklist if self._fits(item, filters, words)]

    def kinds(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """The kinds of finding that there are, in two groups: what to filter by, and its name."""
        counts = Counter(item.rule for item in self.scan.findings)
        named = [
            (code, f"{rule_title(code)} ({counts[code]})") for code in sorted(counts, key=_code)
        ]
        between = [pair for pair in named if compares(pair[0])]
        wording = [pair for pair in named if not compares(pair[0])]
        if between:
            yield "Between objectives, teams and strategy", between
        if wording:
            number = sum(counts[code] for code, _ in wording)
            yield "Wording", [(WORDING, f"Any remark on wording ({number})"), *wording]

    def teams(self) -> Iterator[tuple[str, str]]:
        """The teams that were looked at, in the order of the tree, those below others indented."""
        within = {*self.scan.within}
        for words, team in tree(self.context.organisation):
            if not within or team.id in within:
                yield team.id, words

    def cycles(self) -> Iterator[tuple[str, str]]:
        """The cycles that objectives were looked at of, latest first."""
        used = {item.cycle_id for item in self.context.looked_at.values()}
        for cycle in reversed(self.context.organisation.cycles):
            if cycle.id in used:
                yield cycle.id, cycle.name

    def _fits(self, item: WorkItem, filters: Filters, words: Sequence[str]) -> bool:
        concerned = [self.context.objectives.get(key) for key in self._concerned(item)]
        objectives = [one for one in concerned if one]
        if filters.team and not any(
            filters.team in self._above.get(one.team_id or "", ()) for one in objectives
        ):
            return False
        if filters.cycle and not any(one.cycle_id == filters.cycle for one in objectives):
            return False
        return any(
            is_kind(finding, filters.kind)
            and filters.severity in ("", finding.severity)
            and all(word in self._said(finding) for word in words)
            for finding in item.findings
        )

    def _concerned(self, item: WorkItem) -> Iterator[str]:
        """The objectives that a line is about: those it stands on, and the peers that it names."""
        for finding in item.findings:
            yield finding.objective_id
            for quote in finding.evidence:
                if quote.kind == "peer":
                    yield self._owners.get(quote.id, quote.id)

    def _said(self, finding: Finding) -> str:
        known = self._words.get(id(finding))
        if known is None:
            quotes = (quote.quote for quote in finding.evidence)
            whose = (
                self.context.name(finding.objective_id, _MOST_LETTERS * 5),
                self.context.team_name(finding.objective_id),
            )
            parts = (finding.rule, finding.slug, rule_title(finding.rule), finding.message)
            known = fold(" ".join((*parts, finding.words, *whose, *quotes)))
            self._words[id(finding)] = known
        return known

    # What stands behind a part

    def item(self, rank: str) -> WorkItem | None:
        """The line of the worklist with this rank."""
        lines = self.context.worklist
        return lines[int(rank) - 1] if rank.isdecimal() and 0 < int(rank) <= len(lines) else None

    def items_on(self, objective_id: str) -> list[WorkItem]:
        """The lines that concern an objective."""
        return [item for item in self.context.worklist if objective_id in self._concerned(item)]

    def objective(self, key: str) -> Objective | None:
        """The objective with this id, or the one that has this key result."""
        return self.context.objectives.get(self._owners.get(key, key))

    def edges_up(self, objective_id: str) -> list[Edge]:
        """The links to what an objective serves."""
        return [edge for edge in self.scan.edges if edge.child_id == objective_id]

    def edges_down(self, objective_id: str) -> list[Edge]:
        """The links of those that serve an objective."""
        return [edge for edge in self.scan.edges if edge.parent_id == objective_id]

    def peers(self, objective_id: str) -> list[PeerLink]:
        """What objectives of other teams are to an objective, apart from those that are nothing."""
        return [
            link
            for link in self.scan.peers
            if objective_id in (link.a_id, link.b_id) and link.kind != "unrelated"
        ]

    def choices(self, objective_id: str) -> list[tuple[Choice, bool]]:
        """The choices that an objective serves, or works against (False)."""
        return [
            (item.choice, objective_id in item.served_by)
            for item in self.scan.coverage
            if objective_id in item.served_by or objective_id in item.against
        ]

    def coverage(self, choice_id: str) -> Coverage | None:
        """Who serves a choice."""
        return next((item for item in self.scan.coverage if item.choice.id == choice_id), None)

    def within_column(self, found: Mapping[str, float], column: str) -> dict[str, float]:
        """Those objectives that stand in one column of the coverage; all without a column."""
        column_of = self.shown["grid"].column_of
        return {k: v for k, v in found.items() if not column or column_of.get(k) == column}

    def line(self, kind: str, a: str, b: str) -> PeerLine | None:
        """All links of one kind between two teams."""
        lines: Sequence[PeerLine] = self.shown["network"].lines
        return next((one for one in lines if (one.kind, one.a, one.b) == (kind, a, b)), None)

    def lines_of(self, name: str) -> list[PeerLine]:
        """All lines of the picture that end at a team or branch, the surest first."""
        lines: Sequence[PeerLine] = self.shown["network"].lines
        return [one for one in reversed(lines) if name in (one.a, one.b)]

    def figure(self, name: str) -> Figure | None:
        """The figure of the horizon balance with this name."""
        return next((one for one in self.shown["horizons"] if horizon_name(one) == name), None)

    def team_named(self, name: str) -> str:
        """The id of the only team of this name; empty where there is none, or several."""
        found = [team.id for team in self.context.organisation.teams if team.name == name]
        return found[0] if len(found) == 1 else ""

    def cycle_named(self, name: str) -> str:
        """The id of a cycle; empty where there is none."""
        cycles = self.context.organisation.cycles
        return next((cycle.id for cycle in cycles if cycle.name == name), "")

    @cached_property
    def _owners(self) -> dict[str, str]:
        """The objective that a key result belongs to."""
        return {
            result.id: item.id
            for item in self.context.objectives.values()
            for result in item.key_results
        }

    @cached_property
    def _above(self) -> dict[str, tuple[str, ...]]:
        """Each team with those above it."""
        organisation = self.context.organisation
        return {
            team.id: tuple(dict.fromkeys((team.id, *ancestors(team.id, organisation))))
            for team in organisation.teams
        }

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each objective stands in the forest."""
        return {row.key: place for place, row in enumerate(self.shown["rows"])}

    @cached_property
    def _words(self) -> dict[int, str]:
        return {}


def _code(code: str) -> tuple[str, int]:
    return code[:1], int(code[1:]) if code[1:].isdecimal() else 0
