"""Drift of a whole organisation, and the findings that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.analyse.drift import assess_alignment, drift_findings
from assistant.analyse.findings import corpus_finding
from assistant.analyse.links import Surroundings
from assistant.models import BetterParent, Finding, Objective, ParentLink
from tests.analyse.organisations import Judge, Says, half_alike, objective, organisation

TOP = objective(
    "Islanders cross without waiting",
    "Median wait at the pier from 55 to 20 min",
    team="line",
    cycle="FY26",
)
OTHER = objective(
    "Crews want to stay", "Crew turnover from 30 % to 12 %", team="line", cycle="FY26"
)
CHILD = objective(
    "Tickets are bought at home",
    "Tickets sold online from 20 % to 70 %",
    under=[TOP.id],
    team="desk",
    cycle="FY26",
)
TEAMS = {"line": None, "desk": "line"}


def found(
    *objectives: Objective,
    answers: Mapping[tuple[str, str], Says],
    otherwise: float = 0.9,
    teams: Mapping[str, str | None] = TEAMS,
) -> list[Finding]:
    whole = organisation(*objectives, teams=teams)
    around = Surroundings(whole)
    judge = Judge(answers, Says(serves=otherwise))
    assessed = assess_alignment(whole.objectives, around, half_alike, judge)
    return list(drift_findings(assessed, around))


def test_a_drifted_link_is_explained_with_the_words_of_both_sides() -> None:
    says = Says(serves=0.04, subtypes={"metric_substitution": 0.8})
    (finding,) = found(TOP, CHILD, answers={(CHILD.id, TOP.id): says})
    assert (finding.rule, finding.severity, finding.confidence) == ("A3", "warning", 0.96)
    assert finding.message == (
        "It moves a number that can move without the parent (“Islanders cross without waiting”). "
        "Metric changed: Median wait at the pier -> Tickets sold online; segment lost: Islanders; horizon kept."
    )
    assert finding.question == (
        "If “Tickets sold online” moves as planned, why would “Median wait at the pier” move too, "
        "for whom and by when?"
    )
    assert [(item.kind, item.quote, item.similarity) for item in finding.evidence] == [
        ("parent", TOP.text, 0.5),
        ("parent", "Median wait at the pier from 55 to 20 min", None),
        ("draft", CHILD.text, None),
        ("draft", "Tickets sold online from 20 % to 70 %", None),
    ]


def test_weak_evidence_is_a_place_to_look_at() -> None:
    (finding,) = found(TOP, CHILD, answers={(CHILD.id, TOP.id): Says(serves=0.3)})
    assert finding.severity == "info"
    assert finding.message.startswith(
        "Look here: perhaps it could be a full success while the parent stays where it is"
    )


@pytest.mark.parametrize("serves", [0.5, 0.9], ids=["unclear", "fine"])
def test_nothing_is_said_where_nothing_is_known_or_all_is_fine(serves: float) -> None:
    assert found(TOP, CHILD, answers={(CHILD.id, TOP.id): Says(serves=serves)}) == []


def test_a_copy_is_a4() -> None:
    copy = objective(TOP.text, id="copy", under=[TOP.id], team="desk", cycle="FY26")
    (finding,) = found(TOP, copy, answers={})
    assert (finding.rule, finding.confidence) == ("A4", 0.95)
    assert finding.message.startswith("It repeats the parent and adds nothing of its own")


def test_another_objective_that_is_served_more_plainly_is_a11() -> None:
    answers = {(CHILD.id, TOP.id): Says(serves=0.1), (CHILD.id, OTHER.id): Says(serves=0.85)}
    drift, wrong = found(TOP, OTHER, CHILD, answers=answers)
    assert drift.rule == "A3"
    assert (wrong.rule, wrong.severity, wrong.confidence) == ("A11", "info", 0.75)
    assert wrong.message == (
        "It seems to serve “Crews want to stay” more plainly than the parent that it names, "
        "“Islanders cross without waiting”."
    )
    assert [item.quote for item in wrong.evidence] == [TOP.text, OTHER.text, CHILD.text]


@pytest.mark.parametrize(
    ("declared", "other"),
    [(0.9, 0.95), (0.5, 0.8), (0.1, 0.6)],
    ids=["serves both", "no margin", "serves neither plainly"],
)
def test_no_other_parent_is_named_without_a_margin(declared: float, other: float) -> None:
    answers = {(CHILD.id, TOP.id): Says(serves=declared), (CHILD.id, OTHER.id): Says(serves=other)}
    assert [item for item in found(TOP, OTHER, CHILD, answers=answers) if item.rule == "A11"] == []


def test_an_objective_below_the_child_is_no_better_parent() -> None:
    below = objective("Crews want to stay", under=[CHILD.id], team="line", cycle="FY26")
    answers = {(CHILD.id, TOP.id): Says(serves=0.1)}
    assert [item.rule for item in found(TOP, CHILD, below, answers=answers)] == ["A3"]


def test_a_child_that_serves_another_parent_is_only_a_place_to_look_at() -> None:
    child = CHILD.model_copy(update={"parents": (*CHILD.parents, *_under(OTHER.id))})
    answers = {(child.id, TOP.id): Says(serves=0.05)}
    (finding,) = found(TOP, OTHER, child, answers=answers)
    assert (finding.rule, finding.severity) == ("A3", "info")


def test_a_chain_that_creeps_away_is_said_once_where_it_is_lost() -> None:
    team = objective("Online sales are easy", under=[CHILD.id])
    squad = objective("Fewer clicks to pay", under=[team.id])
    answers = {
        (CHILD.id, TOP.id): Says(serves=0.7),
        (team.id, CHILD.id): Says(serves=0.65),
        (team.id, TOP.id): Says(serves=0.1),
        (squad.id, TOP.id): Says(serves=0.05),
    }
    (finding,) = found(TOP, CHILD, team, squad, answers=answers)
    assert (finding.objective_id, finding.rule, finding.severity) == (team.id, "A3", "info")
    assert finding.question == (
        "If you hit all of this, would “Islanders cross without waiting” still move?"
    )


def test_the_level_at_which_a_longer_chain_leaves_its_root_is_named() -> None:
    team = objective("Online sales are easy", under=[CHILD.id])
    answers = {(team.id, CHILD.id): Says(serves=0.1), (team.id, TOP.id): Says(serves=0.3)}
    (finding,) = found(TOP, CHILD, team, answers=answers)
    assert "and here the chain leaves its root (“Islanders cross without waiting”)" in (
        finding.message
    )


def test_only_links_of_the_scope_come_back_and_those_above_are_judged() -> None:
    team = objective("Online sales are easy", under=[CHILD.id])
    around = Surroundings(organisation(TOP, CHILD, team))
    judge = Judge({(CHILD.id, TOP.id): Says(serves=0.1)}, Says(serves=0.7))
    (item,) = assess_alignment([team], around, half_alike, judge)
    assert (item.edge.child_id, item.edge.lost_at) == (team.id, CHILD.id)


def test_a_finding_can_be_milder_than_its_rule_and_never_graver() -> None:
    assert corpus_finding("A3", CHILD, "…").severity == "warning"
    assert corpus_finding("A3", CHILD, "…", at_most="info").severity == "info"
    assert corpus_finding("A4", CHILD, "…", at_most="error").severity == "info"


def _under(key: str):  # type: ignore[no-untyped-def]
    return objective("", under=[key]).parents


def test_findings_under_two_parents_have_two_fingerprints_of_which_the_first_is_the_old_one() -> (
    None
):
    both = CHILD.model_copy(
        update={
            "parents": tuple(ParentLink(stated=key, objective_id=key) for key in (TOP.id, OTHER.id))
        }
    )
    answers = {(CHILD.id, TOP.id): Says(serves=0.1), (CHILD.id, OTHER.id): Says(serves=0.1)}
    alone = found(TOP, CHILD, answers=answers)
    first, second = found(TOP, OTHER, both, answers=answers)
    assert first.fingerprint == alone[0].fingerprint
    assert second.fingerprint != first.fingerprint


def test_a_roll_out_under_an_effect_is_a_place_to_look_unless_the_judge_denies_it() -> None:
    rollout = objective(
        "Everybody books in the new tool",
        "Piers connected from 2 to 9",
        "Crews trained from 10 to 80",
        under=[TOP.id],
        team="desk",
        cycle="FY26",
    )
    (finding,) = found(TOP, rollout, answers={(rollout.id, TOP.id): Says(serves=0.55)})
    assert (finding.rule, finding.severity, finding.confidence) == ("A3", "info", 0.45)
    assert finding.message.startswith(
        "Look here: perhaps a means to the parent has become the aim (“Islanders cross without waiting”)."
    )
    assert found(TOP, rollout, answers={(rollout.id, TOP.id): Says(serves=0.75)}) == []


def test_what_a_child_names_may_be_its_parent_where_its_own_is_foreign_to_it() -> None:
    child = objective(
        "Crews swap shifts by phone",
        "Crew members who swap by phone from 5 % to 60 %",
        "Turnover among night crews from 30 % to 20 %",
        under=[TOP.id],
        team="desk",
        cycle="FY26",
    )

    def near(ids: Sequence[str]) -> NDArray[np.float32]:
        """Texts on crews lie close together, all others elsewhere."""
        return np.array(
            [[1.0, 0.0] if "rew" in key else [0.0, 1.0] for key in ids], dtype=np.float32
        )

    whole = organisation(TOP, OTHER, child, teams=TEAMS)
    around = Surroundings(whole)
    answers = {(child.id, TOP.id): Says(serves=0.61), (child.id, OTHER.id): Says(serves=0.75)}
    assessed = assess_alignment([child], around, near, Judge(answers, Says(serves=0.9)))
    assert [item.edge.better for item in assessed] == [
        BetterParent(objective_id=OTHER.id, margin=0.14)
    ]
