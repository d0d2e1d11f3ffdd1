"""One draft before a real language model over real HTTP.

This proves the protocol: streaming, counting, a JSON schema that the server enforces, truncation.
It does not prove quality. The model has 135 million parameters and its judgement is chance; what
it says about the draft is checked only as any model's words are, against the draft itself.
"""

from __future__ import annotations

import pytest

from assistant import prompts
from assistant.critique.context import pack
from assistant.critique.critic import compose, critique
from assistant.critique.schema import Critique
from assistant.llm.client import LlmClient
from assistant.llm.faults import Fault
from assistant.models import KeyResult, Objective, ObjectiveReview, Relation
from assistant.rules.base import Example, Rule
from assistant.settings import Settings

pytestmark = pytest.mark.llm

OBJECTIVE = Objective(
    id="obj-1",
    text="Pharma hauliers stay because repairs keep their date",
    key_results=(
        KeyResult(id="kr-1", text="Launch the driver portal"),
        KeyResult(id="kr-2", text="Repairs on the promised day from 64 % to 82 %"),
    ),
)
CONTEXT = pack(
    ObjectiveReview(
        objective=OBJECTIVE,
        parents=(
            Relation(
                objective_id="obj-0",
                text="No pharma haulier leaves us for a broken promise",
                team="Service",
                similarity=0.6,
                declared=True,
            ),
        ),
    )
)
RULES = (
    Rule(
        code="K1",
        slug="output-not-outcome",
        kind="J",
        group="key-result",
        title="Output, not an outcome",
        severity="warning",
        fires_when="It is met by making something.",
        why="Finishing the work does not show that it helped.",
        authority="Test",
        question="Once this is done, what will be different?",
        prompt="Is the key result met by making or shipping something, with no effect stated?",
        examples=(
            Example(text="Hold 12 driver workshops", fires=True),
            Example(text="Median repair time from 9 to 5 days", fires=False),
        ),
        held_out=(Example(text="Hire", fires=True), Example(text="Keep", fires=False)),
    ),
)
PROMPT = prompts.load("critique")


def settings(url: str, longest: int = 600) -> Settings:
    return Settings(llm_base_url=url, llm_model="smollm2", llm_timeout=300, llm_max_tokens=longest)


def test_a_real_model_keeps_to_the_schema_and_streams(llama_url):
    client = LlmClient.from_settings(settings(llama_url))
    heard: list[str] = []

    answer = client.ask(compose(OBJECTIVE, CONTEXT, RULES, PROMPT), Critique, heard.append)

    assert isinstance(answer.parsed, Critique), str(answer.parsed)
    assert len(heard) > 5
    assert "".join(heard) == answer.text
    assert (answer.method, answer.calls, answer.model) == ("json_schema", 1, "smollm2")
    assert answer.input_tokens is not None
    assert 600 < answer.input_tokens < 1500
    assert answer.output_tokens is not None
    assert len(heard) <= answer.output_tokens <= 600
    assert answer.first_token_seconds is not None
    assert answer.first_token_seconds < answer.seconds


def test_a_draft_is_reviewed_and_nothing_unfounded_gets_through(llama_url):
    client = LlmClient.from_settings(settings(llama_url))

    outcome = critique(OBJECTIVE, CONTEXT, RULES, client, PROMPT)

    assert outcome.use.calls == 1
    assert outcome.use.prompt == PROMPT.label
    excused = ("could be verified", "was cut off at 600 tokens")
    assert [
        item.why for item in outcome.not_checked if not any(words in item.why for words in excused)
    ] == []
    for finding in outcome.findings:
        text = OBJECTIVE.element(finding.on)
        assert finding.source == "llm"
        assert text is not None
        assert finding.span is not None
        assert text[finding.span.start : finding.span.end] == finding.span.text


def test_a_truncated_answer_becomes_a_sentence(llama_url):
    client = LlmClient.from_settings(settings(llama_url, longest=12))

    outcome = critique(OBJECTIVE, CONTEXT, RULES, client, PROMPT)

    assert outcome.findings == ()
    [missing] = outcome.not_checked
    assert missing.why == "The answer of the model 'smollm2' was cut off at 12 tokens"
    assert missing.how == "Raise OKR_LLM_MAX_TOKENS."
    assert (outcome.use.calls, outcome.use.output_tokens) == (1, 12)


def test_a_prompt_beyond_the_context_is_told(llama_url):
    client = LlmClient.from_settings(settings(llama_url))
    long = [prompts.Message(role="user", content="date " * 6000)]

    with pytest.raises(Fault) as caught:
        client.ask(long, Critique)

    assert caught.value.kind == "overlong"
    assert str(caught.value).startswith(
        f"The draft with its context is too long for the model 'smollm2' at {llama_url}. It says: "
    )
