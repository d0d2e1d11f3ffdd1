"""Runs of the evaluation suites, as the prompts tab starts, ranks and compares them.

The suites are a package of their own beside this one, which an installation may lack.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from assistant.errors import InputError
from assistant.web.planning import SPLIT, Plan, is_prompt, price_of

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.compare import Comparison
    from evals.runs import Board, Run

FOLDER = "evals"
_LAST_WORDS = 500


@dataclass(frozen=True)
class Place:
    """A row of a leaderboard; ``run`` is empty for a baseline that was measured beside one."""

    run: str
    name: str
    split: str
    cases: int
    value: float
    low: float
    high: float


@dataclass
class Job:
    """A run under way, or one that has ended; ``error`` says why it failed."""

    plan: Plan
    begun: datetime = field(default_factory=lambda: datetime.now(UTC))
    stopped: bool = False
    error: str = ""
    made: str = ""
    ended: Event = field(default_factory=Event)
    process: subprocess.Popen[str] | None = None

    @property
    def seconds(self) -> int:
        """For how long it has been under way."""
        return int((datetime.now(UTC) - self.begun).total_seconds())

    def stop(self) -> None:
        """End it. Answers of a language model that were kept stay kept."""
        self.stopped = True
        if self.process:
            self.process.terminate()


def at_hand() -> bool:
    """Whether this installation holds the suites."""
    try:
        import evals.runs  # noqa: F401
    except ImportError:
        return False
    return True


def runs(settings: Settings) -> list[Run]:
    """The user's own runs, latest first, then the published ones."""
    from evals.runs import stored

    return stored(settings.home / FOLDER)


def leaderboards(kept: Sequence[Run]) -> Iterator[tuple[str, str, list[Place]]]:
    """For each suite and split: its title, what the figure is, and the critics, best first."""
    from evals.runs import BOARDS

    for board in BOARDS:
        for split in dict.fromkeys(run.split for run in kept if run.suite == board.suite):
            own = [run for run in kept if (run.suite, run.split) == (board.suite, split)]
            places = [place for run in own for place in _places(run, board)]
            if places:
                ranked = sorted(_distinct(places), key=lambda place: -place.value)
                title = ", ".join(filter(None, (board.suite, split, board.about)))
                yield title, board.meaning, ranked


def compared(first: str, second: str, settings: Settings) -> Comparison:
    """Hold two runs against each other, by their ids.

    Raises:
        InputError: there is no such run, or the two cannot be compared.
    """
    from evals.compare import compare

    known = {run.id: run for run in runs(settings)}
    if first not in known or second not in known or first == second:
        raise InputError("Choose two different runs of one suite.")
    return compare(known[first], known[second])


def taken(run: Run, settings: Settings) -> str:
    """What a language model was asked in a run, as far as the run counted it."""
    spent = run.spent
    if spent is None:
        return f"{run.critic}: what it took was not counted." if is_prompt(run.critic) else ""
    each = max(1, run.cases)
    sent = f"{spent.calls} requests were sent" if spent.calls else "nothing was sent"
    cost = f", for {spent.cost:.4f} US dollars" if spent.calls and spent.cost is not None else ""
    price = price_of(settings) if run.model == settings.llm_model else None
    again = f"; all anew about {price.of(spent.read, spent.written):.4f}" if price else ""
    return (
        f"{spent.prompt} with {run.model or spent.model}, {run.cases} cases: about "
        f"{spent.read // each:,} tokens read and {spent.written // each:,} written a case; "
        f"{sent}{cost}, {spent.kept} answers were kept{again}."
    )


class Bench:
    """Starts runs, one at a time; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self.latest: Job | None = None

    def begin(self, wanted: Plan) -> Job:
        """Start a run.

        Raises:
            InputError: another one is under way.
        """
        with self._lock:
            if self.latest and not self.latest.ended.is_set():
                raise InputError("Another run is under way. Wait for it, or stop it.")
            self.latest = Job(wanted)
            Thread(target=self._work, args=(self.latest,), daemon=True).start()
            return self.latest

    def _work(self, job: Job) -> None:
        try:
            self._run(job)
        except OSError as error:
            job.error = f"The run cannot be kept: {error.strerror}."
        finally:
            job.ended.set()

    def _run(self, job: Job) -> None:
        """In a process of its own, so that it can be stopped at any moment."""
        wanted, folder = job.plan, self._settings.home / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{job.begun:%Y%m%d-%H%M%S}-{wanted.suite}-{wanted.critic}"
        unfinished, decisions = folder / f".{name}.part", folder / f"{name}.jsonl"
        command = [sys.executable, "-c", _CALL, "eval", "run", wanted.suite]
        command += ["--critic", wanted.critic, "--split", SPLIT]
        command += ["--most", str(wanted.most)] if wanted.most else []
        command += ["--json", str(unfinished), "--decisions", str(decisions)]
        job.process = subprocess.Popen(  # noqa: S603
            command,
            env={**os.environ, **_environment(self._settings, wanted)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if job.stopped:
            job.process.terminate()
        _, said = job.process.communicate()
        if unfinished.is_file() and not job.stopped:
            asked = self._settings.llm_model if wanted.source != "local" else ""
            content = {**json.loads(unfinished.read_text(encoding="utf-8")), "model": asked}
            (folder / f"{name}.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
            job.made = name
        else:
            decisions.unlink(missing_ok=True)
            if not job.stopped:
                job.error = said.strip()[-_LAST_WORDS:] or "The run failed without a word."
        unfinished.unlink(missing_ok=True)


_CALL = "from assistant.cli import main; main()"


def _environment(settings: Settings, wanted: Plan) -> dict[str, str]:
    """The settings as a process of its own reads them."""
    given = {name: getattr(settings, name) for name in sorted(settings.model_fields_set)}
    given |= {"home": settings.home, "llm_recorded": wanted.source == "recorded"}
    return {
        f"OKR_{name.upper()}": _written(value) for name, value in given.items() if value is not None
    }


def _written(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, str | Path):
        return str(value)
    return json.dumps(value, default=lambda item: item.model_dump())


def _places(run: Run, board: Board) -> Iterator[Place]:
    critics = {run.critic: (run.id, run.metrics)}
    critics |= {name: ("", metrics) for name, metrics in run.baselines.items()}
    for name, (key, metrics) in critics.items():
        if board.only_with and board.only_with not in metrics:
            continue
        found = metrics.get(board.figure)
        value, low, high = (
            (found.get(part) for part in ("value", "low", "high")) if found else (None,) * 3
        )
        if value is None or low is None or high is None:
            continue
        title = f"{name} with {run.model}" if key and run.model else name
        yield Place(key, title, run.split, run.cases, value, low, high)


def _distinct(places: list[Place]) -> list[Place]:
    """Of the baselines, which every run measures anew, each once."""
    kept: dict[object, Place] = {}
    for place in places:
        kept.setdefault(place.run or place.name, place)
    named = {place.name for place in kept.values() if place.run}
    return [place for place in kept.values() if place.run or place.name not in named]
