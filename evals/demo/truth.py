"""Reads the truth file of the demo organisation and finds what it names in the corpus."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from assistant.models import Organisation, StrategyDocument
from assistant.sources.records import ObjectiveRecord, Record

TRUTH = Path(__file__).parent / "truth.yaml"
CORPUS = Path(__file__).parents[2] / "corpus"

Verdict = Literal["aligned", "drifted", "unrelated"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quote(_Strict):
    """Words of a strategy document, verbatim; ``file`` is relative to the corpus."""

    file: str
    quote: str


class Entry(_Strict):
    """One planted item, or one that is plainly fine; ``truth.yaml`` says how to read each list."""

    id: str
    objectives: tuple[str, ...] = ()
    subtype: str | None = None
    why: str = ""
    hops: tuple[Verdict, ...] = ()
    cumulative: tuple[Verdict, ...] = ()
    better: str | None = None
    metric: str | None = None
    rule: str | None = None
    document: Quote | None = None
    now: Quote | None = None
    documents: tuple[Quote, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every objective that the entry names."""
        return (*self.objectives, *([self.better] if self.better else []))

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quotation that the entry rests on."""
        return (*(quote for quote in (self.document, self.now) if quote), *self.documents)


class Alias(_Strict):
    """An objective whose source gives it no key."""

    file: str
    team: str
    text: str


class Truth(_Strict):
    """The whole truth file."""

    drift: tuple[Entry, ...]
    chains: tuple[Entry, ...]
    conflicts: tuple[Entry, ...]
    duplicates: tuple[Entry, ...]
    dependencies: tuple[Entry, ...]
    coverage_gaps: tuple[Entry, ...]
    contradictions: tuple[Entry, ...]
    stale: tuple[Entry, ...]
    metric_mismatches: tuple[Entry, ...]
    wrong_parents: tuple[Entry, ...]
    orphans: tuple[Entry, ...]
    copied_parents: tuple[Entry, ...]
    complementary: tuple[Entry, ...]
    fine_edges: tuple[Entry, ...]
    good_objectives: tuple[Entry, ...]
    arguable: tuple[Entry, ...]
    keyless: dict[str, Alias]

    def lists(self) -> dict[str, tuple[Entry, ...]]:
        """The entries of every list, by its name."""
        return {name: getattr(self, name) for name in type(self).model_fields if name != "keyless"}


def load_truth(path: Path = TRUTH) -> Truth:
    """Read and check the truth file."""
    return Truth.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def named_objectives(truth: Truth, records: Iterable[Record]) -> dict[str, list[ObjectiveRecord]]:
    """Every objective of the corpus that each key of the truth file can mean: one, if all is well."""
    aliases = {(alias.file, alias.team, alias.text): key for key, alias in truth.keyless.items()}
    found: dict[str, list[ObjectiveRecord]] = {
        key: [] for entries in truth.lists().values() for entry in entries for key in entry.keys
    }
    found |= {key: [] for key in truth.keyless}
    for record in records:
        if not isinstance(record, ObjectiveRecord):
            continue
        words = (record.location.file, record.team or "", record.text)
        key = record.key or aliases.get(words)
        if key:
            found.setdefault(key, []).append(record)
    return found


def objective_ids(
    truth: Truth, records: Iterable[Record], organisation: Organisation
) -> dict[str, str]:
    """The id in the assembled organisation of every objective that the truth file can name.

    Raises:
        KeyError: an objective was read but is not in the organisation.
    """
    places = {str(item.location): item.id for item in organisation.objectives}
    return {
        key: places[str(found[0].location)]
        for key, found in named_objectives(truth, records).items()
        if found
    }


def quoted(quote: Quote, documents: Iterable[StrategyDocument]) -> list[StrategyDocument]:
    """The documents at the file of a quotation that hold its words in one passage."""
    return [
        document
        for document in documents
        if document.location.file == quote.file
        and any(quote.quote in passage.text for passage in document.passages)
    ]
