"""``okr prompt``: which prompts there are, and what exactly a model would read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import make_console, read_settings, stdin
from assistant.cli.options import (
    Audience,
    Context,
    Cycle,
    Home,
    Parent,
    Profile,
    Team,
)
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.critique.offline import Offline
    from assistant.prompts import Message, Prompt
    from assistant.review import ReviewOptions
    from assistant.settings import Settings

prompt = typer.Typer(help="List the prompts; print what a model would read.", no_args_is_help=True)


@prompt.callback()
def _prompt() -> None:
    """List the prompts; print what a model would read."""


@prompt.command("list")
def list_prompts() -> None:
    """List the prompts with their versions."""
    from assistant.prompts import available, load, released
    from assistant.report.lists import prompts_table

    frozen = released()
    prompts = [load(name) for name in available()]
    make_console().print(prompts_table(prompts, frozen))


@prompt.command("check")
def check_prompts() -> None:
    """Say which prompts cannot be used or were changed after their release."""
    from assistant.prompts import available, check

    faults = list(check())
    for fault in faults:
        make_console(stderr=True).print(fault, markup=False, highlight=False, soft_wrap=True)
    if faults:
        raise typer.Exit(2)
    make_console().print(f"{len(available())} prompts are sound.", highlight=False)


@prompt.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Such as critique, or critique@1 for a version.")],
    draft: Annotated[
        str | None, typer.Option(help="File with a draft, or - for standard input.")
    ] = None,
    outcome: Annotated[
        Path | None, typer.Option(help="For a summary: a review or scan written as JSON.")
    ] = None,
    number: Annotated[
        int,
        typer.Option(
            min=1, help="Which one, where there are several, such as one for each objective."
        ),
    ] = 1,
    element: Annotated[str, typer.Option(help="For a rewrite: objective or kr:N.")] = "objective",
    answers: Annotated[
        list[Path] | None,
        typer.Option("--offline-answer", help="Answer to a question that comes before this one."),
    ] = None,
    team: Team = None,
    cycle: Cycle = None,
    parent: Parent = None,
    context: Context = True,
    profile: Profile = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Print a prompt: the file itself, or with a draft exactly what the model would read."""
    from assistant.critique.offline import Offline
    from assistant.prompts import load
    from assistant.review import ReviewOptions

    asked = load(name)
    if draft is None and outcome is None:
        sys.stdout.write(asked.template)
        return
    settings = read_settings(home=home, audience=audience, profile=profile, llm_concurrency=1)
    options = ReviewOptions(
        team=team,
        cycle=cycle,
        parent=parent,
        context=context,
        self_check=asked.name == "self-check",
        prompts=(name,),
        remember=False,
    )
    model = Offline(answers or ())
    if outcome is not None:
        _summarise(outcome, model, asked)
    elif draft is not None and asked.name == "rewrite":
        _rewrite(draft, element, number, settings, options, model)
    elif draft is not None:
        _review(draft, settings, options, model)
    _print(_those_for(asked, number, model))


def _review(draft: str, settings: Settings, options: ReviewOptions, model: Offline) -> None:
    from assistant.review import review_file, review_text

    if draft == "-":
        review_text(stdin(), settings, options, file="stdin", asker=model)
    else:
        review_file(Path(draft), settings, options, asker=model)


def _rewrite(
    draft: str,
    element: str,
    number: int,
    settings: Settings,
    options: ReviewOptions,
    model: Offline,
) -> None:
    from assistant.review import rewrite

    text = stdin() if draft == "-" else Path(draft)
    rewrite(text, element, settings, options, number=number, asker=model)


def _summarise(outcome: Path, model: Offline, asked: Prompt) -> None:
    from assistant.critique.summary import sum_up
    from assistant.report.json import read_outcome

    read = read_outcome(outcome)
    sum_up(read.subject, read.figures, read.findings, read.not_checked, model, asked)


def _those_for(asked: Prompt, number: int, model: Offline) -> tuple[Message, ...]:
    """The question of this kind and number; of a rewrite there is only one."""
    questions = [messages for schema, messages in model.asked if schema.__name__ == asked.output]
    position = 0 if asked.name == "rewrite" else number - 1
    if position < len(questions):
        if len(questions) > 1:
            sentence = f"Number {number} of {len(questions)} (--number shows another)."
            make_console(stderr=True).print(sentence, highlight=False)
        return questions[position]
    if questions:
        raise InputError(f"There are {len(questions)} such questions and no number {number}.")
    raise InputError(
        f"With this draft, {asked.id} is never asked. {_WHEN.get(asked.name, _ELSEWHERE)}"
    )


_WHEN = {
    "critique": "No rule that needs judgement is on.",
    "self-check": "There is no finding that needs judgement; give --offline-answer with a critique.",
    "follow-up": "It is asked once a finding is answered: `okr answer FINGERPRINT TEXT`.",
    "rewrite": "Give --draft and --element.",
    "summary": "Give --outcome with a review or a scan that was written as JSON.",
}
_ELSEWHERE = "It is not asked in a review."


def _print(messages: tuple[Message, ...]) -> None:
    from assistant.llm.tokens import tokens

    for message in messages:
        sys.stdout.write(f"{message.content}\n\n")
    sys.stdout.flush()
    total = sum(tokens(message.content) for message in messages)
    make_console(stderr=True).print(f"About {total:,} tokens.", highlight=False)
