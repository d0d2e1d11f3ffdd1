"""The critics of drafts: the product's own, and the baselines beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.analyse.draft import check
from assistant.models import Objective, Severity
from assistant.rules import all_rules, find_rule
from assistant.rules.base import Subject
from assistant.settings import Settings
from evals import prompted
from evals.cases import CASES, DraftCase, read_cases
from evals.drafts import as_objective
from evals.suites.drafts import DraftCritic, Place, Verdict

_SEVERITIES: dict[str, Severity] = {rule.code: rule.severity for rule in all_rules()}


class Lexical:
    """The rules without the trained heads."""

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        """One verdict a case, in order."""
        for case in cases:
            yield Verdict(said=_said(Subject(objective=as_objective(case))))


class Local:
    """The product's local critic: rules and trained heads."""

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        """One verdict a case, in order."""
        from assistant.learned.heads import judge

        objectives = [as_objective(case) for case in cases]
        opinions = judge(objectives)
        for objective, known in zip(objectives, opinions, strict=True):
            scores = {f"{item.code}@{item.on}": item.probability for item in known if item.fires}
            subject = Subject(objective=objective, scores=scores)
            yield Verdict(
                said=_said(subject),
                scores={(item.on, item.code): item.probability for item in known},
            )


class Narrow:
    """The local critic with a small model beside it, asked about what the heads are unsure of.

    It asks the endpoint that the settings name; answers are kept in the home folder.
    """

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        """One verdict a case, in order."""
        from assistant.critique.combine import combine
        from assistant.critique.decisions import FOUND_FROM, is_uncertain

        local = list(Local().judge(cases))
        asked = [
            (at, on, code)
            for at, verdict in enumerate(local)
            for (on, code), likely in verdict.scores.items()
            if is_uncertain(likely)
        ]
        said = rule_evidence([(as_objective(cases[at]), on, code) for at, on, code in asked])
        for (at, on, code), evidence in zip(asked, said, strict=True):
            if evidence is None:
                continue
            verdict = local[at]
            likely = combine("decide", verdict.scores[on, code], evidence)
            found = {(on, code): _SEVERITIES[code]} if likely >= FOUND_FROM else {}
            local[at] = replace(
                verdict,
                said={**found, **verdict.said},
                scores={**verdict.scores, (on, code): likely},
            )
        yield from local


def rule_evidence(decisions: Sequence[tuple[Objective, str, str]]) -> list[float | None]:
    """What the model of the settings says of rules on elements, from -1 to 1.

    Args:
        decisions: each an objective, the element and the code of the rule.

    Raises:
        ConfigurationError: no model is set.
        LlmError: there was no answer.
    """
    from assistant.critique.rule_judge import RuleJudge
    from assistant.llm.client import LlmClient

    settings = Settings()
    judge = RuleJudge(LlmClient.from_settings(settings))
    rules = {code: find_rule(code) for code in sorted({code for _, _, code in decisions})}

    async def ask() -> list[float | None]:
        await judge.learn(rules.values())
        gate = asyncio.Semaphore(settings.llm_concurrency)

        async def one(objective: Objective, on: str, code: str) -> float | None:
            async with gate:
                return await judge.evidence(rules[code], objective, on)

        return list(await asyncio.gather(*(one(*item) for item in decisions)))

    return asyncio.run(ask()) if decisions else []


class Nearest:
    """Copies the labels of the element of the train split whose text is most similar."""

    def judge(self, cases: Sequence[DraftCase]) -> Iterator[Verdict]:
        """One verdict a case, in order."""
        from assistant.index.onnx import OnnxEmbedder

        embed = OnnxEmbedder().embed
        memory = [_labelled(case) for case in read_cases(CASES / "drafts" / "train", DraftCase)]
        known = [element for elements in memory for element in elements]
        vectors = {
            kind: (
                embed([e.text for e in known if e.kind == kind]),
                [e for e in known if e.kind == kind],
            )
            for kind in ("objective", "kr", "set")
        }
        for case in cases:
            elements = _labelled(case)
            said: dict[Place, Severity] = {}
            for element, vector in zip(elements, embed([e.text for e in elements]), strict=True):
                stored, owners = vectors[element.kind]
                for code in owners[int((stored @ vector).argmax())].codes:
                    said[element.on, code] = _SEVERITIES.get(code, "info")
            yield Verdict(said=said)


class _Element(NamedTuple):
    on: str
    kind: str
    text: str
    codes: frozenset[str]


def _labelled(case: DraftCase) -> list[_Element]:
    objective = as_objective(case)
    whole = " | ".join((case.objective, *case.key_results))
    return [
        _Element(
            on,
            on.split(":")[0],
            objective.element(on) or whole,
            frozenset(label.rule for label in case.labels if label.on == on),
        )
        for on in case.elements()
    ]


def _said(subject: Subject) -> dict[Place, Severity]:
    said: dict[Place, Severity] = {}
    for finding in check(subject, all_rules()):
        said[finding.on, finding.rule] = finding.severity
    return said


CRITICS: Mapping[str, Callable[[], DraftCritic]] = {
    "local": Local,
    "baseline": Lexical,
    "nearest": Nearest,
    "narrow": Narrow,
    **prompted.critics(),
}
"""``baseline`` is word lists and structure alone; ``nearest`` copies the most similar element;
``narrow`` has a small language model beside the local critic; a name such as ``critique.v2`` is the
prompt with which a language model is asked for the whole critique."""

BASELINES = ("baseline", "nearest")
