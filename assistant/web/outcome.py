"""What the review tab shows of a whole review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.models import NotChecked, Problem, Review, Suppressed, fold
from assistant.report.words import gravest_first
from assistant.web.since import Since
from assistant.web.view import Sheet
from assistant.web.words import counted, gaps

if TYPE_CHECKING:
    from assistant.critique.rewriting import Reworking


@dataclass(frozen=True)
class View:
    """A whole review, as the page shows it.

    Attributes:
        since: what changed, where ``compared``.
        progress: what the language model does now, if it is at work.
        said: one sentence about what was just done; ``undo`` where it can be taken back.
        history: whether dismissals can be remembered.
        plain: the draft as text, to be copied.
        model: the language model, if one is configured.
        reworded: what it would write instead, by the words as they stand.
    """

    review: Review
    sheets: Sequence[Sheet]
    plain: str
    since: Since = field(default_factory=Since)
    compared: bool = False
    progress: str = ""
    said: str = ""
    undo: bool = False
    history: bool = True
    model: str | None = None
    reworded: Mapping[str, Reworking] = field(default_factory=dict)

    def other_words(self, sheet: Sheet, on: str) -> Reworking | None:
        """What the language model would write instead of an element, if it was asked."""
        return self.reworded.get(fold(sheet.objective.words(on)))

    @cached_property
    def headline(self) -> str:
        """What there is to do, in one sentence."""
        others = {
            peer.relation.objective_id
            for sheet in self.sheets
            for peer in sheet.peers
            if peer.tone in ("error", "warning")
        }
        return headline(self.review, len(others), self._foreign)

    @cached_property
    def _foreign(self) -> int:
        """How many objectives are in a language that the rules do not read."""
        return sum(sheet.foreign for sheet in self.sheets)

    @property
    def steps(self) -> Iterator[str]:
        """What helps first, where a draft cannot be read as it should be."""
        if self._foreign and self.model:
            yield f"The rules read English. {self.model} is asked about the rest."
        elif self._foreign:
            yield (
                "The rules read English. Review a translation, or have a language model set up that "
                "reads your language."
            )
        for sheet in self.sheets:
            if not sheet.objective.key_results:
                name = f"Objective {sheet.number}" if sheet.many else "The objective"
                yield (
                    f"{name} has no key results yet. Add a line for each below it, beginning with "
                    "“- ”: what would you measure, from where to where, by when?"
                )

    @cached_property
    def first(self) -> str | None:
        """The fingerprint of the finding that is open from the start."""
        shown = [item for item in self.review.findings if item.severity != "info"]
        return gravest_first(shown)[0].fingerprint if shown and not self.compared else None

    @property
    def aside(self) -> Sequence[Suppressed]:
        """What somebody decided not to see."""
        return self.review.suppressed

    @property
    def problems(self) -> Sequence[Problem]:
        """What was amiss with the input."""
        return self.review.problems

    @property
    def not_checked(self) -> Sequence[NotChecked]:
        """What was not looked at, with what can be done about it on this page."""
        reading = bool(self.progress)
        return tuple(gaps(self.review.not_checked, self.model, reading=reading))


def headline(review: Review, others: int = 0, foreign: int = 0) -> str:
    """For example ``1 to fix first and 5 to look at again, in 2 objectives``.

    Args:
        review: what was found.
        others: how many objectives of other teams stand in its way, or near enough to ask.
        foreign: how many of its objectives are in a language that the rules do not read.
    """
    wanted = (("error", "to fix first"), ("warning", "to look at again"))
    counts = [(sum(item.severity == level for item in review.findings), of) for level, of in wanted]
    parts = [f"{number} {of}" for number, of in counts if number]
    where = counted(len(review.reviews), "objective")
    asked = counted(others, "objective of another team", "objectives of other teams")
    talk = f"; talk about {asked}" if others else ""
    if foreign == len(review.reviews) and not parts:
        return f"In a language that the rules do not read: {where}{talk}"
    if parts:
        return f"{' and '.join(parts)}, in {where}{talk}"
    return f"Nothing in the words needs a second look, in {where}{talk}"
