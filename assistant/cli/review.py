"""``okr review``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.coaching import answers_from, say_unused
from assistant.cli.console import make_console, read_settings, stdin
from assistant.cli.options import (
    Audience,
    Baseline,
    Context,
    Cycle,
    Fail,
    FailOn,
    Form,
    Format,
    Home,
    Llm,
    OfflineAnswers,
    Output,
    Parent,
    Profile,
    Team,
    WriteBaseline,
)
from assistant.cli.outcome import (
    exit_on_findings,
    exit_on_problems,
    keep_baseline,
    known_in,
    write_outcome,
)
from assistant.errors import InputError

if TYPE_CHECKING:
    from assistant.models import Review


def review(
    draft: Annotated[str, typer.Argument(help="File with the draft, or - for standard input.")],
    form: Form = Format.TEXT,
    output: Output = None,
    fail_on: Fail = FailOn.WARNING,
    team: Team = None,
    cycle: Cycle = None,
    parent: Parent = None,
    context: Context = True,
    llm: Llm = True,
    self_check: Annotated[
        bool | None,
        typer.Option(
            "--self-check/--no-self-check", help="Let the model look at the findings once more."
        ),
    ] = None,
    offline: OfflineAnswers = None,
    everything: Annotated[bool, typer.Option("--all", help="Show all findings in full.")] = False,
    profile: Profile = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Review a draft: findings with the exact words, evidence and a question for each."""
    from assistant.report import terminal
    from assistant.review import ReviewOptions, review_file, review_text

    settings = read_settings(
        home=home, audience=audience, profile=profile, llm_concurrency=1 if offline else None
    )
    options = ReviewOptions(
        team=team, cycle=cycle, parent=parent, context=context, llm=llm, self_check=self_check
    )
    asker = answers_from(offline)
    with make_console(stderr=True).status("Reading the draft") as status:
        if draft == "-":
            outcome = review_text(
                stdin(), settings, options, status.update, file="stdin", asker=asker
            )
        else:
            outcome = review_file(Path(draft), settings, options, status.update, asker)
    say_unused(asker)
    outcome = known_in(outcome, baseline)
    write_outcome(
        form,
        output,
        lambda: terminal.render_review(outcome, everything=everything),
        lambda chosen: _review_as(chosen, outcome),
    )
    exit_on_problems(outcome.problems)
    if write_baseline is None:
        exit_on_findings(outcome.findings, fail_on)
    else:
        keep_baseline(outcome, write_baseline)


def _review_as(form: Format, review: Review) -> str:
    from assistant.report import html, json, markdown, sarif
    from assistant.rules import all_rules

    if form is Format.CSV:
        raise InputError("A review is not written as CSV. Choose json, or scan the organisation.")
    if form is Format.SARIF:
        return sarif.render(review, all_rules())
    if form is Format.JSON:
        return json.render(review)
    render = markdown.render_review if form is Format.MARKDOWN else html.render_review
    return render(review)
