"""Reads a folder of OKRs and documents and gives the real vectors of what is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.analyse.ground import Vectors
from assistant.analyse.strategy import StrategyView, hold_against_strategy
from assistant.index.entries import entries
from assistant.index.onnx import OnnxEmbedder
from assistant.models import Edge, Organisation
from assistant.sources.assemble import assemble
from assistant.sources.read import read_folder

Matrix = NDArray[np.float32]


@cache
def embedder() -> OnnxEmbedder:
    return OnnxEmbedder()


def read(folder: Path) -> Organisation:
    organisation, problems = assemble(read_folder(folder, max_mb=5))
    assert [str(item) for item in problems if item.severity != "info"] == []
    return organisation


def written(folder: Path, files: Mapping[str, str]) -> Organisation:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return read(folder)


def stored(organisation: Organisation) -> Vectors:
    texts = {item.id: item.embedded for item in entries(organisation)}
    vectors = dict(zip(texts, embedder().embed([*texts.values()]), strict=True))
    dimensions = embedder().dimensions

    def look_up(ids: Sequence[str]) -> Matrix:
        found = [vectors[one] for one in ids]
        return np.array(found, dtype=np.float32).reshape(len(ids), dimensions)

    return look_up


def declared(organisation: Organisation) -> list[Edge]:
    return [
        Edge(child_id=child.id, parent_id=link.objective_id, similarity=0.0)
        for child in organisation.objectives
        for link in child.parents
        if link.objective_id
    ]


def view(organisation: Organisation, today: date | None = None, **given: object) -> StrategyView:
    edges = given.pop("edges", declared(organisation))
    hold: Callable[..., StrategyView] = hold_against_strategy
    return hold(
        organisation,
        stored(organisation),
        embedder().embed,
        edges=edges,
        today=today,
        **given,
    )
