"""Budgets, prices and the circuit breaker, without an endpoint."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.llm import faults
from assistant.llm.breaker import Breaker, breaker_of
from assistant.llm.budget import Budget, Expense
from assistant.llm.faults import Endpoint, Fault
from assistant.llm.prices import Price, price_at

TO = Endpoint(url="http://a/v1", model="m", keyed=True, seconds=60, tokens=100)
CALL = Expense(tokens=600, cost=0.02)


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


# Budgets


@pytest.mark.parametrize(
    ("limits", "fitting", "sentence"),
    [
        pytest.param(
            {"calls": 2}, 2,
            "No further question was sent to the language model: 2 of 2 calls are made. "
            "Allow more, or ask about less at a time.", id="calls"),
        pytest.param(
            {"tokens": 2000}, 3,
            "No further question was sent to the language model: of 2000 tokens 1800 are used or "
            "set aside, and the next call may take 600. Allow more, or ask about less at a time.",
            id="tokens"),
        pytest.param(
            {"cost": 0.05}, 2,
            "No further question was sent to the language model: of 0.05 dollars 0.0400 are spent "
            "or set aside, and the next call may cost 0.0200. "
            "Allow more, or ask about less at a time.", id="cost"),
    ],
)  # fmt: skip
def test_what_would_pass_a_limit_is_not_let_through(limits, fitting, sentence):
    budget = Budget(**limits)
    for _ in range(fitting):
        budget.reserve(CALL)

    with pytest.raises(Fault) as caught:
        budget.reserve(CALL)

    assert str(caught.value) == sentence
    assert caught.value.kind == "budget"
    assert budget.calls == fitting


def test_what_was_set_aside_and_not_taken_is_free_again():
    budget = Budget(tokens=1000)
    budget.reserve(CALL)
    budget.settle(CALL, Expense(tokens=100, cost=0.001))

    budget.reserve(CALL)

    with pytest.raises(Fault):
        budget.reserve(CALL)


def test_a_limit_of_cost_holds_nothing_whose_price_is_unknown():
    with pytest.raises(Fault) as caught:
        Budget(cost=1).reserve(Expense(tokens=10, cost=None))

    assert str(caught.value) == (
        "No further question was sent to the language model: a limit of 1 dollars is set, and the "
        "price of this model is unknown. Set llm_price_input and llm_price_output, or no limit."
    )


def test_time_runs_from_the_beginning():
    clock = Clock()
    budget = Budget(seconds=30, clock=clock)
    clock.now += 20
    assert budget.seconds_left == 10
    budget.reserve(CALL)
    clock.now += 15

    with pytest.raises(Fault) as caught:
        budget.reserve(CALL)

    assert budget.seconds_left == 0
    assert str(caught.value) == (
        "The language model was given no more time: the 30 s for all its answers together "
        "have passed. Allow more time (OKR_LLM_REVIEW_SECONDS for a review), or use a faster model."
    )


def test_without_limits_everything_goes():
    budget = Budget()
    for _ in range(50):
        budget.reserve(Expense(tokens=10**6, cost=None))

    assert (budget.calls, budget.calls_left, budget.seconds_left) == (50, None, None)


def test_threads_cannot_overdraw_together():
    budget = Budget(calls=10)

    def one(_: int) -> bool:
        try:
            budget.reserve(CALL)
        except Fault:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(one, range(100)))

    assert sum(let_through) == 10


# Prices


@pytest.mark.parametrize(
    ("host", "model", "known"),
    [
        ("api.openai.com", "gpt-4o-mini", True),
        ("api.openai.com", "gpt-4o-mini-2024-07-18", True),
        ("api.openai.com", "gpt-4o-mini-tts", False),
        ("gateway.example", "gpt-4o-mini", False),
        ("localhost", "qwen2.5", False),
    ],
)
def test_a_price_holds_at_the_vendors_own_address(host, model, known):
    price = price_at(host, model)

    assert (price is not None) is known
    if price:
        assert (price.input, price.output) == (0.15, 0.60)
        assert price.as_of.startswith("2026-")


def test_the_cost_of_tokens():
    assert Price(2.0, 8.0).of(1_500_000, 250_000) == pytest.approx(5.0)


# The circuit breaker


def call(breaker: Breaker, fault: Fault | None = None) -> None:
    with breaker.watching(TO):
        if fault:
            raise fault


def fail(breaker: Breaker, times: int, fault: Fault | None = None) -> None:
    for _ in range(times):
        with pytest.raises(Fault):
            call(breaker, fault or faults.refused(TO))


def is_resting(breaker: Breaker) -> bool:
    try:
        call(breaker)
    except Fault as fault:
        return fault.kind == "resting"
    return False


def test_after_three_faults_in_a_row_it_is_left_alone():
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 3)

    with pytest.raises(Fault) as caught:
        call(breaker)

    assert str(caught.value) == (
        "http://a/v1 is left alone for 30 seconds because it failed several times in a row; the "
        "last time: Nothing answers at http://a/v1 (connection refused). "
        "Mend that, or review again later."
    )


@pytest.mark.parametrize(
    ("fault", "rests"),
    [
        pytest.param(faults.broken(TO), True, id="connection"),
        pytest.param(faults.slow(TO, begun=False), True, id="time limit"),
        pytest.param(faults.from_status(TO, 500, ""), True, id="500"),
        pytest.param(faults.from_status(TO, 401, ""), True, id="401"),
        pytest.param(faults.from_status(TO, 404, ""), False, id="404"),
        pytest.param(faults.from_status(TO, 429, ""), False, id="429"),
        pytest.param(faults.from_status(TO, 400, ""), False, id="400"),
        pytest.param(faults.over_budget("enough"), False, id="budget"),
    ],
)
def test_only_what_says_that_it_is_dead_counts(fault, rests):
    breaker = Breaker(clock=Clock())
    fail(breaker, 3, fault)
    assert is_resting(breaker) is rests


def test_an_answer_in_between_begins_the_count_anew():
    breaker = Breaker(clock=Clock())
    fail(breaker, 2)
    call(breaker)
    fail(breaker, 2)
    assert not is_resting(breaker)


def test_one_call_alone_tries_after_the_rest():
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 3)
    clock.now += 31

    with breaker.watching(TO):
        assert is_resting(breaker), "a second call while the first one tries"

    assert not is_resting(breaker)


def test_a_trial_that_fails_makes_the_next_rest_longer():
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 3)
    for rest in (30, 60, 120, 240, 300, 300):
        clock.now += rest - 1
        assert is_resting(breaker)
        clock.now += 2
        fail(breaker, 1)
        clock.now -= 1
    clock.now += 301
    assert not is_resting(breaker)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), faults.over_budget("enough")])
def test_a_trial_that_is_broken_off_leaves_room_for_another(error):
    clock = Clock()
    breaker = Breaker(clock=clock)
    fail(breaker, 3)
    clock.now += 31

    with pytest.raises(type(error)), breaker.watching(TO):
        raise error

    assert not is_resting(breaker)


def test_another_key_has_a_breaker_of_its_own():
    assert breaker_of(("u", "key 1")) is breaker_of(("u", "key 1"))
    assert breaker_of(("u", "key 1")) is not breaker_of(("u", "key 2"))
