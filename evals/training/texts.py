"""The labelled cases as texts to read: what is seen, and what is true of it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from assistant.learned.labels import CONFLICTS, DRIFTS, EDGES, PEERS, SEEN, Look
from assistant.learned.reading import (
    Text,
    joined,
    of_key_result,
    of_objective,
    of_set,
    parts,
)
from evals.cases import CASES, ChainCase, DraftCase, DriftCase, Okr, PeerCase, read_cases
from evals.drafts import as_objective

Labels = Mapping[str, bool]


@dataclass(frozen=True)
class Item:
    """One text with its labels.

    Attributes:
        labels: of the text as a whole.
        parts: character ranges of the second text, each with labels of its own.
        group: items of one group with the same ``child`` are compared with each other.
        sides: of two objectives, the texts of each.
    """

    text: Text
    labels: Labels
    parts: tuple[tuple[tuple[int, int], Labels], ...] = ()
    group: str | None = None
    child: str = ""
    sides: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    id: str = field(default="", compare=False)


def items(split: str) -> list[Item]:
    """Every text of a split, drafts and alignment together."""
    found = [*_drafts(split), *alignment_items(split)]
    return [item for item in found if item.labels or item.parts]


def alignment_items(split: str) -> list[Item]:
    """The texts of two objectives each; the two orders of a pair of peers stand side by side."""
    return [*_drift(split), *_chains(split), *_peers(split)]


def _drafts(split: str) -> Iterator[Item]:
    for case in read_cases(CASES / "drafts" / split, DraftCase):
        objective = as_objective(case)
        yield Item(
            of_objective(objective), _draft_labels(case, "objective", "objective"), id=case.id
        )
        results = range(1, len(objective.key_results) + 1)
        for number in results:
            labels = _draft_labels(case, "key-result", f"kr:{number}")
            yield Item(of_key_result(objective, number), labels, id=f"{case.id}#{number}")
        if objective.key_results:
            labels = _draft_labels(case, "set", "set", "objective")
            fits = [_draft_labels(case, "fit", f"kr:{number}") for number in results]
            ranges = parts(case.key_results)
            kept = tuple((where, part) for where, part in zip(ranges, fits, strict=True))
            yield Item(of_set(objective), labels, kept, id=f"{case.id}#set")


def _draft_labels(case: DraftCase, look: Look, *places: str) -> dict[str, bool]:
    labels = {}
    for code in SEEN[look]:
        if case.only is not None and code not in case.only:
            continue
        if any(item.rule == code and item.on in places for item in case.arguable):
            continue
        labels[code] = any(item.rule == code and item.on in places for item in case.labels)
    return labels


def _drift(split: str) -> Iterator[Item]:
    for case in read_cases(CASES / "drift" / split, DriftCase):
        labels = _edge_labels(case.label, case.subtype, case.arguable)
        yield _pair(case.id, case.child, case.parent, labels, group=case.group)


def _chains(split: str) -> Iterator[Item]:
    for case in read_cases(CASES / "chains" / split, ChainCase):
        for number, level in enumerate(case.levels[1:], start=1):
            labels = _edge_labels(level.hop, level.hop_subtype, None)
            yield _pair(f"{case.id}#hop{number}", level, case.levels[number - 1], labels)
            if number > 1:
                labels = _edge_labels(level.cum, None, None)
                yield _pair(f"{case.id}#cum{number}", level, case.levels[0], labels)


def _edge_labels(label: str | None, subtype: str | None, arguable: str | None) -> dict[str, bool]:
    labels = {f"edge:{name}": name == label for name in EDGES if name != arguable}
    if label == "drifted" and subtype:
        labels |= {f"drift:{name}": name == subtype for name in DRIFTS}
    return labels


def _peers(split: str) -> Iterator[Item]:
    for case in read_cases(CASES / "peers" / split, PeerCase):
        for needs, first, second in (("a", case.a, case.b), ("b", case.b, case.a)):
            labels = {f"peer:{name}": name == case.label for name in PEERS}
            if case.label == "conflict" and case.subtype:
                labels |= {f"conflict:{name}": name == case.subtype for name in CONFLICTS}
            if case.label == "dependency":
                labels["needs"] = case.needs == needs
            yield _pair(f"{case.id}#{needs}", first, second, labels)


def _pair(id: str, first: Okr, second: Okr, labels: Labels, group: str | None = None) -> Item:
    sides = ((first.objective, *first.key_results), (second.objective, *second.key_results))
    text = (joined(sides[0]), joined(sides[1]))
    return Item(text, labels, group=group, child=text[0], sides=sides, id=id)


def shuffled_set(item: Item, chance: random.Random) -> Item:
    """The same set with its key results in another order, so that position teaches nothing."""
    first, second = item.text
    if second is None or not item.parts:
        return item
    order = chance.sample(range(len(item.parts)), len(item.parts))
    texts = [second[start:end] for (start, end), _ in item.parts]
    second = joined(texts[number] for number in order)
    ranges = parts(texts[number] for number in order)
    moved = zip(ranges, (item.parts[number][1] for number in order), strict=True)
    return replace(item, text=(first, second), parts=tuple(moved))
