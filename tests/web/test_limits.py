"""Limits on what is costly, for each person or address."""

from __future__ import annotations

import pytest

from assistant.errors import TooOften
from assistant.settings import Settings
from assistant.web.limits import Allowance, Limits


def test_an_allowance_is_used_up_by_one_person_alone() -> None:
    limits = Limits.of(Settings(limit_scans=2))
    limits.spend("scan", "person anna")
    limits.spend("scan", "person anna")
    with pytest.raises(TooOften) as refused:
        limits.spend("scan", "person anna")
    assert str(refused.value) == "Too many scans: the limit is 2 an hour. Try again in 60 minutes."
    assert 3590 < refused.value.retry_after <= 3600
    limits.spend("scan", "person bob")
    limits.spend("upload", "person anna")
    limits.give_back("scan", "person anna")
    limits.spend("scan", "person anna")


def test_what_is_over_counts_no_more() -> None:
    limits = Limits({"scan": Allowance("scans", 1, 0.0)})
    limits.spend("scan", "anna")
    limits.spend("scan", "anna")


def test_the_wait_is_said_in_seconds_where_it_is_short() -> None:
    limits = Limits({"scan": Allowance("scans", 1, 30.0, "in half a minute")})
    limits.spend("scan", "anna")
    with pytest.raises(TooOften) as refused:
        limits.spend("scan", "anna")
    assert (
        str(refused.value) == "Too many scans: the limit is 1 in half a minute. Try again in 30 s."
    )


def test_zero_is_no_limit() -> None:
    limits = Limits.of(Settings(limit_reviews=0))
    for _ in range(100):
        limits.spend("review", "anna")
