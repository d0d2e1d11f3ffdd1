"""The command ``okr``. Heavy imports happen inside the commands, so that help is instant."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from assistant.cli import (
    catalogue,
    coaching,
    dismissals,
    evals,
    mcp,
    prompt,
    review,
    scan,
    system,
    users,
)
from assistant.cli.console import make_console
from assistant.errors import OkrError

app = typer.Typer(
    name="okr",
    help="Review draft OKRs against the strategy, the parent and the peers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    system.index,
    review.review,
    scan.scan,
    scan.scans,
    scan.retrospective,
    catalogue.rules,
    catalogue.explain,
    catalogue.profiles,
    coaching.answer,
    coaching.answers,
    coaching.rewrite,
    coaching.summary,
    dismissals.dismiss,
    dismissals.dismissals,
    system.serve,
    mcp.mcp,
    system.doctor,
):
    app.command()(command)
app.add_typer(evals.evaluation, name="eval")
app.add_typer(prompt.prompt, name="prompt")
app.add_typer(users.users, name="users")

_INTERRUPTED = 130
"""The exit status after Ctrl-C; Typer turns most of them into it before we see them."""


def main() -> None:
    """Run the command; a person's mistake ends in one sentence and the exit status 2."""
    try:
        app(prog_name="okr")
    except OkrError as error:
        _stop(str(error))
    except KeyboardInterrupt:
        _interrupted()
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:
            _interrupted()
        raise
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _interrupted() -> NoReturn:
    """Leave at once: native threads that are still at work would abort an orderly exit."""
    make_console(stderr=True).print("Interrupted. What was finished is kept; run it again.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_INTERRUPTED)


def _stop(message: str) -> NoReturn:
    make_console(stderr=True).print(message, markup=False, highlight=False, soft_wrap=True)
    sys.exit(2)
