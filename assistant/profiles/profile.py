"""What a profile is: the catalogue as one authority would have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from assistant.models import Noun, ObjectiveKind, Severity
from assistant.rules import all_rules
from assistant.rules.base import Limits, Rule

Level = Literal["off", "info", "warning", "error"]
Kind = Literal["committed", "aspirational", "learning", "undeclared"]
"""What an objective says it is; ``undeclared`` where it says nothing."""

LEVELS: tuple[Level, ...] = get_args(Level)
KINDS: tuple[Kind, ...] = get_args(Kind)
DEFAULT = "default"


class Profile(Noun):
    """Which rules are on, how grave each is, and the limits that they count against.

    Attributes:
        about: what it is for, in one sentence.
        authority: who says so.
        extends: the profile that it changes.
        limits: the numbers that rules count against.
        levels: by rule code and kind of objective, where it differs from the catalogue.
    """

    name: str
    about: str = ""
    authority: str
    extends: str | None = None
    limits: Limits = Limits()
    levels: Mapping[str, Mapping[Kind, Level]] = Field(default_factory=dict)

    def level(self, rule: Rule, kind: ObjectiveKind | None) -> Level:
        """How grave a rule is on objectives of a kind, or ``off``."""
        return self.levels.get(rule.code, {}).get(kind or "undeclared", rule.severity)

    def rules(self, kind: ObjectiveKind | None) -> tuple[Rule, ...]:
        """The rules that are on for a kind of objective, each with its severity."""
        return tuple(_graded(rule, level) for rule, level in self._levels(kind) if level != "off")

    def off(self, kind: ObjectiveKind | None) -> tuple[Rule, ...]:
        """The rules that are off for a kind of objective."""
        return tuple(rule for rule, level in self._levels(kind) if level == "off")

    def _levels(self, kind: ObjectiveKind | None) -> list[tuple[Rule, Level]]:
        return [(rule, self.level(rule, kind)) for rule in all_rules()]


def _graded(rule: Rule, severity: Severity) -> Rule:
    return rule if rule.severity == severity else rule.model_copy(update={"severity": severity})
