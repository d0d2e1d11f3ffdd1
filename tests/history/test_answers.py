"""What teams have answered: kept by fingerprint, in order, until it is taken back."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.history import FILE, dismissals, opened, scans
from assistant.models import Finding

FINDING = Finding(
    rule="K1", slug="s", severity="warning", on="kr:1", objective_id="obj-0", message="m",
    question="What then?", words="Launch the portal",
)  # fmt: skip


def test_answers_are_kept_in_their_order_and_survive_another_review(tmp_path: Path):
    with opened(tmp_path) as history:
        history.meet([FINDING])
        history.answer(FINDING.fingerprint, "  They  book there. ")
        history.meet([])
        history.answer(FINDING.fingerprint, "45 a day.")

    with opened(tmp_path) as history:
        kept = history.answers()
        assert [(item.question, item.answer) for item in kept] == [
            ("What then?", "They book there."),
            ("What then?", "45 a day."),
        ]
        assert {item.words for item in kept} == {"Launch the portal"}
        assert history.forget_answers(FINDING.fingerprint) == 2
        assert history.answers() == ()


WRONG = [
    pytest.param("fnd-no", "Yes.", "The latest review or scan has no finding 'fnd-no'. Run the review "
                 "again and take the fingerprint from there; it begins with 'fnd-'.", id="unknown"),
    pytest.param(FINDING.fingerprint, " \n", "The answer is empty. Answer in a sentence or two.",
                 id="empty"),
    pytest.param(FINDING.fingerprint, "a" * 2001,
                 "The answer has 2,001 characters; 2,000 are kept. Say it shorter.", id="long"),
]  # fmt: skip


@pytest.mark.parametrize(("fingerprint", "text", "sentence"), WRONG)
def test_an_answer_that_cannot_be_kept_is_explained(tmp_path, fingerprint, text, sentence):
    with opened(tmp_path) as history:
        history.meet([FINDING])
        with pytest.raises(InputError) as caught:
            history.answer(fingerprint, text)

    assert str(caught.value) == sentence


def test_what_was_never_answered_cannot_be_taken_back(tmp_path):
    with opened(tmp_path) as history, pytest.raises(InputError) as caught:
        history.forget_answers("fnd-1")

    assert str(caught.value) == "Nothing was answered to 'fnd-1'. `okr answers` lists what was."


def test_a_history_from_before_answers_is_brought_up_to_date(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as old:
        old.executescript(dismissals.SCHEMA + scans.SCHEMA)
        old.execute("INSERT INTO latest VALUES ('fnd-1', 'K1', 'w', 'm')")
        old.execute("PRAGMA user_version = 2")

    with opened(tmp_path) as history:
        assert history.answer("fnd-1", "Yes.").question == ""


def test_a_finding_at_hand_is_answered_whichever_review_came_last(tmp_path: Path):
    with opened(tmp_path) as history:
        history.meet([])
        kept = history.answer_finding(FINDING, "They  book there.")
        assert history.answers() == (kept,)
        assert (kept.fingerprint, kept.question) == (FINDING.fingerprint, "What then?")
        with pytest.raises(InputError, match="The answer is empty"):
            history.answer_finding(FINDING, " ")
