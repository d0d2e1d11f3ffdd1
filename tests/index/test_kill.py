"""A run that is killed with SIGKILL loses nothing: the next one goes on where it stopped."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import IndexUnavailable
from assistant.index import Embedder, Index
from assistant.index.entries import entries
from assistant.models import EVERYONE, KeyResult, Objective, Organisation
from assistant.retrieve import search
from assistant.settings import Settings

DOOMED = Path(__file__).with_name("doomed_run.py")


def goals(*numbers: int, team: str = "team-a", word: str = "crossings") -> tuple[Objective, ...]:
    return tuple(
        Objective(
            id=f"obj-{number}",
            text=f"Harbour {number} keeps its {word}",
            team_id=team,
            key_results=(KeyResult(id=f"kr-{number}", text=f"Late {word} from {number} to 1"),),
        )
        for number in numbers
    )


BEFORE = Organisation(objectives=goals(*range(2, 10)))
"""Sixteen entries."""

AFTER = Organisation(
    objectives=(
        *goals(2, 3),
        *goals(4, 5, team="team-b"),
        *goals(6, 7, word="moorings"),
        *goals(20, 21, 22, 23, 24),
    )
)
"""Four entries are unchanged, four relabelled, four reworded, four gone, ten new."""


def state(index: Index) -> dict[str, tuple[Any, ...]]:
    """Everything that the index holds, on both sides."""
    vectors = index._fresh_vectors()
    kept = vectors._collection.get(include=["embeddings", "metadatas"])
    labels = {
        key: (np.round(vector, 4).tolist(), label)
        for key, vector, label in zip(
            kept["ids"], kept["embeddings"], kept["metadatas"], strict=True
        )
    }
    records = index._records.known()
    assert labels.keys() == records.keys()
    words = index._records._rows(
        "SELECT id, words.text FROM records JOIN words ON number = words.rowid"
    )
    assert len(words) == len(records)
    return {key: (records[key], *labels[key], dict(words)[key]) for key in records}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, minilm: Embedder) -> dict[str, tuple[Any, ...]]:
    """What an index holds that was never interrupted."""
    settings = Settings(home=tmp_path_factory.mktemp("clean"))
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(AFTER)
        return state(index)


def run_doomed(home: Path, organisation: Organisation, step: str, times: int) -> int:
    """Run until the step has happened so many times; the exit status."""
    file = home.parent / "organisation.json"
    file.write_text(organisation.model_dump_json(), encoding="utf-8")
    command = [sys.executable, DOOMED, home, file, step, str(times)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize(
    ("step", "times"),
    [
        ("Records.announce", 1),
        ("Vectors.delete", 1),
        ("Records.forget", 1),
        ("Vectors.relabel", 1),
        ("Vectors.upsert", 1),
        ("Records.acknowledge", 2),
    ],
    ids=str,
)
def test_a_killed_update_goes_on(
    tmp_path: Path, minilm: Embedder, clean: dict[str, tuple[Any, ...]], step: str, times: int
) -> None:
    settings = Settings(home=tmp_path / "home")
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(BEFORE)
    assert run_doomed(settings.home, AFTER, step, times) == -signal.SIGKILL
    with pytest.raises(IndexUnavailable, match="is unfinished, because the last run was"):
        Index.open(settings, writable=False, embedder=minilm)
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(AFTER)
        assert state(index) == clean
        hits = search(index, "late moorings", audiences=frozenset({EVERYONE}), limit=3)
    assert {hit.id for hit in hits} & {"kr-6", "kr-7"}


@pytest.mark.parametrize("step", ["Records.reset", "Vectors.upsert"])
def test_a_killed_first_run_goes_on(
    tmp_path: Path, minilm: Embedder, clean: dict[str, tuple[Any, ...]], step: str
) -> None:
    home = tmp_path / "home"
    assert run_doomed(home, AFTER, step, 1) == -signal.SIGKILL
    with Index.open(Settings(home=home), writable=True, embedder=minilm) as index:
        index.sync(AFTER)
        assert state(index) == clean


def test_a_killed_run_does_not_embed_again_what_it_had_stored(
    tmp_path: Path, minilm: Embedder
) -> None:
    home = tmp_path / "home"
    run_doomed(home, BEFORE, "Records.acknowledge", 3)
    with Index.open(Settings(home=home), writable=True, embedder=minilm) as index:
        report = index.sync(BEFORE)
    assert (report.unchanged, report.embedded) == (8, 8)


def test_what_a_killed_run_had_begun_to_add_leaves_no_trace_if_it_is_no_longer_wanted(
    tmp_path: Path, minilm: Embedder
) -> None:
    home = tmp_path / "home"
    run_doomed(home, BEFORE, "Vectors.upsert", 1)
    with Index.open(Settings(home=home), writable=True, embedder=minilm) as index:
        index.sync(Organisation(objectives=goals(30)))
        assert sorted(state(index)) == ["kr-30", "obj-30"]


def test_a_killed_update_is_undone_if_the_input_goes_back(tmp_path: Path, minilm: Embedder) -> None:
    settings = Settings(home=tmp_path / "home")
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(BEFORE)
        before = state(index)
    run_doomed(settings.home, AFTER, "Vectors.upsert", 2)
    with Index.open(settings, writable=True, embedder=minilm) as index:
        index.sync(BEFORE)
        assert state(index) == before


def test_a_kill_from_outside_at_any_time_goes_on(
    tmp_path: Path, minilm: Embedder, clean: dict[str, tuple[Any, ...]]
) -> None:
    home, file = tmp_path / "home", tmp_path / "organisation.json"
    file.write_text(AFTER.model_dump_json(), encoding="utf-8")
    command = [sys.executable, DOOMED, home, file, "Records.close", "99"]
    for pause in (0.0, 1.2):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while process.poll() is None and not (home / "index" / "records.sqlite").exists():
            time.sleep(0.01)
        time.sleep(pause)
        process.kill()
        process.wait()
    with Index.open(Settings(home=home), writable=True, embedder=minilm) as index:
        index.sync(AFTER)
        assert state(index) == clean
        assert len(state(index)) == len([*entries(AFTER)])
