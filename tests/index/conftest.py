"""A small organisation, settings in a fresh folder, and two embedders: the real one and a fake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest

from assistant.index import Embedder, Index
from assistant.index.onnx import OnnxEmbedder
from assistant.models import (
    Cycle,
    KeyResult,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
    Team,
)
from assistant.settings import Settings


class LetterEmbedder:
    """Turns a text into a vector that depends on every letter, and remembers what it was asked."""

    def __init__(self, name: str = "letters", dimensions: int = 24) -> None:
        self.name = name
        self.dimensions = dimensions
        self.asked: list[str] = []

    def warm(self) -> None:
        """Letters need no warming."""

    def embed(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> np.ndarray:
        self.asked.extend(texts)
        vectors = np.array([self._vector(text) for text in texts], dtype=np.float32)
        return vectors.reshape(len(texts), self.dimensions)

    def _vector(self, text: str) -> np.ndarray:
        seed = int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())
        numbers = np.random.default_rng(seed).normal(size=self.dimensions)
        return numbers / np.linalg.norm(numbers)


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    """The real model, loaded once."""
    return OnnxEmbedder()


@pytest.fixture
def letters() -> LetterEmbedder:
    return LetterEmbedder()


@pytest.fixture
def make_letters() -> Callable[..., LetterEmbedder]:
    return LetterEmbedder


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of an index that does not exist yet; the environment plays no part."""
    monkeypatch.chdir(tmp_path)
    for name in ("OKR_HOME", "OKR_AUDIENCE", "OKR_EMBEDDER", "OKR_CHROMA_URL"):
        monkeypatch.delenv(name, raising=False)
    return Settings(home=Path(".okr"))


@pytest.fixture
def organisation() -> Organisation:
    """Two teams, two objectives with three key results, three passages: eight entries."""
    return Organisation(
        name="Larkmoor Ferries",
        teams=(
            Team(id="team-crossings", name="Crossings"),
            Team(id="team-booking", name="Booking"),
        ),
        cycles=(Cycle(id="q3", name="2026-Q3"), Cycle(id="q4", name="2026-Q4")),
        objectives=(
            Objective(
                id="obj-punctual",
                text="Island commuters can rely on the morning crossing",
                team_id="team-crossings",
                cycle_id="q3",
                key_results=(
                    KeyResult(id="kr-late", text="Late departures before nine from 14 % to 4 %"),
                    KeyResult(id="kr-cancel", text="Cancelled winter crossings from 22 to 10"),
                ),
                location=Location(file="okrs.md", line=3),
            ),
            Objective(
                id="obj-ticket",
                text="Visitors buy their ticket before they reach the pier",
                team_id="team-booking",
                cycle_id="q4",
                key_results=(
                    KeyResult(id="kr-online", text="Tickets bought online from 30 % to 55 %"),
                ),
                location=Location(file="okrs.md", line=9),
            ),
        ),
        documents=(
            StrategyDocument(
                id="doc-plan",
                title="Plan 2027",
                location=Location(file="plan.md"),
                passages=(
                    Passage(
                        id="psg-choice",
                        document_id="doc-plan",
                        heading="Where we compete",
                        text="Commuters come first, even where day visitors would pay more.",
                        location=Location(file="plan.md", line=5),
                    ),
                    Passage(
                        id="psg-not",
                        document_id="doc-plan",
                        heading="What we will not do",
                        text="We will not open a third pier before 2030.",
                        location=Location(file="plan.md", line=9),
                    ),
                ),
            ),
            StrategyDocument(
                id="doc-memo",
                title="Board memo",
                audience="Leadership",
                location=Location(file="memo.md"),
                passages=(
                    Passage(
                        id="psg-secret",
                        document_id="doc-memo",
                        text="The night crossing is sold to a rival operator in May.",
                        location=Location(file="memo.md", line=2),
                    ),
                ),
            ),
        ),
    )


@pytest.fixture
def open_index(settings: Settings, letters: LetterEmbedder) -> Callable[..., Index]:
    """Open the index of the test; by default for writing and with the letters."""

    def open_it(*, writable: bool = True, **options: object) -> Index:
        return Index.open(
            settings,
            writable=writable,
            **({"embedder": letters} | options),  # type: ignore[arg-type]
        )

    return open_it
