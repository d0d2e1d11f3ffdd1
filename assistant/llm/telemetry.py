"""What a call took, as lines of JSON and as spans: numbers and names, never texts or secrets.

Both are off unless asked for, and nothing is sent anywhere but where the standard ``OTEL_``
variables point.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import time
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from assistant.models import LlmUse

LOGGER = "assistant.llm"
_log = logging.getLogger(LOGGER)
_NANO = 1_000_000_000
_SPAN_NAMES = {
    "asked": "gen_ai.request.model",
    "model": "gen_ai.response.model",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "outcome": "okr.outcome",
}


class JsonLines(logging.Formatter):
    """One JSON object a line: the time, the level, and what was noted."""

    def format(self, record: logging.LogRecord) -> str:
        """See :meth:`logging.Formatter.format`."""
        noted = getattr(record, "noted", None)
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **(noted or {}),
        }
        return json.dumps(line)


def write_json_lines() -> None:
    """Write what is noted to standard error, one JSON object a line."""
    if any(isinstance(item.formatter, JsonLines) for item in _log.handlers):
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)
    _log.propagate = False


def note_call(started: float, noted: Mapping[str, Any]) -> None:
    """Note one question to a model.

    Args:
        started: when it was asked, in seconds since the epoch.
        noted: names and numbers; ``outcome`` is ``answered`` or the kind of fault.
    """
    _note("llm.call", started, noted)


def note_review(use: LlmUse, started: float) -> None:
    """Note what one review took of the model, its dropped quotes among it.

    Args:
        use: from the review.
        started: when the model was first asked, in seconds since the epoch.
    """
    _note("llm.review", started, use.model_dump())


def _note(event: str, started: float, noted: Mapping[str, Any]) -> None:
    if _log.isEnabledFor(logging.INFO):
        _log.info(event, extra={"noted": dict(noted)})
    if is_exported():
        _span(event, started, noted)


def is_exported() -> bool:
    """Whether the standard variables name somewhere to send spans to."""
    if os.environ.get("OTEL_SDK_DISABLED", "").casefold() == "true":
        return False
    exporter = os.environ.get("OTEL_TRACES_EXPORTER", "")
    if exporter:
        return exporter != "none"
    return any(
        os.environ.get(name)
        for name in ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    )


def _span(event: str, started: float, noted: Mapping[str, Any]) -> None:
    tracer = _tracer()
    if tracer is None:
        return
    span = tracer.start_span(event, start_time=int(started * _NANO))
    for name, value in noted.items():
        if value is not None:
            span.set_attribute(_SPAN_NAMES.get(name, f"okr.{name}"), value)
    if "endpoint" in noted:
        span.set_attribute("server.address", urlsplit(str(noted["endpoint"])).hostname or "")
    outcome = noted.get("outcome", "answered")
    if outcome != "answered":
        from opentelemetry.trace import Status, StatusCode

        span.set_attribute("error.type", outcome)
        span.set_status(Status(StatusCode.ERROR))
    span.end()


@cache
def _tracer() -> Any:
    """A tracer of our own, so that no other library's spans are sent along."""
    try:
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        _log.warning("Spans are not sent: opentelemetry-sdk is not installed.")
        return None
    exporter = _exporter()
    if exporter is None:
        return None
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    atexit.register(provider.shutdown)
    return provider.get_tracer("okr-review")


def _exporter() -> Any:
    """The exporter that the standard variables name; None if it is not installed."""
    from importlib.metadata import entry_points

    name = os.environ.get("OTEL_TRACES_EXPORTER") or "otlp"
    protocol = os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    otlp = "otlp_proto_grpc" if protocol == "grpc" else "otlp_proto_http"
    found = entry_points(
        group="opentelemetry_traces_exporter", name=otlp if name == "otlp" else name
    )
    if not found:
        _log.warning(
            "Spans are not sent: the exporter %r is not installed, nor is one that "
            "OTEL_TRACES_EXPORTER would find under that name.",
            name,
        )
        return None
    return next(iter(found)).load()()
