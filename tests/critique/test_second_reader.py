"""A language model beside the local critic in a scan, over HTTP."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.analyse.edges import Assessment
from assistant.analyse.links import Link
from assistant.critique import second_reader
from assistant.critique.combine import probes
from assistant.critique.judge import Opinion
from assistant.critique.questions import CONTROL
from assistant.models import Edge, Objective, Scan
from assistant.scan import scan_organisation
from assistant.settings import Settings

NOW = datetime(2026, 9, 1, tzinfo=UTC)
LEADERS_ONLY = "Leipzig depot closes"
TRUE_PROBES = [
    (item.first[0], item.second[0])
    for kind in ("direction", "conflict", "duplicate", "dependency")
    for item in probes(kind)  # type: ignore[arg-type]
    if item.yes
]
DIRECTION_PROBES = 2 * (12 + 6)
"""Requests that find out how a model leans: each probe, and each of its children alone, twice."""


@pytest.fixture
def settings(little_home: Path, tmp_path: Path, endpoint: Any) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(little_home, home)
    return Settings(
        home=home,
        audience="everyone",
        history=False,
        llm_base_url=endpoint.url,
        llm_model="tiny",
        llm_strategy="narrow",
        llm_concurrency=1,
        llm_timeout=20,
    )


@pytest.fixture(autouse=True)
def every_link_is_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second_reader, "LEAST_UNCERTAIN", 0.0)


def scanned(settings: Settings, budget: int, **more: Any) -> Scan:
    return scan_organisation(settings, llm_budget=budget, now=NOW, **more).scan


def knows_the_probes(endpoint: Any, say: Any, others: Callable[[str], bool]) -> None:
    """Right about the probes; of anything else it says what it is told to."""

    def reply(handler: Any) -> None:
        asked = endpoint.requests[-1].body["messages"][-1]["content"]
        if CONTROL.text in asked:
            right = False
        elif any(text in asked for probe in TRUE_PROBES for text in probe):
            right = any(one in asked and other in asked for one, other in TRUE_PROBES)
        else:
            right = others(asked)
        yes = 0.9 if right else 0.1
        say.choice(("yes" if right else "no", {"yes": yes, "no": 1 - yes}))(handler)

    endpoint.will(reply)


def said(scan: Scan, text: str) -> list[str]:
    return [item.why for item in scan.not_checked if text in item.what]


def test_without_a_budget_nothing_is_sent(settings, endpoint):
    scan = scanned(settings, 0)

    assert endpoint.requests == []
    assert scan.llm is None
    assert all(edge.judged is None and edge.local is None for edge in scan.edges)
    how = [item.how for item in scan.not_checked if "advances its parent" in item.what]
    assert how == [
        "Read the places to look yourself, or scan with --llm-budget 200, so that the language "
        "model reads the uncertain links too."
    ]


def test_without_an_endpoint_the_scan_says_what_to_set(settings):
    alone = settings.model_copy(update={"llm_base_url": None})

    scan = scanned(alone, 50)

    how = [item.how for item in scan.not_checked if "advances its parent" in item.what]
    assert how == [
        "Read the places to look yourself; or set OKR_LLM_BASE_URL and OKR_LLM_MODEL, and scan "
        "with --llm-budget 200, so that the language model reads the uncertain links too."
    ]


def test_both_verdicts_are_kept(settings, endpoint, say):
    local = {edge.child_id: edge for edge in scanned(settings, 0).edges}
    knows_the_probes(endpoint, say, lambda _: False)

    scan = scanned(settings, 500)

    assert scan.llm is not None
    assert scan.llm.calls == len(endpoint.requests)
    assert {edge.judged for edge in scan.edges} == {"drifted"}
    for edge in scan.edges:
        assert edge.local == local[edge.child_id].verdict
        assert edge.serves < local[edge.child_id].serves


def test_a_model_that_agrees_makes_a_link_likelier_to_serve(settings, endpoint, say):
    local = {edge.child_id: edge.serves for edge in scanned(settings, 0).edges}
    knows_the_probes(endpoint, say, lambda _: True)

    scan = scanned(settings, 500)

    assert {edge.judged for edge in scan.edges} == {"fine"}
    assert all(edge.serves > local[edge.child_id] for edge in scan.edges)


def test_what_the_audience_may_not_see_is_not_sent(settings, endpoint, say):
    knows_the_probes(endpoint, say, lambda _: True)

    scanned(settings, 500)

    sent = json.dumps([request.body for request in endpoint.requests], ensure_ascii=False)
    assert "Pharma hauliers stay with us" in sent
    assert LEADERS_ONLY not in sent


def test_a_second_scan_sends_nothing_again(settings, endpoint, say):
    knows_the_probes(endpoint, say, lambda _: False)
    first = scanned(settings, 500)
    sent = len(endpoint.requests)

    second = scanned(settings, 500)

    assert len(endpoint.requests) == sent
    assert second.edges == first.edges
    assert second.llm.calls == 0


def test_the_budget_is_kept_and_the_rest_is_named(settings, endpoint, say):
    knows_the_probes(endpoint, say, lambda _: True)
    budget = 2 * (DIRECTION_PROBES + 4)

    scan = scanned(settings, budget)

    assert len(endpoint.requests) <= budget
    assert sum(edge.judged is not None for edge in scan.edges) == 1
    assert said(scan, "Second reading of 1 of 2 uncertain links to parents") == [
        "the number of calls that --llm-budget allows was made, the most uncertain and important "
        "cases first; the local result stays"
    ]


def test_a_model_at_chance_is_not_listened_to(settings, endpoint, say):
    endpoint.will(say.choice(("yes", {"yes": 0.8, "no": 0.2})))
    local = scanned(settings, 0).edges

    scan = scanned(settings, 500)

    assert scan.edges == local
    assert said(scan, "links to parents (direction) by tiny") == [
        "its answers to 12 questions whose answers are known hardly tell yes from no; the local "
        "result stays"
    ]


def test_an_endpoint_that_fails_leaves_the_local_result(settings, endpoint, say):
    endpoint.will(say.error(401, "wrong key"))
    local = scanned(settings, 0)

    scan = scanned(settings, 500)

    assert scan.edges == local.edges
    assert scan.findings == local.findings
    assert said(scan, "Second reading of 2 of 2 uncertain links to parents") == [
        f"{endpoint.url} wants a key (401); the local result stays"
    ]
    assert len(endpoint.requests) < DIRECTION_PROBES


def test_progress_is_counted(settings, endpoint, say):
    knows_the_probes(endpoint, say, lambda _: True)
    told: list[tuple[str, int, int]] = []

    scanned(settings, 500, tell=lambda *step: told.append(step))

    assert [step for step in told if step[0] == "Asking tiny about links to parents"] == [
        ("Asking tiny about links to parents", 0, 2),
        ("Asking tiny about links to parents", 1, 2),
        ("Asking tiny about links to parents", 2, 2),
    ]
    trying = [step for step in told if step[0] == "Trying what tiny can tell of links to parents"]
    assert [done for _, done, _ in trying] == list(range(len(probes("direction")) + 1))


def test_the_finding_says_what_the_model_says(settings, endpoint, say):
    knows_the_probes(endpoint, say, lambda _: False)

    scan = scanned(settings, 500)

    drifted = [item for item in scan.findings if item.rule == "A3"]
    assert drifted
    assert all(
        ("model", "agrees") in {(one.by, one.says) for one in item.opinions} for item in drifted
    )


JUDGEMENT = {
    "parent_quote": "",
    "child_quote": "",
    "because": "The date says nothing about the chain.",
    "advances": "no",
    "subtype": "metric_substitution",
    "confidence": 0.9,
}


def test_a_capable_model_gives_quotes_and_a_reason(settings, endpoint, say):
    full = settings.model_copy(update={"llm_strategy": "full"})
    judges(endpoint, say, quote=lambda line: line)

    scan = scanned(full, 500)

    assert {edge.judged for edge in scan.edges} == {"drifted"}
    assert {edge.because for edge in scan.edges} == {"The date says nothing about the chain."}
    opinions = [one for item in scan.findings if item.rule == "A3" for one in item.opinions]
    assert ("llm", "agrees") in {(one.by, one.says) for one in opinions}


def test_a_judgement_whose_quotes_are_invented_is_dropped(settings, endpoint, say):
    full = settings.model_copy(update={"llm_strategy": "full"})
    judges(endpoint, say, quote=lambda line: line if known_to_probes(line) else "words of its own")

    scan = scanned(full, 500)

    assert all(edge.judged is None for edge in scan.edges)
    assert said(scan, "Second reading of 2 of 2 uncertain links to parents") == [
        "tiny would not say, or quoted what is not there; the local result stays"
    ]


def known_to_probes(text: str) -> bool:
    return any(text in item.first or text in item.second for item in probes("direction"))


def judges(endpoint: Any, say: Any, quote: Callable[[str], str]) -> None:
    """An object for each question: right about the probes, and "no" to the rest."""

    def reply(handler: Any) -> None:
        lines = endpoint.requests[-1].body["messages"][-1]["content"].splitlines()
        labelled = (re.match(r"(Parent|Child|A|B)(?: \(.*?\))?: (.*)", line) for line in lines)
        named = {match[1]: match[2] for match in labelled if match}
        first, second = (named[key] for key in (("Parent", "Child") if "Child" in named else "AB"))
        right = (first, second) in TRUE_PROBES
        answer: dict[str, object] = {
            **JUDGEMENT,
            "parent_quote": quote(first),
            "child_quote": quote(second),
            "a_quote": quote(first),
            "b_quote": quote(second),
            "advances": "yes" if right else "no",
            "kind": "unrelated",
            "needs": "",
        }
        say.text(json.dumps(answer))(handler)

    endpoint.will(reply)


# Verdicts of both


def link(serves: float | None, verdict: Any) -> Assessment:
    child, parent = Objective(id="c", text="The child"), Objective(id="p", text="The parent")
    edge = Edge(child_id="c", parent_id="p", similarity=0.4, serves=serves, verdict=verdict)
    return Assessment(link=Link(child=child, parent=parent), edge=edge)


TWO_MINDS = [
    pytest.param(0.05, "drifted", 0.9, "yes", "look", id="drifted, and the model says fine"),
    pytest.param(0.9, "fine", -0.9, "no", "look", id="fine, and the model says drifted"),
    pytest.param(0.9, "fine", 0.9, "yes", "fine", id="both fine"),
]


@pytest.mark.parametrize(("serves", "local", "evidence", "says", "verdict"), TWO_MINDS)
def test_where_both_are_plainly_of_two_minds_it_is_a_place_to_look(
    serves, local, evidence, says, verdict
):
    item = second_reader.with_opinion(link(serves, local), Opinion(evidence=evidence, says=says))

    assert item.edge.verdict == verdict
    assert item.edge.local == local


def test_a_link_that_the_local_reader_cannot_read_is_decided_by_the_model():
    unread = link(None, "unclear")

    yes = second_reader.with_opinion(unread, Opinion(evidence=0.9, says="yes")).edge
    no = second_reader.with_opinion(unread, Opinion(evidence=-0.9, says="no")).edge

    assert yes.serves > 0.5 > no.serves
    assert (yes.judged, no.judged) == ("fine", "drifted")


def test_a_way_of_drifting_is_named_only_where_it_drifts():
    opinion = Opinion(evidence=0.9, says="yes", subtype="scope_change")

    assert second_reader.with_opinion(link(0.9, "fine"), opinion).edge.subtype is None
