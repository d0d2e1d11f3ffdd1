"""Bad data is reported and never in the way."""

from __future__ import annotations

import pytest

from assistant.analyse.problems import data_problems
from assistant.models import Objective, Organisation, ParentLink, Problem, Team
from tests.analyse.organisations import cycle, objective, organisation

LOST = Objective(id="lost", text="Lost", parents=(ParentLink(stated="Gone"),))
OWN = Objective(id="own", text="Own", key="O7", parents=(ParentLink(stated="o7"),))


@pytest.mark.parametrize(
    ("objectives", "message"),
    [
        (
            [LOST],
            "The parent 'Gone' of 'Lost' is no objective or key result that was read, so the link "
            "cannot be judged. Correct the words, or write a contribution instead.",
        ),
        ([OWN], "The objective 'Own' names itself as its parent."),
        ([objective("A", under=["A"])], "The objective 'A' names itself as its parent."),
        (
            [objective("A", under=["Elsewhere"])],
            "The parent 'Elsewhere' of 'A' is no objective or key result that was read, so the "
            "link cannot be judged. Correct the words, or write a contribution instead.",
        ),
        (
            [objective("A", under=[("B", "no such")]), objective("B", "Wait from 3 to 2 days")],
            "The key result 'B' that 'A' stands under does not exist any more; the link is judged "
            "against the whole objective.",
        ),
        (
            [objective("A", under=["B"]), objective("B", under=["A"])],
            "The parents of 'A' lead in a circle back to it, through 'B'.",
        ),
        (
            [objective("A", under=["B"], cycle="2026-Q3"), objective("B", cycle="2026-Q1")],
            "'A' runs in 2026-Q3 and its parent 'B' in 2026-Q1: the two periods do not touch. "
            "Link it to the objective that took the parent's place.",
        ),
    ],
    ids=["unknown", "own key", "own id", "dangling", "key result", "circle", "periods"],
)
def test_parents(objectives: list[Objective], message: str) -> None:
    assert [item.message for item in data_problems(organisation(*objectives))] == [message]


def test_a_year_holds_its_quarters() -> None:
    whole = organisation(objective("A", under=["B"], cycle="2026-Q3"), objective("B", cycle="2026"))
    assert data_problems(whole) == ()


def test_five_hundred_children() -> None:
    children = [objective(f"Child {number}", under=["Top"]) for number in range(500)]
    (item,) = data_problems(organisation(objective("Top"), *children))
    assert item.message == (
        "500 objectives name 'Top' as their parent. So many can hardly be told apart by it: name "
        "steps in between."
    )


def test_teams() -> None:
    teams = (
        Team(id="top", name="Top"),
        Team(id="a", name="Care", parent_id="top"),
        Team(id="b", name="care", parent_id="a"),
        Team(id="c", name="Round", parent_id="d"),
        Team(id="d", name="About", parent_id="c"),
        Team(id="e", name="Loose", parent_id="nobody"),
    )
    whole = Organisation(teams=teams, objectives=(objective("A", team="b"), objective("B")))
    assert [(item.severity, item.message) for item in data_problems(whole)] == [
        (
            "warning",
            "2 teams are called 'Care': under Top, Care. They are kept apart; give each a name of "
            "its own.",
        ),
        ("warning", "The teams stand under one another in a circle: Round > About > Round."),
        (
            "warning",
            "The team above 'Loose' does not exist; the team counts as one at the top.",
        ),
        ("info", "1 objective of no team: 'B'. What concerns teams cannot be said of them."),
        (
            "info",
            "3 teams without any objective: Round, About, Loose. Their work is not part of what "
            "the scan says.",
        ),
    ]


def test_what_was_told_is_not_repeated() -> None:
    told = Problem(
        message="The parent 'Gone' is no objective or key result that was read. Check the words.",
        severity="warning",
    )
    assert data_problems(organisation(LOST)) != ()
    assert data_problems(organisation(LOST), [told]) == ()
    other = told.model_copy(update={"message": "The objective 'Gone' stands twice."})
    assert data_problems(organisation(LOST), [other]) == data_problems(organisation(LOST))


def test_a_long_chain_and_a_large_circle_are_walked_through() -> None:
    size = 5_000
    chain = [objective(f"{n}", under=[f"{n + 1}"] if n < size else []) for n in range(size + 1)]
    ring = [objective(f"r{n}", under=[f"r{(n + 1) % size}"]) for n in range(size)]
    (item,) = data_problems(organisation(*chain, *ring))
    assert item.message.startswith("The parents of 'r0' lead in a circle back to it, through")


def test_periods_without_days_say_nothing() -> None:
    spring = cycle("Spring push")
    whole = Organisation(
        cycles=(spring, cycle("2026-Q1")),
        objectives=(
            objective("A", under=["B"], cycle=spring.id),
            objective("B", cycle="2026-Q1"),
        ),
    )
    assert data_problems(whole) == ()
