"""The method as the page shows it: rules, profiles, and how accurate the local critics are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.errors import ConfigurationError
from assistant.models import Severity, fold
from assistant.profiles import Profile, built_in, load
from assistant.profiles.profile import KINDS, Level
from assistant.report.catalogue import decided_by, rule_page
from assistant.rules import all_rules
from assistant.rules.base import Group, Limits, Rule
from assistant.web.words import without_folders

GROUPS: Mapping[Group, str] = {
    "objective": "Of an objective",
    "key-result": "Of a key result",
    "set": "Of the set",
    "alignment": "Of alignment",
}
"""What the rules are about, in the order of the page."""


@dataclass(frozen=True)
class Published:
    """A published figure: 0 to 1 with its 95 % interval, and how many cases it rests on."""

    name: str
    value: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True)
class RuleEntry:
    """A rule as the page shows it.

    Attributes:
        level: how grave it is in the chosen profile, or ``off``.
        apart: kinds of objectives on which it is graver or milder than that.
        body: the whole rule as HTML.
        figures: precision, recall and F1, where they were measured.
        unmeasured: why there are none; empty where there are.
    """

    rule: Rule
    decided: str
    level: Level
    apart: str
    body: str
    figures: Sequence[Published]
    unmeasured: str

    @property
    def severity(self) -> Severity | None:
        """The level, where the rule is on."""
        return None if self.level == "off" else self.level


@dataclass(frozen=True)
class ProfileEntry:
    """A profile with what it changes."""

    profile: Profile
    changes: Sequence[tuple[str, str]]
    limits: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Measured:
    """Published accuracy, as HTML tables, with what was counted."""

    drafts: str
    alignment: str
    cases: int
    decisions: int


def entries(words: str, group: str, profile: Profile) -> dict[str, list[RuleEntry]]:
    """The rules that contain all of some words, by what they are about.

    Args:
        words: any; none finds every rule.
        group: one of :data:`GROUPS`; anything else means all.
        profile: says how grave each is.
    """
    wanted = fold(words).split()
    found: dict[str, list[RuleEntry]] = {}
    for rule in all_rules():
        if group in GROUPS and rule.group != group:
            continue
        if all(word in _words(rule.code) for word in wanted):
            found.setdefault(GROUPS[rule.group], []).append(_entry(rule, profile))
    return {title: found[title] for title in GROUPS.values() if title in found}


def at_hand(usual: str) -> tuple[list[Profile], str]:
    """The profile of the settings, and those that come with the tool.

    Args:
        usual: what the settings name: one of ours, or a file.

    Returns:
        The profiles, the file of the settings first; and why that cannot be used, if so.
    """
    ours = list(built_in())
    if usual in {item.name for item in ours}:
        return ours, ""
    try:
        return [load(usual), *ours], ""
    except ConfigurationError as error:
        return ours, without_folders(str(error))


def profiles(known: Iterable[Profile]) -> list[ProfileEntry]:
    """Profiles, each with what it changes in the catalogue."""
    return [_profile(item) for item in known]


@cache
def measured() -> Measured | None:
    """The published accuracy; None where this installation holds no figures."""
    results = _results()
    if results is None:
        return None
    from evals.readme import accuracy_table, alignment_table

    return Measured(
        drafts=_html(accuracy_table().rpartition("\n\n")[0]),
        alignment=_html(alignment_table()),
        cases=results["cases"],
        decisions=results["decisions"],
    )


def _entry(rule: Rule, profile: Profile) -> RuleEntry:
    level = profile.level(rule, None)
    others = {kind: profile.level(rule, kind) for kind in KINDS if kind != "undeclared"}
    apart = ", ".join(f"{other} where {kind}" for kind, other in others.items() if other != level)
    figures = figures_of(rule)
    return RuleEntry(
        rule=rule,
        decided=decided_by(rule),
        level=level,
        apart=apart,
        body=_body(rule.code),
        figures=figures,
        unmeasured="" if figures else unmeasured(rule),
    )


@cache
def _body(code: str) -> str:
    """The rule as the catalogue prints it, without the heading that the page makes itself."""
    rule = next(item for item in all_rules() if item.code == code)
    return _html(rule_page(rule).split("\n", 1)[1])


@cache
def _words(code: str) -> str:
    rule = next(item for item in all_rules() if item.code == code)
    return fold(rule_page(rule))


def figures_of(rule: Rule) -> list[Published]:
    """Precision, recall and F1 of a rule, where they were measured."""
    results = _results()
    metrics: Mapping[str, Any] = results["metrics"] if results else {}
    found = []
    for key, name in (("precision", "Precision"), ("recall", "Recall"), ("f1", "F1")):
        figure = metrics.get(f"{key}.{rule.code}")
        if figure and figure["n"] and None not in figure.values():
            found.append(
                Published(name, figure["value"], figure["low"], figure["high"], figure["n"])
            )
    return found


def unmeasured(rule: Rule) -> str:
    """Why a rule has no published figures, in a sentence."""
    results = _results()
    if results is None:
        return "This installation holds no published figures."
    from evals.catalogue import accuracy

    return f"Accuracy: {accuracy(rule, results)}"


@cache
def _results() -> dict[str, Any] | None:
    try:
        from evals.readme import RESULTS

        found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    except (ImportError, OSError, ValueError):
        return None
    return found


def _profile(profile: Profile) -> ProfileEntry:
    usual = Limits().model_dump()
    limits = [
        (name.replace("_", " "), value)
        for name, value in profile.limits.model_dump().items()
        if value != usual[name]
    ]
    changes = []
    for rule in all_rules():
        levels = {profile.level(rule, None if kind == "undeclared" else kind) for kind in KINDS}
        if levels != {rule.severity}:
            entry = _entry(rule, profile)
            changes.append((rule.code, ", ".join(filter(None, (entry.level, entry.apart)))))
    return ProfileEntry(profile, changes, limits)


@cache
def _renderer() -> Callable[[str], str]:
    from markdown_it import MarkdownIt

    render: Callable[[str], str] = MarkdownIt("commonmark", {"html": False}).enable("table").render
    return render


def _html(markdown: str) -> str:
    return _renderer()(markdown)
