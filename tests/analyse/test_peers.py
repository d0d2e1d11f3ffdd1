"""What pairs are said to be, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from assistant.analyse.candidates import Candidate
from assistant.analyse.links import Surroundings
from assistant.analyse.peer_findings import peer_findings
from assistant.analyse.peers import Decision, assess_peers, decide
from assistant.models import (
    ConflictSubtype,
    Finding,
    Noun,
    Objective,
    Organisation,
    PeerKind,
    PeerLink,
)
from tests.analyse.organisations import objective, organisation


class Says(Noun):
    """An opinion on a pair."""

    kinds: Mapping[PeerKind, float]
    subtypes: Mapping[ConflictSubtype, float] = {}
    a_needs_b: float = 0.5


class Judge:
    """Says one thing about every pair, and remembers what it was asked."""

    def __init__(self, opinion: Says) -> None:
        self._opinion = opinion
        self.asked: list[tuple[str, str]] = []

    def __call__(self, pairs: Sequence[tuple[Objective, Objective]]) -> list[Says]:
        self.asked.extend((one.id, other.id) for one, other in pairs)
        return [self._opinion for _ in pairs]


LATE = objective(
    "Boats leave on time", "Late departures from 37 % to 12 %", id="late", team="boats"
)
LATE_TOO = objective(
    "The harbour keeps its hours",
    "Departures that are late from 37 % to 10 %",
    id="l2",
    team="port",
)
BY_CHANCE = objective("Decks shine", "Complaints on dirt from 37 % to 13 %", id="dirt", team="port")
FULL = objective("Boats leave full", "Seats sold from 40 % to 85 %", id="full", team="port")
OLD = objective("Older guests feel welcome on board", id="old", team="boats")
YOUNG = objective("Younger guests feel welcome on board", id="young", team="port")

CONFLICT = Says(
    kinds={"conflict": 0.9, "unrelated": 0.1},
    subtypes={"cost_vs_experience": 0.8, "cannibalisation": 0.2},
)


@pytest.mark.parametrize(
    ("a", "b", "opinion", "expected"),
    [
        (LATE, FULL, CONFLICT, Decision("conflict", "cost_vs_experience", None, 0.9)),
        (LATE, FULL, None, Decision("unrelated", None, None, 0.0)),
        (
            LATE,
            FULL,
            Says(kinds={"conflict": 0.4, "duplicate": 0.3, "unrelated": 0.3}),
            Decision("unrelated", None, None, 0.6),
        ),
        (
            LATE,
            FULL,
            Says(kinds={"conflict": 0.8, "unrelated": 0.2}, subtypes={"cannibalisation": 0.2}),
            Decision("conflict", None, None, 0.8),
        ),
        (
            LATE,
            FULL,
            Says(kinds={"dependency": 0.7, "unrelated": 0.3}, a_needs_b=0.2),
            Decision("dependency", None, "b", 0.7),
        ),
        (
            LATE,
            FULL,
            Says(kinds={"complementary": 0.6, "unrelated": 0.4}),
            Decision("complementary", None, None, 0.6),
        ),
        (LATE, LATE_TOO, None, Decision("duplicate", None, None, 0.9)),
        (LATE, LATE_TOO, CONFLICT, Decision("duplicate", None, None, 0.9)),
        (
            LATE,
            LATE_TOO,
            Says(kinds={"conflict": 0.97, "duplicate": 0.03}),
            Decision("conflict", None, None, 0.97),
        ),
        (LATE, BY_CHANCE, None, Decision("unrelated", None, None, 0.0)),
        (
            LATE,
            BY_CHANCE,
            Says(kinds={"duplicate": 0.3, "unrelated": 0.7}),
            Decision("duplicate", None, None, 0.5),
        ),
        (
            OLD,
            YOUNG,
            Says(kinds={"duplicate": 0.8, "unrelated": 0.2}),
            Decision("unrelated", None, None, 1.0),
        ),
    ],
    ids=[
        "the judge is sure",
        "no judge, no words",
        "not convincing",
        "no kind of conflict stands out",
        "the one that needs",
        "complementary",
        "a rule of the words alone",
        "a rule against the judge",
        "a judge too sure for the rule",
        "chance without a judge",
        "chance that the judge bears out",
        "one sentence about two populations",
    ],
)
def test_decisions(a: Objective, b: Objective, opinion: Says | None, expected: Decision) -> None:
    assert decide(a, b, opinion) == expected


def candidates(*pairs: tuple[Objective, Objective]) -> list[Candidate]:
    return [Candidate(one.id, other.id, 0.31, 0.5, 0) for one, other in pairs]


def links(*pairs: tuple[Objective, Objective], judge: Judge | None) -> tuple[PeerLink, ...]:
    objectives = {item.id: item for pair in pairs for item in pair}
    return assess_peers(candidates(*pairs), objectives.values(), judge)


def test_a_link_quotes_both_sides_and_says_what_would_mend_it() -> None:
    (link,) = links((LATE, LATE_TOO), judge=None)
    assert [item.quote for item in link.evidence] == [
        "Late departures from 37 % to 12 %",
        "Departures that are late from 37 % to 10 %",
    ]
    assert (link.kind, link.shared, link.similarity, link.confidence) == (
        "duplicate",
        "Late departures",
        0.31,
        0.9,
    )
    assert link.unless == (
        "one of the two owns it and the other says what it adds: “Late departures from 37 % to "
        "12 %” and “Departures that are late from 37 % to 10 %”"
    )


def test_without_a_rule_the_elements_that_share_words_are_quoted() -> None:
    seats = objective("Cheap seats", "Price of seats from 9 to 7 euro", id="seats", team="web")
    (link,) = links((FULL, seats), judge=Judge(CONFLICT))
    assert [item.quote for item in link.evidence] == [
        "Seats sold from 40 % to 85 %",
        "Cheap seats",
    ]
    assert link.shared == "Seats"
    assert link.unless == (
        "a floor is agreed below which what is saved under one of “Seats sold from 40 % to 85 %” "
        "and “Cheap seats” may not push the other"
    )


def test_what_is_unrelated_is_no_link() -> None:
    assert links((LATE, FULL), judge=Judge(Says(kinds={"unrelated": 1.0}))) == ()


def test_the_judge_is_asked_about_the_nearest_english_pairs() -> None:
    german = objective(
        "Die Gäste warten am Hafen nicht länger als zehn Minuten auf ihr Schiff",
        "Anteil der Gäste, die länger warten, sinkt von vierzig auf zehn Prozent",
        id="german",
        team="hafen",
    )
    judge = Judge(CONFLICT)
    found = assess_peers(
        candidates((LATE, german), (LATE, FULL), (OLD, FULL)),
        [LATE, german, FULL, OLD],
        judge,
        most=1,
    )
    assert judge.asked == [("late", "full")]
    assert [(link.a_id, link.b_id) for link in found] == [("late", "full")]


def test_links_come_surest_first() -> None:
    found = links((LATE, FULL), (LATE, LATE_TOO), (OLD, FULL), judge=Judge(CONFLICT))
    assert [link.confidence for link in found] == [0.9, 0.9, 0.9]
    assert [(link.a_id, link.b_id) for link in found] == sorted(
        (link.a_id, link.b_id) for link in found
    )


# Findings


TEAMS = {"company": None, "boats": "company", "port": "company", "web": "port"}


def findings(
    *pairs: tuple[Objective, Objective],
    judge: Judge | None = None,
    teams: Mapping[str, str | None] = TEAMS,
) -> list[Finding]:
    objectives = tuple({item.id: item for pair in pairs for item in pair}.values())
    found: Organisation = organisation(*objectives, teams=teams)
    return list(peer_findings(links(*pairs, judge=judge), found, Surroundings(found)))


def test_a_sure_conflict_is_a_warning_on_one_side_that_names_the_other() -> None:
    (finding,) = findings((LATE, FULL), judge=Judge(CONFLICT))
    assert (finding.rule, finding.severity, finding.objective_id) == ("A5", "warning", "late")
    assert finding.message == (
        "Collides with port, “Boats leave full” over “Boats leave”: if both succeed, the one saves "
        "on what the other has to deliver. No conflict if a floor is agreed below which what is "
        "saved under one of “Boats leave on time” and “Boats leave full” may not push the other."
    )
    assert [(item.kind, item.quote) for item in finding.evidence] == [
        ("draft", "Boats leave on time"),
        ("peer", "Boats leave full"),
    ]


def test_an_unsure_conflict_is_a_place_to_look() -> None:
    (finding,) = findings((LATE, FULL), judge=Judge(Says(kinds={"conflict": 0.6})))
    assert finding.severity == "info"
    assert finding.message.startswith("Look here: may collide with port, “Boats leave full”")


def test_the_team_further_down_is_told() -> None:
    deep = objective("Seats are sold late", id="deep", team="web")
    (finding,) = findings((deep, LATE), judge=Judge(CONFLICT))
    assert finding.objective_id == "deep"


@pytest.mark.parametrize(
    ("other", "teams", "rules"),
    [
        (LATE_TOO, TEAMS, ["A6"]),
        (LATE_TOO, {"company": None, "port": "company", "boats": "port"}, []),
        (
            LATE_TOO.model_copy(update={"notes": ("Shared with Boats, which leads",)}),
            TEAMS,
            [],
        ),
    ],
    ids=["two owners", "one team above the other", "said to be shared"],
)
def test_duplicates(other: Objective, teams: Mapping[str, str | None], rules: list[str]) -> None:
    assert [item.rule for item in findings((LATE, other), teams=teams)] == rules


NEEDS = Says(kinds={"dependency": 0.9, "unrelated": 0.1}, a_needs_b=0.9)


@pytest.mark.parametrize(
    ("other", "rules"),
    [
        (FULL, ["A7"]),
        (objective("Boats leave on Sunday", "Late departures 3 to 1", id="x", team="port"), []),
    ],
    ids=["not promised there", "provided there"],
)
def test_dependencies(other: Objective, rules: list[str]) -> None:
    found = findings((OLD if other is FULL else LATE, other), judge=Judge(NEEDS))
    assert [(item.rule, item.severity) for item in found] == [(rule, "info") for rule in rules]


def test_a_declared_dependency_is_no_finding() -> None:
    declared = OLD.model_copy(update={"contribution": "Needs the new ramp of Port, due in May"})
    assert findings((declared, FULL), judge=Judge(NEEDS)) == []


def test_complementary_objectives_are_no_finding() -> None:
    assert findings((LATE, FULL), judge=Judge(Says(kinds={"complementary": 0.9}))) == []


SALT = objective("Decks do not rust", "Salt washed off daily", id="salt", team="deck", cycle="FY31")
SOAP = objective("Decks smell of soap", "Soap bought in bulk", id="soap", team="shop", cycle="FY31")


@pytest.mark.parametrize(
    ("score", "rank", "other", "asked"),
    [
        (0.95, 0, SOAP, True),
        (0.85, 0, SOAP, False),
        (0.95, 1, SOAP, False),
        (0.95, 0, SOAP.model_copy(update={"cycle_id": "FY32"}), False),
    ],
    ids=["each other's nearest", "not near", "others are nearer", "another period"],
)
def test_two_that_touch_and_show_nothing_else_are_asked_what_they_are(
    score: float, rank: int, other: Objective, asked: bool
) -> None:
    found = assess_peers([Candidate(SALT.id, other.id, 0.5, score, rank)], [SALT, other], None)
    assert [(link.kind, link.confidence) for link in found] == (
        [("complementary", 0.25)] if asked else []
    )
    whole = organisation(SALT, other, teams={"deck": None, "shop": None})
    said = list(peer_findings(found, whole, Surroundings(whole)))
    assert [(item.rule, item.severity, item.confidence, item.message) for item in said] == (
        [
            (
                "A5",
                "info",
                0.65,
                "Look here: touches deck, “Decks do not rust” over “Decks”. The words do not tell whether "
                "the two own one outcome twice, stand in each other's way, or need each other.",
            )
        ]
        if asked
        else []
    )
