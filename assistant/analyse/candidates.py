"""Which objectives of other teams are worth comparing with each objective: never all pairs.

Nearness is the cosine of two objectives with their key results, plus what their telling words
weigh: teams that collide often share one thing, and nothing else that an embedding would see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from assistant.analyse.mechanisms import live_elements
from assistant.analyse.terms import Vocabulary, terms
from assistant.models import Cycle, Objective, Organisation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.analyse.links import Vectors

    Floats = NDArray[np.float32]
    Rows = NDArray[np.int64]

EACH = 20
"""How many others an objective is compared with, at most; others may be compared with it too."""

_WORDS = 2.0
"""What words weigh beside the cosine: about as much, since they spread half as far."""

_COMMON, _FEW = 0.05, 50
"""Words of a larger share of all objectives than this, and of more than a few, tie nothing."""

_SAME_PARENT = 0.15
"""What it adds to hang under one parent."""

_CELLS_FROM = 20_000
"""More objectives of one period than this are compared within neighbourhoods only."""

_CELL, _PROBED = 1_000, 8
_BLOCK = 4_000_000
"""Cells of one block of the table of all pairs, which is never whole in memory."""
_FETCH = 1_000


class Candidate(NamedTuple):
    """Two objectives worth comparing.

    Attributes:
        a_id: the one that stands first in the organisation.
        b_id: the other.
        similarity: cosine of the two with their key results.
        score: the cosine and what shared words and parents add; higher is nearer.
        rank: how near one comes among all that are near the other, from 0; the better of the two.
    """

    a_id: str
    b_id: str
    similarity: float
    score: float
    rank: int


def find_candidates(
    organisation: Organisation,
    vectors: Vectors,
    *,
    scope: Collection[str] | None = None,
    each: int = EACH,
) -> tuple[Candidate, ...]:
    """The pairs of objectives of different teams that are worth comparing.

    Args:
        organisation: all of it. Dropped objectives are left out; so are pairs of which one hangs
            under the other, however far below, and pairs whose periods do not touch. An objective
            without a period touches all.
        vectors: of objectives and key results.
        scope: ids of objectives; every pair has one of them. All by default.
        each: how many partners an objective may bring.

    Returns:
        Each pair once, best rank first, then highest score; the same for the same input.
    """
    objectives = list(
        {item.id: item for item in organisation.objectives if item.status != "dropped"}.values()
    )
    if len(objectives) < 2:  # noqa: PLR2004 - a pair takes two
        return ()
    field = _Field(objectives, vectors)
    wanted = None if scope is None else frozenset(scope)
    found: dict[tuple[int, int], Candidate] = {}
    for queries, pool in _pools(objectives, organisation.cycles, field.means):
        rows = queries if wanted is None else _within(queries, objectives, wanted)
        for row, column, similarity, score, rank in field.nearest(rows, pool, each):
            key = (min(row, column), max(row, column))
            known = found.get(key)
            if known is None or rank < known.rank:
                a, b = objectives[key[0]].id, objectives[key[1]].id
                found[key] = Candidate(a, b, round(similarity, 4), round(score, 4), rank)
    order = sorted(found, key=lambda key: (found[key].rank, -found[key].score, key))
    return tuple(found[key] for key in order)


class _Field:
    """The objectives as points: what they mean, what words they hold, and who may meet whom."""

    def __init__(self, objectives: Sequence[Objective], vectors: Vectors) -> None:
        import numpy as np

        self.means = means_of(objectives, vectors)
        self._words = _words(objectives)
        codes: dict[str | None, int] = {}
        self._teams = np.array(
            [
                codes.setdefault(item.team_id, len(codes)) if item.team_id else -1 - row
                for row, item in enumerate(objectives)
            ]
        )
        self._barred = _barred(objectives)

    def nearest(
        self, queries: Rows, pool: Rows, each: int
    ) -> Iterator[tuple[int, int, float, float, int]]:
        """For each query its nearest in the pool: row, column, similarity, score and rank."""
        import numpy as np

        if not len(queries) or not len(pool):
            return
        size = max(1, _BLOCK // len(pool))
        others, other_words = self.means[pool].T, self._words[pool].T.tocsc()
        place = np.full(len(self.means), -1)
        place[pool] = np.arange(len(pool))
        for start in range(0, len(queries), size):
            rows = queries[start : start + size]
            cosines = self.means[rows] @ others
            scores = cosines + (self._words[rows] @ other_words).toarray()
            scores[self._teams[rows][:, None] == self._teams[pool][None, :]] = -np.inf
            for at, row in enumerate(rows):
                barred = place[self._barred.get(int(row), [])]
                scores[at, barred[barred >= 0]] = -np.inf
            yield from _best(rows, pool, cosines, scores, each)


def _best(
    rows: Rows, pool: Rows, cosines: Floats, scores: Floats, each: int
) -> Iterator[tuple[int, int, float, float, int]]:
    import numpy as np

    most = min(each, len(pool))
    chosen = np.argpartition(-scores, most - 1, axis=1)[:, :most]
    values = np.take_along_axis(scores, chosen, axis=1)
    # Where scores are equal the earlier objective comes first, whatever the partition did.
    order = np.lexsort((pool[chosen], -values), axis=1)
    chosen = np.take_along_axis(chosen, order, axis=1)
    for at, row in enumerate(rows):
        for rank, column in enumerate(chosen[at]):
            score = float(scores[at, column])
            if score == -np.inf:
                break
            yield int(row), int(pool[column]), float(cosines[at, column]), score, rank


def means_of(objectives: Sequence[Objective], vectors: Vectors) -> Floats:
    """The unit mean of the vectors of each objective and its live key results, a row each."""
    import numpy as np

    parts = []
    for start in range(0, len(objectives), _FETCH):
        chunk = objectives[start : start + _FETCH]
        ids = [list(_ids(item)) for item in chunk]
        matrix = vectors([key for keys in ids for key in keys])
        first = np.cumsum([0, *map(len, ids)])[:-1]
        parts.append(np.add.reduceat(matrix, first, axis=0))
    means = np.concatenate(parts).astype(np.float32)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    unit: Floats = means / np.maximum(lengths, 1e-9)
    return unit


def _ids(objective: Objective) -> Iterator[str]:
    yield objective.id
    yield from (item.id for item in objective.key_results if item.status != "dropped")


def _words(objectives: Sequence[Objective]) -> Any:
    """A row each: its telling words by how rare they are, then the parents that it names.

    The product of two rows is what their words and parents add to their cosine.
    """
    import numpy as np
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

    found = [_terms(item) for item in objectives]
    vocabulary = Vocabulary(found)
    counts = Counter(term for held in found for term in held)
    most = max(_FEW, _COMMON * len(found))
    columns: dict[str, int] = {}
    places: list[int] = []
    values: list[float] = []
    ends = [0]
    for item, held in zip(objectives, found, strict=True):
        weights = {term: vocabulary.weight(term) for term in sorted(held)}
        length = sum(weight**2 for weight in weights.values()) ** 0.5 or 1.0
        cells = {
            term: weight / length * _WORDS**0.5
            for term, weight in weights.items()
            if 1 < counts[term] <= most
        }
        cells |= {f" {key}": _SAME_PARENT**0.5 for key in _parents(item)}
        for name, value in cells.items():
            places.append(columns.setdefault(name, len(columns)))
            values.append(value)
        ends.append(len(places))
    return csr_matrix(
        (np.array(values, dtype=np.float32), places, ends), shape=(len(found), len(columns))
    )


def _terms(objective: Objective) -> frozenset[str]:
    return frozenset().union(*(terms(text) for _, text in live_elements(objective)))


def _parents(objective: Objective) -> frozenset[str]:
    return frozenset(link.objective_id for link in objective.parents if link.objective_id)


def _barred(objectives: Sequence[Objective]) -> Mapping[int, list[int]]:
    """For each objective those above and below it, by declared links."""
    rows = {item.id: row for row, item in enumerate(objectives)}
    above = [[rows[key] for key in _parents(item) if key in rows] for item in objectives]
    found: dict[int, set[int]] = defaultdict(set)
    for row in range(len(objectives)):
        for higher in _closure(row, above):
            found[row].add(higher)
            found[higher].add(row)
    return {row: sorted(others) for row, others in found.items()}


def _closure(row: int, above: Sequence[Sequence[int]]) -> set[int]:
    """All that stand above; links that run in a circle end where they began."""
    found: set[int] = set()
    waiting = [*above[row]]
    while waiting:
        higher = waiting.pop()
        if higher not in found:
            found.add(higher)
            waiting.extend(above[higher])
    return found - {row}


def _within(queries: Rows, objectives: Sequence[Objective], wanted: Collection[str]) -> Rows:
    return queries[[objectives[int(row)].id in wanted for row in queries]]


# Who is looked for among whom


def _pools(
    objectives: Sequence[Objective], cycles: Iterable[Cycle], means: Floats
) -> Iterator[tuple[Rows, Rows]]:
    """Rows that search, and the rows of the same and of touching periods that they search in."""
    import numpy as np

    known = {item.id: item for item in cycles}
    rows: dict[str | None, list[int]] = defaultdict(list)
    for row, item in enumerate(objectives):
        rows[item.cycle_id].append(row)
    for cycle, queries in rows.items():
        pool = sorted(row for other in rows if _touch(cycle, other, known) for row in rows[other])
        searching, searched = np.array(queries), np.array(pool)
        if len(pool) <= _CELLS_FROM:
            yield searching, searched
        else:
            yield from _cells(searching, searched, means)


def _touch(one: str | None, other: str | None, known: Mapping[str, Cycle]) -> bool:
    """Whether two periods have a day in common; unknown days are no reason against it."""
    if one == other or one is None or other is None:
        return True
    first, second = known.get(one), known.get(other)
    if not (first and second and first.start and first.end and second.start and second.end):
        return True
    return first.start <= second.end and second.start <= first.end


def _cells(queries: Rows, pool: Rows, means: Floats) -> Iterator[tuple[Rows, Rows]]:
    """The queries by neighbourhood, each with the rows of the nearest neighbourhoods.

    The work grows with the number of objectives, not with its square.
    """
    import numpy as np

    centres = means[pool[:: max(1, len(pool) // (len(pool) // _CELL))]]
    homes, asked = _home(means, pool, centres), _home(means, queries, centres)
    members = {int(cell): pool[homes == cell] for cell in np.unique(homes)}
    order = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :_PROBED]
    for cell, _ in sorted(Counter(asked.tolist()).items()):
        near = [members[key] for key in order[cell].tolist() if key in members]
        yield queries[asked == cell], np.sort(np.concatenate(near))


def _home(means: Floats, rows: Rows, centres: Floats) -> Rows:
    import numpy as np

    size = max(1, _BLOCK // len(centres))
    parts = [
        (means[rows[start : start + size]] @ centres.T).argmax(axis=1)
        for start in range(0, len(rows), size)
    ]
    return np.concatenate(parts)
