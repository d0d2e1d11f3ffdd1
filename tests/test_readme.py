"""The README tells the truth where it can be checked."""

from __future__ import annotations

import re

import pytest

from evals.readme import PARTS, README, fill
from tests.conftest import ROOT

TEXT = README.read_text(encoding="utf-8")


def test_the_generated_parts_are_current() -> None:
    assert fill(TEXT) == TEXT, "Run `make docs`."


@pytest.mark.parametrize("name", PARTS)
def test_every_generated_part_has_its_place(name: str) -> None:
    assert TEXT.count(f"<!-- {name}:begin -->") == TEXT.count(f"<!-- {name}:end -->") == 1


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http|#)([^)#]+)", TEXT))))
def test_every_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:assistant|prompts|corpus|evals)/[\w/.]*)`", TEXT)))
)
def test_every_place_on_the_map_exists(path: str) -> None:
    assert (ROOT / path).exists()
