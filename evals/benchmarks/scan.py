"""Times index and scan of synthetic organisations: ``python -m evals.benchmarks.scan [SIZE ...]``.

Each size runs in processes of its own, so that memory is its own: one indexes and scans, a second
one indexes and scans again after 1 % of the objectives changed. Figures are kept by size in
``evals/results/scan-speed.json``; table and plot show all that are there.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from math import log
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant import memory
from assistant.index import Index
from assistant.scan import scan_organisation
from assistant.settings import Settings
from assistant.sources.assemble import assemble, known_measures
from evals import pages
from evals.benchmarks.organisation import edited, synthetic
from evals.benchmarks.plot import loglog
from evals.benchmarks.watch import Watch, megabytes_at_most

RESULTS = Path(__file__).parent.parent / "results"
FIGURES = RESULTS / "scan-speed.json"
PLOT = RESULTS / "scan-speed.svg"
TABLE = RESULTS / "scan-speed.md"

SIZES = (500, 2_000, 5_000, 10_000)
CHANGED = 0.01
_SLOWEST_PARTS = 8
_LEAST_SHARE = 0.01

Run = Mapping[str, Any]
"""What one process measured: ``read``, ``index``, ``scan``, ``total`` in seconds, ``busy`` in seconds of
all its cores, ``load`` of the machine over five minutes at the end, ``megabytes``, ``parts``."""


def main() -> None:
    """Measure the sizes, then write figures, table and plot."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, help="numbers of objectives")
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    parser.add_argument("--run", nargs=3, metavar=("SIZE", "HOME", "KIND"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        size, home, kind = asked.run
        print(json.dumps(measure(int(size), Path(home), again=kind == "again")))
        return
    known = load()
    for size in () if asked.draw else asked.sizes or SIZES:
        known[str(size)] = _measured(size)
        FIGURES.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
        print(f"{size}: {known[str(size)]['first']['total']:.1f} s", flush=True)
    if not known:
        parser.error("Nothing was measured yet. Run it without --draw first.")
    TABLE.write_text(report(known), encoding="utf-8")
    PLOT.write_text(picture(known), encoding="utf-8")
    print(report(known))


def measure(size: int, home: Path, *, again: bool) -> Run:
    """Index and scan in this process.

    Args:
        size: how many objectives.
        home: holds the index; from an earlier run if this is one after a change.
        again: whether 1 % of the objectives have changed since.
    """
    records = synthetic(size)
    if again:
        records = edited(records, CHANGED)
    settings = Settings(home=home)
    started, busy = perf_counter(), process_time()
    with memory.opened(home) as known:
        organisation, _ = assemble(
            records, name=f"Benchmark of {size}", measure=known_measures(known)
        )
    read = perf_counter() - started
    with Index.open(settings, writable=True) as index:
        report = index.sync(organisation)
    indexed = perf_counter() - started - read
    with Watch() as watch:
        outcome = scan_organisation(settings).scan
    return {
        "read": round(read, 3),
        "index": round(indexed, 3),
        "scan": round(watch.total, 3),
        "total": round(read + indexed + watch.total, 3),
        "busy": round(process_time() - busy, 3),
        "load": round(os.getloadavg()[1], 1),
        "megabytes": round(megabytes_at_most()),
        "embedded": report.added + report.updated,
        "findings": len(outcome.findings),
        "edges": len(outcome.edges),
        "peers": len(outcome.peers),
        "parts": {
            name: {"seconds": round(seconds, 3), "megabytes": round(watch.megabytes[name])}
            for name, seconds in sorted(watch.seconds.items(), key=lambda item: -item[1])
        },
    }


def load() -> dict[str, dict[str, Run]]:
    """What was measured before, by size."""
    if not FIGURES.exists():
        return {}
    found: dict[str, dict[str, Run]] = json.loads(FIGURES.read_text(encoding="utf-8"))
    return found


def growth(points: Sequence[tuple[float, float]]) -> float | None:
    """The power of ``n log n`` that times grow with, by least squares: 1 is ``n log n``.

    Args:
        points: sizes with seconds; None where there are fewer than two.
    """
    if len(points) <= 1:
        return None
    xs = [log(size * log(size)) for size, _ in points]
    ys = [log(seconds) for _, seconds in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return above / sum((x - middle_x) ** 2 for x in xs)


def report(known: Mapping[str, Mapping[str, Run]]) -> str:
    """Tables of times and memory, and how fast they grow."""
    runs = _by_size(known)
    head = ("objectives", "read s", "index s", "scan s", "together s", "busy s", "load",
            "ms an objective", "peak MiB", "again s", "busy s", "times faster")  # fmt: skip
    parts = (
        "# Speed of index and scan",
        "Written by `python -m evals.benchmarks.scan`. Times are wall time on the machine at hand, "
        "loading of models included. *Read* parses the sentences of records and links them, without "
        "opening files; *again* is all three in a new process after 1 % of the "
        "objectives changed. *Busy* is the time that the process kept cores busy, which other work "
        "on the machine lengthens less; *load* is how many processes wanted a core, its own "
        "included.",
        pages.table(head, (_row(size, run) for size, run in runs)),
        _growth_line([(float(size), run["first"]["total"]) for size, run in runs]),
        "## Where the scan spends its time",
        pages.table(*_part_rows(runs)),
        f"![times over sizes]({PLOT.name})",
    )
    return "\n\n".join(parts) + "\n"


def picture(known: Mapping[str, Mapping[str, Run]]) -> str:
    """The plot as SVG, with n log n drawn through the first size."""
    runs = _by_size(known)
    names = {"all": "total", "read": "read", "index": "index", "scan": "scan"}
    lines = {
        name: [(float(size), max(0.001, run["first"][key])) for size, run in runs]
        for name, key in names.items()
    }
    lines["again, 1 % changed"] = [
        (float(size), max(0.001, run["again"]["total"])) for size, run in runs
    ]
    size, first = runs[0][0], runs[0][1]["first"]["total"]
    bound = [(float(n), first * n * log(n) / (size * log(size))) for n, _ in runs]
    return loglog("Read, index and scan", "objectives", "seconds", lines, {"n log n": bound})


def _by_size(known: Mapping[str, Mapping[str, Run]]) -> list[tuple[int, Mapping[str, Run]]]:
    return sorted((int(size), run) for size, run in known.items())


def _measured(size: int) -> dict[str, Run]:
    with tempfile.TemporaryDirectory() as home:
        return {kind: _in_process(size, home, kind) for kind in ("first", "again")}


def _in_process(size: int, home: str, kind: str) -> Run:
    command = [sys.executable, "-m", "evals.benchmarks.scan", "--run", str(size), home, kind]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    found: Run = json.loads(done.stdout.splitlines()[-1])
    return found


def _row(size: int, run: Mapping[str, Run]) -> list[str]:
    first, again = run["first"], run["again"]
    return [
        f"{size:,}",
        f"{first['read']:.1f}",
        f"{first['index']:.1f}",
        f"{first['scan']:.1f}",
        f"{first['total']:.1f}",
        f"{first['busy']:.1f}",
        f"{first['load']:.1f}",
        f"{1000 * first['total'] / size:.1f}",
        f"{first['megabytes']:,}",
        f"{again['total']:.1f}",
        f"{again['busy']:.1f}",
        f"{first['total'] / again['total']:.1f}",
    ]


def _growth_line(points: Sequence[tuple[float, float]]) -> str:
    power = growth(points)
    if power is None:
        return "Growth: two sizes are needed to tell."
    return f"Growth: (n log n) to the power of {power:.2f}, fitted over {len(points)} sizes."


def _part_rows(
    runs: Sequence[tuple[int, Mapping[str, Run]]],
) -> tuple[Sequence[str], Iterator[list[str]]]:
    """The slowest parts of the largest size, for every size."""
    largest = runs[-1][1]["first"]["parts"]
    total = sum(part["seconds"] for part in largest.values()) or 1.0
    names = [name for name, part in largest.items() if part["seconds"] >= _LEAST_SHARE * total]
    head = ["part", *(f"{size:,}" for size, _ in runs), f"peak MiB at {runs[-1][0]:,}"]
    rows = (
        [
            name,
            *(f"{_seconds(run, name):.1f} s" for _, run in runs),
            f"{largest[name]['megabytes']:,}",
        ]
        for name in names[:_SLOWEST_PARTS]
    )
    return head, rows


def _seconds(run: Mapping[str, Run], name: str) -> float:
    part = run["first"]["parts"].get(name)
    return float(part["seconds"]) if part else 0.0


if __name__ == "__main__":
    main()
