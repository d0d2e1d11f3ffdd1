"""What a scan reads out of words, link by link and objective by objective, from memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pydantic import TypeAdapter

from assistant.analyse.draft import proposed
from assistant.analyse.drift import WORDS, Words
from assistant.analyse.links import Link
from assistant.analyse.plain_drift import PlainDrift
from assistant.memory import Memory, Told, code_digest, digest, remembered
from assistant.models import Finding, ObjectiveKind, SlotChange
from assistant.rules.base import Rule, Subject

_CODE = ("analyse", "language", "rules", "models.py")
_PLAIN: TypeAdapter[PlainDrift | None] = TypeAdapter(PlainDrift | None)
_CHANGES: TypeAdapter[tuple[SlotChange, ...]] = TypeAdapter(tuple[SlotChange, ...])
_FINDINGS: TypeAdapter[tuple[Finding, ...]] = TypeAdapter(tuple[Finding, ...])

RulesFor = Callable[[ObjectiveKind | None], Sequence[Rule]]


def known_words(memory: Memory) -> Words:
    """What the words of links show, as far as it is known from memory."""

    def key(kind: str, link: Link) -> tuple[str, ...]:
        return kind, code_digest(*_CODE), link.model_dump_json()

    return Words(
        plain=lambda links: remembered(
            memory, links, lambda link: key("plain", link), WORDS.plain, _PLAIN
        ),
        changes=lambda links: remembered(
            memory, links, lambda link: key("changes", link), WORDS.changes, _CHANGES
        ),
    )


def known_findings(
    memory: Memory,
    subjects: Sequence[Subject],
    rules_for: RulesFor,
    told: Told | None = None,
) -> Iterator[Finding]:
    """What the draft rules say about each objective, without rewrites.

    Args:
        memory: holds what they said before.
        subjects: the objectives in their surroundings.
        rules_for: the rules that are on for a kind of objective.
        told: told how many objectives are done.
    """
    sets: dict[tuple[str | None, str | None], str] = {}

    def together(subject: Subject) -> str:
        """Changes when one of the objectives of the same team and cycle does; worked out once."""
        key = subject.objective.team_id, subject.objective.cycle_id
        if key not in sets:
            sets[key] = digest(*(item.model_dump_json() for item in subject.siblings)).hex()
        return sets[key]

    def depends_on(subject: Subject) -> tuple[object, ...]:
        rules = [(rule.code, rule.severity) for rule in rules_for(subject.objective.kind)]
        around = subject.model_dump_json(exclude={"objective", "siblings", "scores"})
        scores = sorted(subject.scores.items()) if subject.scores is not None else None
        return (
            "findings",
            code_digest(*_CODE),
            rules,
            subject.objective.model_dump_json(),
            together(subject),
            around,
            scores,
        )

    def ask(some: Sequence[Subject]) -> Iterator[tuple[Finding, ...]]:
        # Rewrites belong to a review, which tries them out one by one.
        for subject in some:
            found = proposed(subject, rules_for(subject.objective.kind)).findings
            yield tuple(item.model_copy(update={"rewrite": None}) for item in found)

    for found in remembered(memory, subjects, depends_on, ask, _FINDINGS, told):
        yield from found
