"""The prompts tab: runs, leaderboards, comparison and what a run would take."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.errors import ConfigurationError, InputError
from assistant.settings import Settings
from assistant.web import bench, planning
from assistant.web.tabs.prompts import shown
from evals.cases import CASES, PeerCase, read_cases
from evals.compare import compare
from evals.runs import stored
from tests.web.conftest import DESKTOP, PHONE, Visiting, serving

PEERS = read_cases(CASES / "peers" / "dev", PeerCase)[:40]
FIGURE = {"value": 0.5, "low": 0.4, "high": 0.6, "n": 40}


def keep(home: Path, name: str, critic: str, right: range, *, suite: str = "peers") -> None:
    """Keep a run of 40 pairs that is right on some of them."""
    folder = home / bench.FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    content = {
        "suite": suite,
        "critic": critic,
        "split": "dev",
        "cases": len(PEERS),
        "errors": [],
        "seconds": 1.0,
        "metrics": {"macro_f1": {**FIGURE, "value": len(right) / 40}},
        "baselines": {"cosine": {"macro_f1": FIGURE}},
    }
    (folder / f"{name}.json").write_text(json.dumps(content))
    lines = (
        {
            "case": case.id,
            "gold": case.label,
            "said": case.label if at in right else "nothing of it",
            "abstained": False,
        }
        for at, case in enumerate(PEERS)
    )
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def own(tmp_path: Path) -> Settings:
    keep(tmp_path, "20261101-090000-peers-local", "local", range(10))
    keep(tmp_path, "20261102-090000-peers-narrow", "narrow", range(5, 35))
    return Settings(home=tmp_path)


def test_runs_of_ones_own_stand_before_the_published(own: Settings) -> None:
    kept = bench.runs(own)
    assert [(run.id, run.own) for run in kept[:3]] == [
        ("20261102-090000-peers-narrow", True),
        ("20261101-090000-peers-local", True),
        ("attacks-test", False),
    ]
    boards = {title: places for title, _, places in bench.leaderboards(kept)}
    assert [place.name for place in boards["peers, dev"]] == ["narrow", "cosine", "local"]


def test_a_file_that_is_no_run_is_passed_over(own: Settings) -> None:
    (own.home / bench.FOLDER / "notes.json").write_text("[1, 2")
    assert next(run.id for run in stored(own.home / bench.FOLDER) if run.own).endswith("narrow")


def test_two_runs_are_compared_in_pairs_with_their_flipped_cases(own: Settings) -> None:
    later, earlier = bench.runs(own)[:2]
    found = compare(earlier, later)
    assert (found.decisions, found.gained, found.lost) == (40, 25, 5)
    assert (found.one, found.other) == (0.25, 0.75)
    assert found.difference.value == pytest.approx(0.5)
    assert 0 < found.difference.low < 0.5 < found.difference.high
    assert found.verdict == "better"
    assert found.p == pytest.approx(0.000325, abs=1e-6)
    flip = found.flips[0]
    assert (flip.case, flip.gained, flip.other) == (PEERS[0].id, False, "nothing of it")
    assert [words for _, words in flip.texts] == [PEERS[0].a.text, PEERS[0].b.text]
    labels = {item.what: item for item in found.moved}
    assert labels.keys() == {case.label for case in PEERS}
    assert sum(item.gained for item in found.moved) == 25
    assert sum(item.other - item.one for item in found.moved) == 20
    assert compare(later, earlier).verdict == "worse"
    assert compare(later, later).verdict == "no difference shown"


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("gone", "20261101-090000-peers-local", "Choose two different runs of one suite."),
        (
            "peers-test",
            "20261101-090000-peers-local",
            "These runs are of other cases. Choose two of one suite and split.",
        ),
    ],
    ids=["gone", "other split"],
)
def test_runs_that_cannot_be_compared_are_a_sentence(
    own: Settings, first: str, second: str, sentence: str
) -> None:
    with pytest.raises(InputError) as refused:
        bench.compared(first, second, own)
    assert str(refused.value) == sentence


def test_what_a_live_run_costs_is_said_before(own: Settings) -> None:
    llm = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "one"}
    priced = {"llm_price_input": 1.0, "llm_price_output": 10.0}
    wanted = planning.plan("drift", "narrow", "live", own.model_copy(update={**llm, **priced}))
    assert wanted.questions > 0
    read = wanted.tokens - wanted.questions
    assert wanted.cost == pytest.approx((read * 1.0 + wanted.questions * 10.0) / 1e6)
    assert planning.plan("drift", "narrow", "live", own.model_copy(update=llm)).cost is None
    recorded = planning.plan("drift", "narrow", "recorded", own.model_copy(update=llm))
    assert (recorded.source, recorded.questions, recorded.cost) == ("recorded", 0, None)
    assert planning.plan("drift", "local", "live", own).source == "local"


SPENT = {
    "prompt": "critique.v2 e610b52e90a3", "model": "one-1", "calls": 15, "kept": 5,
    "read": 40_000, "written": 4_000, "cost": 0.5,
}  # fmt: skip


def test_a_run_of_a_prompt_says_what_it_took(own: Settings) -> None:
    keep(own.home, "20261103-090000-drafts-critique.v2", "critique.v2", range(20), suite="drafts")
    path = own.home / bench.FOLDER / "20261103-090000-drafts-critique.v2.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "model": "one", "spent": SPENT}))
    run = next(run for run in bench.runs(own) if run.critic == "critique.v2")
    said = (
        "critique.v2 e610b52e90a3 with one, 40 cases: about 1,000 tokens read and 100 written a "
        "case; 15 requests were sent, for 0.5000 US dollars, 5 answers were kept"
    )
    assert bench.taken(run, own) == f"{said}."
    priced = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "one"}
    priced |= {"llm_price_input": 1.0, "llm_price_output": 10.0}
    now = own.model_copy(update=priced)
    assert bench.taken(run, now) == f"{said}; all anew about 0.0800."


def test_a_whole_critique_is_estimated_from_its_prompts(own: Settings) -> None:
    llm = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "one"}
    settings = own.model_copy(update=llm)
    assert {"critique.v1", "critique.v2"} <= {*planning.choices()["drafts"]}
    some = planning.plan("drafts", "critique.v2", "live", settings, 20)
    assert (some.questions, some.most) == (20, 20)
    assert 20 * 1_500 < some.tokens < 20 * 5_000
    whole = planning.plan("drafts", "critique.v2", "live", settings)
    assert whole.questions > 100
    kept = planning.plan("drafts", "critique.v2", "recorded", settings, 20)
    assert (kept.source, kept.questions, kept.most) == ("recorded", 0, 20)


def test_critics_of_a_part_are_not_ranked_among_those_of_all(own: Settings) -> None:
    boards = {title: places for title, _, places in bench.leaderboards(bench.runs(own))}
    assert "local" in {place.name for place in boards["drafts, test"]}
    assert "local" in {place.name for place in boards["drafts, test, rules that need judgement"]}
    run = next(run for run in bench.runs(own) if run.suite == "drafts")
    part = {name: value for name, value in run.metrics.items() if name != "macro_f1.L"}
    alone = replace(run, metrics=part, baselines={})
    assert [title for title, *_ in bench.leaderboards([alone])] == [
        "drafts, test, rules that need judgement"
    ]


def test_without_a_model_none_is_asked(own: Settings) -> None:
    with pytest.raises(ConfigurationError) as refused:
        planning.plan("drift", "narrow", "live", own)
    assert str(refused.value) == (
        "The critic 'narrow' asks a language model, and none is configured. "
        "Set OKR_LLM_BASE_URL and OKR_LLM_MODEL."
    )


def test_recorded_answers_send_nothing(own: Settings) -> None:
    llm = {"llm_base_url": "http://127.0.0.1:9/v1", "llm_model": "one"}
    settings = Settings(home=own.home, **llm)
    job = bench.Bench(settings).begin(planning.plan("peers", "narrow", "recorded", settings))
    assert job.ended.wait(120)
    assert "only kept answers are used, and this one is not kept" in " ".join(job.error.split())
    assert job.made == ""
    assert not list((own.home / bench.FOLDER).glob("*narrow.part"))


def test_without_the_package_the_tab_says_so(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evals.runs", None)
    plan, runs = shown(own)
    assert plan == ""
    assert "The evaluation suites are not installed here" in runs


def test_without_the_cases_nothing_can_be_run(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evals.cases.CASES", tmp_path / "none")
    plan, runs = shown(own)
    assert "The labelled cases are not in this installation" in plan
    assert "peers, test" in runs


@pytest.mark.browser
def test_a_run_is_started_ranked_and_compared(
    visit: Visiting, own: Settings, axe: Callable[[Page], list[str]]
) -> None:
    with serving(own) as url:
        page = visit(url, size=DESKTOP).page
        page.get_by_role("tab", name="Prompts").click()
        page.get_by_label("Critic").select_option("peers:word_overlap")
        page.get_by_role("button", name="What would it take?").click()
        expect(page.locator("#plan")).to_contain_text("Runs on this machine and asks nobody.")
        assert axe(page) == []
        page.get_by_role("button", name="Start the run").click()
        expect(page.locator("#plan .progress")).to_be_visible()
        expect(page.locator("#plan")).to_contain_text("Done:", timeout=120_000)
        expect(page.locator("#board")).to_contain_text("peers-word_overlap")
        page.get_by_label("First").select_option("20261101-090000-peers-local")
        page.get_by_label("Second").select_option("20261102-090000-peers-narrow")
        page.get_by_role("button", name="Compare").click()
        said = page.locator("#comparison")
        expect(said).to_contain_text("The second is better")
        expect(said).to_contain_text("The second gained 25 and lost 5")
        expect(said.get_by_role("region", name="What moved")).to_contain_text(PEERS[0].label)
        said.get_by_text("Lost by the second").click()
        expect(said).to_contain_text(" ".join(PEERS[0].a.objective.split())[:60])
        assert axe(page) == []
        page.reload()
        page.get_by_role("tab", name="Prompts").click()
        expect(page.locator("#comparison")).to_contain_text("The second is better")
        page.close()


@pytest.mark.browser
def test_it_fits_a_phone_in_the_dark(
    url: str, visit: Visiting, axe: Callable[[Page], list[str]]
) -> None:
    page = visit(url, size=PHONE, dark=True).page
    page.get_by_role("tab", name="Prompts").click()
    expect(page.get_by_role("heading", name="peers, test")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
