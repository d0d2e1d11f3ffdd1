"""What is fixed, new and remaining between two reviews."""

from __future__ import annotations

import pytest

from assistant.models import Finding, KeyResult, Objective, ObjectiveReview, Review, Suppressed
from assistant.web.since import same_draft, seen, since


def finding(
    rule: str, on: str, words: str, source: str = "rule", severity: str = "warning"
) -> Finding:
    return Finding(
        rule=rule,
        slug="slug",
        severity=severity,  # type: ignore[arg-type]
        on=on,
        objective_id="obj",
        message="Why.",
        words=words,
        source=source,  # type: ignore[arg-type]
    )


def review(*findings: Finding, aside: tuple[Finding, ...] = ()) -> Review:
    objective = Objective(id="obj", text="Win")
    return Review(
        reviews=(ObjectiveReview(objective=objective, findings=findings),),
        suppressed=tuple(Suppressed(finding=item, by="dismissal", reason="x") for item in aside),
    )


def test_words_that_are_mended_are_fixed_and_others_remain() -> None:
    before = seen(review(finding("K1", "kr:1", "Launch"), finding("K2", "kr:2", "More")))
    found = since(before, review(finding("K2", "kr:2", "More")))
    assert [item.rule for item in found.fixed] == ["K1"]
    assert (len(found.new), len(found.remaining)) == (0, 1)


def test_a_remark_remains_where_other_words_deserve_it_again() -> None:
    before = seen(review(finding("K1", "kr:1", "Launch")))
    found = since(before, review(finding("K1", "kr:1", "Ship")))
    assert (found.fixed, len(found.new), len(found.remaining)) == ((), 0, 1)


def test_a_remark_that_moved_is_the_same() -> None:
    before = seen(review(finding("K1", "kr:1", "Launch"), finding("K1", "kr:2", "Ship")))
    found = since(before, review(finding("K1", "kr:1", "Ship"), finding("K3", "kr:1", "Ship")))
    assert [item.words for item in found.fixed] == ["Launch"]
    assert (len(found.new), len(found.remaining)) == (1, 1)


def test_what_was_set_aside_is_not_fixed() -> None:
    one = finding("K1", "kr:1", "Launch")
    assert since(seen(review(one)), review(aside=(one,))).fixed == ()


def test_what_only_the_model_can_say_is_not_fixed_while_it_was_not_asked() -> None:
    before = seen(review(finding("K8", "kr:1", "Launch", source="llm")))
    assert since(before, review()).fixed == ()


def test_notes_are_not_counted() -> None:
    assert seen(review(finding("S9", "set", "Win", severity="info"))) == ()


def test_what_an_answer_lowered_to_a_note_is_not_fixed() -> None:
    one = finding("K1", "kr:1", "Launch")
    lowered = one.model_copy(update={"severity": "info"})
    assert since(seen(review(one)), review(lowered)).fixed == ()


def draft(text: str, *results: str) -> Review:
    found = tuple(KeyResult(id=f"kr-{at}", text=one) for at, one in enumerate(results))
    objective = Objective(id="obj", text=text, key_results=found)
    return Review(reviews=(ObjectiveReview(objective=objective),))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (
            draft("Become the leading portal", "Launch the portal"),
            draft("Depots keep their dates", "Repairs booked on the portal from 12 to 35"),
            True,
        ),
        (
            draft("Become the leading portal", "Launch the service"),
            draft("Kühlung ohne Ausfälle", "Störungen je Fahrzeug von 12 auf 5"),
            False,
        ),
        (draft("Win"), draft("Kühlung ohne Ausfälle", "Störungen je Fahrzeug"), True),
    ],
    ids=["a word is kept", "nothing is kept", "too little to tell"],
)
def test_a_draft_that_has_nothing_of_the_former_is_another(
    before: Review, after: Review, same: bool
) -> None:
    assert same_draft(before, after) is same
