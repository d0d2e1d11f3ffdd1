"""What the doctor finds out about an endpoint and its model."""

from __future__ import annotations

import json
import re
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from assistant.doctor import Check, examine
from assistant.llm import ability
from assistant.llm.client import LlmClient
from assistant.settings import Settings

RIGHT = {
    "faults": [
        {"on": "kr:2", "rule": "work", "quote": "Publish the returns page"},
        {
            "on": "kr:4",
            "rule": "vague",
            "quote": "Customers find sending a parcel back much easier",
        },
    ]
}
ONE_TOO_MANY = {
    "faults": [
        *RIGHT["faults"],
        {"on": "kr:1", "rule": "vague", "quote": "Returned parcels refunded"},
    ]
}
INVENTED = {"faults": [RIGHT["faults"][0], {**RIGHT["faults"][1], "quote": "Customers are happy"}]}


class Model:
    """Answers every question of the doctor, some of them wrongly."""

    def __init__(self, say: Any, endpoint: Any, critique: Any, wrong: int = 0) -> None:
        self.say, self.endpoint, self.critique = say, endpoint, critique
        self.wrong = set(list(ability._NARROW)[:wrong])
        self.tools = True

    def __call__(self, handler: BaseHTTPRequestHandler) -> None:
        body = self.endpoint.requests[-1].body
        asked = body["messages"][-1]["content"]
        self.reply(asked, body)(handler)

    def reply(self, asked: str, body: dict[str, Any]) -> Any:
        if found := re.search(r'Key result: "(.+)"\.', asked):
            text = found[1]
            is_work = ability._NARROW[text] is not (text in self.wrong)
            likely = {"yes": 0.9, "no": 0.1} if is_work else {"yes": 0.2, "no": 0.8}
            return self.say.choice(("yes" if is_work else "no", likely))
        if '{"answer": "yes"}' in asked:
            if "tools" in body:
                if not self.tools:
                    return self.say.error(400, "tools are not supported")
                return self.say.tool('{"answer": "yes"}')
            return self.say.text('{"answer": "yes"}')
        return self.say.text(json.dumps(self.critique))


def settings(url: str, home: Path, **more: Any) -> Settings:
    return Settings(home=home, llm_base_url=url, llm_model="tiny", **more)


def details(given: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(given, ask_llm=True)}


@pytest.mark.parametrize(
    ("critique", "wrong", "strategy"),
    [
        pytest.param(RIGHT, 0, "full", id="all right"),
        pytest.param(RIGHT, 1, "full", id="one slip"),
        pytest.param(RIGHT, 2, "narrow", id="two slips"),
        pytest.param(ONE_TOO_MANY, 0, "narrow", id="a fault too many"),
        pytest.param(INVENTED, 0, "narrow", id="an invented quote"),
        pytest.param({"faults": []}, 0, "narrow", id="faults overlooked"),
        pytest.param({"result": 1}, 0, "narrow", id="another shape"),
    ],
)
def test_the_way_of_asking_follows_what_the_model_can_do(
    endpoint, say, tmp_path, critique, wrong, strategy
):
    endpoint.will(Model(say, endpoint, critique, wrong))
    given = settings(endpoint.url, tmp_path)
    client = LlmClient.from_settings(given)

    found = ability.find_out(client)

    assert found.strategy == strategy
    assert (found.right, found.of) == (8 - wrong, 8)
    later = LlmClient.from_settings(given)
    assert ability.known(later) == found
    assert ability.strategy_of(given, later) == strategy


def test_what_was_not_found_out_is_taken_for_capable(endpoint, tmp_path):
    given = settings(endpoint.url, tmp_path)

    assert ability.strategy_of(given, LlmClient.from_settings(given)) == "full"


@pytest.mark.parametrize("wanted", ["full", "narrow"])
def test_a_setting_comes_before_what_was_found_out(endpoint, say, tmp_path, wanted):
    endpoint.will(Model(say, endpoint, RIGHT))
    given = settings(endpoint.url, tmp_path, llm_strategy=wanted)
    client = LlmClient.from_settings(given)
    ability.find_out(client)

    assert ability.strategy_of(given, client) == wanted


def test_the_doctor_says_what_it_found(endpoint, say, tmp_path):
    model = Model(say, endpoint, RIGHT)
    model.tools = False
    endpoint.will(model)

    found = details(settings(endpoint.url, tmp_path))

    assert found["Language model"].detail == (
        f"tiny at {endpoint.url} answers and calls itself served-1"
    )
    assert found["Its answers"].detail == (
        "piece by piece; JSON by JSON schema, when told in words; with the probabilities of words; "
        "tokens counted"
    )
    assert found["Its price"].detail == (
        "cost unknown; okr.toml can say it: llm_price_input and llm_price_output, US dollars for a "
        "million tokens"
    )
    assert found["Its judgement"].detail == (
        "8 of 8 easy questions right, the small critique is right: it can be asked for whole "
        "critiques (llm_strategy full)"
    )
    assert found["Kept answers"].detail.endswith(
        f" MB in '{tmp_path / 'llm.sqlite'}', which may be deleted at any time"
    )
    assert {check.state for name, check in found.items() if name.startswith("Its ")} == {
        "ok",
        "off",
    }


def test_the_doctor_asks_anew_each_time(endpoint, say, tmp_path):
    endpoint.will(Model(say, endpoint, RIGHT))
    given = settings(endpoint.url, tmp_path)
    details(given)
    asked = len(endpoint.requests)

    details(given)

    assert len(endpoint.requests) == 2 * asked


def test_settings_against_the_model_are_told(endpoint, say, tmp_path):
    endpoint.will(Model(say, endpoint, {"faults": []}))
    given = settings(
        endpoint.url, tmp_path, llm_strategy="full", llm_price_input=1, llm_price_output=2.5
    )

    found = details(given)

    assert found["Its judgement"].detail == (
        "8 of 8 easy questions right, the small critique is not: llm_strategy narrow would suit it, "
        "and your settings say full"
    )
    assert found["Its price"].detail == (
        "1 US dollars for a million tokens read, 2.5 for a million written (from your settings)"
    )


def test_a_model_that_gives_no_json_at_all_is_broken(endpoint, say, tmp_path):
    endpoint.will(say.text("Well, who knows?"))

    found = details(settings(endpoint.url, tmp_path))

    assert found["Its answers"].state == "broken"
    assert found["Its answers"].detail == (
        "no JSON comes, however it is asked; use another model or endpoint"
    )
    assert found["Its judgement"].detail.startswith("0 of 8 easy questions right")


def test_an_endpoint_that_cannot_be_asked_is_broken(endpoint, say, tmp_path):
    endpoint.will(say.error(401, "no key"))

    found = details(settings(endpoint.url, tmp_path))

    assert found["Language model"].state == "broken"
    assert (
        found["Language model"].detail == f"{endpoint.url} wants a key (401). Set OKR_LLM_API_KEY."
    )
    assert "Its answers" not in found


def test_half_a_price_is_a_mistake(endpoint, tmp_path):
    found = details(settings(endpoint.url, tmp_path, llm_price_input=1))

    assert found["Language model"].detail == (
        "The price of tokens is half known: OKR_LLM_PRICE_OUTPUT is not set. Set it, or neither."
    )
