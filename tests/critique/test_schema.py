import json

import pytest
from pydantic import ValidationError

from assistant.critique.schema import Critique
from assistant.llm.shapes import json_schema, read_answer

ONE = (
    '{"findings": [{"on": "kr:1", "rule": "K1", "quote": "a b", "message": "m", "confidence": 1}]}'
)

READABLE = [
    pytest.param(ONE, id="bare"),
    pytest.param(f"```json\n{ONE}\n```", id="code fence"),
    pytest.param(f"Here {{you}} go: {ONE} Hope that helps {{}}.", id="words around"),
    pytest.param(f'<think>maybe {{}} or {{"a": 1}}</think>{ONE}', id="thoughts before"),
    pytest.param(ONE.replace("}]}", ",},],}"), id="trailing commas"),
    pytest.param(ONE.replace('"m"', '"a, ] b ,} c"').replace("}]}", "},]}"), id="commas in text"),
    pytest.param(ONE.replace('"on"', '"mood": "sunny", "on"'), id="a field of its own"),
]


@pytest.mark.parametrize("text", READABLE)
def test_an_answer_is_found(text):
    [remark] = read_answer(text, Critique).findings

    assert (remark.on, remark.rule, remark.confidence) == ("kr:1", "K1", 1)
    assert remark.message in ("m", "a, ] b ,} c")
    assert (remark.question, remark.rewrite, remark.citations) == ("", None, ())


NONE = [
    "",
    "No problems found.",
    "{",
    "{" * 50_000,
    '{"findings": [',
    ONE[:-3] + ', {"on": {"a": 1}',
]


@pytest.mark.parametrize("text", NONE, ids=range(len(NONE)))
def test_no_answer_is_no_answer(text):
    with pytest.raises(ValueError, match="no JSON object"):
        read_answer(text, Critique)


WRONG = [
    "{}",
    '{"findings": null}',
    '{"findings": [1]}',
    ONE.replace("1}", "null}"),
    ONE.replace("1}", "NaN}"),
]


@pytest.mark.parametrize("text", WRONG)
def test_another_shape_is_refused(text):
    with pytest.raises(ValidationError):
        read_answer(text, Critique)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("0.4", 0.4), ("85", 0.85), ("100", 1.0), ("0", 0.0), ("-1", 0.0), ("900", 1.0)],
)
def test_a_confidence_in_percent_is_understood(said, meant):
    [remark] = read_answer(ONE.replace("1}", f"{said}}}"), Critique).findings

    assert remark.confidence == meant


def walk(node):
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from walk(item)


@pytest.mark.parametrize("limits", [True, False])
def test_the_schema_keeps_to_the_dialect_that_endpoints_agree_on(limits):
    schema = json_schema(Critique, limits=limits)

    text = json.dumps(schema)
    objects = [node for node in walk(schema) if "properties" in node]
    assert len(objects) == 3
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    assert not any(word in text for word in ("$ref", "$defs", "anyOf", "title", "default"))
    assert ("maxLength" in text, "maxItems" in text, "maximum" in text) == (limits,) * 3
    remark = schema["properties"]["findings"]["items"]["properties"]
    assert remark["rewrite"]["type"] == ["string", "null"]
    assert remark["confidence"]["type"] == "number"


@pytest.mark.parametrize(("tokens", "items"), [(2000, 5), (1000, 2), (400, 1), (10, 1)])
def test_an_endpoint_that_keeps_the_limits_can_finish_its_answer(tokens, items):
    schema = json_schema(Critique, limits=True, longest=tokens)

    findings = schema["properties"]["findings"]
    assert findings["maxItems"] == items
    assert findings["items"]["properties"]["citations"]["maxItems"] == 2
