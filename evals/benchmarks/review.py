"""Times the review of drafts: `python -m evals.benchmarks.review`."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from assistant.ingest import ingest
from assistant.review import ReviewOptions, review_text
from assistant.settings import Settings

ROUNDS = 60
MANY = 1_000
KEY_RESULTS = 4
SEED = 7
CORPUS = Path(__file__).parents[2] / "corpus"

_WHO = ("Depots", "Fleet managers", "New tenants", "Night nurses", "Hauliers", "Growers")
_WHAT = ("keep their dates", "come back unasked", "find help at once", "trust our figures")
_MEASURES = (
    "{who} answered within a day from {low} % to {high} %",
    "Median days from order to delivery from {high} to {low}",
    "Launch the portal for {who} in {low} towns",
    "Complaints of {who} per month {high} -> {low}",
    "{who} who come back within a quarter: {low} % to {high} %",
    "Hold {low} workshops with {who}",
)


def main() -> None:
    """Print a table of times."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), corpus=CORPUS)
        ingest(CORPUS, settings)
        for name, value in _rows(settings):
            print(f"{name:<56}{value:>12}", flush=True)


def _rows(settings: Settings) -> Iterator[tuple[str, str]]:
    alone, beside = ReviewOptions(context=False, llm=False), ReviewOptions(llm=False)
    dice = random.Random(SEED)
    for name, options in (("without an index", alone), ("with the demo index", beside)):
        first, *times = [_timed(_draft(dice), settings, options) for _ in range(ROUNDS + 1)]
        yield f"first draft, {name}", f"{first * 1000:.0f} ms"
        yield f"one draft, warm, {name}: p50", f"{median(times) * 1000:.1f} ms"
        yield f"one draft, warm, {name}: p95", f"{quantiles(times, n=20)[-1] * 1000:.1f} ms"
    for name, options in (("without an index", alone), ("with the demo index", beside)):
        text = "\n\n".join(_draft(dice) for _ in range(MANY))
        yield f"{MANY} drafts in one go, {name}", f"{_timed(text, settings, options):.1f} s"


def _timed(text: str, settings: Settings, options: ReviewOptions) -> float:
    started = perf_counter()
    review_text(text, settings, options)
    return perf_counter() - started


def _draft(dice: random.Random) -> str:
    who = dice.choice(_WHO)
    lines = [f"Objective: {who} {dice.choice(_WHAT)} in town {dice.randrange(10_000)}"]
    for measure in dice.sample(_MEASURES, KEY_RESULTS):
        low = dice.randrange(3, 40)
        high = low + dice.randrange(5, 50)
        lines.append(f"- {measure.format(who=who.lower(), low=low, high=high)}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
