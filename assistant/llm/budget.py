"""What the calls of one review or scan may take together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.llm import faults

if TYPE_CHECKING:
    from assistant.settings import Settings


@dataclass(frozen=True)
class Expense:
    """What one request takes.

    Attributes:
        tokens: read and written together.
        cost: in the currency of the prices, US dollars; None if the price is unknown.
    """

    tokens: int
    cost: float | None


class Budget:
    """Limits shared by several calls, from several threads or tasks at once.

    A request is let through only if the worst that it may take still fits; what it did take is
    counted afterwards. So a limit is never passed, save by an error in the estimate of how many
    tokens the question has.
    """

    def __init__(
        self,
        calls: int | None = None,
        tokens: int | None = None,
        cost: float | None = None,
        seconds: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Set the limits; None means no limit.

        Args:
            calls: requests, tries that failed included.
            tokens: read and written together.
            cost: in US dollars.
            seconds: counted from now.
            clock: tells seconds.
        """
        self._most = (calls, tokens, cost, seconds)
        self._clock = clock
        self._started = clock()
        self._calls = 0
        self._tokens = 0
        self._cost = 0.0
        self._lock = threading.Lock()

    @classmethod
    def of_review(cls, settings: Settings) -> Budget:
        """What the settings allow one review; its time starts now."""
        return cls(
            calls=settings.llm_review_calls,
            tokens=settings.llm_review_tokens,
            cost=settings.llm_review_cost,
            seconds=settings.llm_review_seconds,
        )

    @property
    def calls(self) -> int:
        """Requests made so far."""
        return self._calls

    @property
    def calls_left(self) -> int | None:
        """Requests that may still be made; None if there is no limit."""
        most = self._most[0]
        return None if most is None else max(0, most - self._calls)

    @property
    def seconds_left(self) -> float | None:
        """Time that is left, down to 0; None if there is no limit."""
        most = self._most[3]
        return None if most is None else max(0.0, self._started + most - self._clock())

    def reserve(self, worst: Expense) -> None:
        """Set aside what a request may take at the worst.

        Raises:
            Fault: it might pass a limit. Nothing is set aside.
        """
        with self._lock:
            if self._most[2] is not None and worst.cost is None:
                raise faults.over_budget(
                    f"a limit of {self._most[2]:g} dollars is set, and the price of this model is "
                    "unknown",
                    "Set llm_price_input and llm_price_output, or no limit.",
                )
            if self.seconds_left == 0:
                raise self.out_of_time()
            if passed := self._passed(worst):
                raise faults.over_budget(passed)
            self._add(worst, 1)
            self._calls += 1

    def settle(self, worst: Expense, real: Expense) -> None:
        """Count what a request took instead of what was set aside for it."""
        with self._lock:
            self._add(worst, -1)
            self._add(real, 1)

    def out_of_time(self) -> faults.Fault:
        """The fault of a call that the time limit ended, or that it does not allow."""
        return faults.out_of_time(self._most[3] or 0.0)

    def _passed(self, worst: Expense) -> str:
        """The first limit that another request might pass."""
        return next(filter(None, self._limits(worst)), "")

    def _limits(self, worst: Expense) -> Iterator[str]:
        calls, tokens, cost, _ = self._most
        if calls is not None and self._calls >= calls:
            yield f"{calls} of {calls} calls are made"
        if tokens is not None and self._tokens + worst.tokens > tokens:
            yield (
                f"of {tokens} tokens {self._tokens} are used or set aside, and the next call may "
                f"take {worst.tokens}"
            )
        if cost is not None and self._cost + (worst.cost or 0.0) > cost:
            yield (
                f"of {cost:g} dollars {self._cost:.4f} are spent or set aside, and the next call "
                f"may cost {worst.cost:.4f}"
            )

    def _add(self, expense: Expense, sign: int) -> None:
        self._tokens += sign * expense.tokens
        self._cost += sign * (expense.cost or 0.0)
