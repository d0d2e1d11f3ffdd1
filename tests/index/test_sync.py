"""What a run adds, changes and forgets, and what it leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from assistant.errors import IndexUnavailable, ModelUnavailable
from assistant.index import Index, SyncReport
from assistant.index import sync as sync_module
from assistant.index.entries import entries
from assistant.index.scope import Scope
from assistant.models import EntryKind, Organisation

Open = Callable[..., Index]

ALL = Scope(frozenset({"everyone", "leadership"}))


def counts(report: SyncReport) -> dict[str, int]:
    """The figures of a report that are not zero."""
    names = ("added", "updated", "deleted", "unchanged", "embedded")
    return {name: value for name in names if (value := getattr(report, name))}


def edited(organisation: Organisation, position: int, **changes: Any) -> Organisation:
    """The organisation with one objective changed."""
    objectives = [*organisation.objectives]
    objectives[position] = objectives[position].model_copy(update=changes)
    return organisation.model_copy(update={"objectives": tuple(objectives)})


def test_the_first_run_embeds_everything(
    open_index: Open, letters: Any, organisation: Organisation
) -> None:
    with open_index() as index:
        report = index.sync(organisation)
    assert counts(report) == {"added": 8, "embedded": 8}
    assert letters.asked == [entry.embedded for entry in entries(organisation)]


def test_an_unchanged_organisation_embeds_nothing_and_opens_nothing(
    open_index: Open, letters: Any, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_index() as index:
        index.sync(organisation)
    letters.asked.clear()
    monkeypatch.setattr(Index, "_open_vectors", lambda _: pytest.fail("Chroma was opened"))
    with open_index() as index:
        report = index.sync(organisation)
    assert (counts(report), letters.asked) == ({"unchanged": 8}, [])


def test_only_the_changed_text_is_embedded_again(
    open_index: Open, letters: Any, organisation: Organisation
) -> None:
    text = "Island commuters trust the first crossing of the day"
    with open_index() as index:
        index.sync(organisation)
        before = index.vectors(["obj-punctual", "kr-late"])
        letters.asked.clear()
        report = index.sync(edited(organisation, 0, text=text))
        after = index.vectors(["obj-punctual", "kr-late"])
    assert (counts(report), letters.asked) == (
        {"updated": 1, "unchanged": 7, "embedded": 1},
        [text],
    )
    assert (before == after).all(axis=1).tolist() == [False, True]


def test_a_change_of_team_is_stored_without_embedding(
    open_index: Open, letters: Any, organisation: Organisation
) -> None:
    with open_index() as index:
        index.sync(organisation)
        before = index.vectors(["obj-ticket"])
        letters.asked.clear()
        report = index.sync(edited(organisation, 1, team_id="team-crossings"))
        after = index.vectors(["obj-ticket"])
        titles = {found.title for found in index.fetch(["obj-ticket", "kr-online"], ALL).values()}
    assert (counts(report), letters.asked) == ({"updated": 2, "unchanged": 6}, [])
    assert titles == {"Crossings"}
    np.testing.assert_array_equal(before, after)


def test_a_change_that_concerns_no_entry_is_kept_with_the_nouns(
    open_index: Open, organisation: Organisation
) -> None:
    changed = edited(organisation, 0, owner="Ada Finch")
    with open_index() as index:
        index.sync(organisation)
        assert counts(index.sync(changed)) == {"unchanged": 8}
        assert index.organisation(["everyone", "leadership"]) == changed


def test_what_is_gone_is_forgotten_everywhere(open_index: Open, organisation: Organisation) -> None:
    with open_index() as index:
        index.sync(organisation)
        smaller = organisation.model_copy(update={"documents": organisation.documents[:1]})
        report = index.sync(smaller)
        assert counts(report) == {"deleted": 1, "unchanged": 7}
        assert index.fetch(["psg-secret"], ALL) == {}
        assert index.matching("rival operator", ALL, 10) == []
        with pytest.raises(IndexUnavailable):
            index.vectors(["psg-secret"])


def test_what_comes_back_is_embedded_again(open_index: Open, organisation: Organisation) -> None:
    smaller = organisation.model_copy(update={"objectives": organisation.objectives[:1]})
    with open_index() as index:
        index.sync(organisation)
        index.sync(smaller)
        assert counts(index.sync(organisation)) == {"added": 2, "unchanged": 6, "embedded": 2}
        assert index.vectors(["kr-online"]).shape == (1, 24)


def test_the_order_of_the_input_does_not_matter(
    open_index: Open, letters: Any, organisation: Organisation
) -> None:
    turned = organisation.model_copy(update={"objectives": organisation.objectives[::-1]})
    with open_index() as index:
        index.sync(organisation)
        letters.asked.clear()
        assert counts(index.sync(turned)) == {"unchanged": 8}
    assert letters.asked == []


def test_another_model_embeds_everything_anew(
    open_index: Open, make_letters: Callable[..., Any], organisation: Organisation
) -> None:
    with open_index() as index:
        index.sync(organisation)
    wider = make_letters("wider", 32)
    with open_index(embedder=wider) as index:
        assert counts(index.sync(organisation)) == {"added": 8, "embedded": 8}
        assert index.vectors(["kr-late"]).shape == (1, 32)
        assert index.summary().embedder == "wider"


def test_another_model_that_does_not_work_costs_nothing(
    open_index: Open, make_letters: Callable[..., Any], organisation: Organisation
) -> None:
    with open_index() as index:
        index.sync(organisation)
    broken = make_letters("broken")
    broken.embed = lambda _: (_ for _ in ()).throw(ModelUnavailable("It does not answer."))
    with open_index(embedder=broken) as index:
        with pytest.raises(ModelUnavailable, match="It does not answer"):
            index.sync(organisation)
        with pytest.raises(IndexUnavailable, match="is unfinished"):
            index.vectors(["kr-late"])
    with open_index(writable=False) as index:
        assert index.vectors(["kr-late"]).shape == (1, 24)


def test_an_empty_organisation_is_a_valid_index(open_index: Open, letters: Any) -> None:
    with open_index() as index:
        report = index.sync(Organisation(name="Nobody"))
    assert counts(report) == {}
    with open_index(writable=False) as index:
        assert index.organisation() == Organisation(name="Nobody")
        assert index.summary().entries == {}
        assert index.nearest(letters.embed(["anything"]), ALL, 5) == [[]]


def test_everything_can_go(open_index: Open, organisation: Organisation) -> None:
    with open_index() as index:
        index.sync(organisation)
        assert counts(index.sync(Organisation())) == {"deleted": 8}
        assert index.summary().entries == {}


def test_progress_counts_what_is_embedded(
    open_index: Open, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "_CHUNK", 3)
    told: list[tuple[int, int]] = []
    with open_index() as index:
        index.sync(organisation, lambda done, of: told.append((done, of)))
    assert told == [(3, 8), (6, 8), (8, 8)]


def test_a_failing_embedder_keeps_what_was_embedded_before(
    open_index: Open, letters: Any, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_module, "_CHUNK", 3)
    works = letters.embed

    def fails_later(texts: list[str]) -> np.ndarray:
        if letters.asked:
            raise ModelUnavailable("The endpoint went away.")
        return works(texts)

    letters.embed = fails_later
    with open_index() as index, pytest.raises(ModelUnavailable, match="went away"):
        index.sync(organisation)
    letters.embed = works
    with open_index() as index:
        report = index.sync(organisation)
    assert counts(report) == {"updated": 5, "unchanged": 3, "embedded": 5}


def test_the_nouns_come_back_as_they_were(open_index: Open, organisation: Organisation) -> None:
    with open_index() as index:
        index.sync(organisation)
    with open_index(writable=False) as index:
        assert index.organisation(["everyone", "leadership"]) == organisation


def test_the_nouns_hold_only_what_the_reader_may_read(
    open_index: Open, organisation: Organisation
) -> None:
    with open_index() as index:
        index.sync(organisation)
        assert [document.id for document in index.organisation().documents] == ["doc-plan"]


def test_the_summary_tells_what_is_in_it(open_index: Open, organisation: Organisation) -> None:
    with open_index() as index:
        index.sync(organisation)
        summary = index.summary()
    assert summary.entries == {
        EntryKind.PASSAGE: 3,
        EntryKind.OBJECTIVE: 2,
        EntryKind.KEY_RESULT: 3,
    }
    assert (summary.embedder, summary.place) == ("letters", "its own folder")
    assert summary.finished_at is not None
