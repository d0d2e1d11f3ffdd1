"""What objectives of other teams are to a draft."""

from __future__ import annotations

from assistant.models import Objective, ObjectiveReview, Organisation, Relation, Review
from assistant.sources.assemble import assemble_draft
from assistant.sources.read import read_draft_text
from assistant.web.beside import Judged, beside
from assistant.web.view import Peer


def objective(key: str, team: str, text: str, *results: str) -> Objective:
    lines = [f"Objective: {text}", *(f"- {one}" for one in results)]
    found, _ = assemble_draft(tuple(read_draft_text("\n".join(lines))), Organisation())
    return found[0].model_copy(update={"id": key, "team_id": team, "cycle_id": "q4"})


DRAFT = objective(
    "draft",
    "sales",
    "Large fleets order trailers from us again",
    "First offers that contain Care from 55 % to 20 %",
)
AGAINST = objective(
    "against",
    "keys",
    "Care is part of the first offer, not the third",
    "First offers with Care from 55 % to 90 %",
)
FAR = objective("far", "people", "Apprentices stay with us", "Apprentices who leave from 9 to 2")
PEERS = tuple(
    Relation(objective_id=item.id, text=item.text, team="T", similarity=near)
    for item, near in ((FAR, 0.3), (AGAINST, 0.7))
)
REVIEW = Review(reviews=(ObjectiveReview(objective=DRAFT, peers=PEERS),))
ORGANISATION = Organisation(objectives=(AGAINST, FAR))


def test_the_peer_that_matters_comes_first_and_says_why() -> None:
    (found,) = beside(REVIEW, ORGANISATION, {})
    assert [(peer.relation.objective_id, peer.label) for peer in found] == [
        ("against", "May conflict"),
        ("far", ""),
    ]
    assert "First offers" in found[0].words


def test_nobody_is_asked_twice_or_where_it_should_not_be() -> None:
    judged: Judged = {}
    (plain,) = beside(REVIEW, ORGANISATION, judged, ask=False)
    assert [peer.label for peer in plain] == ["", ""]
    assert judged == {}
    judged["draft", "far"] = Peer(PEERS[0], "Known", "+", "good")
    (found,) = beside(REVIEW, ORGANISATION, judged)
    assert [peer.label for peer in found] == ["May conflict", "Known"]
