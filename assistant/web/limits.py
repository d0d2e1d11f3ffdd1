"""How often a person, or an address, may do what is costly."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Literal

from assistant.errors import TooOften

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assistant.settings import Settings

Action = Literal["review", "scan", "upload", "index", "evaluate", "sign-in", "guess"]

_HOUR, _QUARTER = 3600.0, 900.0
_MINUTE, _LONG = 60, 90
_FROM_ANYWHERE = 10
"""How many times more failures one name may have than one address: otherwise whoever knows the name
could keep its owner out."""

_FAILURES, _WITHIN = "failures to sign in", "in a quarter of an hour"


@dataclass(frozen=True)
class Allowance:
    """How often something may be done.

    Attributes:
        what: what is done, in the plural.
        number: how often; 0 means without limit.
        seconds: within how long.
        within: the same in words.
    """

    what: str
    number: int
    seconds: float = _HOUR
    within: str = "an hour"


class Limits:
    """Counts who did what lately, in memory; safe to share between threads."""

    def __init__(self, allowed: Mapping[Action, Allowance]) -> None:
        self._allowed = allowed
        self._lock = Lock()
        self._times: dict[tuple[Action, str], deque[float]] = {}

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        failures = settings.limit_sign_in
        return cls(
            {
                "review": Allowance("reviews with a language model", settings.limit_reviews),
                "scan": Allowance("scans", settings.limit_scans),
                "upload": Allowance("uploads", settings.limit_uploads),
                "index": Allowance("runs of the indexing", settings.limit_indexing),
                "evaluate": Allowance("evaluation runs", settings.limit_evals),
                "sign-in": Allowance(_FAILURES, failures, _QUARTER, _WITHIN),
                "guess": Allowance(_FAILURES, failures * _FROM_ANYWHERE, _QUARTER, _WITHIN),
            }
        )

    def spend(self, action: Action, who: str) -> None:
        """Count an action that is about to begin.

        Args:
            action: what it is.
            who: a person or an address; each has an allowance of their own.

        Raises:
            TooOften: it is used up; nothing is counted.
        """
        allowance, now = self._allowed[action], monotonic()
        if not allowance.number:
            return
        with self._lock:
            times = self._recent(action, who, now)
            if len(times) >= allowance.number:
                raise _refusal(allowance, ceil(times[0] + allowance.seconds - now))
            times.append(now)
            self._times[action, who] = times

    def give_back(self, action: Action, who: str) -> None:
        """Take back what was counted last."""
        with self._lock:
            times = self._times.get((action, who))
            if times:
                times.pop()

    def _recent(self, action: Action, who: str, now: float) -> deque[float]:
        """The times that still count; what has become empty is forgotten on the way."""
        for key in [key for key, times in self._times.items() if not times]:
            del self._times[key]
        for (kind, _), times in self._times.items():
            while times and times[0] <= now - self._allowed[kind].seconds:
                times.popleft()
        return self._times.get((action, who)) or deque()


def _refusal(allowance: Allowance, seconds: int) -> TooOften:
    wait = max(1, seconds)
    when = f"{wait} s" if wait < _LONG else f"{ceil(wait / _MINUTE)} minutes"
    limit = f"the limit is {allowance.number} {allowance.within}"
    return TooOften(f"Too many {allowance.what}: {limit}. Try again in {when}.", wait)
