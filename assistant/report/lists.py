"""What the command line lists: rules, profiles, dismissals, and how rules fare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assistant.history import Dismissal, Feedback, Tally, TeamAnswer
from assistant.models import shortened
from assistant.profiles import Profile
from assistant.profiles.profile import KINDS
from assistant.prompts import Prompt
from assistant.report.catalogue import decided_by
from assistant.rules import all_rules
from assistant.rules.base import Rule


def rules_table(profile: Profile) -> RenderableType:
    """The catalogue with the severities of a profile."""
    table = _table("Code", "Name", "Severity", "Decided by", "Fires when")
    for rule in all_rules():
        severity = _severity(rule, profile)
        table.add_row(rule.code, rule.slug, severity, decided_by(rule), rule.fires_when)
    return table


def _severity(rule: Rule, profile: Profile) -> str:
    levels = {kind: profile.level(rule, None if kind == "undeclared" else kind) for kind in KINDS}
    if len(set(levels.values())) == 1:
        return levels["undeclared"]
    return ", ".join(f"{level} ({kind})" for kind, level in levels.items())


def profiles_list(profiles: Iterable[Profile], active: Profile) -> RenderableType:
    """The profiles with their authority; the active one is marked."""
    shown = list(profiles)
    if active.name not in {item.name for item in shown}:
        shown.append(active)
    parts: list[RenderableType] = []
    for item in shown:
        base = f" (extends {item.extends})" if item.extends else ""
        used = "  in use" if item.name == active.name else ""
        parts.append(Text.assemble((item.name, "bold"), base, (used, "green")))
        if item.about:
            parts.append(Padding(Text(item.about), (0, 0, 0, 2)))
        parts.append(Padding(Text(f"Authority: {item.authority}."), (0, 0, 0, 2)))
    return Group(*parts)


def dismissals_table(dismissals: Iterable[Dismissal]) -> RenderableType:
    """The dismissed findings, or a sentence where there are none."""
    table = _table("Fingerprint", "Rule", "As", "On", "Reason", "Since")
    for item in dismissals:
        words = Text(shortened(item.words, 60))
        day = item.dismissed_on.isoformat()
        table.add_row(item.fingerprint, item.rule, item.kind, words, Text(item.reason), day)
    return table if table.rows else Text("No finding is dismissed.")


def answers_table(answers: Iterable[TeamAnswer]) -> RenderableType:
    """What was answered to findings, or a sentence where nothing was."""
    table = _table("Fingerprint", "Rule", "On", "Question", "Answer", "Since")
    table.columns[0].no_wrap = True
    for item in answers:
        said = (item.words, item.question, item.answer)
        words = (Text(shortened(words, 60)) for words in said)
        table.add_row(item.fingerprint, item.rule, *words, item.answered_on.isoformat())
    return table if table.rows else Text("No question was answered yet.")


def prompts_table(prompts: Iterable[Prompt], released: Mapping[str, str]) -> RenderableType:
    """The prompts with what they ask for and what is new in them."""
    table = _table("Prompt", "Released", "Asks for", "Changes")
    for item in prompts:
        state = "yes" if item.id in released else "no"
        table.add_row(item.id, state, item.output, Text(" ".join(item.changes.split())))
    return table


def scans_table(scans: Iterable[Tally]) -> RenderableType:
    """The kept scans in a few counts, or a sentence where there are none."""
    table = _table("Id", "Taken (UTC)", "Team", "Objectives", "Drifted", "Look", "Grave")
    for column in table.columns[:2]:
        column.no_wrap = True
    for item in scans:
        drifted = f"{item.drifted} of {item.judged}"
        taken = item.taken_at.strftime("%Y-%m-%d %H:%M")
        counts = (str(item.objectives), drifted, str(item.look), str(item.grave))
        table.add_row(item.id, taken, Text(item.team or "all"), *counts)
    return table if table.rows else Text("No scan is kept. `okr scan` keeps one each time.")


def feedback_table(feedback: Mapping[str, Feedback]) -> RenderableType:
    """For each rule that was shown: in how many findings, and how many were dismissed as wrong."""
    table = _table("Code", "Name", "Shown", "Wrong", "Accepted", "False positives")
    for rule in all_rules():
        item = feedback.get(rule.code)
        if item is None:
            continue
        share = f"{item.false_positives:.0%}" if item.false_positives is not None else ""
        counts = (str(item.shown), str(item.wrong), str(item.accepted))
        table.add_row(rule.code, rule.slug, *counts, share)
    return table if table.rows else Text("No finding was shown yet.")


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, pad_edge=False)
