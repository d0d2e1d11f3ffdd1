"""The demo organisation: it imports whole, has its planned size, and is what its truth file says."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

from assistant.models import EVERYONE, Organisation, Problem, StrategyDocument, fold
from assistant.sources.assemble import assemble
from assistant.sources.read import FORMATS, read_draft_file, read_folder
from assistant.sources.records import CycleRecord, ObjectiveRecord, Record
from evals.demo.build_binary import DOCUMENTS, WORKBOOKS, build
from evals.demo.truth import (
    CORPUS,
    Entry,
    Truth,
    load_truth,
    named_objectives,
    objective_ids,
    quoted,
)

EXAMPLES = CORPUS.parent / "examples"
MB = 20


@pytest.fixture(scope="module")
def records() -> list[Record]:
    return list(read_folder(CORPUS, max_mb=MB))


@pytest.fixture(scope="module")
def objectives(records: list[Record]) -> list[ObjectiveRecord]:
    return [record for record in records if isinstance(record, ObjectiveRecord)]


@pytest.fixture(scope="module")
def documents(records: list[Record]) -> list[StrategyDocument]:
    return [record for record in records if isinstance(record, StrategyDocument)]


@pytest.fixture(scope="module")
def organisation(records: list[Record]) -> Organisation:
    found, problems = assemble(records)
    assert [str(problem) for problem in problems] == []
    return found


@pytest.fixture(scope="module")
def truth() -> Truth:
    return load_truth()


@pytest.fixture(scope="module")
def named(truth: Truth, records: list[Record]) -> dict[str, list[ObjectiveRecord]]:
    return named_objectives(truth, records)


@pytest.fixture(scope="module")
def ids(truth: Truth, records: list[Record], organisation: Organisation) -> dict[str, str]:
    return objective_ids(truth, records, organisation)


def entries(*lists: str) -> list[tuple[str, Entry]]:
    truth = load_truth()
    return [
        (name, entry)
        for name, found in truth.lists().items()
        for entry in found
        if name in lists or not lists
    ]


# --- size and spread ---------------------------------------------------------------------------


def test_nothing_in_the_corpus_is_a_problem(records: list[Record]) -> None:
    assert [str(record) for record in records if isinstance(record, Problem)] == []


def test_the_organisation_has_its_planned_size(organisation: Organisation) -> None:
    key_results = sum(len(objective.key_results) for objective in organisation.objectives)
    assert 33 <= len(organisation.teams) <= 40
    assert 110 <= len(organisation.objectives) <= 135
    assert 320 <= key_results <= 400
    assert len(organisation.documents) >= 12


def test_the_teams_form_one_tree_of_four_levels(organisation: Organisation) -> None:
    above = {team.id: team.parent_id for team in organisation.teams}

    def depth(team: str) -> int:
        parent = above[team]
        return 1 if parent is None else 1 + depth(parent)

    assert [team.name for team in organisation.teams if team.parent_id is None] == ["Kestrup"]
    assert max(depth(team) for team in above) == 4
    assert all(team.people and team.budget for team in organisation.teams)
    assert sum(team.people or 0 for team in organisation.teams) == 2140


def test_there_are_three_quarters_and_two_years(organisation: Organisation) -> None:
    assert {cycle.name: (cycle.start, cycle.end) for cycle in organisation.cycles} == {
        "FY26": (date(2026, 1, 1), date(2026, 12, 31)),
        "2026-Q2": (date(2026, 4, 1), date(2026, 6, 30)),
        "2026-Q3": (date(2026, 7, 1), date(2026, 9, 30)),
        "2026-Q4": (date(2026, 10, 1), date(2026, 12, 31)),
        "FY27": (date(2027, 1, 1), date(2027, 12, 31)),
    }


def test_every_format_is_there() -> None:
    found = {path.suffix for path in CORPUS.rglob("*.*")}
    assert found >= set(FORMATS) - {".markdown", ".yml", ".htm", ".txt"}


def test_the_words_are_as_few_as_in_real_life(objectives: list[ObjectiveRecord]) -> None:
    lengths = [len(objective.text.split()) for objective in objectives]
    of_results = [
        len(item.text.split()) for objective in objectives for item in objective.key_results
    ]
    without = sum(not objective.key_results for objective in objectives) / len(objectives)
    assert 6 <= median(lengths) <= 8
    assert 9 <= median(of_results) <= 11
    assert 0.1 <= without <= 0.2


def test_every_objective_has_a_team_and_a_cycle(
    objectives: list[ObjectiveRecord], organisation: Organisation
) -> None:
    teams = {fold(team.name) for team in organisation.teams}
    assert {
        objective.team for objective in objectives if fold(objective.team or "") not in teams
    } == set()
    assert all(objective.cycle_id for objective in organisation.objectives)


def test_one_document_is_for_leadership(documents: list[StrategyDocument]) -> None:
    limited = {item.location.file: item.audience for item in documents if item.audience != EVERYONE}
    assert limited == {"strategy/board-memo-2026-10.docx": "leadership"}


def test_the_plan_and_the_pricing_policy_replace_older_versions(
    documents: list[StrategyDocument],
) -> None:
    by_id = {item.id: item for item in documents}
    replaced = {
        item.location.file: by_id[item.supersedes].location.file
        for item in documents
        if item.supersedes
    }
    assert replaced == {
        "strategy/plan-2029.docx": "strategy/plan-2028.pdf",
        "strategy/pricing-policy-2026.md": "strategy/pricing-policy-2024.pdf",
    }
    assert all(item.published and item.version for item in documents)


def test_every_stated_parent_is_found(organisation: Organisation) -> None:
    lost = [
        (objective.text, link.stated)
        for objective in organisation.objectives
        for link in objective.parents
        if link.objective_id is None and link.key_result_id is None
    ]
    assert lost == []


# --- the truth file ----------------------------------------------------------------------------


def test_every_key_means_exactly_one_objective(named: dict[str, list[ObjectiveRecord]]) -> None:
    wrong = {key: len(found) for key, found in named.items() if len(found) != 1}
    assert wrong == {}


def test_every_key_is_an_objective_of_the_organisation(
    ids: dict[str, str], organisation: Organisation
) -> None:
    assert len(set(ids.values())) == len(ids) == len(organisation.objectives)


def test_every_quotation_stands_in_its_document(
    truth: Truth, documents: list[StrategyDocument]
) -> None:
    quotes = [
        quote for found in truth.lists().values() for entry in found for quote in entry.quotes
    ]
    assert [quote for quote in quotes if len(quoted(quote, documents)) != 1] == []
    assert len(quotes) >= 19


def test_every_document_file_of_a_missing_choice_is_current(truth: Truth) -> None:
    files = {entry.document.file for entry in truth.coverage_gaps if entry.document}
    assert files == {"strategy/plan-2029.docx"}


def test_ids_are_unique() -> None:
    ids = Counter(entry.id for _, entry in entries())
    assert [name for name, count in ids.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "entry"),
    entries("drift", "fine_edges", "copied_parents", "wrong_parents", "chains"),
    ids=lambda value: value.id if isinstance(value, Entry) else value,
)
def test_every_edge_is_declared_in_the_corpus(
    name: str, entry: Entry, ids: dict[str, str], organisation: Organisation
) -> None:
    members = [organisation.objective(ids[key]) for key in entry.objectives]
    chain = members[::-1] if name == "chains" else members
    for child, parent in pairwise(chain):
        assert child is not None
        assert parent is not None
        assert parent.id in {link.objective_id for link in child.parents}


@pytest.mark.parametrize(
    ("name", "entry"),
    entries("conflicts", "duplicates", "dependencies", "complementary", "metric_mismatches"),
    ids=lambda value: value.id if isinstance(value, Entry) else value,
)
def test_peers_are_two_teams_of_one_cycle(
    name: str, entry: Entry, named: dict[str, list[ObjectiveRecord]]
) -> None:
    first, second = (named[key][0] for key in entry.objectives)
    assert first.team != second.team
    assert (first.cycle or "").strip() == (second.cycle or "").strip()


def test_orphans_are_the_only_ones_without_a_parent(
    truth: Truth, named: dict[str, list[ObjectiveRecord]]
) -> None:
    company = {key for key, found in named.items() if found[0].team == "Kestrup"}
    alone = {key for key, found in named.items() if not found[0].parents} - company
    assert alone == {entry.objectives[0] for entry in truth.orphans}


def test_no_edge_is_called_fine_and_guilty(truth: Truth) -> None:
    fine = {entry.objectives for entry in truth.fine_edges}
    guilty = (truth.drift, truth.copied_parents, truth.wrong_parents, truth.arguable)
    assert fine & {entry.objectives for found in guilty for entry in found} == set()


def test_no_pair_has_two_labels(truth: Truth) -> None:
    lists = (truth.conflicts, truth.duplicates, truth.dependencies, truth.complementary)
    pairs = Counter(frozenset(entry.objectives) for found in lists for entry in found)
    assert [set(pair) for pair, count in pairs.items() if count > 1] == []


def test_far_more_is_fine_than_planted(truth: Truth) -> None:
    assert len(truth.fine_edges) >= 60
    assert len(truth.complementary) >= 15
    assert len(truth.good_objectives) >= 25
    assert 12 <= len(truth.drift) <= 16


# --- files that are made -----------------------------------------------------------------------


def test_building_again_changes_no_byte(tmp_path: Path) -> None:
    build(tmp_path)
    for name in (*DOCUMENTS.values(), *WORKBOOKS.values()):
        assert (tmp_path / name).read_bytes() == (CORPUS / name).read_bytes(), name


# --- drafts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "team", "key_results"),
    [("draft.md", "Marketing & Offer", [3, 3, 3]), ("good-draft.md", "Partner Workshops", [3])],
)
def test_a_demo_draft_is_read_whole(
    name: str, team: str, key_results: list[int], organisation: Organisation
) -> None:
    found = list(read_draft_file(EXAMPLES / name, max_mb=MB))
    drafts = [record for record in found if isinstance(record, ObjectiveRecord)]
    texts = {objective.text for objective in organisation.objectives}
    assert [str(record) for record in found if isinstance(record, Problem)] == []
    assert [len(draft.key_results) for draft in drafts] == key_results
    assert {(draft.team, draft.cycle) for draft in drafts} == {(team, "2026-Q4")}
    assert {parent for draft in drafts for parent in draft.parents} <= texts
    assert any(isinstance(record, CycleRecord) for record in found)
