"""What a document states, in whatever form, and what later takes it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant.analyse.choices import Strategy, read_strategy
from assistant.sources.assemble import assemble
from assistant.sources.read import read_folder

FRONT = "---\nkind: strategy\ntitle: {title}\npublished: {day}\nversion: '{version}'\n{more}---\n"


def document(
    folder: Path, name: str, body: str, *, title: str = "Plan", day: str = "2026-01-10",
    version: str = "1", more: str = "",
) -> None:  # fmt: skip
    folder.mkdir(exist_ok=True)
    front = FRONT.format(title=title, day=day, version=version, more=more)
    (folder / name).write_text(front + body, encoding="utf-8")


def strategy(folder: Path) -> Strategy:
    organisation, _ = assemble(read_folder(folder.parent, max_mb=5))
    found = read_strategy(organisation)
    texts = {item.id: item.text for one in organisation.documents for item in one.passages}
    for choice in found.choices:
        assert choice.text in texts[found.passages[choice.id]]
    return found


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("Choice 3. Night trains. We run them.", "choice", "Choice 3. Night trains. We run them."),
        ("Bet B: schools first, then firms.", "choice", "Bet B: schools first, then firms."),
        ("# Where we play\n\nLakes north of the river.", "choice", "Lakes north of the river."),
        ("# How we win\n\n- By the hour, not by the head\n", "choice", "By the hour, not by the head"),
        ("# Strategic priorities\n\n- Fewer lines, longer runs\n", "choice", "Fewer lines, longer runs"),
        ("We focus on hospitals in small towns.", "choice", "We focus on hospitals in small towns."),
        ("From now on we choose depth over reach.", "choice", "From now on we choose depth over reach."),
        ("We will not print catalogues.", "will-not", "We will not print catalogues."),
        ("We won't print catalogues.", "will-not", "We won't print catalogues."),
        ("We no longer sell by telephone.", "will-not", "We no longer sell by telephone."),
        ("# Non-goals\n\n- A shop in Paris\n", "will-not", "A shop in Paris"),
        ("# Out of scope\n\n- Rail freight\n", "will-not", "Rail freight"),
        ("# What we stop doing\n\n- Evening courses in Latin\n", "will-not", "Evening courses in Latin"),
        ("Print editions are out of scope.", "will-not", "Print editions are out of scope."),
        ("The catalogue ends.", "will-not", "The catalogue ends."),
        ("Discounts for hotels are gone.", "will-not", "Discounts for hotels are gone."),
        ("# Growth drivers\n\n- Retention of first-year pupils\n", "driver", "Retention of first-year pupils"),
        ("Our growth comes from referrals.", "driver", "Our growth comes from referrals."),
        ("Assumption A4. Diesel stays cheap.", "assumption", "Assumption A4. Diesel stays cheap."),
        ("# What has to be true\n\nRents stay flat in the south.", "assumption", "Rents stay flat in the south."),
        ("We assume that rents stay flat.", "assumption", "We assume that rents stay flat."),
    ],
)  # fmt: skip
def test_what_a_document_states(tmp_path: Path, body: str, kind: str, text: str) -> None:
    document(tmp_path / "strategy", "plan.md", f"{body}\n")
    found = [(item.kind, item.text) for item in strategy(tmp_path / "strategy").choices]
    assert found == [(kind, text)]


@pytest.mark.parametrize(
    "body",
    [
        "Sales reached nine million in May.",
        "We do not know why visitors leave.",
        "Objectives that were set in March run to their end.",
        "# Decisions\n\n## D-4, 2 May 2026: assumption A2 of the plan is withdrawn\n\nThe audit was clear.",
        "Will we not regret it?",
        "Nobody has counted them yet.",
        "A driver reads the list to the end.",
    ],
)
def test_what_states_nothing(tmp_path: Path, body: str) -> None:
    document(tmp_path / "strategy", "plan.md", f"{body}\n")
    assert strategy(tmp_path / "strategy").choices == ()


def test_a_choice_below_a_label_may_hold_a_refusal(tmp_path: Path) -> None:
    body = "Choice 2. Built in. The subscription ends. It comes with every machine.\n"
    document(tmp_path / "strategy", "plan.md", body)
    found = strategy(tmp_path / "strategy")
    assert [(item.kind, item.text) for item in found.choices] == [
        ("choice", "Choice 2. Built in. The subscription ends. It comes with every machine."),
        ("will-not", "The subscription ends."),
    ]
    assert found.firm == {found.choices[0].id}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"title": "Plan", "version": "3"}, {"title": "Plan", "day": "2026-05-01"}),
        ({"title": "Plan"}, {"title": "Plan", "version": "2"}),
        ({"title": "Plan v1"}, {"title": "Plan v2", "day": "2026-05-01"}),
        ({"title": "Plan 2025"}, {"title": "Plan 2026", "more": "supersedes: Plan 2025\n"}),
        (
            {"title": "Plan 2025"},
            {"title": "Course", "day": "2026-05-01", "body": "This replaces Plan 2025."},
        ),
    ],
    ids=["later", "next version", "version in the title", "declared", "said"],
)
def test_a_replaced_document_counts_no_longer(
    tmp_path: Path, old: dict[str, str], new: dict[str, str]
) -> None:
    folder = tmp_path / "strategy"
    document(folder, "a.md", "Choice 1. Trains.\n", **old)
    document(folder, "b.md", new.pop("body", "Choice 1. Boats.") + "\n", **new)
    found = strategy(folder)
    assert len(found.replaced_by) == 1
    assert [item.text for item in found.choices if item.withdrawn] == ["Choice 1. Trains."]


def test_other_titles_replace_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "strategy"
    document(folder, "a.md", "Choice 1. Trains.\n", title="Plan 2025")
    document(folder, "b.md", "Choice 1. Boats.\n", title="Plan 2026", day="2026-05-01")
    assert strategy(folder).replaced_by == {}


@pytest.mark.parametrize(
    ("words", "taken"),
    [
        ("We withdraw assumption A2, that rents stay flat.", True),
        ("Assumption 2 no longer holds.", True),
        ("Assumption A2 of Plan has been withdrawn.", True),
        ("Assumption A-2 proved wrong.", True),
        ("This replaces assumption A2.", True),
        ("We withdrew assumption A1.", False),
        ("We discussed assumption A2.", False),
        ("Assumption A2 is confirmed.", False),
    ],
)
def test_an_assumption_is_taken_back(tmp_path: Path, words: str, taken: bool) -> None:
    folder = tmp_path / "strategy"
    document(folder, "plan.md", "Assumption A2. Rents stay flat.\n")
    log = f"# Log\n\n## D-7, 15 March 2026: rents\n\n{words}\n"
    document(folder, "log.md", log, title="Log", day="2026-04-02")
    found = strategy(folder)
    by_text = {item.text: item for item in found.choices}
    choice = by_text["Assumption A2. Rents stay flat."]
    assert choice.withdrawn is taken
    if taken:
        withdrawal = found.withdrawals[choice.id]
        assert (withdrawal.quote, withdrawal.on) == (words, date(2026, 3, 15))


def test_a_label_of_two_documents_needs_a_title(tmp_path: Path) -> None:
    folder = tmp_path / "strategy"
    document(folder, "a.md", "Assumption A2. Rents stay flat.\n", title="Plan North")
    document(folder, "b.md", "Assumption A2. Snow comes late.\n", title="Plan South")
    document(folder, "log.md", "We withdraw assumption A2.\n", title="Log", day="2026-04-02")
    assert strategy(folder).withdrawals == {}
    document(
        folder,
        "log.md",
        "We withdraw assumption A2 of Plan South.\n",
        title="Log",
        day="2026-04-02",
    )
    found = strategy(folder)
    assert [item.text for item in found.choices if item.withdrawn] == [
        "Assumption A2. Snow comes late."
    ]
