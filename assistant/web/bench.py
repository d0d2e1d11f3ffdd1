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
from typing import TYPE_CHECKING, Any, Literal

from pydantic import SecretStr

from assistant.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from evals.runs import Comparison, Run

FOLDER = "evals"
SPLIT = "dev"
"""What runs from the page judge: the test split is for the published figures alone."""

WITH_MODEL = frozenset({"llm", "narrow"})
"""The critics that ask a language model."""

_INSTRUCTIONS = {"llm": 900, "narrow": 300}
"""Tokens that the instructions of one request take, about."""

_REQUESTS = {"llm": 1, "narrow": 4}
"""Requests for one question: a narrow one is put in both orders, and a child is also asked about
alone."""

_ANSWER = {"llm": 300, "narrow": 1}
"""Tokens of one answer, about."""

_LAST_WORDS = 500

Source = Literal["local", "recorded", "live"]


@dataclass(frozen=True)
class Plan:
    """A run that may be started.

    Attributes:
        questions: requests to a language model, about; probes and retries come on top.
        tokens: of these questions and their answers, about.
        cost: in US dollars, about; None where the price is unknown.
    """

    suite: str
    critic: str
    source: Source
    questions: int = 0
    tokens: int = 0
    cost: float | None = None


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


def choices() -> dict[str, Sequence[str]]:
    """The critics of each suite whose cases are at hand."""
    from evals.cases import CASES
    from evals.run import SUITES
    from evals.runs import critics

    return {name: critics(name) for name in SUITES if (CASES / name / SPLIT).is_dir()}


def runs(settings: Settings) -> list[Run]:
    """The user's own runs, latest first, then the published ones."""
    from evals.runs import stored

    return stored(settings.home / FOLDER)


def leaderboards(kept: Sequence[Run]) -> Iterator[tuple[str, str, list[Place]]]:
    """For each suite and split: its title, what the figure is, and the critics, best first."""
    from evals.runs import HEADLINES

    for suite, (figure, meaning) in HEADLINES.items():
        for split in dict.fromkeys(run.split for run in kept if run.suite == suite):
            own = [run for run in kept if (run.suite, run.split) == (suite, split)]
            places = [place for run in own for place in _places(run, figure)]
            if places:
                ranked = sorted(_distinct(places), key=lambda place: -place.value)
                yield f"{suite}, {split}", meaning, ranked


def compared(first: str, second: str, settings: Settings) -> Comparison:
    """Hold two runs against each other, by their ids.

    Raises:
        InputError: there is no such run, or the two cannot be compared.
    """
    from evals.runs import compare

    known = {run.id: run for run in runs(settings)}
    if first not in known or second not in known or first == second:
        raise InputError("Choose two different runs of one suite.")
    return compare(known[first], known[second])


def plan(suite: str, critic: str, source: str, settings: Settings) -> Plan:
    """What a run would take.

    Raises:
        InputError: there is no such suite or critic.
        ConfigurationError: it needs a language model, and none is configured.
    """
    known = choices()
    if critic not in known.get(suite, ()):
        raise InputError(f"The suite {suite!r} has no critic {critic!r}.")
    if critic not in WITH_MODEL:
        return Plan(suite, critic, "local")
    if not settings.llm_configured:
        raise ConfigurationError(
            f"The critic {critic!r} asks a language model, and none is configured. "
            "Set OKR_LLM_BASE_URL and OKR_LLM_MODEL."
        )
    if source == "recorded":
        return Plan(suite, critic, "recorded")
    from assistant.llm.client import LlmClient
    from evals.runs import questions

    number, read = (_REQUESTS[critic] * item for item in questions(suite, SPLIT))
    read += number * _INSTRUCTIONS[critic]
    written = number * _ANSWER[critic]
    price = LlmClient.from_settings(settings).price
    cost = price.of(read, written) if price else None
    return Plan(suite, critic, "live", number, read + written, cost)


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
            asked = self._settings.llm_model if wanted.critic in WITH_MODEL else ""
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


def _places(run: Run, figure: str) -> Iterator[Place]:
    critics = {run.critic: (run.id, run.metrics)}
    critics |= {name: ("", metrics) for name, metrics in run.baselines.items()}
    for name, (key, metrics) in critics.items():
        found = metrics.get(figure)
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
