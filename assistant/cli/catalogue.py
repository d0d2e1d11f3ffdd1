"""``okr rules``, ``okr explain`` and ``okr profiles``."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli.console import make_console, read_settings
from assistant.cli.options import Home, Profile


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

    settings = read_settings(home=home, profile=profile)
    if not feedback:
        make_console().print(rules_table(load(settings.profile)))
        return
    from assistant.history import opened

    with opened(settings.home) as history:
        make_console().print(feedback_table(history.feedback()))


def profiles(profile: Profile = None) -> None:
    """List the profiles: what each is for, and on whose authority."""
    from assistant.profiles import built_in, load
    from assistant.report.lists import profiles_list

    make_console().print(profiles_list(built_in(), load(read_settings(profile=profile).profile)))


def explain(code: Annotated[str, typer.Argument(help="Code or slug, such as K1.")]) -> None:
    """Explain one rule: when it fires, why it matters, examples."""
    from rich.markdown import Markdown

    from assistant.report.catalogue import rule_page
    from assistant.rules import find_rule

    make_console().print(Markdown(rule_page(find_rule(code))))
