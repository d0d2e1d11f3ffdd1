"""Looking back on a period of an indexed organisation, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    assert "What was visible at the start" in Path("back.md").read_text()


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
