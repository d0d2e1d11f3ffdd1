"""Drift along a chain."""

from __future__ import annotations

import pytest

from assistant.analyse.cascade import chains, follow, root_links, with_roots
from assistant.analyse.links import Surroundings
from assistant.models import Edge
from tests.analyse.organisations import Says, objective, organisation


@pytest.mark.parametrize(
    ("hops", "roots", "lost"),
    [
        ([0.9, 0.9, 0.9], [], [None, None, None]),
        ([0.9, 0.1, 0.9], [], [None, 2, 2]),
        ([0.1, 0.9, 0.9], [None, 0.2, 0.9], [1, 1, None]),
        ([0.9, 0.6, 0.6], [None, 0.3, 0.1], [None, None, 3]),
        ([0.9, None, 0.9], [], [None, None, None]),
        ([0.1, 0.9, 0.1], [None, 0.9, 0.1], [1, None, 3]),
    ],
    ids=["kept", "a step drifts", "found back", "creeps away", "not judged", "lost twice"],
)
def test_intent_is_followed_down(
    hops: list[float | None], roots: list[float | None], lost: list[int | None]
) -> None:
    assert [level.lost_at for level in follow(hops, roots)] == lost


def edge(child: str, parent: str, serves: float | None) -> Edge:
    return Edge(child_id=child, parent_id=parent, serves=serves, similarity=0.5)


CHAIN = organisation(
    objective("root"),
    objective("unit", under=["root"]),
    objective("team", under=["unit"]),
    objective("squad", under=["team"]),
)
EDGES = (edge("unit", "root", 0.9), edge("team", "unit", 0.2), edge("squad", "team", 0.9))


def test_every_level_is_judged_against_the_root_and_the_loss_is_placed() -> None:
    around = Surroundings(CHAIN)
    links = [link for item in CHAIN.objectives for link in around.links_of(item)]
    asked = root_links(links, around)
    assert [(link.child.id, link.parent.id) for link in asked] == [
        ("team", "root"),
        ("squad", "root"),
    ]
    unit, team, squad = with_roots(EDGES, {}, around)
    assert (unit.from_root, unit.root_id, unit.lost_at) == (None, "root", None)
    assert (team.from_root, team.root_id, team.lost_at) == (0.2, "root", "team")
    assert (squad.from_root, squad.lost_at) == (0.2, "team")


def test_a_level_that_serves_the_root_again_clears_the_loss() -> None:
    opinions = {("squad", "root"): Says(serves=0.9)}
    squad = with_roots(EDGES, opinions, Surroundings(CHAIN))[-1]
    assert (squad.from_root, squad.lost_at) == (0.9, None)


def test_links_in_a_circle_have_no_root() -> None:
    around = Surroundings(
        organisation(
            objective("a", under=["b"]), objective("b", under=["a"]), objective("c", under=["a"])
        )
    )
    edges = (edge("a", "b", 0.1), edge("b", "a", 0.9), edge("c", "a", 0.9))
    assert with_roots(edges, {}, around) == edges
    assert list(chains(edges)) == []


def test_chains_run_from_each_root_to_each_end() -> None:
    edges = (*EDGES, edge("other", "unit", 0.9), edge("other", "root", 0.9))
    ways = {tuple(item.child_id for item in way) for way in chains(edges)}
    assert ways == {("unit", "team", "squad"), ("unit", "other")}
