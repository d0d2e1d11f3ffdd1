"""A query in, hits with source and score out: by meaning and by words, fused.

Both rankings see only what the reader may read and what was asked for: the filter comes before
the ranking. They are joined by reciprocal rank fusion: Cormack, Clarke and Buettcher, "Reciprocal
Rank Fusion outperforms Condorcet and individual Rank Learning Methods", SIGIR 2009.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.index.scope import Scope
from assistant.models import EntryKind, Hit

if TYPE_CHECKING:
    from assistant.index import Index
    from assistant.index.embedder import Vectors
    from assistant.index.records import Found

RANK_CONSTANT = 60
"""The k of the paper: how little the very first ranks stand out."""

_DEPTH = 50
"""How many entries each ranking contributes at least."""


def search(
    index: Index,
    query: str | Sequence[str],
    *,
    kinds: Collection[EntryKind] = tuple(EntryKind),
    teams: Collection[str | None] | None = None,
    cycles: Collection[str | None] | None = None,
    exclude_owners: Collection[str] = (),
    audiences: frozenset[str],
    limit: int = 10,
) -> list[Hit]:
    """Find the entries nearest to a query.

    Args:
        index: an open index.
        query: any text; several texts are several ways to say what is sought, and an entry that
            comes high for more of them comes higher.
        kinds: what to look for.
        teams: ids of teams; None among them stands for entries of no team, such as passages.
            Not given means all.
        cycles: ids of cycles, likewise.
        exclude_owners: ids of objectives and documents that are left out with all they hold.
        audiences: the audiences that the reader belongs to.
        limit: the most hits that are returned.

    Returns:
        Best first; none for a blank query. ``similarity`` is the cosine to the nearest of the
        texts. The same index and query give the same hits.

    Raises:
        IndexUnavailable: the index is damaged or is being written.
        ModelUnavailable: the query cannot be embedded.
    """
    texts = [query] if isinstance(query, str) else query
    scope = Scope(audiences, kinds, teams, cycles, exclude_owners)
    return _search(index, [texts], scope, limit)[0]


def search_many(
    index: Index,
    queries: Iterable[str],
    *,
    kinds: Collection[EntryKind] = tuple(EntryKind),
    teams: Collection[str | None] | None = None,
    cycles: Collection[str | None] | None = None,
    exclude_owners: Collection[str] = (),
    audiences: frozenset[str],
    limit: int = 10,
) -> list[list[Hit]]:
    """Find the entries nearest to each of many queries, embedded and asked for together.

    Returns:
        The hits of each query, in the order of the queries. For the rest see :func:`search`.
    """
    scope = Scope(audiences, kinds, teams, cycles, exclude_owners)
    return _search(index, [[query] for query in queries], scope, limit)


def fuse(rankings: Iterable[Sequence[str]]) -> dict[str, float]:
    """The reciprocal rank score of everything that is ranked, best first.

    Among equals comes first what an earlier ranking put higher.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for ranking in rankings:
        for rank, identity in enumerate(ranking, start=1):
            scores[identity] += 1 / (RANK_CONSTANT + rank)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


@dataclass(frozen=True)
class _Ranked:
    """What one query found: its vectors, one a text, and the fused scores, best first."""

    vectors: Vectors
    scores: dict[str, float]


def _search(
    index: Index,
    queries: Sequence[Sequence[str]],
    scope: Scope,
    limit: int,
) -> list[list[Hit]]:
    ranked = [*_rank(index, queries, scope, max(_DEPTH, 2 * limit))]
    known = index.fetch([*_distinct(item.scores for item in ranked)], scope)
    best = [[key for key in item.scores if key in known][:limit] for item in ranked]
    wanted = [*_distinct(best)]
    stored = dict(zip(wanted, index.vectors(wanted), strict=True))
    return [
        [
            _hit(known[key], item.scores[key], float((item.vectors @ stored[key]).max()))
            for key in keys
        ]
        for item, keys in zip(ranked, best, strict=True)
    ]


def _rank(
    index: Index,
    queries: Sequence[Sequence[str]],
    scope: Scope,
    depth: int,
) -> Iterator[_Ranked]:
    asked = [[text for text in texts if text.strip()] for texts in queries]
    flat = [text for texts in asked for text in texts]
    if flat:
        index.warm()
    vectors = index.embedder.embed(flat)
    by_meaning = index.nearest(vectors, scope, depth)
    by_words = [index.matching(text, scope, depth) for text in flat]
    start = 0
    for texts in asked:
        own = slice(start, start + len(texts))
        start = own.stop
        meanings = [[key for key, _ in row] for row in by_meaning[own]]
        yield _Ranked(vectors[own], fuse([*meanings, *by_words[own]]))


def _distinct(groups: Iterable[Iterable[str]]) -> dict[str, None]:
    return dict.fromkeys(key for group in groups for key in group)


def _hit(found: Found, score: float, similarity: float) -> Hit:
    return Hit(
        id=found.id,
        kind=found.kind,
        text=found.text,
        score=score,
        similarity=similarity,
        owner_id=found.owner_id,
        title=found.title,
        audience=found.audience,
        location=found.location,
    )
