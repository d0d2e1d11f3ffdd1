"""``okr answer``, ``okr answers``, ``okr rewrite`` and ``okr summary``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import make_console, read_settings, stdin
from assistant.cli.options import (
    Audience,
    Context,
    Cycle,
    Home,
    Llm,
    OfflineAnswers,
    Output,
    Parent,
    Profile,
    Team,
)
from assistant.cli.outcome import write_file

if TYPE_CHECKING:
    from assistant.critique.offline import Offline


def answer(
    fingerprint: Annotated[str, typer.Argument(help="As the review shows it: fnd-...")],
    text: Annotated[str, typer.Argument(help="What you answer to its question.")] = "",
    undo: Annotated[
        bool, typer.Option("--undo", help="Take all answers to this finding back.")
    ] = False,
    home: Home = None,
) -> None:
    """Answer the question of a finding; the next review of the same words reconsiders it."""
    from assistant.history import opened
    from assistant.models import shortened

    with opened(read_settings(home=home).home) as history:
        if undo:
            number = history.forget_answers(fingerprint)
            sentence = f"{number} answer{'' if number == 1 else 's'} to {fingerprint} taken back."
        else:
            kept = history.answer(fingerprint, text)
            sentence = (
                f"Kept for {kept.rule} on “{shortened(kept.words, 80)}”. Review the draft again: "
                "the finding is reconsidered."
            )
    make_console().print(sentence, markup=False, highlight=False, soft_wrap=True)


def answers(home: Home = None) -> None:
    """List what was answered to findings."""
    from assistant.history import opened
    from assistant.report.lists import answers_table

    with opened(read_settings(home=home).home) as history:
        make_console().print(answers_table(history.answers()))


def rewrite(
    draft: Annotated[str, typer.Argument(help="File with the draft, or - for standard input.")],
    element: Annotated[str, typer.Argument(help="objective, or kr:N for key result N.")],
    number: Annotated[
        int, typer.Option("--objective", min=1, help="Which objective of the draft.")
    ] = 1,
    offline: OfflineAnswers = None,
    output: Output = None,
    team: Team = None,
    cycle: Cycle = None,
    parent: Parent = None,
    context: Context = True,
    llm: Llm = True,
    profile: Profile = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Propose other words for one element, each tried out on the rules."""
    from assistant.report.coaching import render_reworking
    from assistant.review import ReviewOptions
    from assistant.review import rewrite as propose

    settings = read_settings(
        home=home, audience=audience, profile=profile, llm_concurrency=1 if offline else None
    )
    options = ReviewOptions(team=team, cycle=cycle, parent=parent, context=context, llm=llm)
    asker = answers_from(offline)
    with make_console(stderr=True).status("Reading the draft") as status:
        made = propose(
            stdin() if draft == "-" else Path(draft),
            element,
            settings,
            options,
            number=number,
            tell=status.update,
            asker=asker,
        )
    say_unused(asker)
    _write_markdown(render_reworking(made), output)


def summary(
    outcome: Annotated[Path, typer.Argument(help="A review or scan written with --format json.")],
    offline: OfflineAnswers = None,
    output: Output = None,
    home: Home = None,
) -> None:
    """Sum up a review or a scan for leadership with the language model."""
    from assistant.critique.summary import sum_up
    from assistant.llm.budget import Budget
    from assistant.llm.client import LlmClient
    from assistant.prompts import load
    from assistant.report.coaching import render_summary
    from assistant.report.json import read_outcome

    read = read_outcome(outcome)
    settings = read_settings(home=home)
    client = answers_from(offline) or LlmClient.from_settings(settings).with_budget(
        Budget.of_review(settings)
    )
    with make_console(stderr=True).status(f"Asking {client.model}"):
        made = sum_up(
            read.subject, read.figures, read.findings, read.not_checked, client, load("summary")
        )
    _write_markdown(render_summary(made), output)
    if not made.headline:
        raise typer.Exit(2)


def answers_from(files: list[Path] | None) -> Offline | None:
    """What stands in for a model where answers lie in files."""
    from assistant.critique.offline import Offline

    return Offline(files) if files else None


def say_unused(asker: Offline | None) -> None:
    """Say which answers no question came for."""
    for path in asker.unused if asker else ():
        sentence = f"No question came for the answer '{path}', so it was not read."
        make_console(stderr=True).print(sentence, markup=False, highlight=False, soft_wrap=True)


def _write_markdown(text: str, output: Path | None) -> None:
    from rich.markdown import Markdown

    if output is None:
        make_console().print(Markdown(text))
    else:
        write_file(output, text)
