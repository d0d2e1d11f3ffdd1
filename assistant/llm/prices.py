"""What tokens cost, as far as that is known: a dated list, and what the settings say.

An unknown price stays unknown. It is never taken for nothing.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("prices.toml")
_MILLION = 1_000_000
_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$")
"""The date at the end of a model's name, which does not change its price."""


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens.

    Attributes:
        input: read by the model.
        output: written by it, thoughts included.
        as_of: the day of the price list; empty if the settings say it.
    """

    input: float
    output: float
    as_of: str = ""

    def of(self, read: int, written: int) -> float:
        """US dollars for so many tokens."""
        return (read * self.input + written * self.output) / _MILLION


def price_at(host: str, model: str) -> Price | None:
    """The listed price of a model at the vendor's own address, or None.

    Args:
        host: the name of the host, without a port.
        model: its name as asked for or as returned, with or without a date.
    """
    return _listed().get((host, _SNAPSHOT.sub("", model)))


@cache
def _listed() -> dict[tuple[str, str], Price]:
    listed: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        (item["host"], item["model"]): Price(item["input"], item["output"], str(listed["as_of"]))
        for item in listed["price"]
    }
