from datetime import date

import pytest

from assistant.critique.context import ContextPack, pack, tokens
from assistant.models import (
    Cycle,
    Evidence,
    KeyResult,
    Location,
    Objective,
    ObjectiveReview,
    Organisation,
    ParentLink,
    Relation,
    Team,
)

DRAFT = Objective(id="obj-0", text="Depots keep their repair dates")


def relation(name: str, *, declared: bool = False, text: str = "") -> Relation:
    return Relation(
        objective_id=f"obj-{name}",
        text=text or f"Objective {name}",
        team=f"Team {name}",
        cycle="2026-Q3",
        similarity=0.5,
        declared=declared,
    )


def passage(name: str, text: str = "") -> Evidence:
    return Evidence(
        kind="strategy",
        id=f"psg-{name}",
        title="Plan 2027",
        quote=text or f"Passage {name}",
        location=Location(file="plan.md", line=3),
        published=date(2026, 5, 4),
        version="2",
        similarity=0.4,
    )


def test_the_most_useful_comes_first():
    review = ObjectiveReview(
        objective=DRAFT,
        parents=(relation("suggested"), relation("named", declared=True)),
        peers=(relation("p1"), relation("p2"), relation("p3")),
        passages=(passage("s1"), passage("s2")),
    )

    made = pack(review)

    assert [(source.ref, source.id) for source in made.sources] == [
        ("parent:1", "obj-named"),
        ("strategy:1", "psg-s1"),
        ("peer:1", "obj-p1"),
        ("strategy:2", "psg-s2"),
        ("peer:2", "obj-p2"),
        ("peer:3", "obj-p3"),
        ("parent:2", "obj-suggested"),
    ]
    assert [source.label for source in made.sources[:3]] == [
        "the parent it names, Team named, 2026-Q3",
        "Plan 2027, version 2, 2026-05-04",
        "Team p1, 2026-Q3",
    ]
    assert made.sources[-1].label == "a possible parent, Team suggested, 2026-Q3"
    assert [len(part) for part in (made.parents, made.peers, made.passages)] == [2, 3, 2]
    assert made.left_out == ""


def test_what_does_not_fit_is_said_and_something_shorter_may_still_fit():
    review = ObjectiveReview(
        objective=DRAFT,
        peers=(relation("p1"), relation("p2", text="word " * 60), relation("p3")),
        passages=(passage("s1", "word " * 60), passage("s2", "word " * 60)),
    )

    made = pack(review, budget=70)

    assert [source.id for source in made.sources] == ["obj-p1", "obj-p3"]
    assert made.left_out == "1 peer, 2 strategy passages"


@pytest.mark.parametrize("budget", [0, 50, 200, 900])
def test_the_budget_is_kept(budget):
    review = ObjectiveReview(
        objective=DRAFT,
        peers=tuple(relation(f"p{n}", text="word " * n) for n in range(30)),
        passages=tuple(passage(f"s{n}", "word " * n) for n in range(30)),
    )

    made = pack(review, budget=budget)

    assert sum(tokens(f"{item.label}{item.text}") for item in made.sources) <= budget
    assert len(made.sources) < 60
    assert made.left_out.endswith("strategy passages")


def test_an_objective_that_is_parent_and_peer_is_shown_once_and_the_draft_never():
    review = ObjectiveReview(
        objective=DRAFT,
        parents=(relation("1", declared=True),),
        peers=(relation("1"), relation("0"), relation("2")),
    )

    made = pack(review)

    assert [source.id for source in made.sources] == ["obj-1", "obj-2"]
    assert made.left_out == ""


def test_a_long_passage_ends_at_a_word():
    made = pack(ObjectiveReview(objective=DRAFT, passages=(passage("s", "abcd efgh\n" * 200),)))

    [source] = made.sources
    assert len(source.text) <= 702
    assert source.text.endswith(" abcd …") or source.text.endswith(" efgh …")
    assert made.texts == {"strategy:1": source.text}


def test_a_source_becomes_evidence_with_its_place():
    made = pack(ObjectiveReview(objective=DRAFT, passages=(passage("s1"),)))

    assert made.sources[0].evidence("Passage s1") == passage("s1")


def test_what_is_known_about_the_draft_is_told_and_who_owns_it_is_not():
    draft = Objective(
        id="obj-0",
        text="Learn",
        owner="Ann Example",
        team_id="t",
        cycle_id="c",
        key_results=(KeyResult(id="k", text="Try", notes=("okr: ignore K2 -- later",)),),
        notes=("We look again in May.", "We stop if nobody calls."),
        kind="learning",
        phase="pilot",
        horizon="two years",
        drivers=("retention", "cost"),
        parents=(ParentLink(stated="Keep fleets"),),
        contribution="It frees depots",
    )
    around = Organisation(
        teams=(Team(id="t", name="Depots"),),
        cycles=(Cycle(id="c", name="Q3", start=date(2026, 7, 1), end=date(2026, 9, 30)),),
    )

    made = pack(ObjectiveReview(objective=draft), around)

    assert made.facts == (
        ("team", "Depots"),
        ("cycle", "Q3 (2026-07-01 to 2026-09-30)"),
        ("type", "learning"),
        ("phase", "pilot"),
        ("horizon", "two years"),
        ("drivers", "retention, cost"),
        ("says it serves", "Keep fleets"),
        ("states as its contribution", "It frees depots"),
        ("also says", "We look again in May.; We stop if nobody calls."),
    )


def test_nothing_around_a_draft_is_an_empty_pack():
    assert pack(ObjectiveReview(objective=DRAFT)) == ContextPack()


# Parents, and what stands above and below them


def objective(name: str, *results: str, parent: str = "") -> Objective:
    links = (ParentLink(stated=parent, objective_id=f"obj-{parent}"),) if parent else ()
    return Objective(
        id=f"obj-{name}",
        text=f"Objective {name}",
        team_id="t",
        parents=links,
        key_results=tuple(
            KeyResult(id=f"{name}-{n}", text=text) for n, text in enumerate(results, 1)
        ),
    )


AROUND = Organisation(
    teams=(Team(id="t", name="Service"),),
    objectives=(
        objective("named", "Dates kept from 64 % to 82 %", "Calls from 9 to 4", parent="above"),
        objective("above", parent="top"),
        objective("top", parent="above"),
        objective("p1", "Hours sold from 60 % to 90 %"),
        objective("p2", "Trucks from 3 to 9"),
        objective("p3", "Never shown"),
    ),
)
SURROUNDED = ObjectiveReview(
    objective=DRAFT.model_copy(
        update={
            "parents": (
                ParentLink(stated="Calls", objective_id="obj-named", key_result_id="named-2"),
            )
        }
    ),
    parents=(relation("named", declared=True),),
    peers=(relation("p1"), relation("p2"), relation("p3")),
    passages=(passage("s1"),),
)


def test_the_parent_comes_with_its_key_results_and_the_chain_above_it_even_if_it_is_a_circle():
    made = pack(SURROUNDED, AROUND)

    assert [(item.ref, item.text) for item in made.sources] == [
        ("parent:1", "Objective named"),
        ("parent:1.kr:2", "Calls from 9 to 4"),
        ("parent:1.kr:1", "Dates kept from 64 % to 82 %"),
        ("parent:2", "Objective above"),
        ("parent:3", "Objective top"),
        ("strategy:1", "Passage s1"),
        ("peer:1", "Objective p1"),
        ("peer:1.kr:1", "Hours sold from 60 % to 90 %"),
        ("peer:2", "Objective p2"),
        ("peer:2.kr:1", "Trucks from 3 to 9"),
        ("peer:3", "Objective p3"),
    ]
    labels = {item.ref: item.label for item in made.sources}
    assert labels["parent:1.kr:2"] == "the key result it names"
    assert labels["parent:1.kr:1"] == "key result"
    assert labels["parent:2"] == "the level above parent:1, Service"
    assert labels["parent:3"] == "the level above parent:2, Service"
    assert [item.declared for item in made.parents] == [True, False, False, False, False]


def test_key_results_of_peers_give_way_before_peers_do_and_are_counted():
    made = pack(SURROUNDED, AROUND, budget=215)

    assert [item.ref for item in made.sources] == [
        "parent:1", "parent:1.kr:2", "parent:1.kr:1", "parent:2", "parent:3", "strategy:1",
        "peer:1", "peer:2", "peer:3",
    ]  # fmt: skip
    assert made.left_out == "2 key results of parents or peers"


def test_a_key_result_is_never_shown_without_its_objective():
    long = relation("p1", text="word " * 140)
    made = pack(
        ObjectiveReview(objective=DRAFT, peers=(long,)),
        Organisation(objectives=(objective("p1", "Short"),)),
        budget=60,
    )

    assert made.sources == ()
    assert made.left_out == "1 peer, 1 key result of a parent or peer"
