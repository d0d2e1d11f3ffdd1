"""Which elements of a draft the local critic can read, and what is said about the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from assistant.language.detect import ENGLISH, language
from assistant.language.plain import disguises, undisguised
from assistant.language.readable import UNREADABLE, trouble
from assistant.models import Location, NotChecked, Objective, ObjectiveKind, Problem, shortened
from assistant.rules.base import Rule

Unread = Mapping[str, str]
"""The elements that cannot be judged: a language code, or that they are unreadable."""

_SURE_ENOUGH = 0.75
"""Below this confidence a text is read as English: names and jargon look foreign."""

_SEES_THE_OBJECTIVE, _SEES_ALL = frozenset({"K8"}), frozenset({"O8"})
"""Rules that compare a key result with its objective, or the objective with its key results."""

_MOST_NAMED = 10


def language_of(objective: Objective) -> str | None:
    """The language of an objective with its key results, where it is plainly not English.

    Returns:
        An ISO 639-1 code, or None for English and for texts too short to tell.
    """
    code, confidence = language(objective.words("set"))
    return None if code == ENGLISH or confidence < _SURE_ENOUGH else code


def english_only() -> Callable[[Objective], bool]:
    """A function that tells whether an objective may be shown to the trained readers.

    Each objective is looked at once, and only when it is asked about.
    """
    known: dict[str, bool] = {}

    def is_english(objective: Objective) -> bool:
        if objective.id not in known:
            known[objective.id] = language_of(objective) is None
        return known[objective.id]

    return is_english


def unread(objective: Objective) -> Unread:
    """The elements that the local critic cannot judge, in order, with the reason.

    In a draft that is foreign as a whole, only what is plainly English is judged.
    """
    found = {on: trouble(text) for on, text in _elements(objective)}
    foreign = language_of(objective) if any(found.values()) else None
    if foreign:
        texts = dict(_elements(objective))
        for on, why in found.items():
            if why is None and language(texts[on]) < (ENGLISH, _SURE_ENOUGH):
                found[on] = foreign
    return {on: why for on, why in found.items() if why}


def is_judged(rule: Rule, on: str, missing: Unread) -> bool:
    """Whether a rule can speak about an element.

    Args:
        rule: the rule.
        on: ``objective``, ``kr:N`` or ``set``.
        missing: what :func:`unread` says.
    """
    if rule.any_language or not missing:
        return True
    if on == "set" or rule.code in _SEES_ALL:
        return False
    return on not in missing and not (rule.code in _SEES_THE_OBJECTIVE and "objective" in missing)


def legible(objectives: Iterable[Objective]) -> list[Objective]:
    """The objectives that models can judge at least in part, with disguised letters made plain."""
    return [_undisguised(item) for item in objectives if len(unread(item)) <= len(item.key_results)]


def unjudged(
    objectives: Iterable[Objective], rules_for: Callable[[ObjectiveKind | None], Iterable[Rule]]
) -> Iterator[NotChecked]:
    """What is left out of the objectives because the local critic cannot read it.

    Args:
        objectives: the drafts.
        rules_for: the rules that are on for a kind of objective.
    """
    for objective in objectives:
        missing = unread(objective)
        rules = [rule for rule in rules_for(objective.kind) if rule.detect]
        for why in dict.fromkeys(missing.values()):
            named = [on for on, reason in missing.items() if reason == why]
            yield _left_out(objective, named, why, rules)


def disguised(objectives: Iterable[Objective]) -> Iterator[Problem]:
    """A remark on each element with look-alike letters or hidden characters."""
    for objective in objectives:
        for on, text in _elements(objective):
            if found := disguises(text):
                listed = ", ".join(found[:_MOST_NAMED])
                yield Problem(
                    message=f"{_name(on).capitalize()} {shortened(text, 60)!r} holds characters "
                    f"that hide or look like others ({listed}). It was read without them.",
                    location=location_of(objective, on),
                    severity="info",
                )


def location_of(objective: Objective, on: str) -> Location | None:
    """Where the element that a finding names stands in its source, as far as known."""
    if not on.startswith("kr:"):
        return objective.location
    position = int(on[3:])
    return objective.key_results[position - 1].location or objective.location


def _elements(objective: Objective) -> Iterator[tuple[str, str]]:
    yield "objective", objective.text
    for number, item in enumerate(objective.key_results, start=1):
        yield f"kr:{number}", item.text


def _undisguised(objective: Objective) -> Objective:
    if not any(undisguised(text) != text for text in objective.texts):
        return objective
    results = tuple(
        item.model_copy(update={"text": undisguised(item.text)}) for item in objective.key_results
    )
    return objective.model_copy(
        update={"text": undisguised(objective.text), "key_results": results}
    )


def _left_out(objective: Objective, named: list[str], why: str, rules: list[Rule]) -> NotChecked:
    missing = dict.fromkeys(named, why)
    codes = [rule.code for rule in rules if _loses(rule, objective, missing)]
    listed = ", ".join(_name(on) for on in named[:_MOST_NAMED])
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    part = "" if len(named) > len(objective.key_results) else f"{listed}{more} of "
    what = f"{', '.join(codes)} on {part}{shortened(objective.text, 80)!r}"
    if why == UNREADABLE:
        return NotChecked(
            what=what,
            why="it cannot be judged: the text is not readable English",
            how="Write it as an English phrase or sentence.",
        )
    return NotChecked(
        what=what,
        why=f"its language ({why}) is not supported by the local critic, which reads English",
        how="Configure a language model that reads it, or review a translation.",
    )


def _loses(rule: Rule, objective: Objective, missing: Unread) -> bool:
    """Whether the rule would have spoken about one of the elements, or about the set."""
    if rule.group == "set":
        return not is_judged(rule, "set", missing)
    kind = "kr:" if rule.group == "key-result" else "objective"
    if rule.code in _SEES_ALL:
        return True
    if rule.code in _SEES_THE_OBJECTIVE and "objective" in missing:
        return bool(objective.key_results)
    return any(on.startswith(kind) and not is_judged(rule, on, missing) for on in missing)


def _name(on: str) -> str:
    return f"key result {on[3:]}" if on.startswith("kr:") else "the objective"
