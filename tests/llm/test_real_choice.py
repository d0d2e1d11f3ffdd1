"""A yes or no question, and what the doctor finds out, with a real language model over real HTTP.

This proves that probabilities come through. What a model of 135 million parameters thinks is chance.
"""

from __future__ import annotations

import asyncio
import math

import pytest

from assistant.llm.ability import find_out
from assistant.llm.client import LlmClient
from assistant.prompts import Message

pytestmark = pytest.mark.llm

OPTIONS = ("yes", "no")


def asked(question: str) -> list[Message]:
    return [Message(role="user", content=f"{question} Answer with one word, yes or no.")]


def test_the_probabilities_of_an_answer_come_through(llama_url):
    client = LlmClient(llama_url, "smollm2", timeout=300)

    choice = client.choose(asked("Is water wet?"), OPTIONS)

    assert choice.from_logprobs
    assert math.fsum(choice.probabilities.values()) == pytest.approx(1)
    assert 0 < choice.covered <= 1
    assert 0 < min(choice.probabilities.values()) < 1
    assert choice.tokens is not None
    assert choice.calls == 1


def test_the_same_question_gets_the_same_probabilities(llama_url):
    client = LlmClient(llama_url, "smollm2", timeout=300)

    async def both() -> list[float]:
        found = await asyncio.gather(*(client.achoose(asked("Is ice hot?"), OPTIONS) for _ in "12"))
        return [choice.probabilities["yes"] for choice in found]

    first, second = asyncio.run(both())

    assert first == pytest.approx(second, abs=0.02)


def test_a_tiny_model_is_asked_narrow_questions(llama_url, tmp_path):
    found = find_out(LlmClient(llama_url, "smollm2", timeout=300, home=tmp_path))

    assert found.strategy == "narrow"
    assert (found.streams, found.logprobs, found.counts) == (True, True, True)
    assert "json_schema" in found.methods
    assert found.of == 8
