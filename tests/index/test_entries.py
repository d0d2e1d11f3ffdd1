"""What is indexed, and which changes count."""

from __future__ import annotations

import pytest

from assistant.index.entries import Entry, entries
from assistant.models import EntryKind, KeyResult, Location, Objective, Organisation, Team

ENTRY = Entry(
    id="psg-1",
    kind=EntryKind.PASSAGE,
    text="We serve commuters first.",
    heading="Where we compete",
    owner_id="doc-1",
    title="Plan",
    location=Location(file="plan.md", line=5),
)


def test_every_passage_objective_and_key_result_is_an_entry(organisation: Organisation) -> None:
    assert [(entry.kind.value, entry.id, entry.owner_id) for entry in entries(organisation)] == [
        ("passage", "psg-choice", "doc-plan"),
        ("passage", "psg-not", "doc-plan"),
        ("passage", "psg-secret", "doc-memo"),
        ("objective", "obj-punctual", "obj-punctual"),
        ("key_result", "kr-late", "obj-punctual"),
        ("key_result", "kr-cancel", "obj-punctual"),
        ("objective", "obj-ticket", "obj-ticket"),
        ("key_result", "kr-online", "obj-ticket"),
    ]


def test_an_entry_knows_where_it_belongs(organisation: Organisation) -> None:
    found = {entry.id: entry for entry in entries(organisation)}
    result, secret = found["kr-online"], found["psg-secret"]
    assert (result.title, result.team_id, result.cycle_id, result.audience) == (
        "Booking",
        "team-booking",
        "q4",
        "everyone",
    )
    assert (secret.title, secret.team_id, secret.audience) == ("Board memo", None, "Leadership")


def test_a_passage_is_embedded_under_its_heading_and_quoted_without() -> None:
    assert ENTRY.embedded == "Where we compete\nWe serve commuters first."
    assert ENTRY.text == "We serve commuters first."


def test_an_empty_organisation_has_no_entries() -> None:
    assert [*entries(Organisation())] == []


def test_an_id_is_indexed_once() -> None:
    twice = Objective(
        id="obj-1", text="Twice", key_results=(KeyResult(id="kr-1", text="Same"),) * 2
    )
    assert [entry.id for entry in entries(Organisation(objectives=(twice, twice)))] == [
        "obj-1",
        "kr-1",
    ]


@pytest.mark.parametrize(
    ("change", "text_changes"),
    [
        ({}, None),
        ({"text": "We serve visitors first."}, True),
        ({"heading": "How we win"}, True),
        ({"title": "Plan 2028"}, False),
        ({"audience": "leadership"}, False),
        ({"team_id": "team-1"}, False),
        ({"cycle_id": "q3"}, False),
        ({"owner_id": "doc-2"}, False),
        ({"location": Location(file="plan.md", line=6)}, False),
    ],
    ids=lambda value: next(iter(value), "nothing") if isinstance(value, dict) else "",
)
def test_the_hashes_tell_what_changed(change: dict[str, object], text_changes: bool | None) -> None:
    from dataclasses import replace

    other = replace(ENTRY, **change)  # type: ignore[arg-type]
    assert (other.hash != ENTRY.hash) is (text_changes is not None)
    assert (other.text_hash != ENTRY.text_hash) is bool(text_changes)


def test_a_renamed_team_changes_its_entries_but_not_their_vectors(
    organisation: Organisation,
) -> None:
    renamed = organisation.model_copy(
        update={"teams": (Team(id="team-crossings", name="Sailings"), *organisation.teams[1:])}
    )
    before = {entry.id: entry for entry in entries(organisation)}
    after = {entry.id: entry for entry in entries(renamed)}
    changed = {key for key in before if before[key].hash != after[key].hash}
    assert changed == {"obj-punctual", "kr-late", "kr-cancel"}
    assert all(before[key].text_hash == after[key].text_hash for key in before)
