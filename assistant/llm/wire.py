"""The one file that knows the vendor of the language model client.

It sends one request, streams the answer and turns every failure into a
:class:`~assistant.llm.faults.Fault`.

A draft goes to the configured address and nowhere else: tracing is off whatever the environment
says, redirects are not followed, and the key comes from our own settings only.
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from assistant.llm import faults
from assistant.llm.answers import Piece
from assistant.llm.faults import Endpoint, Fault

if TYPE_CHECKING:
    import httpx2
    from langchain_core.messages import BaseMessage

    from assistant.llm.dialect import Dialect, Question
    from assistant.prompts import Message

CONNECT_SECONDS = 10.0
_NO_KEY = "none"


@dataclass(frozen=True, repr=False)
class Secrets:
    """What is sent and never shown.

    Attributes:
        key: sent as a bearer token; empty if there is none.
        user: sent as basic authorisation, if there is one.
        password: likewise.
    """

    key: str = ""
    user: str = ""
    password: str = ""


@dataclass
class _Line:
    """A vendor's client with its connections, as long as somebody in one event loop needs it."""

    http: httpx2.AsyncClient
    chat: Any
    users: int = 0


class Wire:
    """The connections to one endpoint. Safe to share between threads and event loops."""

    def __init__(self, to: Endpoint, secrets: Secrets, query: Mapping[str, str]) -> None:
        """Prepare; nothing is opened yet.

        Args:
            to: whom to speak to.
            secrets: how to be let in.
            query: what every address carries after its question mark.
        """
        self._to = to
        self._secrets = secrets
        self._query = dict(query)
        self._lines: dict[asyncio.AbstractEventLoop, _Line] = {}
        self._lock = threading.Lock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Keep connections open for the requests of this event loop meanwhile.

        Blocks may overlap: the last one to end closes the connections.
        """
        loop = asyncio.get_running_loop()
        with self._lock:
            line = self._lines.get(loop) or self._new_line()
            self._lines[loop] = line
            line.users += 1
        try:
            yield
        finally:
            with self._lock:
                line.users -= 1
                if last := line.users == 0:
                    del self._lines[loop]
            if last:
                await line.http.aclose()

    async def pieces(
        self, messages: Sequence[Message], question: Question, dialect: Dialect
    ) -> AsyncGenerator[Piece, None]:
        """Send one request and give what comes, inside of :meth:`open`.

        Raises:
            Fault: it failed.
        """
        from langsmith import tracing_context

        chat = self._lines[asyncio.get_running_loop()].chat
        asked = worded(messages, question.instruction(dialect))
        options: dict[str, Any] = {"extra_body": question.parameters(dialect)}
        fault: Fault | None = None
        with tracing_context(enabled=False):
            try:
                if dialect.stream:
                    async for chunk in chat.astream(asked, stream_usage=dialect.usage, **options):
                        yield _piece(chunk)
                else:
                    yield _piece(await chat.ainvoke(asked, **options))
            except Exception as error:  # every failure of a vendor becomes a sentence
                fault = self._fault(error)
        if fault:  # raised here, so that no vendor's error with its request hangs on to it
            raise fault

    def _new_line(self) -> _Line:
        import httpx2

        seconds, secrets = self._to.seconds, self._secrets
        http = httpx2.AsyncClient(
            verify=_certificates(),
            auth=httpx2.BasicAuth(secrets.user, secrets.password) if secrets.user else None,
            timeout=httpx2.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            limits=httpx2.Limits(max_connections=None),
            follow_redirects=False,
        )
        return _Line(http=http, chat=self._chat(http))

    def _chat(self, http: httpx2.AsyncClient) -> Any:
        """A vendor's client. What depends on the dialect goes through ``extra_body``, because
        the vendor's own handling of formats turns a truncated answer into an exception.
        """
        return _chat_class()(
            model=self._to.model,
            base_url=self._to.url,
            api_key=self._secrets.key or _NO_KEY,
            http_async_client=http,
            default_query=self._query or None,
            max_retries=0,
            timeout=self._to.seconds,
            stream_chunk_timeout=None,
            use_responses_api=False,
        )

    def _fault(self, error: Exception) -> Fault:
        import httpx2
        import openai

        to = self._to
        secrets = (self._secrets.key, self._secrets.password)
        if isinstance(error, openai.APIStatusError):
            said = faults.clean(_said(error), secrets)
            return faults.from_status(to, error.status_code, said, _wait(error))
        if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
            if any(isinstance(cause, httpx2.ConnectTimeout) for cause in _causes(error)):
                within = min(to.seconds, CONNECT_SECONDS)
                return faults.unreachable(to, f"no connection within {within:g} seconds")
            return faults.slow(to, begun=False)
        if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
            return _connection_fault(to, error)
        if isinstance(error, openai.APIError):
            return faults.from_status(to, 500, faults.clean(_said(error), secrets))
        return faults.foreign(to)


def worded(messages: Sequence[Message], instruction: str) -> list[BaseMessage]:
    """The messages as the vendor wants them, the instruction at the end of the last one."""
    from langchain_core.messages import HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage}
    asked: list[BaseMessage] = [kinds[item.role](content=item.content) for item in messages]
    if instruction:
        last = asked.pop()
        asked.append(type(last)(content=f"{last.content}\n\n{instruction}"))
    return asked


@cache
def _certificates() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


@cache
def _chat_class() -> Any:
    import warnings

    from langchain_openai import ChatOpenAI

    warnings.filterwarnings("ignore", message="Invalid schema for OpenAI")
    warnings.filterwarnings("ignore", message="This model does not support OpenAI")

    class Chat(ChatOpenAI):
        """Keeps the refusal of a model, which the vendor drops while streaming."""

        def _convert_chunk_to_generation_chunk(self, chunk: Any, *args: Any) -> Any:
            made = super()._convert_chunk_to_generation_chunk(chunk, *args)
            choices = chunk.get("choices") or [{}]
            refusal = (choices[0].get("delta") or {}).get("refusal")
            if made is not None and refusal:
                made.message.additional_kwargs["refusal"] = refusal
            return made

    return Chat


def _piece(chunk: Any) -> Piece:
    """One chunk of a stream, or a whole message, without its vendor."""
    about, usage = chunk.response_metadata, chunk.usage_metadata
    called = [call["args"] or "" for call in getattr(chunk, "tool_call_chunks", ())]
    if not called:
        called = [json.dumps(call["args"]) for call in getattr(chunk, "tool_calls", ())]
    return Piece(
        text=str(chunk.text) + "".join(called),
        finish=about.get("finish_reason") or "",
        model=about.get("model_name") or "",
        refusal=chunk.additional_kwargs.get("refusal") or "",
        input_tokens=usage["input_tokens"] if usage else None,
        output_tokens=usage["output_tokens"] if usage else None,
        likely=tuple(_likely(about.get("logprobs"))),
    )


def _likely(logprobs: Any) -> Iterator[tuple[str, dict[str, float]]]:
    """Each token with its likeliest alternatives and their log-probabilities."""
    for item in (logprobs or {}).get("content") or ():
        alternatives = item.get("top_logprobs") or ()
        yield item["token"], {other["token"]: other["logprob"] for other in alternatives}


def _said(error: Any) -> str:
    """The endpoint's own words, wherever it puts them."""
    body = error.body
    if isinstance(body, dict):
        inner = body.get("error", body)
        said = inner.get("message") or inner.get("detail") if isinstance(inner, dict) else inner
        return str(said or json.dumps(body))
    return str(body) if isinstance(body, str) and not body.lstrip().startswith("<") else ""


def _wait(error: Any) -> float | None:
    """The seconds that the endpoint asks to wait, from its Retry-After header."""
    from email.utils import parsedate_to_datetime

    value = error.response.headers.get("retry-after")
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


def _connection_fault(to: Endpoint, error: Exception) -> Fault:
    import httpx2

    causes = tuple(_causes(error))
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return faults.refused(to)
    for cause in causes:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or "TLS failed"
            return faults.unreachable(to, f"the secure connection failed ({reason})")
        if isinstance(cause, socket.gaierror):
            return faults.unreachable(to, "the name of the host is not known")
    if any(isinstance(cause, httpx2.ConnectError) for cause in causes):
        return faults.unreachable(to, faults.clean(str(causes[-1])))
    return faults.broken(to)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, outermost first."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for part in error.exceptions:
                yield from _causes(part)
        error = error.__cause__ or error.__context__
