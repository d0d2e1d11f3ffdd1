"""``explain_rule``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assistant.models import Noun, Severity
from assistant.report.catalogue import DecidedBy, decided_by
from assistant.report.json import Written
from assistant.rules import find_rule
from assistant.rules.base import Example, Group, Kind, Need, Rule
from assistant.web.api.tool import Asker
from assistant.web.method import figures_of, unmeasured


class Accuracy(Noun):
    """A published figure, from 0 to 1, with its 95 % interval."""

    name: str
    value: float
    low: float
    high: float
    cases: int = Field(description="how many labelled cases it rests on")


class WrittenRule(Written):
    """A rule of the catalogue."""

    code: str
    slug: str
    title: str
    severity: Severity
    kind: Kind = Field(description="L: the text decides; J: a judgement; C: needs the corpus")
    group: Group
    fires_when: str
    why: str
    question: str
    authority: str
    decided_by: DecidedBy
    needs: Need | None = Field(description="what must be at hand beside the draft")
    examples: tuple[Example, ...] = Field(description="texts on which it fires")
    near_misses: tuple[Example, ...] = Field(description="texts that look guilty and are not")
    accuracy: tuple[Accuracy, ...] = Field(description="measured on labelled cases held out")
    unmeasured: str = Field(description="why there are no figures; empty where there are")


def explain_rule(
    asker: Asker,
    rule: Annotated[
        str, Field(max_length=100, description="Code or slug, such as K1 or output-not-outcome.")
    ],
) -> WrittenRule:
    """Explain one rule of the catalogue: definition, reason, examples, near-misses, accuracy.

    Use it when a finding names a rule and somebody asks why, doubts it, or wants to know how often
    it is right. It knows rules alone, not findings; an unknown name is answered with the codes that
    exist.

    `fires_when` is the definition, `why` what goes wrong if nobody says it, `question` what to ask
    the team, `examples` texts on which it fires, `near_misses` texts on which it stays silent.
    `accuracy` are published figures from 0 to 1 with 95 % intervals; where there are none,
    `unmeasured` says why. Never give an accuracy that is not there.
    """
    return _written(find_rule(rule))


def _written(rule: Rule) -> WrittenRule:
    figures = figures_of(rule)
    return WrittenRule(
        code=rule.code,
        slug=rule.slug,
        title=rule.title,
        severity=rule.severity,
        kind=rule.kind,
        group=rule.group,
        fires_when=rule.fires_when,
        why=rule.why,
        question=rule.question,
        authority=rule.authority,
        decided_by=decided_by(rule),
        needs=rule.needs,
        examples=tuple(item for item in rule.examples if item.fires),
        near_misses=tuple(item for item in rule.examples if item.near_miss),
        accuracy=tuple(Accuracy(**vars(item)) for item in figures),
        unmeasured="" if figures else unmeasured(rule),
    )
