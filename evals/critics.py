"""The critics that the suites can run: the product's own, and the baselines beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.analyse.draft import check
from assistant.models import Severity
from assistant.rules import all_rules
from assistant.rules.base import Subject
from evals.cases import DraftCase
from evals.drafts import as_objective
from evals.suites.drafts import DraftCritic, Place, Verdict

CRITICS = ("local", "baseline")


def make_critic(name: str) -> DraftCritic:
    """The critic of this name: ``local``, ``baseline`` (word lists and structure alone)."""
    return Local() if name == "local" else Lexical()


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
        from assistant.index.embedder import make_embedder
        from assistant.learned.heads import judge
        from assistant.settings import Settings

        objectives = [as_objective(case) for case in cases]
        opinions = judge(objectives, make_embedder(Settings()).embed)
        for objective, known in zip(objectives, opinions, strict=True):
            scores = {f"{item.code}@{item.on}": item.probability for item in known if item.fires}
            subject = Subject(objective=objective, scores=scores)
            yield Verdict(
                said=_said(subject),
                scores={(item.on, item.code): item.probability for item in known},
            )


def _said(subject: Subject) -> dict[Place, Severity]:
    said: dict[Place, Severity] = {}
    for finding in check(subject, all_rules()):
        said[finding.on, finding.rule] = finding.severity
    return said
