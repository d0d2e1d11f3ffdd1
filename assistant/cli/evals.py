"""``okr eval``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import make_console
from assistant.cli.outcome import write_file

evaluation = typer.Typer(help="Measure the critics on labelled cases.", no_args_is_help=True)


@evaluation.callback()
def _evaluation() -> None:
    """Measure the critics on labelled cases."""


@evaluation.command("run")
def eval_run(
    suite: Annotated[
        str, typer.Argument(help="The suite: drafts, drift, chains, peers or attacks.")
    ],
    critic: Annotated[
        str, typer.Option(help="local, a baseline by its name, or a prompt such as critique.v2.")
    ] = "local",
    cases: Annotated[Path | None, typer.Option(help="Your own case file (JSONL).")] = None,
    split: Annotated[str, typer.Option(help="Of our own cases: train, dev or test.")] = "dev",
    most: Annotated[
        int | None, typer.Option(min=1, help="Judge only so many cases, always the same ones.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Write every decision to this file (JSONL).")
    ] = None,
) -> None:
    """Run a suite: its figures with 95 % intervals, beside those of simple baselines."""
    from evals.run import as_json, decision_lines, figures_table, run_suite

    with make_console(stderr=True).status("Judging the cases"):
        outcome, baselines = run_suite(suite, critic, cases=cases, split=split, most=most)
    shown = "own" if cases else split
    if json_file:
        write_file(json_file, as_json(suite, outcome, baselines, critic=critic, split=shown))
    if decisions:
        write_file(decisions, decision_lines(outcome))
    make_console().print(figures_table(suite, outcome, baselines))
    for error in outcome.errors:
        make_console(stderr=True).print(error, markup=False, highlight=False, soft_wrap=True)
    if outcome.errors:
        raise typer.Exit(2)
