"""What is noted of a call: names and numbers, for whoever asks for them, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.llm import telemetry

ROOT = Path(__file__).parents[2]
GOOD = json.dumps({"findings": [
    {"on": "kr:1", "rule": "K1", "quote": "words that nobody wrote", "message": "Hidden remark.",
     "question": "", "rewrite": None, "citations": [], "confidence": 0.8}]})  # fmt: skip
KEY = "sk-very-secret-9d8f7a"
DRAFT = "Objective: Pharma hauliers stay because repairs keep their date\\n- Launch the portal\\n"
RUN = f"""
from assistant.review import ReviewOptions, review_text
from assistant.settings import load_settings
review_text("{DRAFT}", load_settings(), ReviewOptions(context=False))
from assistant.llm import telemetry
print("spans made:", telemetry._tracer.cache_info().currsize)
"""


def review(url: str, home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """A review in a process of its own, as OKR_LOG and OTEL_ variables are read at its start."""
    given = {
        "OKR_HOME": str(home),
        "OKR_LLM_BASE_URL": url,
        "OKR_LLM_MODEL": "tiny",
        "OKR_LLM_API_KEY": KEY,
        "PYTHONPATH": str(ROOT),
        **variables,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OTEL")}
    return subprocess.run(
        [sys.executable, "-c", RUN],
        env={**inherited, **given},
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )


def test_a_line_for_each_call_and_one_for_the_review(endpoint, say, tmp_path):
    endpoint.will(say.error(429, "slow down", Retry_After="0"), say.text(GOOD, tokens=(900, 40)))

    done = review(endpoint.url, tmp_path, OKR_LLM_LOG="json")

    call, whole = map(json.loads, done.stderr.splitlines())
    assert call["event"] == "llm.call"
    assert call["endpoint"] == endpoint.url
    assert call["prompt"].startswith("critique.v")
    assert len(call["prompt"].split()[1]) == 12, "the beginning of its hash"
    assert (call["asked"], call["model"]) == ("tiny", "served-1")
    assert (call["outcome"], call["calls"], call["retries"]) == ("answered", 2, 1)
    assert (call["input_tokens"], call["output_tokens"], call["cost"]) == (900, 40, None)
    assert 0 < call["first_token_seconds"] <= call["seconds"]
    assert whole["event"] == "llm.review"
    assert (whole["prompt"], whole["calls"], whole["dropped_quotes"]) == (call["prompt"], 2, 1)
    for hidden in (KEY, "hauliers", "portal", "nobody wrote", "Hidden remark"):
        assert hidden not in done.stderr


def test_a_fault_is_noted_by_its_kind(endpoint, say, tmp_path):
    endpoint.will(say.error(401, f"bad key {KEY}"))

    done = review(endpoint.url, tmp_path, OKR_LLM_LOG="json")

    call = json.loads(done.stderr.splitlines()[0])
    assert (call["outcome"], call["calls"]) == ("key", 1)
    assert KEY not in done.stderr


def test_nothing_is_noted_unless_asked_for(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))

    done = review(endpoint.url, tmp_path)

    assert (done.stderr, done.stdout) == ("", "spans made: 0\n")


def test_spans_go_where_the_standard_variables_say(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD, tokens=(900, 40)))

    done = review(endpoint.url, tmp_path, OTEL_TRACES_EXPORTER="console")

    spans = _documents(done.stdout.split("spans made: 1\n")[-1])
    assert [span["name"] for span in spans] == ["llm.call", "llm.review"]
    noted = spans[0]["attributes"]
    assert noted["gen_ai.request.model"] == "tiny"
    assert noted["gen_ai.usage.input_tokens"] == 900
    assert noted["server.address"] == "127.0.0.1"
    assert spans[0]["start_time"] < spans[0]["end_time"]
    assert "hauliers" not in done.stdout
    assert KEY not in done.stdout


def test_an_exporter_that_is_not_installed_is_told(endpoint, say, tmp_path):
    endpoint.will(say.text(GOOD))

    done = review(endpoint.url, tmp_path, OTEL_TRACES_EXPORTER="zipkin-of-old")

    assert done.stderr == (
        "Spans are not sent: the exporter 'zipkin-of-old' is not installed, nor is one that "
        "OTEL_TRACES_EXPORTER would find under that name.\n"
    )


@pytest.mark.parametrize(
    ("variables", "exported"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://a:4317"}, True),
        ({"OTEL_TRACES_EXPORTER": "console"}, True),
        ({"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://a:4317", "OTEL_SDK_DISABLED": "true"}, False),
    ],
)
def test_when_spans_are_made(monkeypatch, variables, exported):
    for name in list(os.environ):
        if name.startswith("OTEL_"):
            monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert telemetry.is_exported() is exported


def _documents(text: str) -> list[dict]:
    """JSON documents one after the other."""
    found, decoder, place = [], json.JSONDecoder(), 0
    while place < len(text.rstrip()):
        document, place = decoder.raw_decode(text, place)
        found.append(document)
        place += len(text[place:]) - len(text[place:].lstrip())
    return found
