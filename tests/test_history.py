"""The history: dismissals last as long as the words, and rates count different findings."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.history import FILE, Feedback, HistoryUnavailable, opened
from assistant.models import Finding, Span


def finding(words: str, rule: str = "K1", on: str = "kr:1", **given: object) -> Finding:
    return Finding.model_validate(
        {
            "rule": rule,
            "slug": "slug",
            "severity": "warning",
            "on": on,
            "objective_id": "obj-1",
            "message": "'Launch' names work.",
            "words": words,
            **given,
        }
    )


SHOWN = finding("Launch the portal")


def test_a_dismissed_finding_is_known_the_next_time(tmp_path: Path) -> None:
    with opened(tmp_path / "new" / "home") as history:
        assert history.meet([SHOWN]) == {}
        item = history.dismiss(SHOWN.fingerprint, " a law \n asks for it ", "accepted")
    assert (item.rule, item.words, item.message) == (
        "K1", "Launch the portal", "'Launch' names work.",
    )  # fmt: skip
    assert (item.kind, item.reason) == ("accepted", "a law asks for it")
    with opened(tmp_path / "new" / "home") as history:
        assert history.meet([SHOWN]) == {SHOWN.fingerprint: item}
        assert history.dismissals() == (item,)


@pytest.mark.parametrize(
    ("again", "dismissed"),
    [
        (finding("launch  the portal"), True),
        (finding("Launch the portal", on="kr:4"), True),
        (finding("Launch the portal", message="other words", objective_id="obj-2"), True),
        (finding("Launch the portal", span=Span.of("Launch the portal", 0, 6)), True),
        (finding("Launch the portals"), False),
        (finding("Launch the portal", rule="K6"), False),
    ],
    ids=["case and space", "moved", "reworded remark", "other span", "words changed", "other rule"],
)
def test_it_comes_back_only_when_the_words_change(
    tmp_path: Path, again: Finding, dismissed: bool
) -> None:
    with opened(tmp_path) as history:
        history.meet([SHOWN])
        history.dismiss(SHOWN.fingerprint, "r")
        assert (again.fingerprint in history.meet([again])) is dismissed


def test_a_dismissal_is_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.dismiss_finding(SHOWN, "r")
        assert history.restore(SHOWN.fingerprint).words == "Launch the portal"
        assert history.dismissals() == ()
        with pytest.raises(InputError) as caught:
            history.restore(SHOWN.fingerprint)
    assert str(caught.value) == (
        f"The finding '{SHOWN.fingerprint}' is not dismissed. `okr dismissals` lists those that are."
    )


def test_only_what_the_latest_outcome_showed_can_be_named(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.meet([SHOWN])
        history.meet([finding("Launch the app")])
        with pytest.raises(InputError) as caught:
            history.dismiss(SHOWN.fingerprint, "r")
    assert str(caught.value) == (
        f"The latest review or scan has no finding '{SHOWN.fingerprint}'. Run the review again and "
        "take the fingerprint from there; it begins with 'fnd-'."
    )


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(tmp_path: Path, reason: str) -> None:
    with opened(tmp_path) as history:
        history.meet([SHOWN])
        with pytest.raises(InputError) as caught:
            history.dismiss(SHOWN.fingerprint, reason)
        assert history.dismissals() == ()
    assert str(caught.value) == "A dismissal needs a reason. Say in a few words why."


def test_a_reason_is_no_essay(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.meet([SHOWN])
        with pytest.raises(InputError) as caught:
            history.dismiss(SHOWN.fingerprint, "x" * 2_001)
        assert history.dismissals() == ()
    assert str(caught.value) == ("The reason has 2,001 characters; 2,000 are kept. Say it shorter.")


def test_rates_count_different_findings_not_reviews(tmp_path: Path) -> None:
    others = [finding(f"Launch part {number}") for number in range(3)]
    with opened(tmp_path) as history:
        for _ in range(5):
            history.meet([SHOWN, *others, finding("Become it", rule="O1")])
        history.dismiss(SHOWN.fingerprint, "r", "wrong")
        history.dismiss(others[0].fingerprint, "r", "accepted")
        feedback = history.feedback()
    assert feedback == {
        "K1": Feedback(rule="K1", shown=4, wrong=1, accepted=1),
        "O1": Feedback(rule="O1", shown=1, wrong=0, accepted=0),
    }
    assert feedback["K1"].false_positives == 0.25


def test_a_dismissal_from_elsewhere_does_not_skew_the_rate(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.dismiss_finding(SHOWN, "r")
        assert history.feedback() == {"K1": Feedback(rule="K1", shown=1, wrong=1, accepted=0)}


def test_words_are_kept_of_the_latest_outcome_and_of_dismissals_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as history:
        history.meet([finding("A secret plan"), SHOWN])
        history.dismiss(SHOWN.fingerprint, "r")
        history.meet([])
    connection = sqlite3.connect(tmp_path / FILE)
    kept = "\n".join(connection.iterdump())
    connection.close()
    assert "secret" not in kept
    assert "Launch the portal" in kept


def test_two_who_write_at_once_both_do(tmp_path: Path) -> None:
    def meet(number: int) -> None:
        with opened(tmp_path) as history:
            history.meet([finding(f"Launch part {number}")])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(meet, range(24)))
    with opened(tmp_path) as history:
        assert history.feedback()["K1"].shown == 24


def test_another_version_is_left_alone(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(HistoryUnavailable) as caught, opened(tmp_path):
        pass
    assert str(caught.value) == (
        f"The history '{tmp_path / FILE}' was made by another version of okr. "
        "Use that version, or move the file away to begin anew."
    )


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX file names")
def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    with pytest.raises(HistoryUnavailable) as caught, opened(tmp_path / "home"):
        pass
    assert str(caught.value).startswith(
        f"The history '{tmp_path / 'home' / FILE}' cannot be used (File exists)."
    )
