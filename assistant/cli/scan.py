"""``okr scan`` and ``okr retrospective``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.console import make_console, progress_bar, read_settings
from assistant.cli.options import (
    Audience,
    Baseline,
    Fail,
    FailOn,
    Form,
    Format,
    Home,
    Output,
    Profile,
    WriteBaseline,
)
from assistant.cli.outcome import (
    exit_on_findings,
    expect_folder,
    keep_baseline,
    known_in,
    write_file,
    write_outcome,
)

if TYPE_CHECKING:
    from assistant.models import Scan
    from assistant.scan import Scanned


def scan(
    form: Form = Format.TEXT,
    output: Output = None,
    fail_on: Fail = FailOn.NEVER,
    team: Annotated[str | None, typer.Option(help="Only this team and the teams below it.")] = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Compare with an earlier scan: LAST, a day (2026-09-30) or an id of `okr scans`."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Lines of each list printed as text.")] = 20,
    llm_budget: Annotated[
        int,
        typer.Option(
            min=0,
            help="Requests that the language model may be sent, about the links and peers that "
            "are uncertain and matter most.",
        ),
    ] = 0,
    profile: Profile = None,
    baseline: Baseline = None,
    write_baseline: WriteBaseline = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Scan the whole indexed organisation."""
    from assistant.report import terminal
    from assistant.scan import scan_organisation

    expect_folder(output)
    settings = read_settings(home=home, audience=audience, profile=profile)
    with progress_bar(make_console(stderr=True)) as progress:
        task = progress.add_task("Scanning", total=None)
        scanned = scan_organisation(
            settings,
            team=team,
            since=since,
            llm_budget=llm_budget,
            tell=lambda what, done, total: progress.update(
                task, description=what, completed=done, total=total or None
            ),
        )
    outcome = known_in(scanned.scan, baseline, everything=team is None)
    write_outcome(
        form,
        output,
        lambda: terminal.render_scan(
            outcome, scanned.organisation, limit=limit, earlier=scanned.earlier
        ),
        lambda chosen: _scan_as(chosen, outcome, scanned),
    )
    if write_baseline is None:
        exit_on_findings(outcome.findings, fail_on)
    else:
        keep_baseline(outcome, write_baseline, everything=team is None)


def scans(audience: Audience = None, home: Home = None) -> None:
    """List the kept scans, for `okr scan --since`; the latest first."""
    from assistant.analyse.snapshots import audience_names
    from assistant.history import opened
    from assistant.report.lists import scans_table

    settings = read_settings(home=home, audience=audience)
    with opened(settings.home) as history:
        found = history.all_scans(audience_names(settings.audiences))
    make_console().print(scans_table(found))


def retrospective(
    period: Annotated[str, typer.Argument(help="A finished period whose key results have scores.")],
    before: Annotated[
        Path | None,
        typer.Option(
            help="A scan from its start, written with `okr scan --format json` [default: the "
            "first of the period that was kept]."
        ),
    ] = None,
    output: Output = None,
    audience: Audience = None,
    home: Home = None,
) -> None:
    """Look back on a period: what moved, which assumptions were wrong, what was visible early."""
    from rich.markdown import Markdown

    from assistant.report.retrospective import render_retrospective
    from assistant.retrospect import look_back_on

    settings = read_settings(home=home, audience=audience)
    with make_console(stderr=True).status("Looking back"):
        text = render_retrospective(look_back_on(period, settings, before=before))
    if output is None:
        make_console().print(Markdown(text))
    else:
        write_file(output, text)


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
        return markdown.render_scan(scan, organisation, earlier=scanned.earlier)
    return html.render_scan(scan, organisation, earlier=scanned.earlier)
