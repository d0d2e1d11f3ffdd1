"""The trained heads: loaded from plain arrays, stable, and honest when they cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelUnavailable
from assistant.learned import heads
from assistant.learned.heads import elements, judge, load
from assistant.learned.labels import LOOKS
from assistant.learned.ngrams import BUCKETS, hashed
from assistant.learned.scores import scores_of
from assistant.learned.signs import WIDTH, signs
from assistant.models import KeyResult, Objective


def objective(text: str, *results: str) -> Objective:
    key_results = tuple(KeyResult(id=f"kr-{n}", text=item) for n, item in enumerate(results))
    return Objective(id="obj", text=text, key_results=key_results)


DRAFT = objective(
    "Drive operational excellence", "Publish the new handbook", "Late trains from 9 % to 4 %"
)


@pytest.mark.parametrize("code", LOOKS)
def test_every_head_is_there_and_finite(code: str) -> None:
    head = load(code)
    assert np.isfinite(head.dense).all()
    assert np.isfinite(head.sparse).all()
    assert np.any(head.dense != 0)


def test_the_heads_tell_an_output_from_an_outcome_and_a_wish_from_a_choice() -> None:
    said = {(item.code, item.on): item for item in judge([DRAFT])[0]}
    assert said["K1", "kr:1"].probability > 0.8
    assert said["K1", "kr:2"].probability < 0.2
    assert said["O1", "objective"].fires


def test_the_same_text_gets_the_same_scores_whatever_stands_beside_it() -> None:
    others = [objective(f"Win town number {n}", f"Shops opened from {n} to 9") for n in range(5)]
    alone = scores_of([DRAFT])[0]
    together = scores_of([*others, DRAFT])[-1]
    assert alone == together


def test_only_what_fires_is_a_score() -> None:
    scores = scores_of([DRAFT])[0]
    assert "K1@kr:1" in scores
    assert "K1@kr:2" not in scores
    assert scores_of([]) == []


@pytest.mark.parametrize(
    ("code", "named"),
    [("K1", ("kr:1", "kr:2")), ("O1", ("objective",)), ("S3", ("set",)), ("O8", ("objective",))],
)
def test_a_head_judges_the_elements_of_its_rule(code: str, named: tuple[str, ...]) -> None:
    assert tuple(elements(code, DRAFT)) == named


def test_a_set_without_key_results_is_not_judged() -> None:
    assert tuple(elements("S3", objective("Win it"))) == ()


@pytest.mark.parametrize("content", [b"", b"PK garbage", None], ids=["empty", "garbage", "missing"])
def test_a_damaged_head_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "K1.npz").write_bytes(content)
    monkeypatch.setattr(heads, "FOLDER", tmp_path)
    load.cache_clear()
    with pytest.raises(ModelUnavailable, match="The trained head of K1 cannot be read"):
        load("K1")
    load.cache_clear()


@pytest.mark.parametrize("text", ["", "x", "Grow NPS from 3 to 9", "🚀" * 700, "a b " * 400])
def test_views_are_of_fixed_size(text: str) -> None:
    assert len(signs(text)) == WIDTH
    weights = hashed(text)
    assert all(0 <= bucket < BUCKETS for bucket in weights)
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(1 if weights else 0)
