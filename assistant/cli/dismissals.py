"""``okr dismiss`` and ``okr dismissals``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from assistant.cli.console import make_console, read_settings
from assistant.cli.options import Home


class Answer(StrEnum):
    """Why a finding is dismissed."""

    WRONG = "wrong"
    ACCEPTED = "accepted"


def dismiss(
    fingerprint: Annotated[str, typer.Argument(help="As the review shows it: fnd-...")],
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    kind: Annotated[
        Answer, typer.Option(help="Whether it is wrong, or right and stays as it is.")
    ] = Answer.WRONG,
    undo: Annotated[bool, typer.Option("--undo", help="Let the finding be shown again.")] = False,
    home: Home = None,
) -> None:
    """Dismiss a finding of the latest review or scan until its words change."""
    from assistant.history import opened
    from assistant.models import shortened

    with opened(read_settings(home=home).home) as history:
        item = (
            history.restore(fingerprint)
            if undo
            else history.dismiss(fingerprint, reason, kind.value)
        )
    verb = "is shown again" if undo else f"is dismissed as {item.kind}"
    sentence = f"{item.rule} on “{shortened(item.words, 80)}” {verb}."
    make_console().print(sentence, markup=False, highlight=False, soft_wrap=True)


def dismissals(home: Home = None) -> None:
    """List the dismissed findings."""
    from assistant.history import opened
    from assistant.report.lists import dismissals_table

    with opened(read_settings(home=home).home) as history:
        make_console().print(dismissals_table(history.dismissals()))
