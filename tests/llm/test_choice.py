"""Questions that are answered with one of a few words, and how sure the model is."""

from __future__ import annotations

import asyncio

import pytest

from assistant.llm.answers import Choice
from assistant.llm.client import LlmClient
from assistant.llm.faults import Fault
from assistant.prompts import Message

MESSAGES = [Message(role="user", content="Is it so? Answer yes or no.")]
YES_NO = ("yes", "no")


def client(url: str, **options: object) -> LlmClient:
    return LlmClient(url, "tiny", **{"timeout": 20.0, **options})  # type: ignore[arg-type]


def rounded(choice: Choice) -> dict[str, float]:
    return {option: round(share, 3) for option, share in choice.probabilities.items()}


FROM_PROBABILITIES = [
    pytest.param(YES_NO, [("Yes", {"Yes": 0.6, "No": 0.2})], {"yes": 0.75, "no": 0.25}, 0.8,
                 id="made to add up"),
    pytest.param(YES_NO, [("yes", {"yes": 0.3, " Yes": 0.2, "YES": 0.1, "no.": 0.2, "▁no": 0.1,
                                   "Maybe": 0.1})],
                 {"yes": 0.667, "no": 0.333}, 0.9, id="case, spaces and marks"),
    pytest.param(YES_NO, [("No", {"No": 0.5, "not": 0.4})], {"yes": 0.0, "no": 1.0}, 0.5,
                 id="another word that begins alike"),
    pytest.param(("A", "B"), [("B", {"B": 0.7, "A": 0.3})], {"A": 0.3, "B": 0.7}, 1.0,
                 id="letters"),
    pytest.param(("neither", "conflict"), [("ne", {"ne": 0.8, "conf": 0.2}), ("ither", {})],
                 {"neither": 0.8, "conflict": 0.2}, 1.0, id="pieces of words"),
    pytest.param(("conflict", "context"), [("conf", {"conf": 0.6, "con": 0.4})],
                 {"conflict": 1.0, "context": 0.0}, 0.6, id="a piece that fits both"),
    pytest.param(YES_NO, [("\n", {"\n": 1.0}), ("**", {"**": 0.9}), ("No", {"No": 0.9, "Yes": 0.1})],
                 {"yes": 0.1, "no": 0.9}, 1.0, id="marks before the word"),
    pytest.param(YES_NO, [("<think>", {"<think>": 1.0}), ("no doubt", {"no": 0.9}),
                          ("</think>", {"</think>": 1.0}), ("\n", {}),
                          ("yes", {"yes": 0.8, "no": 0.2})],
                 {"yes": 0.8, "no": 0.2}, 1.0, id="thoughts before the word"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "tokens", "shares", "covered"), FROM_PROBABILITIES)
def test_probabilities_of_the_first_word(endpoint, say, options, tokens, shares, covered):
    endpoint.will(say.choice(*tokens))

    choice = client(endpoint.url).choose(MESSAGES, options)

    assert rounded(choice) == shares
    assert choice.covered == pytest.approx(covered)
    assert choice.from_logprobs
    assert choice.tokens == 20 + len(tokens)
    assert (choice.model, choice.calls) == ("served-1", 1)


FROM_WORDS = [
    pytest.param(YES_NO, "No.", "no", id="the word"),
    pytest.param(YES_NO, "Yes, there is no doubt", "yes", id="the first of two"),
    pytest.param(YES_NO, "The answer is: **yes**", "yes", id="the only one"),
    pytest.param(("not at all", "fully"), "Not at all", "not at all", id="several words"),
]


@pytest.mark.parametrize(("options", "text", "said"), FROM_WORDS)
def test_without_probabilities_the_words_decide(endpoint, say, options, text, said):
    endpoint.will(say.text(text))

    choice = client(endpoint.url).choose(MESSAGES, options)

    assert choice.probabilities == {option: float(option == said) for option in options}
    assert (choice.best, choice.from_logprobs, choice.covered) == (said, False, 1.0)


@pytest.mark.parametrize("text", ["Maybe", "It is yes and no", "nobody knows"])
def test_an_answer_that_is_none_of_them(endpoint, say, text):
    endpoint.will(say.text(text))

    with pytest.raises(Fault) as caught:
        client(endpoint.url).choose(MESSAGES, YES_NO)

    assert str(caught.value) == (
        f"The model 'tiny' answered neither 'yes' nor 'no': {text!r}. "
        "Use a model that can follow an instruction."
    )
    assert (caught.value.kind, caught.value.calls) == ("undecided", 1)


def test_what_is_sent(endpoint, say):
    endpoint.will(say.choice(("yes", {"yes": 1.0})))

    client(endpoint.url).choose(MESSAGES, YES_NO)

    sent = endpoint.requests[0].body
    assert (sent["max_tokens"], sent["temperature"]) == (8, 0)
    assert (sent["logprobs"], sent["top_logprobs"], sent["stream"]) == (True, 20, True)
    assert "response_format" not in sent


@pytest.mark.parametrize(
    ("refusals", "likely", "stream"),
    [
        pytest.param(["top_logprobs must be at most 5"], 5, True, id="fewer"),
        pytest.param(["top_logprobs: at most 5", "logprobs are not supported"], None, True,
                     id="none"),
        pytest.param(["streaming is not supported"], 20, False, id="no stream"),
    ],
)  # fmt: skip
def test_what_is_refused_is_left_out_and_remembered(endpoint, say, refusals, likely, stream):
    last = say.text("yes") if stream else say.raw(200, WHOLE, "application/json")
    endpoint.will(*(say.error(400, words) for words in refusals), last)
    asking = client(endpoint.url)

    first = asking.choose(MESSAGES, YES_NO)
    again = asking.choose(MESSAGES, YES_NO)

    assert first.best == again.best == "yes"
    assert (first.calls, again.calls) == (len(refusals) + 1, 1)
    assert endpoint.requests[-1].body.get("top_logprobs") == likely
    assert bool(endpoint.requests[-1].body.get("stream")) is stream


WHOLE = (
    '{"id": "c", "object": "chat.completion", "model": "served-1", "created": 1, "choices": '
    '[{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "yes"}}], '
    '"usage": {"prompt_tokens": 20, "completion_tokens": 1, "total_tokens": 21}}'
)


def test_an_endpoint_that_answers_in_one_piece_unasked(endpoint, say):
    endpoint.will(say.raw(200, WHOLE, "application/json"))

    choice = client(endpoint.url).choose(MESSAGES, YES_NO)

    assert (choice.best, choice.calls, choice.tokens) == ("yes", 2, 21)
    assert "stream" not in endpoint.requests[-1].body or not endpoint.requests[-1].body["stream"]


@pytest.mark.parametrize("cut", ["", "<think>Well, let me"])
def test_a_model_that_thinks_first_gets_room_for_it(endpoint, say, cut):
    endpoint.will(say.text(cut, finish="length"), say.text("<think>Well</think>no"))
    asking = client(endpoint.url, max_tokens=900)

    choice = asking.choose(MESSAGES, YES_NO)

    assert (choice.best, choice.calls) == ("no", 2)
    assert [item.body["max_tokens"] for item in endpoint.requests] == [8, 900]
    assert asking.choose(MESSAGES, YES_NO).calls == 1


def test_many_are_asked_at_once_and_no_more_than_allowed(endpoint, say):
    endpoint.will(say.choice(("yes", {"yes": 1.0})))
    shared = client(endpoint.url, concurrency=3)

    async def many() -> list[Choice]:
        return await asyncio.gather(*(shared.achoose(MESSAGES, YES_NO) for _ in range(20)))

    choices = asyncio.run(many())

    assert [choice.best for choice in choices] == ["yes"] * 20
    assert len(endpoint.requests) == 20
    assert endpoint.most_inside <= 3
