"""A folder comes into the index; what did not change is not even read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.index import Index
from assistant.ingest import MEMORY, ingest
from assistant.settings import Settings


@pytest.fixture
def folder(tmp_path: Path, little_corpus: Path) -> Path:
    return Path(shutil.copytree(little_corpus, tmp_path / "corpus"))


@pytest.fixture
def settings(tmp_path: Path, folder: Path) -> Settings:
    return Settings(home=tmp_path / "home", corpus=folder)


def test_an_unchanged_folder_is_not_read_again(folder: Path, settings: Settings) -> None:
    read: list[Path] = []
    first = ingest(folder, settings, on_file=read.append)
    assert (len(read), first.added, first.unchanged) == (3, 11, 0)
    second = ingest(folder, settings, on_file=read.append)
    assert (len(read), second.added, second.unchanged) == (3, 0, 11)
    assert second.teams == first.teams == 4


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename"])
def test_any_change_is_read(folder: Path, settings: Settings, change: str) -> None:
    ingest(folder, settings)
    plan = folder / "strategy" / "plan.md"
    if change == "edit":
        plan.write_text(plan.read_text() + "\nWe will not sell to food fleets in Spain.\n")
    elif change == "add":
        (folder / "more.md").write_text("# Depots\n\n- Objective: Vans start on cold mornings\n")
    elif change == "remove":
        plan.unlink()
    else:
        plan.rename(folder / "strategy" / "plan-2027.md")
    read: list[Path] = []
    outcome = ingest(folder, settings, on_file=read.append)
    assert read
    assert outcome.added + outcome.updated + outcome.deleted > 0


def test_problems_are_said_again(folder: Path, settings: Settings) -> None:
    (folder / "broken.json").write_text("{")
    first, second = ingest(folder, settings), ingest(folder, settings)
    assert first.problems == second.problems
    assert [str(item.location) for item in second.problems if item.severity == "error"]


@pytest.mark.parametrize("damage", ["{", "", '{"digest": 1}'])
def test_a_damaged_memory_only_costs_time(folder: Path, settings: Settings, damage: str) -> None:
    ingest(folder, settings)
    (settings.home / MEMORY).write_text(damage)
    assert ingest(folder, settings).unchanged == 11


def test_an_index_of_another_folder_is_not_mistaken(
    folder: Path, settings: Settings, tmp_path: Path
) -> None:
    ingest(folder, settings)
    other = tmp_path / "other"
    other.mkdir()
    (other / "okrs.md").write_text("# Sales\n\n- Objective: Win the second order\n")
    assert ingest(other, settings).deleted == 11
    assert ingest(folder, settings).added == 11
    with Index.open(settings, writable=False) as index:
        assert index.organisation().name == "Fernhill"


def test_what_is_refused_later_is_cited_no_more(folder: Path, settings: Settings) -> None:
    ingest(folder, settings)
    for path in (folder / "okrs.yaml", folder / "strategy" / "memo.md"):
        path.unlink()
    plan = folder / "strategy" / "plan.md"
    plan.write_text(
        plan.read_text().replace("kind: strategy", "kind: strategy\naudience: Board Only")
    )
    with pytest.raises(InputError, match="The index is empty now"):
        ingest(folder, settings)
    with Index.open(settings, writable=False) as index:
        assert index.organisation().documents == ()
        assert sum(index.summary().entries.values()) == 0


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (False, "There is no folder"),
        (True, "could be indexed: no objective and no document was found."),
    ],
)
def test_nothing_to_index_is_a_sentence(
    tmp_path: Path, settings: Settings, make: bool, sentence: str
) -> None:
    empty = tmp_path / "empty"
    if make:
        empty.mkdir()
    with pytest.raises(InputError) as caught:
        ingest(empty, settings)
    assert sentence in str(caught.value)
    assert not settings.home.exists()
