"""What the objectives of other teams are to a draft: in its way, the same, needed, or a help."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence

from assistant.analyse.candidates import Candidate
from assistant.analyse.peers import assess_peers
from assistant.errors import ModelUnavailable
from assistant.models import Objective, ObjectiveReview, Organisation, PeerLink, Relation, Review
from assistant.web.view import Peer

Judged = MutableMapping[tuple[str, str], Peer]
"""What is known already, by the ids of draft and peer."""

_LABELS = {
    "conflict": ("May conflict", "✗", "error"),
    "duplicate": ("Much the same", "=", "warning"),
    "complementary": ("Goes well with it", "+", "good"),
}
_NEEDS = {"a": ("This needs it", "→", "warning"), "b": ("It needs this", "←", "info")}
_ORDER = ("error", "warning", "info", "good", "plain")


def beside(
    review: Review, organisation: Organisation | None, judged: Judged, *, ask: bool = True
) -> tuple[tuple[Peer, ...], ...]:
    """The peers of each objective of a review, those that matter most first.

    Args:
        review: names the nearest peers.
        organisation: holds them.
        judged: what was found before; what is found now is added.
        ask: whether those that are not in it are looked at.
    """
    if ask and organisation is not None:
        for item in review.reviews:
            _judge(item, organisation, judged)
    return tuple(tuple(_peers(item, judged)) for item in review.reviews)


def _peers(item: ObjectiveReview, judged: Judged) -> Iterator[Peer]:
    known = (
        judged.get((item.objective.id, relation.objective_id), Peer(relation))
        for relation in item.peers
    )
    yield from sorted(known, key=lambda peer: _ORDER.index(peer.tone))


def _judge(item: ObjectiveReview, organisation: Organisation, judged: Judged) -> None:
    draft = item.objective
    left = [peer for peer in item.peers if (draft.id, peer.objective_id) not in judged]
    found = [organisation.objective(peer.objective_id) for peer in left]
    links = _links(draft, left, [other for other in found if other is not None])
    for peer in left:
        judged[draft.id, peer.objective_id] = _peer(peer, links.get(peer.objective_id))


def _links(
    draft: Objective, peers: Sequence[Relation], others: Sequence[Objective]
) -> dict[str, PeerLink]:
    from assistant.learned.relations import judge_peers

    pairs = [
        Candidate(draft.id, peer.objective_id, peer.similarity, peer.similarity, rank)
        for rank, peer in enumerate(peers)
        if any(other.id == peer.objective_id for other in others)
    ]
    try:
        found = assess_peers(pairs, [draft, *others], judge_peers)
    except ModelUnavailable:
        found = assess_peers(pairs, [draft, *others], None)
    return {link.b_id: link for link in found}


def _peer(relation: Relation, link: PeerLink | None) -> Peer:
    if link is None:
        return Peer(relation)
    label = _NEEDS.get(link.needs or "") if link.kind == "dependency" else _LABELS.get(link.kind)
    if label is None:
        return Peer(relation)
    shared = f"Both touch “{link.shared}”." if link.shared else ""
    unless = f"Not if {link.unless.rstrip('.')}." if link.unless else ""
    words = " ".join(part for part in (shared, unless) if part)
    return Peer(relation, *label, words)
