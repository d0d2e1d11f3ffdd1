"""What many tests share: the command line in process, and an indexed little organisation."""

from __future__ import annotations

import asyncio.events
import io
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ORGANISATION = """\
name: Fernhill Cooling
cycles:
  - {name: 2026-Q3, start: 2026-07-01, end: 2026-09-30}
teams:
  - name: Fernhill
    people: 400
    teams:
      - name: Service
        people: 120
        teams:
          - {name: Depots, people: 60}
          - {name: Portal, people: 12}
objectives:
  - key: F1
    team: Fernhill
    cycle: 2026-Q3
    objective: Pharma hauliers stay with us because the cold chain never breaks
    key_results:
      - Pharma contract renewals from 71 % to 85 %
      - Zero cold-chain breaks on pharma routes
  - key: S1
    team: Service
    cycle: 2026-Q3
    parents: [F1]
    objective: Depots give pharma fleets one repair date and keep it
    key_results:
      - Repairs finished on the promised day from 64 % to 82 %
      - Median repair time from 9 to 5 days
  - key: P1
    team: Portal
    cycle: 2026-Q3
    parents: [S1]
    objective: Fleet managers book repairs without calling
    key_results:
      - Repairs booked online from 12 % to 35 %
"""
PLAN = """\
---
kind: strategy
title: Plan 2027
published: 2026-05-04
version: "2"
---
# Where we compete

We serve pharma hauliers first, even where food fleets wait longer for a repair date.

# What we will not do

We will not open depots outside Europe before 2029.
"""
MEMO = """\
---
kind: strategy
title: Board memo
published: 2026-06-01
audience: leadership
---
# Site review

The Leipzig depot closes in spring and pharma repairs move to Halle.
"""


@dataclass(frozen=True)
class Outcome:
    """What a run of the command left behind."""

    status: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def _no_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its event loop running in the thread of the tests, where no other may start.

    Tests without a browser set it aside, so that it does not matter which ran before them.
    """
    if "browser" in request.fixturenames:
        yield
        return
    left = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    yield
    asyncio.events._set_running_loop(left)


@pytest.fixture
def okr(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run the command in process: ``okr("review", "draft.md", stdin="...")``."""
    from assistant.cli import main

    def run(*arguments: object, stdin: str = "") -> Outcome:
        monkeypatch.setattr(sys, "argv", ["okr", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as stop:
            status = int(stop.code or 0)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def little_corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one OKR file and two documents, one of them for leadership only."""
    folder = tmp_path_factory.mktemp("little") / "corpus"
    (folder / "strategy").mkdir(parents=True)
    (folder / "okrs.yaml").write_text(ORGANISATION)
    (folder / "strategy" / "plan.md").write_text(PLAN)
    (folder / "strategy" / "memo.md").write_text(MEMO)
    return folder


@pytest.fixture(scope="session")
def little_home(little_corpus: Path) -> Path:
    """The home folder of an index of the little corpus. Tests read it and never write."""
    from assistant.ingest import ingest
    from assistant.settings import Settings

    settings = Settings(home=little_corpus.parent / "home", corpus=little_corpus)
    ingest(little_corpus, settings)
    return settings.home


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder with no OKR settings in the environment."""
    import os

    for name in [name for name in os.environ if name.startswith("OKR_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path
