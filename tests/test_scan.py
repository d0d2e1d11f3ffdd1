"""The scan of whole organisations from files, good and bad, as the command line shows it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.errors import InputError
from assistant.history import opened, scope_of
from assistant.ingest import ingest
from assistant.models import Problem, Scan
from assistant.scan import Scanned, scan_organisation
from assistant.settings import Settings
from tests.conftest import Command

NOON = datetime(2026, 8, 3, 12, 0, tzinfo=UTC)
Scanner = Callable[[dict[str, Any]], Scanned]

PLAN = """\
---
kind: strategy
title: Plan 2027
published: {published}
version: "{version}"
---
# What we choose

We serve readers in the suburbs first, even where the centre waits longer for new books.

# What we will not do

{refusal}
"""

LIBRARY = {
    "company": "City library",
    "cycles": [
        {"name": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31"},
        {"name": "2026-Q3", "start": "2026-07-01", "end": "2026-09-30"},
    ],
    "teams": [
        {
            "name": "Library",
            "people": 90,
            "teams": [
                {"name": "North", "people": 30, "teams": [{"name": "Vans", "people": 6}]},
                {"name": "South", "people": 20},
            ],
        }
    ],
}


def goal(
    key: str, text: str, team: str, parent: str | None = None, *results: str
) -> dict[str, Any]:
    found = {"key": key, "objective": text, "team": team, "cycle": "2026-Q3"}
    return {
        **found,
        **({"parent": parent} if parent else {}),
        **({"key_results": [*results]} if results else {}),
    }


TOP = goal("L1", "Readers in the suburbs borrow where they live", "Library", None,
           "Loans in suburban branches from 40,000 to 60,000 a month")  # fmt: skip
NORTH = goal("N1", "Suburban shelves hold what suburban readers ask for", "North", "L1",
             "Reservations filled from the same branch from 30 % to 55 %")  # fmt: skip
VANS = goal("V1", "A reserved book travels overnight", "Vans", "N1",
            "Books delivered by nine from 50 % to 85 %")  # fmt: skip
SOUTH = goal("S1", "Children in the south read every week", "South", "L1",
             "Children with a loan each week from 900 to 2,000")  # fmt: skip


def put(folder: Path, organisation: dict[str, Any], plan: str = "") -> None:
    (folder / "corpus" / "strategy").mkdir(parents=True, exist_ok=True)
    okrs = yaml.safe_dump(organisation, sort_keys=False, allow_unicode=True)
    (folder / "corpus" / "okrs.yaml").write_text(okrs)
    if plan:
        (folder / "corpus" / "strategy" / "plan.md").write_text(plan)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", corpus=tmp_path / "corpus")


@pytest.fixture
def scan(tmp_path: Path, settings: Settings) -> Scanner:
    """Write an organisation, index it and scan it."""

    def run(organisation: dict[str, Any]) -> Scanned:
        put(tmp_path, organisation)
        ingest(settings.corpus, settings)
        return scan_organisation(settings, now=NOON)

    return run


def messages(problems: Iterable[Problem]) -> list[str]:
    return [item.message for item in problems]


def test_bad_links_and_teams_are_told_and_nothing_is_dropped(scan: Scanner) -> None:
    desks = [
        {"name": "North", "teams": [{"name": "Desk"}]},
        {"name": "South", "teams": [{"name": "Desk"}, {"name": "Attic"}]},
    ]
    objectives = [
        {**goal("A", "Readers find a book in a minute", "Library"), "cycle": "2026-Q1"},
        goal("B", "The desk answers before lunch", "North > Desk", "A"),
        goal("C", "Night returns are shelved by nine", "South > Desk", "D"),
        goal("D", "Vans leave on time", "South", "C"),
        goal("E", "Every branch has a reading group", "South", "E"),
        goal("F", "Schools visit twice a year", "North", "Nothing like it"),
    ]
    found = scan(
        {**LIBRARY, "teams": [{"name": "Library", "teams": desks}], "objectives": objectives}
    )
    assert {item.key for item in found.organisation.objectives} == {*"ABCDEF"}
    assert found.scan.objectives == 6
    told = messages(found.scan.problems)
    for start in (
        "The objective 'Every branch has a reading group' names itself as its parent.",
        "The parent 'Nothing like it' of 'Schools visit twice a year' is no objective",
        "The parents of 'Night returns are shelved by nine' lead in a circle back to it, through",
        "'The desk answers before lunch' runs in 2026-Q3 and its parent 'Readers find a book in a "
        "minute' in 2026-Q1: the two periods do not touch.",
        "2 teams are called 'Desk': under North, South.",
        "1 team without any objective: Attic.",
    ):
        circle = start.replace("'Night returns are shelved by nine'", "'Vans leave on time'")
        assert any(item.startswith((start, circle)) for item in told), start


def test_crowds_and_large_circles_are_told_in_a_few_words(scan: Scanner) -> None:
    crowd = [goal(f"C{n}", f"Branch {n} opens on Sundays", "South", "L1") for n in range(80)]
    ring = [
        goal(f"R{n}", f"Shelf {n} is never empty", "North", f"R{(n + 1) % 150}") for n in range(150)
    ]
    found = scan({**LIBRARY, "objectives": [TOP, *crowd, *ring]})
    assert found.scan.objectives == 231
    circle, crowded = (
        next(item for item in messages(found.scan.problems) if words in item)
        for words in ("lead in a circle", "as their parent")
    )
    assert circle.endswith(" and 144 more.")
    assert circle.count("okrs.yaml:") == 5
    assert crowded.startswith("80 objectives name 'Readers in the suburbs borrow where they live'")


@pytest.mark.parametrize(
    ("organisation", "missing"),
    [
        pytest.param(
            {"objectives": [{"objective": "Readers find a book in a minute"}]},
            "A8, A9, and who serves the choices of the strategy",
            id="one objective, no team, no document",
        ),
        pytest.param(
            {
                "company": "Bücherei",
                "objectives": [
                    {
                        "objective": "Unsere Leser finden jedes Buch innerhalb einer Minute",
                        "key_results": ["Wartezeit an der Theke von neun auf vier Minuten senken"],
                    }
                ],
            },
            "K1",
            id="nothing in English",
        ),
    ],
)
def test_little_is_enough_and_what_was_not_looked_at_is_said(
    scan: Scanner, organisation: dict[str, Any], missing: str
) -> None:
    found = scan(organisation).scan
    assert found.objectives == 1
    assert "A1" in {item.rule for item in found.findings}
    assert any(missing in item.what for item in found.not_checked)


def test_two_periods_with_the_same_words_are_two(scan: Scanner) -> None:
    again = {**TOP, "key": "L2", "cycle": "2026-Q1"}
    found = scan({**LIBRARY, "objectives": [TOP, again]}).scan
    assert found.objectives == 2
    owners = [item.objective_id for item in found.findings if item.rule == "S9"]
    assert len(set(owners)) == 2


def test_without_any_objective_there_is_nothing_to_scan(okr: Command, workplace: Path) -> None:
    put(workplace, {**LIBRARY, "objectives": []})
    assert okr("index", "corpus", "--home", "home").status == 2
    outcome = okr("scan", "--home", "home")
    assert (outcome.status, "There is no index in 'home' yet." in outcome.err) == (2, True)


REFUSAL = "We will not open branches on Sundays before 2028."
SUNDAYS = {**SOUTH, "key_results": ["Branches open on Sundays from 0 to 4"]}


def test_what_changed_names_the_edit(tmp_path: Path, settings: Settings) -> None:
    def scanned(day: int, *objectives: dict[str, Any], plan: str) -> Scan:
        put(tmp_path, {**LIBRARY, "objectives": [*objectives]}, plan)
        ingest(settings.corpus, settings)
        since = "LAST" if day else None
        return scan_organisation(settings, since=since, now=NOON + timedelta(days=day)).scan

    first = PLAN.format(published="2026-05-04", version="1", refusal="We will not sell books.")
    second = PLAN.format(published="2026-08-04", version="2", refusal=REFUSAL)
    before = scanned(0, TOP, NORTH, SUNDAYS, plan=first)
    assert (before.since, before.changes) == (None, ())
    same = scanned(1, TOP, NORTH, SUNDAYS, plan=first)
    assert (same.since, same.changes) == (NOON, ())

    loose = {key: value for key, value in NORTH.items() if key != "parent"}
    found = {item.rule: item for item in scanned(2, TOP, loose, SUNDAYS, plan=second).changes}
    assert found["A1"].kind == "new"
    assert found["A1"].cause == (
        "“Suburban shelves hold what suburban readers ask for” no longer names the parent “L1”."
    )
    assert found["A8"].message.startswith(
        "Newly against the strategy, “Children in the south read every week”: "
    )
    assert found["A8"].cause == (
        "“Plan 2027”, version 2 of 4 August 2026 took the place of “Plan 2027”, version 1 of "
        "4 May 2026."
    )

    last = scanned(3, TOP, NORTH, SOUTH, plan=second).changes
    gone = {item.rule: item for item in last if item.kind == "resolved"}
    assert gone["A8"].cause == (
        "Key results of “Children in the south read every week” were changed."
    )
    assert gone["A1"].cause == (
        "“Suburban shelves hold what suburban readers ask for” names the parent “L1” now."
    )


def test_a_change_of_the_models_is_a_change_of_the_rules(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rules(day: int) -> str:
        scan_organisation(settings, now=NOON + timedelta(days=day))
        with opened(settings.home) as history:
            return list(history.snapshots(scope_of(None, ("everyone",))))[-1].rules

    put(tmp_path, {**LIBRARY, "objectives": [TOP]})
    ingest(settings.corpus, settings)
    first = rules(0)
    assert rules(1) == first
    monkeypatch.setattr("assistant.learned.opinions.models_digest", lambda *_: "others")
    assert rules(2) != first


@pytest.fixture
def branches(tmp_path: Path, settings: Settings) -> Settings:
    plan = PLAN.format(published="2026-05-04", version="1", refusal=REFUSAL)
    lost = {**NORTH, "key": "N2", "objective": "Weekends are for readers", "parent": "Gone"}
    put(tmp_path, {**LIBRARY, "objectives": [TOP, NORTH, VANS, SUNDAYS, lost]}, plan)
    ingest(settings.corpus, settings)
    return settings


def test_a_branch_is_scanned_alone(branches: Settings) -> None:
    scan, organisation, _ = scan_organisation(branches, team="north", now=NOON)
    team_of = {item.id: item.team_id for item in organisation.objectives}
    own = {key for key, team in team_of.items() if team in scan.within}
    names = {organisation.team(team).name for team in scan.within}  # type: ignore[union-attr]
    assert (scan.team, names) == ("North", {"North", "Vans"})
    assert (scan.objectives, scan.teams, len(own)) == (3, 2, 3)
    assert {edge.child_id for edge in scan.edges} <= own
    assert {item.objective_id for item in scan.findings} <= own
    assert {key for item in scan.coverage for key in (*item.served_by, *item.against)} <= own
    counted = {key for item in scan.figures for key in item.of}
    assert counted & {*team_of} <= own
    assert any("The parent 'Gone'" in item for item in messages(scan.problems))

    south = scan_organisation(branches, team="South", now=NOON).scan
    assert {item.rule for item in south.findings} >= {"A8"}
    assert messages(south.problems) == []


def test_a_conflict_concerns_both_branches(tmp_path: Path, settings: Settings) -> None:
    more = goal("N9", "Readers wait less at the desk", "North", "L1",
                "Staff hours at the desk from 300 to 420 a week")  # fmt: skip
    less = goal("S9", "The budget for the desk holds", "South", "L1",
                "Staff hours at the desk from 420 to 300 a week")  # fmt: skip
    put(tmp_path, {**LIBRARY, "objectives": [TOP, more, less]})
    ingest(settings.corpus, settings)
    found = {
        team: {
            item.fingerprint
            for item in scan_organisation(settings, team=team, now=NOON).scan.findings
            if item.rule == "A5"
        }
        for team in ("North", "South")
    }
    assert len(found["North"]) == 1
    assert found["North"] == found["South"]


@pytest.mark.parametrize(
    ("team", "message"),
    [
        ("Nort", "There is no team 'Nort' in the index. Did you mean: North?"),
        ("Desk", "2 teams are called 'Desk'. Give the id of one: "),
    ],
)
def test_a_team_that_is_not_plain_is_asked_for(
    scan: Scanner, settings: Settings, team: str, message: str
) -> None:
    desks = [
        {"name": "North", "teams": [{"name": "Desk"}]},
        {"name": "South", "teams": [{"name": "Desk"}]},
    ]
    scan({**LIBRARY, "teams": desks, "objectives": [goal("A", "Queues are short", "North > Desk")]})
    with pytest.raises(InputError) as caught:
        scan_organisation(settings, team=team)
    assert str(caught.value).startswith(message)


def test_the_command_compares_lists_and_draws(
    okr: Command, workplace: Path, tmp_path: Path
) -> None:
    put(tmp_path, {**LIBRARY, "objectives": [TOP, NORTH]})
    assert okr("index", "corpus", "--home", "home").status == 0
    assert "No scan is kept." in okr("scans", "--home", "home").out
    assert okr("scan", "--home", "home", "--since", "LAST").status == 2

    put(tmp_path, {**LIBRARY, "objectives": [TOP, NORTH, SOUTH]})
    okr("scan", "--home", "home")
    assert okr("index", "corpus", "--home", "home").status == 0
    listed = okr("scans", "--home", "home").out
    (key,) = [word for word in listed.split() if word.startswith("scan-")]
    text = okr("scan", "--home", "home", "--since", key, "--fail-on", "info")
    assert text.status == 1
    assert "Because: The objective “Children in the south read every week” was" in text.out
    time.sleep(1.1)  # scans of one second are one point of the trend
    assert okr("scan", "--home", "home", "--format", "html", "-o", "scan.html").status == 0
    assert "From scan to scan" in Path("scan.html").read_text()
    content = okr("scan", "--home", "home", "--since", key, "--format", "json")
    assert json.loads(content.out)["since"] is not None


@pytest.mark.parametrize(
    ("output", "reason"),
    [("no/scan.html", "its folder does not exist"), (".", "it is a folder")],
)
def test_a_file_that_cannot_be_written_is_refused_at_once(
    okr: Command, workplace: Path, output: str, reason: str
) -> None:
    outcome = okr("scan", "--home", "nowhere", "--output", output)
    assert outcome.status == 2
    assert (
        outcome.err.strip() == f"'{output}' cannot be written: {reason}. Choose another --output."
    )


def test_an_interrupted_scan_leaves_in_peace(tmp_path: Path, settings: Settings) -> None:
    many = [goal(f"C{n}", f"Branch {n} opens on day {n}", "South", "L1") for n in range(400)]
    put(tmp_path, {**LIBRARY, "objectives": [TOP, *many]})
    ingest(settings.corpus, settings)
    command = [
        sys.executable,
        "-c",
        "from assistant.cli import main; main()",
        "scan",
        "--home",
        str(settings.home),
    ]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Interrupted." in err
    assert "Traceback" not in out + err
    with opened(settings.home) as history:
        assert history.all_scans(("everyone",)) == ()
