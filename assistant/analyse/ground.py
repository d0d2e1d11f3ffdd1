"""Objectives and strategy side by side: their vectors and their telling words, made once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from assistant.analyse.choices import Strategy
from assistant.analyse.terms import Postings, Terms, Vocabulary, proper_names, terms
from assistant.models import KeyResult, Objective, Organisation, Passage, StrategyDocument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

Vectors = Callable[[Sequence[str]], "Matrix"]
"""Takes ids of indexed entries, or texts; returns one vector of length 1 a row."""


class Element(NamedTuple):
    """An objective's own text or one of its key results."""

    owner: int
    on: str
    id: str
    text: str
    key_result: KeyResult | None = None


class Ground:
    """What the checks against the strategy stand on.

    Args:
        organisation: objectives and documents.
        strategy: what the documents state.
        stored: gives the vectors of indexed entries by id.
        embed: gives the vectors of texts.
    """

    def __init__(
        self, organisation: Organisation, strategy: Strategy, stored: Vectors, embed: Vectors
    ) -> None:
        self.organisation = organisation
        self.strategy = strategy
        self.embed = embed
        self._stored = stored
        self.objectives = tuple(
            item for item in organisation.objectives if item.status != "dropped"
        )
        self.documents = {item.id: item for item in organisation.documents}
        self.cycles = {item.id: item for item in organisation.cycles}
        self.teams = {item.id: item for item in organisation.teams}
        self.position = {item.id: at for at, item in enumerate(self.objectives)}

    @cached_property
    def elements(self) -> tuple[tuple[Element, ...], ...]:
        """For each objective its own text and the key results that were not dropped."""
        return tuple(_elements(at, item) for at, item in enumerate(self.objectives))

    @cached_property
    def terms(self) -> tuple[Terms, ...]:
        """The telling words of each objective with its key results."""
        return tuple(
            frozenset().union(*(terms(element.text) for element in elements))
            for elements in self.elements
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """How rare each word is among objectives and passages."""
        passages = [terms(item.text) for one in self.documents.values() for item in one.passages]
        return Vocabulary([*self.terms, *passages])

    @cached_property
    def postings(self) -> Postings:
        """Finds the objectives that share telling words with a statement."""
        return Postings(self.terms, self.vocabulary)

    @cached_property
    def names(self) -> Terms:
        """What the documents write like a name: more often with a capital than without."""
        return proper_names(
            passage.text for one in self.documents.values() for passage in one.passages
        )

    @cached_property
    def vectors(self) -> Matrix:
        """One vector an objective: the mean direction of its texts."""
        import numpy as np

        flat = [element for elements in self.elements for element in elements]
        if not flat:
            return self._stored([])
        each = self._stored([element.id for element in flat])
        sums = np.zeros((len(self.objectives), each.shape[1]), dtype=np.float32)
        np.add.at(sums, [element.owner for element in flat], each)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        result: Matrix = sums / np.maximum(lengths, 1e-9)
        return result

    @cached_property
    def nearest_choice(self) -> Matrix:
        """For each objective the cosine to the nearest choice that holds; -1 without choices."""
        import numpy as np

        choices = self.strategy.current("choice")
        if not choices:
            return np.full(len(self.objectives), -1.0, dtype=np.float32)
        nearest: Matrix = (self.vectors @ self.embed([item.text for item in choices]).T).max(axis=1)
        return nearest

    def cosines(self, text: str) -> Matrix:
        """The cosine of each objective to a text."""
        result: Matrix = self.vectors @ self.embed([text])[0]
        return result

    def likeness(self, text: str, others: Sequence[str]) -> Matrix:
        """The cosine of a text to each of some others."""
        vectors = self.embed([text, *others])
        result: Matrix = vectors[1:] @ vectors[0]
        return result

    def started_before(self, document: StrategyDocument | None, objective: Objective) -> bool:
        """Whether the period of an objective was over before a document appeared."""
        cycle = self.cycles.get(objective.cycle_id or "")
        if not cycle or not cycle.end or not document or not document.published:
            return False
        return cycle.end < document.published

    def best_element(self, at: int, wanted: Terms) -> tuple[Element, Terms]:
        """The element of an objective that holds most of some terms, and what it holds of them."""
        weigh = self.vocabulary.total
        found = [(element, terms(element.text) & wanted) for element in self.elements[at]]
        return max(found, key=lambda pair: weigh(pair[1]))


def passages_of(document: StrategyDocument | None) -> tuple[Passage, ...]:
    """The passages of a document, none where there is no document."""
    return document.passages if document else ()


def _elements(at: int, objective: Objective) -> tuple[Element, ...]:
    own = Element(at, "objective", objective.id, objective.text)
    results = (
        Element(at, f"kr:{number}", item.id, item.text, item)
        for number, item in enumerate(objective.key_results, start=1)
        if item.status != "dropped"
    )
    return (own, *results)
