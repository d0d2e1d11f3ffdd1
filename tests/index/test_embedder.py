"""Which embedder the settings name, and what they must say for it."""

from __future__ import annotations

from importlib.util import find_spec
from threading import Thread

import pytest

from assistant.errors import ConfigurationError, ModelUnavailable
from assistant.index import make_embedder
from assistant.index.lazy import Lazy
from assistant.settings import Settings


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        (
            {"embedding_model": "bge-small"},
            "OKR_EMBEDDING_MODEL is 'bge-small', but the embedder 'onnx' comes with its own model. "
            "Unset it, or set OKR_EMBEDDER to 'sentence-transformers' or 'http'.",
        ),
        (
            {"embedder": "http", "embedding_base_url": "http://localhost:1/v1"},
            "The embedder 'http' needs the name of a model. Set OKR_EMBEDDING_MODEL.",
        ),
        (
            {"embedder": "sentence-transformers"},
            "The embedder 'sentence-transformers' needs the name of a model. "
            "Set OKR_EMBEDDING_MODEL.",
        ),
        (
            {"embedder": "http", "embedding_model": "bge-small"},
            "The embedder 'http' needs an address. Set OKR_EMBEDDING_BASE_URL, "
            "for example to http://localhost:8080/v1.",
        ),
    ],
    ids=["model for onnx", "http without model", "no model", "http without address"],
)
def test_contradicting_settings_are_explained(
    settings: Settings, chosen: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ConfigurationError) as raised:
        make_embedder(settings.model_copy(update=chosen))
    assert str(raised.value) == sentence


def test_names_tell_models_apart_without_loading_them(settings: Settings) -> None:
    http = {"embedder": "http", "embedding_base_url": "http://localhost:1/v1/"}
    names = [
        make_embedder(settings.model_copy(update=chosen)).name
        for chosen in ({}, http | {"embedding_model": "a"}, http | {"embedding_model": "b"})
    ]
    assert names == [
        "onnx:all-MiniLM-L6-v2-int8@1.0.0:8199be6f699a+be50c362",
        "http:a@http://localhost:1/v1",
        "http:b@http://localhost:1/v1",
    ]


@pytest.mark.skipif(
    find_spec("sentence_transformers") is not None, reason="the extra is installed here"
)
def test_the_missing_extra_is_named(settings: Settings) -> None:
    chosen = {"embedder": "sentence-transformers", "embedding_model": "some/model"}
    with pytest.raises(ModelUnavailable) as raised:
        make_embedder(settings.model_copy(update=chosen))
    assert str(raised.value) == (
        "The embedder 'sentence-transformers' is not installed. "
        "Install the extra: pip install 'okr-review[sentence-transformers]'."
    )


@pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="needs the extra sentence-transformers"
)
def test_a_missing_model_is_named(settings: Settings) -> None:
    chosen = {"embedder": "sentence-transformers", "embedding_model": "/no/such/model"}
    with pytest.raises(ModelUnavailable, match="'/no/such/model' cannot be loaded"):
        make_embedder(settings.model_copy(update=chosen)).embed(["text"])


def test_a_lazy_value_is_made_once_by_many_threads() -> None:
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "value"

    lazy = Lazy(make)
    lazy.start()
    threads = [Thread(target=lazy.get) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (lazy.get(), made) == ("value", [1])


def test_a_failure_is_raised_to_who_wants_the_value_and_then_tried_again() -> None:
    outcomes = iter([OSError("no answer"), "value"])

    def make() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return str(outcome)

    lazy = Lazy(make)
    with pytest.raises(OSError, match="no answer"):
        lazy.get()
    assert (lazy.begun, lazy.get()) == (False, "value")
