"""Looking back on a period of an indexed organisation, from the command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.report.retrospective import render_retrospective
from assistant.retrospect import look_back_on
from assistant.scan import scan_organisation
from assistant.settings import Settings
from tests.conftest import Command

OKRS = """\
company: Alder Rail
cycles:
  - {name: 2026-Q1, start: 2026-01-01, end: 2026-03-31}
  - {name: 2026-Q2, start: 2026-04-01, end: 2026-06-30}
teams:
  - name: Freight
    objectives:
      - objective: Wagons leave when the timetable says
        cycle: 2026-Q1
        key_results:
          - {text: "Trains leaving late from 19 % to 8 %", score: 0.9}
      - objective: Empty wagons earn on the way back
        cycle: 2026-Q1
        key_results:
          - {text: "Empty kilometres from 41 % to 30 %", score: 0.1}
      - objective: Drivers know their week on Friday
        cycle: 2026-Q2
        key_results: ["Rosters changed after Friday from 30 to 9 a week"]
"""


@pytest.fixture
def home(okr: Command, workplace: Path) -> Path:
    folder = workplace / "corpus" / "okrs"
    folder.mkdir(parents=True)
    (folder / "okrs.yaml").write_text(OKRS)
    assert okr("index", "corpus", "--home", "home").status == 0
    return Path("home")


def test_what_moved_and_what_stood_still(okr: Command, home: Path) -> None:
    assert okr("retrospective", "2026-Q1", "--home", home, "--output", "back.md").status == 0
    text = Path("back.md").read_text()
    assert "2 objectives with a score: 1 moved (0.7 or more), 0 in part, 1 stood still" in text
    assert "| 0.90 | Wagons leave when the timetable says | Freight | 1 of 1 |" in text


def test_an_earlier_scan_is_read(okr: Command, home: Path) -> None:
    scan = okr("scan", "--home", home, "--format", "json", "--output", "scan.json")
    assert scan.status == 0

    arguments = ("retrospective", "2026-Q1", "--home", home, "--output", "back.md")
    assert okr(*arguments, "--before", "scan.json").status == 0
    assert "(from scan.json, " in Path("back.md").read_text().replace("\\", "")


def test_the_scan_that_was_kept_of_the_period_is_used(home: Path) -> None:
    settings = Settings(home=home)
    early = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    for day in (0, 40, 300):
        scan_organisation(settings, now=early + timedelta(days=day))
    found = look_back_on("2026-Q1", settings, now=early + timedelta(days=100))
    assert (found.scan_taken, found.scan_named.split()[0][:5]) == (early.date(), "scan-")
    page = render_retrospective(found)
    assert "of the history, 4 days after the period began" in page


def test_without_history_no_scan_is_used(home: Path) -> None:
    scan_organisation(Settings(home=home), now=datetime(2026, 1, 5, tzinfo=UTC))
    found = look_back_on("2026-Q1", Settings(home=home, history=False))
    assert (found.scan_taken, found.scan_named) == (None, "")


@pytest.mark.parametrize("content", ["[]", "no json", '{"findings": []}', "{}"])
def test_a_file_that_is_no_scan_is_refused(okr: Command, home: Path, content: str) -> None:
    Path("scan.json").write_text(content)
    outcome = okr("retrospective", "2026-Q1", "--home", home, "--before", "scan.json")
    assert outcome.status == 2
    assert (
        "'scan.json' is no scan. Write one with `okr scan --format json --output FILE`."
        in outcome.err.replace("\n", " ")
    )


def test_a_period_without_scores_is_a_sentence(okr: Command, home: Path) -> None:
    outcome = okr("retrospective", "2026-Q2", "--home", home)
    assert outcome.status == 2
    assert "No key result of 2026-Q2 has a score" in outcome.err.replace("\n", " ")
