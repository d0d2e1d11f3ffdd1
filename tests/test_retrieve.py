"""Retrieval on the real model and the real Chroma: what is found, and what must never be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.index import Index
from assistant.index.scope import Scope
from assistant.models import (
    EVERYONE,
    Cycle,
    EntryKind,
    KeyResult,
    Location,
    Objective,
    Organisation,
    Passage,
    StrategyDocument,
    Team,
)
from assistant.retrieve import fuse, search, search_many
from assistant.settings import Settings

ANYONE = frozenset({EVERYONE})
LEADERS = frozenset({EVERYONE, "leadership"})
OKRS = (EntryKind.OBJECTIVE, EntryKind.KEY_RESULT)


def passage(key: str, document: str, text: str, line: int) -> Passage:
    place = Location(file=f"{document}.md", line=line)
    return Passage(id=key, document_id=document, text=text, location=place)


def document(key: str, title: str, audience: str, *passages: tuple[str, str]) -> StrategyDocument:
    return StrategyDocument(
        id=key,
        title=title,
        audience=audience,
        location=Location(file=f"{key}.md"),
        passages=tuple(
            passage(name, key, text, line) for line, (name, text) in enumerate(passages, start=3)
        ),
    )


def objective(key: str, team: str, cycle: str, text: str, *results: str) -> Objective:
    return Objective(
        id=f"obj-{key}",
        text=text,
        team_id=team,
        cycle_id=cycle,
        key_results=tuple(
            KeyResult(id=f"kr-{key}-{at}", text=result) for at, result in enumerate(results, 1)
        ),
    )


ORCHARD = Organisation(
    name="Tarnbrook Orchards",
    teams=(
        Team(id="harvest", name="Harvest"),
        Team(id="shops", name="Farm shops"),
        Team(id="press", name="Cider press"),
    ),
    cycles=(Cycle(id="q3", name="2026-Q3"), Cycle(id="q4", name="2026-Q4")),
    objectives=(
        objective(
            "bruises",
            "harvest",
            "q3",
            "Fruit reaches the cold store without bruises",
            "Bruised apples per crate from 9 to 3",
            "Pickers trained on the padded ladder from 12 to 60",
        ),
        objective(
            "families",
            "shops",
            "q3",
            "Families come back to the farm shop after the season",
            "Visitors who return in winter from 8 % to 20 %",
        ),
        objective(
            "zero",
            "press",
            "q4",
            "Drivers enjoy our cider without alcohol",
            "Restaurants that list the alcohol-free cider from 14 to 60",
            "Litres of Zwillingsbräu Nullnull sold per week from 400 to 900",
        ),
    ),
    documents=(
        document(
            "plan",
            "Plan 2027",
            EVERYONE,
            ("psg-quality", "We compete on fruit without bruises, not on price."),
            ("psg-cider", "Alcohol-free cider is our bet for restaurants in the cities."),
            ("psg-not", "We will not sell through discount supermarkets."),
        ),
        document(
            "memo",
            "Board memo",
            "Leadership",
            ("psg-sale", "The cider press will be sold to Brackwater Drinks in spring."),
            ("psg-shops", "Two farm shops close after the season; families are told in May."),
        ),
        document(
            "blank", "Lost page", "", ("psg-blank", "The orchard by the cider press is haunted.")
        ),
    ),
)
SECRETS = {"psg-sale", "psg-shops", "psg-blank"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    settings = Settings(home=tmp_path_factory.mktemp("orchard"))
    with Index.open(settings, writable=True) as writer:
        writer.sync(ORCHARD)
    with Index.open(settings, writable=False) as reader:
        yield reader


def ids(hits: list[Any]) -> list[str]:
    return [hit.id for hit in hits]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("damaged apples", "kr-bruises-1"),
        ("drivers who want something without alcohol", "obj-zero"),
        ("Nullnull", "kr-zero-2"),
        ("zwillingsbrau", "kr-zero-2"),
        ("returning guests in the cold months", "kr-families-1"),
        ("discounters", "psg-not"),
    ],
)
def test_the_fitting_entry_comes_first(index: Index, query: str, best: str) -> None:
    assert ids(search(index, query, audiences=ANYONE))[0] == best


def test_a_hit_says_where_it_stands_and_how_near_it_is(index: Index) -> None:
    (hit,) = search(index, "discount supermarkets", audiences=ANYONE, limit=1)
    assert (hit.kind, hit.text, hit.title, hit.owner_id, hit.audience) == (
        EntryKind.PASSAGE,
        "We will not sell through discount supermarkets.",
        "Plan 2027",
        "plan",
        EVERYONE,
    )
    assert str(hit.location) == "plan.md:5"
    query, stored = index.embedder.embed(["discount supermarkets"])[0], index.vectors([hit.id])[0]
    assert hit.similarity == pytest.approx(float(query @ stored), abs=1e-5)
    assert hit.score == pytest.approx(2 / 61)


def test_the_text_itself_has_a_similarity_of_one(index: Index) -> None:
    (hit,) = search(
        index, "Bruised apples per crate from 9 to 3", kinds=OKRS, audiences=ANYONE, limit=1
    )
    assert (hit.id, hit.title, round(hit.similarity, 3)) == ("kr-bruises-1", "Harvest", 1.0)


def test_hits_come_best_first_and_no_more_than_asked(index: Index) -> None:
    hits = search(index, "cider", audiences=ANYONE, limit=4)
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ({"kinds": (EntryKind.PASSAGE,)}, {"psg-quality", "psg-cider", "psg-not"}),
        ({"kinds": (EntryKind.OBJECTIVE,)}, {"obj-bruises", "obj-families", "obj-zero"}),
        ({"kinds": ()}, set()),
        ({"teams": ("shops",)}, {"obj-families", "kr-families-1"}),
        ({"teams": ("shops", None), "kinds": (EntryKind.PASSAGE, EntryKind.OBJECTIVE)},
         {"obj-families", "psg-quality", "psg-cider", "psg-not"}),
        ({"teams": ()}, set()),
        ({"teams": ("no such team",)}, set()),
        ({"cycles": ("q4",)}, {"obj-zero", "kr-zero-1", "kr-zero-2"}),
        ({"cycles": ("q3",), "teams": ("harvest", "press")},
         {"obj-bruises", "kr-bruises-1", "kr-bruises-2"}),
        ({"exclude_owners": ("obj-zero", "obj-bruises"), "kinds": OKRS},
         {"obj-families", "kr-families-1"}),
        ({"exclude_owners": ("plan",), "kinds": (EntryKind.PASSAGE,)}, set()),
    ],
    ids=["passages", "objectives", "no kind", "a team", "a team and none", "no team",
         "unknown team", "a cycle", "a cycle and teams", "without owners", "without document"],
)  # fmt: skip
def test_filters_come_before_the_ranking(
    index: Index, scope: dict[str, Any], expected: set[str]
) -> None:
    query = "alcohol-free cider for restaurants, by Nullnull"
    assert set(ids(search(index, query, audiences=ANYONE, limit=50, **scope))) == expected


def test_a_narrow_filter_is_filled_even_if_others_rank_higher(index: Index) -> None:
    hits = search(index, "cider without alcohol", teams=("harvest",), audiences=ANYONE, limit=1)
    assert hits[0].title == "Harvest"


@pytest.mark.parametrize(
    "query",
    [
        "The cider press will be sold to Brackwater Drinks in spring.",
        "Brackwater",
        "farm shops close after the season",
        "haunted orchard",
        "sold to whom",
        '" OR 1=1 --',
        "audience:leadership",
        "gate = 'leadership' everyone",
    ],
)
@pytest.mark.parametrize(
    "audiences",
    [ANYONE, frozenset(), frozenset({""}), frozenset({"lead"}), frozenset({"leadership'"})],
    ids=str,
)
def test_what_is_for_others_is_never_found(
    index: Index, query: str, audiences: frozenset[str]
) -> None:
    assert SECRETS.isdisjoint(ids(search(index, query, audiences=audiences, limit=50)))
    (many,) = search_many(index, [query], audiences=audiences, limit=50)
    assert SECRETS.isdisjoint(ids(many))


@pytest.mark.parametrize("leg", ["by meaning", "by words"])
def test_neither_ranking_alone_shows_what_is_for_others(index: Index, leg: str) -> None:
    text = "The cider press will be sold to Brackwater Drinks in spring."

    def found(audiences: frozenset[str]) -> list[str]:
        if leg == "by words":
            return index.matching(text, Scope(audiences), 50)
        vectors = index.embedder.embed([text])
        return [key for key, _ in index.nearest(vectors, Scope(audiences), 50)[0]]

    assert SECRETS.isdisjoint(found(ANYONE))
    assert found(LEADERS)[0] == "psg-sale"


def test_leaders_find_what_is_for_leaders(index: Index) -> None:
    hits = search(index, "Who buys the cider press?", audiences=LEADERS, limit=50)
    assert (hits[0].id, hits[0].audience) == ("psg-sale", "Leadership")
    assert "psg-blank" not in ids(hits)


@pytest.mark.parametrize(
    "query",
    [
        '"', '""', "'", "*", "apples*", "NEAR(apples, 3)", "apples AND", "OR", "NOT apples",
        "text : apples", "{text}: apples", "^apples", "apples + crate", "(apples", "a-b-c",
        "'; DROP TABLE records; --", "\x00apples\x00", "\ud800 apples", "%", "_" * 30,
        "🍏 apples 🍎", "яблоки", "リンゴ", "a" * 20_000, "apples " * 5_000,
        "\u202eselppa", "e\u0301" * 200,
    ],
    ids=lambda query: ascii(query[:20]),
)  # fmt: skip
def test_any_text_is_a_query(index: Index, query: str) -> None:
    hits = search(index, query, audiences=ANYONE, limit=3)
    assert len(hits) == 3
    assert index.summary().entries[EntryKind.OBJECTIVE] == 3


@pytest.mark.parametrize("query", ["", "  \n", [], ["", " "]], ids=repr)
def test_a_blank_query_finds_nothing(index: Index, query: str | list[str]) -> None:
    assert search(index, query, audiences=ANYONE) == []


def test_many_queries_find_what_each_alone_finds(index: Index) -> None:
    queries = ["bruised fruit", "", "cider without alcohol", "winter visitors"]
    together = search_many(index, queries, kinds=OKRS, audiences=ANYONE, limit=3)
    alone = [search(index, query, kinds=OKRS, audiences=ANYONE, limit=3) for query in queries]
    assert [ids(hits) for hits in together] == [ids(hits) for hits in alone]
    assert [hit.similarity for hits in together for hit in hits] == pytest.approx(
        [hit.similarity for hits in alone for hit in hits], abs=1e-5
    )


def test_several_texts_are_one_search(index: Index) -> None:
    hits = search(index, ["bruised fruit", "returning families"], audiences=ANYONE, limit=20)
    assert len(ids(hits)) == len(set(ids(hits)))
    assert {"obj-bruises", "obj-families"} <= set(ids(hits)[:5])
    (one,) = (hit for hit in hits if hit.id == "obj-families")
    (alone,) = (
        hit
        for hit in search(index, "returning families", audiences=ANYONE, limit=20)
        if hit.id == "obj-families"
    )
    assert one.similarity == pytest.approx(alone.similarity, abs=1e-5)


def test_the_same_query_finds_the_same_on_an_index_made_in_another_order(
    index: Index, tmp_path: Path
) -> None:
    turned = ORCHARD.model_copy(
        update={"objectives": ORCHARD.objectives[::-1], "documents": ORCHARD.documents[::-1]}
    )
    query = "fruit for restaurants in the cities"
    first = search(index, query, audiences=ANYONE, limit=6)
    with Index.open(Settings(home=tmp_path), writable=True, embedder=index.embedder) as other:
        other.sync(turned)
        second = search(other, query, audiences=ANYONE, limit=6)
    assert ids(first) == ids(second) == ids(search(index, query, audiences=ANYONE, limit=6))
    assert [hit.score for hit in first] == [hit.score for hit in second]


def test_an_empty_index_finds_nothing(tmp_path: Path, index: Index) -> None:
    with Index.open(Settings(home=tmp_path), writable=True, embedder=index.embedder) as empty:
        empty.sync(Organisation())
        assert search(empty, "anything", audiences=ANYONE) == []


def test_fusion_adds_up_reciprocal_ranks() -> None:
    scores = fuse([["a", "b", "c"], ["c", "a"]])
    assert [*scores] == ["a", "c", "b"]
    assert scores["a"] == pytest.approx(1 / 61 + 1 / 62)
    assert scores["c"] == pytest.approx(1 / 63 + 1 / 61)


def test_among_equals_comes_first_what_the_first_ranking_has() -> None:
    assert [*fuse([["a"], ["b"]])] == ["a", "b"]
    assert fuse([]) == {}
