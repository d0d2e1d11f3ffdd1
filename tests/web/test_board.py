"""What of a scan is shown, worked out without a browser."""

from __future__ import annotations

import pytest
from lxml import etree

from assistant.scan import Scanned
from assistant.web.board import Board
from assistant.web.filters import WORDING, Filters
from assistant.web.scan_details import detail
from assistant.web.scan_state import Kept
from tests.report.scans import fernhill, whole_scan


@pytest.fixture(scope="module")
def board() -> Board:
    return Board(Scanned(whole_scan(), fernhill()))


def rules(board: Board, **filters: str) -> set[str]:
    found = board.worklist(Filters(**filters))
    return {finding.rule for item in found for finding in item.findings}


def test_without_filters_every_line_is_there_in_its_order(board: Board) -> None:
    assert board.worklist(Filters()) == list(board.context.worklist)


@pytest.mark.parametrize(
    "filters",
    [
        {"team": "service"},
        {"team": "sales"},
        {"cycle": "q2"},
        {"kind": "A3"},
        {"kind": WORDING},
        {"severity": "warning"},
        {"severity": "error"},
        {"text": "HAULIERS stay"},
    ],
    ids=lambda filters: " ".join(filters.values()),
)
def test_filters_part_the_worklist(board: Board, filters: dict[str, str]) -> None:
    inside = board.worklist(Filters(**filters))
    assert len(inside) < len(board.context.worklist)
    for item in inside:
        if "kind" in filters:
            assert item.wording is (filters["kind"] == WORDING)
        if "severity" in filters:
            assert filters["severity"] in {finding.severity for finding in item.findings}
        if "team" in filters:
            assert any(board.context.objectives[one.objective_id].team_id == filters["team"] or one.evidence for one in item.findings)  # fmt: skip


def test_the_branch_of_the_top_team_holds_all_that_is_on_objectives(board: Board) -> None:
    inside = board.worklist(Filters(team="top"))
    rest = [item for item in board.context.worklist if item not in inside]
    assert all(item.lead.objective_id not in board.context.objectives for item in rest)


def test_kinds_name_what_there_is_and_how_often(board: Board) -> None:
    named = {key for _, kinds in board.kinds() for key, _ in kinds}
    assert named - {WORDING} == {item.rule for item in board.scan.findings}


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "item", "id": "0"},
        {"kind": "item", "id": "999"},
        {"kind": "item", "id": "one"},
        {"kind": "objective", "id": "nobody"},
        {"kind": "choice", "id": ""},
        {"kind": "line", "id": "conflict", "a": "x", "b": "y"},
        {"kind": "figure", "id": "no"},
        {"kind": "__class__", "id": "1"},
        {},
    ],
    ids=str,
)
def test_what_is_not_there_is_not_opened(board: Board, said: dict[str, str]) -> None:
    assert detail(board, said, None) is None


def test_every_line_and_every_part_of_a_picture_opens(board: Board) -> None:
    opened = [detail(board, {"kind": "item", "id": str(item.rank)}, None) for item in board.context.worklist]  # fmt: skip
    opened += [detail(board, {"kind": "objective", "id": key}, None) for key in board.context.objectives]  # fmt: skip
    opened += [detail(board, {"kind": "choice", "id": item.choice.id}, None) for item in board.scan.coverage]  # fmt: skip
    lines = board.shown["network"].lines
    teams = board.shown["network"].teams
    opened += [detail(board, {"kind": "team", "id": name}, None) for name in teams]
    opened += [detail(board, {"kind": "line", "id": one.kind, "a": one.a, "b": one.b}, None) for one in lines]  # fmt: skip
    assert lines
    assert all(found and found.startswith("<dialog") for found in opened)


def test_a_branch_is_drawn_alone_with_the_way_to_it(board: Board) -> None:
    top = next(row for row in board.shown["rows"] if row.size)
    below = board.shown["rows"][board.shown["rows"].index(top) + 1]
    drawn = etree.fromstring(board.tree("hop", branch=below.key))
    pressed = [item.get("data-id") for item in drawn.iter("{http://www.w3.org/2000/svg}a")]
    assert pressed[0] == below.key
    assert len(pressed) == below.size + 1 < len(board.shown["rows"])
    assert [row.key for row in board.way_to(below.key)] == [top.key, below.key]
    assert board.way_to("nobody") == []


@pytest.mark.parametrize(
    "value",
    [None, [], "x", {"view": 7}, {"filters": {"text": "x" * 201}}, {"by": "me"}, {"branch": 7}],
)
def test_what_a_browser_made_up_is_forgotten(value: object) -> None:
    assert Kept.read(value) == Kept()
