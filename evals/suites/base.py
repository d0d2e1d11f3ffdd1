"""What a suite is made of, and what a run of it leaves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from evals.cases import Case, read_cases
from evals.metrics import Figure

Row = tuple[str, ...]
CaseType = TypeVar("CaseType", bound=Case)
Case_contra = TypeVar("Case_contra", bound=Case, contravariant=True)


class Judged(Protocol):
    """A verdict; ``error`` is one sentence where the case could not be judged at all."""

    @property
    def error(self) -> str | None: ...


VerdictType = TypeVar("VerdictType", bound=Judged)
Verdict_co = TypeVar("Verdict_co", bound=Judged, covariant=True)


class Critic(Protocol[Case_contra, Verdict_co]):
    """Judges cases of one kind."""

    def judge(self, cases: Sequence[Case_contra]) -> Iterator[Verdict_co]:
        """One verdict a case, in order."""


@dataclass(frozen=True)
class Outcome:
    """A run of a suite over some cases.

    Attributes:
        decisions: dataclasses, one a decision.
        metrics: the figures by name.
        errors: a sentence for each case that could not be judged.
        cases: how many there were, those with errors included.
        abstained: decisions on which the critic gave no verdict; no figure counts them.
        seconds: how long the critic took.
    """

    decisions: tuple[Any, ...]
    metrics: Mapping[str, Figure]
    errors: tuple[str, ...]
    cases: int
    abstained: int
    seconds: float


@dataclass(frozen=True)
class Answers(Generic[CaseType, VerdictType]):
    """What a critic answered: the cases that it could judge, and the errors apart."""

    judged: tuple[tuple[CaseType, VerdictType], ...]
    errors: tuple[str, ...]
    seconds: float


def ask(
    cases: Sequence[CaseType], critic: Critic[CaseType, VerdictType]
) -> Answers[CaseType, VerdictType]:
    """Let a critic judge the cases."""
    started = time.perf_counter()
    verdicts = list(critic.judge(cases))
    seconds = time.perf_counter() - started
    pairs = list(zip(cases, verdicts, strict=True))
    return Answers(
        judged=tuple((case, verdict) for case, verdict in pairs if verdict.error is None),
        errors=tuple(f"{case.id}: {verdict.error}" for case, verdict in pairs if verdict.error),
        seconds=seconds,
    )


@dataclass(frozen=True)
class Suite(Generic[CaseType, VerdictType]):
    """A kind of case, how critics are scored on it, and how the figures are shown.

    Attributes:
        name: what the command calls it, and the folder of its cases.
        model: the kind of record.
        run: scores a critic on cases.
        critics: what makes each critic, by name; the first is the default.
        baselines: the critics that stand beside the chosen one.
        head: the columns of the table, without those of the baselines.
        rows: the cells, those of the baselines last.
    """

    name: str
    model: type[CaseType]
    run: Callable[[Sequence[CaseType], Critic[CaseType, VerdictType]], Outcome]
    critics: Mapping[str, Callable[[], Critic[CaseType, VerdictType]]]
    baselines: tuple[str, ...]
    head: Row
    rows: Callable[[Outcome, Mapping[str, Outcome]], Iterator[Row]]

    def measure(self, path: Path, critic: str) -> tuple[Outcome, dict[str, Outcome]]:
        """Score a critic and the baselines.

        Args:
            path: a case file, or a folder of them.
            critic: one of ``critics``.

        Returns:
            The critic's outcome, and those of the baselines by name.

        Raises:
            InputError: the cases cannot be read.
        """
        cases = read_cases(path, self.model)
        others = {
            name: self.run(cases, self.critics[name]()) for name in self.baselines if name != critic
        }
        return self.run(cases, self.critics[critic]()), others
