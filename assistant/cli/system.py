"""``okr index``, ``okr serve`` and ``okr doctor``."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from assistant.cli.console import make_console, print_problems, progress_bar, read_settings
from assistant.cli.options import Home
from assistant.cli.outcome import exit_on_problems


def index(
    folder: Annotated[Path | None, typer.Argument(help="Folder of OKRs and documents.")] = None,
    home: Home = None,
    rebuild: Annotated[bool, typer.Option(help="Start from nothing.")] = False,
) -> None:
    """Read a folder of OKRs and strategy documents and index what is new or changed."""
    from assistant.ingest import ingest

    settings = read_settings(home=home, corpus=folder)
    console = make_console(stderr=True)
    started = perf_counter()
    with progress_bar(console) as progress:
        task = progress.add_task("Looking at the files", total=None)
        outcome = ingest(
            settings.corpus,
            settings,
            on_file=lambda path: progress.update(task, description=f"Reading {path.name}"),
            progress=lambda done, total: progress.update(
                task, description="Indexing", completed=done, total=total
            ),
            rebuild=rebuild,
        )
    print_problems(outcome.problems)
    console.print(
        f"{outcome.teams} teams, {outcome.objectives} objectives and {outcome.documents} documents: "
        f"{outcome.added} entries added, {outcome.updated} updated, {outcome.deleted} deleted, "
        f"{outcome.unchanged} unchanged in {perf_counter() - started:.1f} s.",
        highlight=False,
        soft_wrap=True,
    )
    exit_on_problems(outcome.problems)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    allow_anyone: Annotated[
        bool, typer.Option("--allow-anyone", help="Let in everybody who can reach it, as admin.")
    ] = False,
    home: Home = None,
) -> None:
    """Start the web app. Others than you have to sign in: see `okr users`."""
    from assistant.web import serve as start

    start(read_settings(home=home), host=host, port=port, allow_anyone=allow_anyone)


def doctor(
    llm: Annotated[
        bool, typer.Option("--llm", help="Also find out what the model can do.")
    ] = False,
    home: Home = None,
) -> None:
    """Say what is configured, reachable and indexed, and what to do about what is not."""
    from assistant.doctor import examine

    console = make_console()
    healthy = True
    for check in examine(read_settings(home=home), ask_llm=llm):
        mark = {"ok": "[green]ok[/]", "off": "[cyan]off[/]", "broken": "[red]broken[/]"}
        console.print(mark[check.state].ljust(8), end=" ")
        console.print(f"{check.name}: {check.detail}", markup=False, highlight=False)
        healthy = healthy and check.state != "broken"
    if not healthy:
        raise typer.Exit(2)
