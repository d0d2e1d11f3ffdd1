"""What the page shows of a review, apart from the browser."""

from __future__ import annotations

import pytest

from assistant.models import Finding, Objective, ObjectiveReview, Organisation, Review, Span
from assistant.settings import Settings
from assistant.web.outcome import headline
from assistant.web.reviewing import Form, Kept, look_at, with_profile
from assistant.web.services import Services
from assistant.web.view import sheets, source


def finding(rule: str, severity: str, start: int, end: int) -> Finding:
    text = "Become the leading portal"
    return Finding(
        rule=rule,
        slug="slug",
        severity=severity,  # type: ignore[arg-type]
        on="objective",
        objective_id="obj",
        span=Span.of(text, start, end),
        message="Why.",
        words=text,
    )


def review(*findings: Finding) -> Review:
    objective = Objective(id="obj", text="Become the leading portal")
    return Review(reviews=(ObjectiveReview(objective=objective, findings=findings),))


@pytest.mark.parametrize(
    ("found", "others", "sentence"),
    [
        ((), 0, "Nothing in the words needs a second look, in 1 objective"),
        (
            (),
            1,
            "Nothing in the words needs a second look, in 1 objective; "
            "talk about 1 objective of another team",
        ),
        (("warning", "info"), 0, "1 to look at again, in 1 objective"),
        (
            ("error", "warning", "warning"),
            2,
            "1 to fix first and 2 to look at again, in 1 objective; "
            "talk about 2 objectives of other teams",
        ),
    ],
    ids=["nothing", "peer alone", "note left out", "all"],
)
def test_the_headline_says_what_there_is_to_do(
    found: tuple[str, ...], others: int, sentence: str
) -> None:
    marks = (finding(f"O{n}", level, 0, 6) for n, level in enumerate(found))
    assert headline(review(*marks), others) == sentence


def test_a_mark_ends_where_its_words_end_and_notes_leave_none() -> None:
    made = review(
        finding("O1", "warning", 11, 18),
        finding("O8", "error", 0, 18),
        finding("O9", "info", 19, 25),
    )
    (sheet,) = sheets(made, None)
    assert [
        (piece.text, piece.severity, [item.rule for item in piece.ends])
        for piece in sheet.pieces("objective")
    ] == [
        ("Become the ", "error", []),
        ("leading", "error", ["O8", "O1"]),
        (" portal", None, []),
    ]
    assert [item.rule for item in sheet.notes("objective")] == ["O9"]


def test_a_source_shows_the_cited_words_among_the_others(settings: Settings) -> None:
    organisation = Services(settings).organisation()
    (plan,) = organisation.documents
    found = source(organisation, plan.passages[0].id, "pharma hauliers first")
    assert found is not None
    here = [block for block in found.blocks if block.here]
    assert [(item.before, item.quote) for item in here] == [("We serve ", "pharma hauliers first")]
    assert [block.heading for block in found.blocks] == ["Where we compete", "What we will not do"]


def test_a_source_for_others_cannot_be_opened(settings: Settings) -> None:
    services = Services(settings)
    leaders = settings.model_copy(update={"audience": "everyone,leadership"})
    everything = Services(leaders).organisation()
    memo = next(item for item in everything.documents if item.title == "Board memo")
    key = memo.passages[0].id
    assert source(everything, key) is not None
    assert source(services.organisation(), key) is None


def test_services_see_what_was_indexed_meanwhile(settings: Settings) -> None:
    from assistant.index import Index

    services = Services(settings)
    before = services.organisation()
    assert services.organisation().objectives is before.objectives
    with Index.open(settings, writable=True) as index:
        full = index.organisation({"everyone", "leadership"})
        index.sync(full.model_copy(update={"name": "Fernhill & Sons"}))
    assert services.organisation().name == "Fernhill & Sons"


@pytest.mark.parametrize("name", ["", "../other.yaml", "/etc/passwd.yaml"])
def test_a_visitor_chooses_among_the_profiles_that_come_with_the_tool(name: str) -> None:
    settings = Settings(profile="strict")
    assert with_profile(settings, name).profile == "strict"
    assert with_profile(settings, "numbers-allowed").profile == "numbers-allowed"


@pytest.mark.parametrize("value", [None, [], {"seen": 3}, {"unknown": 1}])
def test_what_the_browser_kept_of_another_version_is_forgotten(value: object) -> None:
    assert Kept.read(value) == Kept()


def test_a_review_leaves_the_shared_index_open(settings: Settings) -> None:
    services = Services(settings)
    form = Form(text="Objective: Fleet managers book repairs\n- Booked from 12 % to 35 %\n")
    first = look_at(form, services, llm=False)
    assert look_at(form, services, llm=False).reviews == first.reviews
    assert services.organisation() == Organisation.model_validate(services.organisation())
