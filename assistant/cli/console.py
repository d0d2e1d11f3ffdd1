"""What commands need to talk to a person: settings, consoles, progress, standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from assistant.models import Problem
    from assistant.settings import Settings


def read_settings(**given: object) -> Settings:
    """The settings, with what the command line gives on top; None means not given."""
    from assistant.settings import load_settings

    return load_settings(**given)


def make_console(*, stderr: bool = False) -> Console:
    """A console on standard output or standard error that no text can steer."""
    from rich.console import Console

    from assistant.report.visible import VisibleOnly

    console = Console(stderr=stderr)
    console.push_render_hook(VisibleOnly())
    return console


def progress_bar(console: Console) -> Progress:
    """A bar that can be interrupted and leaves no trace."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )


def stdin() -> str:
    """All of standard input, as text."""
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Say on standard error what is wrong with the input."""
    console = make_console(stderr=True)
    for problem in problems:
        console.print(
            f"{problem.severity}: {problem}", markup=False, highlight=False, soft_wrap=True
        )
