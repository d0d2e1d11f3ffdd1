"""Measures the index on this machine: ``python -m evals.benchmarks.index [--entries N]``.

The texts are put together from templates, the same ones every time, in lengths from a terse
objective to a passage of several sentences. Times are wall time in seconds.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from assistant.index import Embedder, Index, make_embedder
from assistant.index.entries import entries
from assistant.models import (
    EVERYONE,
    Cycle,
    Hit,
    KeyResult,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
    Team,
    stable_id,
)
from assistant.retrieve import search
from assistant.settings import Settings

SEED = 7
GOAL_RATIO = 0.85
ROUNDS = 3
"""Bare embedder and index take turns, so that other work on the machine hits both; medians count."""

_WHO = ("new customers", "mid-size firms", "field engineers", "first-time sellers", "our own staff")
_WHAT = (
    "onboarding",
    "invoicing",
    "claims handling",
    "stock counts",
    "checkout",
    "support",
    "hiring",
)
_WHERE = (
    "in the north",
    "in the two coastal regions",
    "on mobile",
    "in pilot branches",
    "everywhere",
)
_VERB = ("find", "trust", "finish", "repeat", "recommend", "understand", "pay for")
_METRIC = ("median wait", "share of repeat orders", "error rate", "renewal rate", "cost per case")

T = TypeVar("T")


def organisation(size: int) -> Organisation:
    """An organisation with about ``size`` entries: a third passages, the rest OKRs."""
    dice = random.Random(SEED)
    teams = tuple(Team(id=f"team-{number}", name=f"Team {number}") for number in range(30))
    cycles = tuple(Cycle(id=f"cycle-{number}", name=f"Quarter {number}") for number in range(3))
    documents = tuple(_document(dice, number) for number in range(size // 36 or 1))
    objectives = tuple(_objective(dice, number, teams) for number in range(size // 6 or 1))
    return Organisation(
        name="Benchmark", teams=teams, cycles=cycles, objectives=objectives, documents=documents
    )


def _goal(dice: random.Random) -> str:
    return f"{dice.choice(_WHO).capitalize()} {dice.choice(_VERB)} {dice.choice(_WHAT)} {dice.choice(_WHERE)}"


def _result(dice: random.Random) -> str:
    start = dice.randint(2, 90)
    return (
        f"{dice.choice(_METRIC).capitalize()} of {dice.choice(_WHAT)} for {dice.choice(_WHO)} "
        f"from {start} to {start + dice.randint(1, 40)}"
    )


def _objective(dice: random.Random, number: int, teams: tuple[Team, ...]) -> Objective:
    results = tuple(
        KeyResult(id=stable_id("kr", str(number), str(position)), text=_result(dice))
        for position in range(3)
    )
    return Objective(
        id=stable_id("obj", str(number)),
        text=_goal(dice),
        team_id=dice.choice(teams).id,
        cycle_id=f"cycle-{number % 3}",
        key_results=results,
    )


def _document(dice: random.Random, number: int) -> StrategyDocument:
    file = f"document-{number}.md"
    passages = tuple(
        Passage(
            id=stable_id("psg", file, str(position)),
            document_id=f"doc-{number}",
            heading=f"{dice.choice(_WHAT).capitalize()} and {dice.choice(_WHAT)}",
            text=" ".join(_sentence(dice) for _ in range(dice.randint(2, 5))),
            location=Location(file=file, line=position + 1),
        )
        for position in range(12)
    )
    return StrategyDocument(
        id=f"doc-{number}",
        title=f"Document {number}",
        audience=EVERYONE if number % 10 else "leadership",
        passages=passages,
        location=Location(file=file),
    )


def _sentence(dice: random.Random) -> str:
    return (
        f"We choose {dice.choice(_WHAT)} for {dice.choice(_WHO)} {dice.choice(_WHERE)}, because "
        f"the {dice.choice(_METRIC)} there was {dice.randint(2, 90)} last year."
    )


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--entries", type=int, default=1000, help="about how many [1000]")
    size = arguments.parse_args().entries
    with tempfile.TemporaryDirectory() as folder:
        Console().print(_table(Settings(home=Path(folder)), organisation(size)))


def _table(settings: Settings, whole: Organisation) -> Table:
    texts = [entry.embedded for entry in entries(whole)]
    words = sum(len(text.split()) for text in texts) / len(texts)
    table = Table(title=f"Index of {len(texts):,} entries, {words:.0f} words each on average")
    table.add_column("what")
    table.add_column("figure", justify="right")
    for what, figure in _rows(settings, whole, texts):
        table.add_row(what, figure)
    return table


def _rows(settings: Settings, whole: Organisation, texts: list[str]) -> Iterator[tuple[str, str]]:
    embedder = make_embedder(settings)
    embedder.embed(texts[:64])
    bare, full = [], []
    for number in range(ROUNDS):
        bare.append(_timed(lambda: embedder.embed(texts))[0])
        home = settings.model_copy(update={"home": settings.home / str(number)})
        full.append(_first_sync(home, whole, embedder))
    settings = home
    yield "bare embedder, model loaded", f"{len(texts) / median(bare):,.0f} a second"
    yield "sync, model and Chroma loaded", f"{len(texts) / median(full):,.0f} a second"
    yield f"ratio (goal: {GOAL_RATIO})", f"{median(bare) / median(full):.2f}"
    yield "sync again, nothing changed", f"{_sync_again(settings, whole):.3f} s"
    yield "sync again, one text changed", f"{_sync_again(settings, _edited(whole)):.3f} s"
    yield from _query_rows(settings)


def _first_sync(settings: Settings, whole: Organisation, embedder: Embedder) -> float:
    """Seconds of a run that finds Chroma open and all but four entries new."""
    few = Organisation(objectives=whole.objectives[-1:])
    with Index.open(settings, writable=True, embedder=embedder) as index:
        index.sync(few)
        return _timed(lambda: index.sync(whole))[0]


def _sync_again(settings: Settings, whole: Organisation) -> float:
    def run() -> None:
        with Index.open(settings, writable=True) as index:
            index.sync(whole)

    return _timed(run)[0]


def _edited(whole: Organisation) -> Organisation:
    first, *rest = whole.objectives
    edited = first.model_copy(update={"text": f"{first.text}, at last"})
    return whole.model_copy(update={"objectives": (edited, *rest)})


def _query_rows(settings: Settings) -> Iterator[tuple[str, str]]:
    dice = random.Random(SEED + 1)
    queries = [f"{_goal(dice)}. {_result(dice)}" for _ in range(200)]
    with Index.open(settings, writable=False) as index:

        def ask(query: str) -> list[Hit]:
            return search(index, query, audiences=settings.audiences)

        first, *times = [_timed(partial(ask, query))[0] for query in queries]
    yield "first query, with model and Chroma to load", f"{first * 1000:.0f} ms"
    yield "query p50", f"{median(times) * 1000:.1f} ms"
    yield "query p95", f"{quantiles(times, n=20)[-1] * 1000:.1f} ms"


def _timed(run: Callable[[], T]) -> tuple[float, T]:
    started = perf_counter()
    outcome = run()
    return perf_counter() - started, outcome


if __name__ == "__main__":
    main()
