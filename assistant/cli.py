"""The command ``okr``. Heavy imports happen inside the commands, so that help is instant."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from assistant.errors import InputError, OkrError

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console, RenderableType
    from rich.progress import Progress

    from assistant.models import Finding, Problem, Review, Scan
    from assistant.scan import Scanned
    from assistant.settings import Settings
    from assistant.triage.baseline import Outcome

app = typer.Typer(
    name="okr",
    help="Review draft OKRs against the strategy, the parent and the peers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


_INTERRUPTED = 130
"""The exit status after Ctrl-C; Typer turns most of them into it before we see them."""


class Format(StrEnum):
    """How an outcome is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    SARIF = "sarif"


class FailOn(StrEnum):
    """From which severity on the exit status is 1."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    NEVER = "never"


class Answer(StrEnum):
    """Why a finding is dismissed."""

    WRONG = "wrong"
    ACCEPTED = "accepted"


Home = Annotated[
    Path | None, typer.Option(help="Folder of the index and the history [default: .okr].")
]
Audience = Annotated[
    str | None, typer.Option(help="Audiences whose documents you may see, comma-separated.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")]
Fail = Annotated[FailOn, typer.Option(help="Exit with 1 from this severity on.")]
Profile = Annotated[
    str | None, typer.Option(help="Which rules are on: a name from `okr profiles`, or a file.")
]
Baseline = Annotated[
    Path | None, typer.Option(help="Findings in this file are known and do not count.")
]
WriteBaseline = Annotated[
    Path | None, typer.Option(help="Put the findings into this file, and exit with 0.")
]
Form = Annotated[Format, typer.Option("--format", "-f", help="How to write the outcome.")]


@app.command()
def index(
    folder: Annotated[Path | None, typer.Argument(help="Folder of OKRs and documents.")] = None,
    home: Home = None,
    rebuild: Annotated[bool, typer.Option(help="Start from nothing.")] = False,
) -> None:
    """Read a folder of OKRs and strategy documents and index what is new or changed."""
    from assistant.ingest import ingest

    settings = _settings(home=home, corpus=folder)
    console = _console(stderr=True)
    started = perf_counter()
    with _progress(console) as progress:
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
    _print_problems(outcome.problems)
    console.print(
        f"{outcome.teams} teams, {outcome.objectives} objectives and {outcome.documents} documents: "
        f"{outcome.added} entries added, {outcome.updated} updated, {outcome.deleted} deleted, "
        f"{outcome.unchanged} unchanged in {perf_counter() - started:.1f} s.",
        highlight=False,
        soft_wrap=True,
    )
    _exit_on_problems(outcome.problems)


@app.command()
def review(
    draft: Annotated[str, typer.Argument(help="File with the draft, or - for standard input.")],
    form: Form = Format.TEXT,
    output: Output = None,
    fail_on: Fail = FailOn.WARNING,
    team: Annotated[str | None, typer.Option(help="Team, where the draft names none.")] = None,
    cycle: Annotated[str | None, typer.Option(help="Cycle, where the draft names none.")] = None,
    parent: Annotated[
        str | None, typer.Option(help="Objective it serves, where the draft names none.")
    ] = None,
    context: Annotated[
        bool, typer.Option("--context/--no-context", help="Look up parents, peers, strategy.")
    ] = True,
    llm: Annotated[
        bool, typer.Option("--llm/--no-llm", help="Ask the language model, if configured.")
    ] = True,
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

    settings = _settings(home=home, audience=audience, profile=profile)
    options = ReviewOptions(team=team, cycle=cycle, parent=parent, context=context, llm=llm)
    with _console(stderr=True).status("Reading the draft") as status:
        if draft == "-":
            outcome = review_text(_stdin(), settings, options, status.update, file="stdin")
        else:
            outcome = review_file(Path(draft), settings, options, status.update)
    outcome = _with_baseline(outcome, baseline)
    _write(
        form,
        output,
        lambda: terminal.render_review(outcome, everything=everything),
        lambda chosen: _review_as(chosen, outcome),
    )
    _exit_on_problems(outcome.problems)
    if write_baseline is None:
        _exit_on_findings(outcome.findings, fail_on)
    else:
        _write_baseline(outcome, write_baseline)


@app.command()
def scan(
    form: Form = Format.TEXT,
    output: Output = None,
    fail_on: Fail = FailOn.NEVER,
    team: Annotated[str | None, typer.Option(help="Only this team and the teams below it.")] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Compare with an earlier scan: LAST, a day (2026-09-30) or its id."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Findings printed as text.")] = 20,
    profile: Profile = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Scan the whole indexed organisation."""
    from assistant.report import terminal
    from assistant.scan import scan_organisation

    settings = _settings(home=home, audience=audience, profile=profile)
    with _progress(_console(stderr=True)) as progress:
        task = progress.add_task("Scanning", total=None)
        scanned = scan_organisation(
            settings,
            team=team,
            since=since,
            tell=lambda what, done, total: progress.update(
                task, description=what, completed=done, total=total or None
            ),
        )
    outcome = _with_baseline(scanned.scan, baseline, everything=team is None)
    _write(
        form,
        output,
        lambda: terminal.render_scan(outcome, scanned.organisation, limit=limit),
        lambda chosen: _scan_as(chosen, outcome, scanned),
    )
    if write_baseline is None:
        _exit_on_findings(outcome.findings, fail_on)
    else:
        _write_baseline(outcome, write_baseline, everything=team is None)


@app.command()
def retrospective(
    period: Annotated[str, typer.Argument(help="A finished period whose key results have scores.")],
    before: Annotated[
        Path | None,
        typer.Option(help="A scan from its start, written with `okr scan --format json`."),
    ] = None,
    output: Output = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Look back on a period: what moved, which assumptions were wrong, what was visible early."""
    from rich.markdown import Markdown

    from assistant.report.retrospective import render_retrospective
    from assistant.retrospect import look_back_on

    settings = _settings(home=home, audience=audience)
    with _console(stderr=True).status("Looking back"):
        text = render_retrospective(look_back_on(period, settings, before=before))
    if output is None:
        _console().print(Markdown(text))
    else:
        _write_file(output, text)


@app.command()
def rules(
    feedback: Annotated[
        bool, typer.Option("--feedback", help="How often each was shown and dismissed.")
    ] = False,
    profile: Profile = None,
    home: Home = None,
) -> None:
    """List the rule catalogue."""
    from assistant.profiles import load
    from assistant.report.lists import feedback_table, rules_table

    settings = _settings(home=home, profile=profile)
    if not feedback:
        _console().print(rules_table(load(settings.profile)))
        return
    from assistant.history import opened

    with opened(settings.home) as history:
        _console().print(feedback_table(history.feedback()))


@app.command()
def profiles(profile: Profile = None) -> None:
    """List the profiles: what each is for, and on whose authority."""
    from assistant.profiles import built_in, load
    from assistant.report.lists import profiles_list

    _console().print(profiles_list(built_in(), load(_settings(profile=profile).profile)))


@app.command()
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

    with opened(_settings(home=home).home) as history:
        item = (
            history.restore(fingerprint)
            if undo
            else history.dismiss(fingerprint, reason, kind.value)
        )
    verb = "is shown again" if undo else f"is dismissed as {item.kind}"
    sentence = f"{item.rule} on “{shortened(item.words, 80)}” {verb}."
    _console().print(sentence, markup=False, highlight=False, soft_wrap=True)


@app.command()
def dismissals(home: Home = None) -> None:
    """List the dismissed findings."""
    from assistant.history import opened
    from assistant.report.lists import dismissals_table

    with opened(_settings(home=home).home) as history:
        _console().print(dismissals_table(history.dismissals()))


@app.command()
def explain(code: Annotated[str, typer.Argument(help="Code or slug, such as K1.")]) -> None:
    """Explain one rule: when it fires, why it matters, examples."""
    from rich.markdown import Markdown

    from assistant.report.catalogue import rule_page
    from assistant.rules import find_rule

    _console().print(Markdown(rule_page(find_rule(code))))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 7860,
    home: Home = None,
) -> None:
    """Start the web app."""
    from assistant.web.app import serve as start

    start(_settings(home=home), host=host, port=port)


@app.command()
def doctor(
    llm: Annotated[bool, typer.Option("--llm", help="Also ask the endpoint one question.")] = False,
    home: Home = None,
) -> None:
    """Say what is configured, reachable and indexed, and what to do about what is not."""
    from assistant.doctor import examine

    console = _console()
    healthy = True
    for check in examine(_settings(home=home), ask_llm=llm):
        mark = {"ok": "[green]ok[/]", "off": "[cyan]off[/]", "broken": "[red]broken[/]"}
        console.print(mark[check.state].ljust(8), end=" ")
        console.print(f"{check.name}: {check.detail}", markup=False, highlight=False)
        healthy = healthy and check.state != "broken"
    if not healthy:
        raise typer.Exit(2)


evaluation = typer.Typer(help="Measure the critics on labelled cases.", no_args_is_help=True)
app.add_typer(evaluation, name="eval")


@evaluation.callback()
def _evaluation() -> None:
    """Measure the critics on labelled cases."""


@evaluation.command("run")
def eval_run(
    suite: Annotated[str, typer.Argument(help="The suite: drafts, drift, chains or peers.")],
    critic: Annotated[str, typer.Option(help="local, or a baseline by its name.")] = "local",
    cases: Annotated[Path | None, typer.Option(help="Your own case file (JSONL).")] = None,
    split: Annotated[str, typer.Option(help="Of our own cases: train, dev or test.")] = "dev",
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the figures to this file.")
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="Write every decision to this file (JSONL).")
    ] = None,
) -> None:
    """Run a suite: its figures with 95 % intervals, beside those of simple baselines."""
    from evals.run import as_json, decision_lines, figures_table, run_suite

    with _console(stderr=True).status("Judging the cases"):
        outcome, baselines = run_suite(suite, critic, cases=cases, split=split)
    shown = "own" if cases else split
    if json_file:
        _write_file(json_file, as_json(suite, outcome, baselines, critic=critic, split=shown))
    if decisions:
        _write_file(decisions, decision_lines(outcome))
    _console().print(figures_table(suite, outcome, baselines))
    for error in outcome.errors:
        _console(stderr=True).print(error, markup=False, highlight=False, soft_wrap=True)
    if outcome.errors:
        raise typer.Exit(2)


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
    _console(stderr=True).print("Interrupted. What was finished is kept; run it again.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_INTERRUPTED)


def _stop(message: str) -> NoReturn:
    _console(stderr=True).print(message, markup=False, highlight=False, soft_wrap=True)
    sys.exit(2)


def _settings(**given: object) -> Settings:
    from assistant.settings import load_settings

    return load_settings(**given)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr)


def _progress(console: Console) -> Progress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=console,
        transient=True,
    )


def _stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8-sig", errors="replace")


def _write(
    form: Form,
    output: Path | None,
    as_text: Callable[[], RenderableType],
    as_document: Callable[[Format], str],
) -> None:
    if form is Format.TEXT and output is None:
        _console().print(as_text())
        return
    content = _captured(as_text()) if form is Format.TEXT else as_document(form)
    if output is None:
        sys.stdout.write(content if content.endswith("\n") else content + "\n")
        return
    _write_file(output, content)


def _captured(shown: RenderableType) -> str:
    from rich.console import Console

    console = Console(width=100, color_system=None)
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def _write_file(path: Path, content: str) -> None:
    try:
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"'{path}' cannot be written: {error.strerror}. Choose another --output."
        ) from None


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


def _scan_as(form: Format, scan: Scan, scanned: Scanned) -> str:
    from assistant.report import csv, html, json, markdown, sarif
    from assistant.rules import all_rules

    organisation = scanned.organisation
    if form is Format.SARIF:
        return sarif.render(scan, all_rules())
    if form is Format.JSON:
        return json.render(scan, organisation)
    if form is Format.CSV:
        return csv.render_scan(scan, organisation)
    if form is Format.MARKDOWN:
        return markdown.render_scan(scan, organisation)
    return html.render_scan(scan, organisation, earlier=scanned.earlier)


def _with_baseline(outcome: Outcome, path: Path | None, *, everything: bool = False) -> Outcome:
    if path is None:
        return outcome
    from assistant.triage.baseline import compare, read_baseline

    return compare(outcome, read_baseline(path), path, everything=everything)


def _write_baseline(outcome: Review | Scan, path: Path, *, everything: bool = False) -> None:
    from assistant.triage.baseline import write_baseline

    number = write_baseline(path, outcome, everything=everything)
    _console(stderr=True).print(
        f"{number} findings are known now: {path}.", markup=False, highlight=False, soft_wrap=True
    )


def _print_problems(problems: tuple[Problem, ...]) -> None:
    console = _console(stderr=True)
    for problem in problems:
        console.print(
            f"{problem.severity}: {problem}", markup=False, highlight=False, soft_wrap=True
        )


def _exit_on_problems(problems: tuple[Problem, ...]) -> None:
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(2)


def _exit_on_findings(findings: tuple[Finding, ...], fail_on: FailOn) -> None:
    from assistant.report.words import at_or_above

    new = [finding for finding in findings if not finding.known]
    if fail_on is not FailOn.NEVER and at_or_above(new, fail_on.value):  # type: ignore[arg-type]
        raise typer.Exit(1)


if __name__ == "__main__":
    main()
