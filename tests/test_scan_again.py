"""A second scan: what it remembers changes its speed and nothing that it says."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.analyse.edges import Rationed
from assistant.ingest import ingest
from assistant.learned.opinions import Opinions
from assistant.memory import FILE, opened
from assistant.models import Objective, Scan
from assistant.scan import scan_organisation
from assistant.settings import Settings

NOW = datetime(2026, 9, 1, tzinfo=UTC)
Step = tuple[str, int, int]


@pytest.fixture
def settings(little_corpus: Path, tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    shutil.copytree(little_corpus, corpus)
    settings = Settings(home=tmp_path / "home", corpus=corpus, history=False)
    ingest(corpus, settings)
    return settings


def scanned(settings: Settings, steps: list[Step] | None = None) -> Scan:
    told = steps if steps is not None else []
    return scan_organisation(settings, now=NOW, tell=lambda *step: told.append(step)).scan


def worked_out(steps: Iterable[Step]) -> dict[str, int]:
    """How much of each step was not known before, by the first and the last count that was told."""
    first: dict[str, int] = {}
    for what, done, of in steps:
        if of:
            first.setdefault(what, of - done)
    return first


def test_memory_changes_nothing_that_a_scan_says(settings: Settings) -> None:
    fresh = scanned(settings)
    assert (settings.home / FILE).exists()
    again = scanned(settings)
    (settings.home / FILE).unlink()
    anew = scanned(settings)
    assert fresh.findings
    assert fresh.edges
    assert again == fresh
    assert anew == fresh


def test_a_second_scan_works_out_nothing_and_says_so_in_its_progress(settings: Settings) -> None:
    first: list[Step] = []
    second: list[Step] = []
    scanned(settings, first)
    scanned(settings, second)
    assert worked_out(first)["Reading every objective"] == 3
    assert worked_out(first)["Judging links to parents"] == 2
    assert set(worked_out(second).values()) == {0}


def test_only_what_changed_is_worked_out_again(settings: Settings) -> None:
    scanned(settings)
    file = settings.corpus / "okrs.yaml"
    file.write_text(file.read_text().replace("without calling", "from the cab"))
    ingest(settings.corpus, settings)
    steps: list[Step] = []
    edited = scanned(settings, steps)
    assert worked_out(steps)["Reading every objective"] == 1
    assert worked_out(steps)["Judging links to parents"] == 1
    (settings.home / FILE).unlink()
    assert scanned(settings) == edited


def test_an_interrupted_scan_goes_on_where_it_was(settings: Settings) -> None:
    def stop(what: str, done: int, of: int) -> None:
        if what == "Reading every objective" and done == of:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan_organisation(settings, now=NOW, tell=stop)
    steps: list[Step] = []
    scanned(settings, steps)
    assert worked_out(steps)["Judging links to parents"] == 0
    assert worked_out(steps)["Reading every objective"] == 0
    assert worked_out(steps)["Holding every objective against the rules"] == 3


def test_texts_that_join_alike_are_told_apart() -> None:
    def objective(text: str) -> Objective:
        return Objective(id=text, text=text)

    asked: list[int] = []

    def embed(texts: object) -> object:
        raise AssertionError("peers need no vectors")

    with opened(None) as known:
        opinions = Opinions(known, embed, "none")  # type: ignore[arg-type]
        pair = objective("Win the south"), objective("Win the north")
        one, other = opinions.peers([pair, pair[::-1]], lambda done, of: asked.append(of - done))
    assert asked == [2, 0]
    assert one.a_needs_b == pytest.approx(1 - other.a_needs_b)


def test_a_rationed_judge_takes_the_lowest_ranks_and_says_how_many_are_left() -> None:
    def objective(number: int) -> Objective:
        return Objective(id=str(number), text=f"Win town {number}")

    seen: list[str] = []

    def judge(pairs: object) -> list[object]:
        found = [child.id for child, _ in pairs]  # type: ignore[attr-defined]
        seen.extend(found)
        return [f"on {key}" for key in found]

    rationed = Rationed(judge, 2, lambda pair: -int(pair[0].id))  # type: ignore[arg-type]
    parent = objective(9)
    pairs = [(objective(number), parent) for number in (1, 3, 2)]
    assert rationed(pairs) == [None, "on 3", "on 2"]
    assert seen == ["3", "2"]
    assert rationed.left == 1


def test_what_a_ration_leaves_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.scan.MOST_LINKS", 1)
    scan = scanned(settings)
    (named,) = (item for item in scan.not_checked if "links to parents" in item.what)
    assert named.what == (
        "1 links to parents, those furthest down, beyond what plain signs in the words show"
    )
    assert named.how == "Scan team by team with --team."
    assert [edge.serves is None for edge in scan.edges].count(True) == 1
