"""Whether a child serves its parent: verdicts, labels and what they rest on."""

from __future__ import annotations

import pytest

from assistant.analyse.edges import ask, assess, decide
from assistant.analyse.links import Link, Surroundings, declared_links, with_cosines
from tests.analyse.organisations import Judge, Says, half_alike, objective, organisation

PARENT = objective("Islanders cross without waiting", "Median wait at the pier from 55 to 20 min")
CHILD = objective("Tickets are bought at home", "Tickets sold online from 20 % to 70 %")
COPY = objective("Islanders cross without waiting")
REVERSED = objective("Full decks", "Median wait at the pier from 20 to 35 min")


@pytest.mark.parametrize(
    ("serves", "verdict"), [(0.9, "fine"), (0.5, "unclear"), (0.3, "look"), (0.05, "drifted")]
)
def test_a_probability_becomes_a_word(serves: float, verdict: str) -> None:
    edge = assess(Link(child=CHILD, parent=PARENT, cosine=0.4), Says(serves=serves)).edge
    assert (edge.verdict, edge.serves, edge.similarity) == (verdict, serves, 0.4)


def test_without_an_opinion_nothing_is_told() -> None:
    edge = assess(Link(child=CHILD, parent=PARENT), None).edge
    assert (edge.verdict, edge.serves, edge.subtype) == ("unclear", None, None)


@pytest.mark.parametrize(
    ("child", "serves", "verdict", "subtype"),
    [
        (COPY, 0.95, "drifted", "copy_paste"),
        (REVERSED, 0.5, "drifted", "contradiction"),
        (REVERSED, 0.95, "look", "contradiction"),
    ],
    ids=["a copy, whatever the judge says", "a rule decides", "a rule that the judge contests"],
)
def test_rules_and_judge_together(child: object, serves: float, verdict: str, subtype: str) -> None:
    edge = assess(Link(child=child, parent=PARENT), Says(serves=serves)).edge  # type: ignore[arg-type]
    assert (edge.verdict, edge.subtype) == (verdict, subtype)


@pytest.mark.parametrize(
    ("opinion", "subtype"),
    [
        (Says(serves=0.1, subtypes={"means_end_swap": 0.7, "scope_change": 0.3}), "means_end_swap"),
        (Says(serves=0.1, subtypes={"means_end_swap": 0.3, "scope_change": 0.3}), None),
        (Says(serves=0.1, unrelated=0.8, subtypes={"scope_change": 0.9}), None),
        (Says(serves=0.9, subtypes={"scope_change": 0.9}), None),
    ],
    ids=["likely", "too unsure", "no path at all", "fine"],
)
def test_a_subtype_is_named_where_it_is_likely(opinion: Says, subtype: str | None) -> None:
    assert assess(Link(child=CHILD, parent=PARENT), opinion).edge.subtype == subtype


def test_decisions_are_the_labels_of_the_guideline() -> None:
    drifted = Says(serves=0.2, subtypes={"metric_substitution": 0.6})
    assert decide(CHILD, PARENT, Says(serves=0.8)) == ("aligned", None, 0.8)
    assert decide(CHILD, PARENT, drifted) == ("drifted", "metric_substitution", 0.2)
    assert decide(CHILD, PARENT, Says(serves=0.2, unrelated=0.7))[0] == "unrelated"
    label, subtype, score = decide(COPY, PARENT, Says(serves=0.9))
    assert (label, subtype) == ("drifted", "copy_paste")
    assert score == pytest.approx(0.05)


def test_slots_of_fine_links_can_be_left_out() -> None:
    link = Link(child=CHILD, parent=PARENT)
    assert assess(link, Says(serves=0.9), with_slots=False).edge.slots == ()
    assert assess(link, Says(serves=0.1), with_slots=False).edge.slots


def test_the_judge_is_not_asked_about_languages_that_it_does_not_read() -> None:
    german = objective("Unsere Kundinnen und Kunden warten nie wieder länger als zehn Minuten")
    judge = Judge({}, Says(serves=0.9))
    links = [Link(child=german, parent=PARENT), Link(child=CHILD, parent=PARENT)]
    assert ask(links, judge) == [None, Says(serves=0.9)]
    assert judge.asked == [(CHILD.id, PARENT.id)]


def test_links_are_compared_with_the_key_result_that_they_name() -> None:
    parent = objective("Safe crossings", "Falls from 9 to 2", "Wait from 55 to 20")
    child = objective("Dry stairs", under=[(parent.id, "Falls from 9 to 2"), parent.id, parent.id])
    links = declared_links([child], Surroundings(organisation(parent, child)))
    assert [[item.text for item in link.parent.key_results] for link in links] == [
        ["Falls from 9 to 2"],
        ["Falls from 9 to 2", "Wait from 55 to 20"],
    ]
    assert [link.cosine for link in with_cosines(links, half_alike)] == [0.5, 0.5]


def test_links_to_oneself_to_nothing_and_of_dropped_children_are_left_out() -> None:
    own = objective("Safe crossings", under=["Safe crossings", "nowhere"])
    dropped = objective("Dry stairs", under=["Safe crossings"])
    dropped = dropped.model_copy(update={"status": "dropped"})
    assert declared_links([own, dropped], Surroundings(organisation(own, dropped))) == ()
