"""The rule catalogue: one file per rule, found by looking, listed nowhere."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache

from assistant.errors import InputError
from assistant.rules.base import Rule

_GROUPS = "OKSA"


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule of the catalogue, in the order O, K, S, A and by number."""
    modules = (
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
    )
    found = (module.RULE for module in modules if hasattr(module, "RULE"))
    return tuple(sorted(found, key=_position))


def find_rule(name: str) -> Rule:
    """The rule with this code or slug, in any case.

    Raises:
        InputError: there is no such rule; the message lists the codes that exist.
    """
    wanted = name.strip().casefold()
    for rule in all_rules():
        if wanted in (rule.code.casefold(), rule.slug):
            return rule
    known = ", ".join(rule.code for rule in all_rules())
    raise InputError(f"There is no rule {name!r}. There are: {known}.")


def _position(rule: Rule) -> tuple[int, int]:
    letter, number = re.fullmatch(r"([A-Z])(\d+)", rule.code).groups()  # type: ignore[union-attr]
    return _GROUPS.index(letter), int(number)
