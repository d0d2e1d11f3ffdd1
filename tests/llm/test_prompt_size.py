"""How many tokens our prompts have, counted by the tokenizer of a real model."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from assistant.critique.offline import Offline
from assistant.llm.tokens import CHARACTERS_PER_TOKEN
from assistant.review import review_text
from assistant.settings import Settings

pytestmark = pytest.mark.llm

DRAFT = """\
Cycle: 2026-Q3

Objective: Fleet managers see every repair in the portal
Parent: Depots give pharma fleets one repair date and keep it
- Launch the driver portal
- Repairs seen online from 12 % to 35 %
- Fleet managers who rate the portal 9 or 10 from 35 % to 60 % in the survey of October
- Calls to the depots about the state of a repair from 310 to 120 a week

We look again on 9 August and stop if drivers call more often than before.
"""


def counted(url: str, text: str) -> int:
    request = urllib.request.Request(
        f"{url.removesuffix('/v1')}/tokenize",
        data=json.dumps({"content": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return len(json.load(answer)["tokens"])


def test_a_critique_of_four_key_results_stays_under_3500_tokens(llama_url, little_home: Path):
    model = Offline()
    review_text(DRAFT, Settings(home=little_home, history=False), asker=model)

    [(_, messages)] = model.asked
    text = "\n".join(message.content for message in messages)
    number = counted(llama_url, text)

    assert "parent:1.kr:2" in text
    assert number < 3500
    assert len(text) / number > CHARACTERS_PER_TOKEN * 0.95, "the rule of thumb is too hopeful"
