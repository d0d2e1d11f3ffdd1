"""The one file that knows the vendor of the language model client.

It speaks to any OpenAI-compatible endpoint, streams, asks for JSON by the best means that the
endpoint accepts and turns every failure into a :class:`~assistant.critique.faults.Fault`.

A draft goes to the configured address and nowhere else: tracing is off whatever the environment
says, redirects are not followed, and the key comes from our own settings only.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import ssl
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, ValidationError

from assistant.critique import faults
from assistant.critique.dialect import Dialect, Method, first_dialect, is_about_schema
from assistant.critique.faults import Endpoint, Fault, Unreadable
from assistant.critique.schema import Answered, read_answer
from assistant.errors import ConfigurationError

if TYPE_CHECKING:
    import httpx2
    from langchain_core.messages import BaseMessage

    from assistant.prompts import Message
    from assistant.settings import Settings

OnToken = Callable[[str], None]
"""Takes each piece of the answer as it arrives; what it raises ends the call."""

_TRIES = 3
_CONNECT_SECONDS = 10.0
_BACKOFF_SECONDS = 0.5
_CHARACTERS_PER_TOKEN = 20
_SMALLEST_LIMIT = 100_000
_NO_KEY = "none"
_QUERY = {"api-version"}
"""What a base URL may carry after its question mark; anything else may be a secret."""


@dataclass(frozen=True)
class Answer(Generic[Answered]):
    """What came back.

    Attributes:
        parsed: the answer, or why it cannot be used.
        text: what the model wrote.
        model: its name as the endpoint gives it.
        method: how JSON was asked for.
        seconds: from asking to the end, retries included.
        first_token_seconds: from asking to the first piece of text; None if there was none.
        input_tokens: as the endpoint counts them; None if it does not say.
        output_tokens: likewise.
        calls: requests that were sent.
    """

    parsed: Answered | Unreadable
    text: str
    model: str
    method: Method
    seconds: float
    first_token_seconds: float | None
    input_tokens: int | None
    output_tokens: int | None
    calls: int


@dataclass
class _Heard:
    """What has arrived so far."""

    started: float
    pieces: list[str] = field(default_factory=list)
    characters: int = 0
    refusal: str = ""
    finish: str = ""
    model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    first: float | None = None
    calls: int = 0

    def take(self, chunk: Any) -> str:
        """Note one chunk of the stream and return its text."""
        piece = str(chunk.text) + "".join(call["args"] or "" for call in chunk.tool_call_chunks)
        about = chunk.response_metadata
        self.finish = about.get("finish_reason") or self.finish
        self.model = about.get("model_name") or self.model
        self.refusal += chunk.additional_kwargs.get("refusal") or ""
        if chunk.usage_metadata:
            self.input_tokens = chunk.usage_metadata["input_tokens"]
            self.output_tokens = chunk.usage_metadata["output_tokens"]
        if piece:
            self.first = self.first or time.perf_counter()
            self.pieces.append(piece)
            self.characters += len(piece)
        return piece


class LlmClient:
    """Asks one model at one endpoint. Safe to share between threads and tasks."""

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        api_key: str | None = None,
        timeout: float = 60.0,
        max_tokens: int = 2000,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            base_url: where the endpoint is; a user and password in it are used, never shown.
            model: the name that the endpoint knows.
            api_key: sent as a bearer token.
            timeout: seconds that one question may take, retries included.
            max_tokens: the longest answer.

        Raises:
            ConfigurationError: the URL is not one.
        """
        parts = urlsplit(base_url.strip())
        shown = faults.shown_url(base_url.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigurationError(
                f"OKR_LLM_BASE_URL is not a web address: {shown!r}. "
                "It looks like http://localhost:8080/v1."
            )
        self._query = dict(parse_qsl(parts.query))
        if unknown := sorted(set(self._query) - _QUERY):
            raise ConfigurationError(
                f"OKR_LLM_BASE_URL carries {', '.join(unknown)!r} after its question mark, where "
                "logs would show it. Put a key into OKR_LLM_API_KEY."
            )
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._key = api_key or ""
        self._dialect = first_dialect(parts.hostname)
        self.endpoint = Endpoint(
            url=shown, model=model, keyed=bool(api_key), seconds=timeout, tokens=max_tokens
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> LlmClient:
        """The client that the settings describe.

        Raises:
            ConfigurationError: no endpoint or no model is set, or the URL is not one.
        """
        if not settings.llm_base_url or not settings.llm_model:
            missing = "OKR_LLM_MODEL" if settings.llm_base_url else "OKR_LLM_BASE_URL"
            raise ConfigurationError(
                f"No language model is configured: {missing} is not set. "
                "Set OKR_LLM_BASE_URL and OKR_LLM_MODEL, and OKR_LLM_API_KEY if it wants a key."
            )
        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
        return cls(
            settings.llm_base_url,
            settings.llm_model,
            api_key=key,
            timeout=settings.llm_timeout,
            max_tokens=settings.llm_max_tokens,
        )

    @property
    def model(self) -> str:
        """The name under which the endpoint is asked for it."""
        return self.endpoint.model

    @property
    def dialect(self) -> Dialect:
        """How the endpoint is asked, as far as that is known by now."""
        return self._dialect

    def ask(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """Ask, wait and read the answer. From async code await :meth:`ask_async` instead.

        Args:
            messages: from :func:`assistant.prompts.render`.
            schema: the answer wanted.
            on_token: called in this thread with each piece of text as it arrives.

        Raises:
            Fault: there is no answer. An answer that came and cannot be used is returned.
        """
        return asyncio.run(self.ask_async(messages, schema, on_token))

    async def ask_async(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """Like :meth:`ask`, for async code."""
        heard = _Heard(started=time.perf_counter())
        try:
            async with asyncio.timeout(self.endpoint.seconds):
                method = await self._converse(messages, schema, on_token, heard)
        except TimeoutError:
            fault = faults.slow(self.endpoint, begun=bool(heard.pieces))
            fault.calls = heard.calls
            raise fault from None
        except Fault as fault:
            fault.calls = heard.calls
            raise
        text = "".join(heard.pieces)
        return Answer(
            parsed=_read(text, heard, schema, self.endpoint),
            text=text,
            model=heard.model or self.endpoint.model,
            method=method,
            seconds=time.perf_counter() - heard.started,
            first_token_seconds=heard.first - heard.started if heard.first else None,
            input_tokens=heard.input_tokens,
            output_tokens=heard.output_tokens,
            calls=heard.calls,
        )

    async def _converse(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel],
        on_token: OnToken | None,
        heard: _Heard,
    ) -> Method:
        """Ask until an answer comes or hope ends; say by which method it came."""
        dialect, failures = self._dialect, 0
        while True:
            heard.calls += 1
            try:
                await self._listen(messages, schema, dialect, on_token, heard)
            except Fault as fault:
                if heard.pieces:
                    raise
                other = dialect.without(fault.said) if _is_about_form(fault) else None
                if other:
                    dialect = other
                    continue
                failures += 1
                await self._pause(fault, failures, heard)
            else:
                self._dialect = dialect
                return dialect.method

    async def _pause(self, fault: Fault, failures: int, heard: _Heard) -> None:
        """Wait before the next try, or raise the fault if there should be none."""
        if not fault.again:
            raise fault
        if failures >= _TRIES:
            raise faults.given_up(fault, failures)
        left = self.endpoint.seconds - (time.perf_counter() - heard.started)
        if fault.wait is not None and fault.wait >= left:
            raise faults.too_long_to_wait(fault, self.endpoint)
        backoff = _BACKOFF_SECONDS * 2 ** (failures - 1) * random.uniform(0.75, 1.25)  # noqa: S311
        await asyncio.sleep(backoff if fault.wait is None else fault.wait)

    async def _listen(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel],
        dialect: Dialect,
        on_token: OnToken | None,
        heard: _Heard,
    ) -> None:
        longest = max(_SMALLEST_LIMIT, self.endpoint.tokens * _CHARACTERS_PER_TOKEN)
        async with aclosing(self._chunks(messages, schema, dialect)) as chunks:
            async for chunk in chunks:
                piece = heard.take(chunk)
                if piece and on_token:
                    on_token(piece)
                if heard.characters > longest:
                    heard.finish = "endless"
                    return

    async def _chunks(
        self, messages: Sequence[Message], schema: type[BaseModel], dialect: Dialect
    ) -> AsyncGenerator[Any, None]:
        from langsmith import tracing_context

        body = dialect.parameters(schema, self.endpoint.tokens)
        asked = _worded(messages, dialect.instruction(schema))
        fault: Fault | None = None
        async with self._http() as http:
            with tracing_context(enabled=False):
                try:
                    async for chunk in self._chat(http, body, dialect.usage).astream(asked):
                        yield chunk
                except Exception as error:  # every failure of a vendor becomes a sentence
                    fault = self._fault(error)
        if fault:  # raised here, so that no vendor's error with its request hangs on to it
            raise fault

    def _http(self) -> httpx2.AsyncClient:
        import httpx2

        seconds = self.endpoint.seconds
        return httpx2.AsyncClient(
            verify=self._certificates,
            auth=httpx2.BasicAuth(self._user, self._password) if self._user else None,
            timeout=httpx2.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS)),
            follow_redirects=False,
        )

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        import httpx2

        return httpx2.create_ssl_context()

    def _chat(self, http: httpx2.AsyncClient, body: dict[str, Any], usage: bool) -> Any:
        """A vendor's client. What depends on the dialect goes through ``extra_body``, because
        the vendor's own handling of formats turns a truncated answer into an exception.
        """
        return _chat_class()(
            model=self.endpoint.model,
            base_url=self.endpoint.url,
            api_key=self._key or _NO_KEY,
            http_async_client=http,
            default_query=self._query or None,
            max_retries=0,
            timeout=self.endpoint.seconds,
            stream_usage=usage,
            stream_chunk_timeout=None,
            use_responses_api=False,
            extra_body=body,
        )

    def _fault(self, error: Exception) -> Fault:
        import httpx2
        import openai

        to = self.endpoint
        secrets = (self._key, self._password)
        if isinstance(error, openai.APIStatusError):
            said = faults.clean(_said(error), secrets)
            return faults.from_status(to, error.status_code, said, _wait(error))
        if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
            if any(isinstance(cause, httpx2.ConnectTimeout) for cause in _causes(error)):
                within = min(to.seconds, _CONNECT_SECONDS)
                return faults.unreachable(to, f"no connection within {within:g} seconds")
            return faults.slow(to, begun=False)
        if isinstance(error, openai.APIConnectionError | httpx2.TransportError):
            return _connection_fault(to, error)
        if isinstance(error, openai.APIError):
            return faults.from_status(to, 500, faults.clean(_said(error), secrets))
        return faults.foreign(to)


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


def _worded(messages: Sequence[Message], instruction: str) -> list[BaseMessage]:
    from langchain_core.messages import HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage}
    asked: list[BaseMessage] = [kinds[item.role](content=item.content) for item in messages]
    if instruction:
        last = asked.pop()
        asked.append(type(last)(content=f"{last.content}\n\n{instruction}"))
    return asked


def _read(text: str, heard: _Heard, schema: type[Answered], to: Endpoint) -> Answered | Unreadable:
    if cut := _cut_short(text, heard, to):
        return cut
    try:
        return read_answer(text, schema)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        return faults.mismatch(to, f"{place}: {first['msg'].lower()}")
    except ValueError:
        unlike = faults.malformed if text.lstrip().startswith("{") else faults.prose
        return unlike(to, faults.clean(text))


def _cut_short(text: str, heard: _Heard, to: Endpoint) -> Unreadable | None:
    if heard.finish == "endless":
        return faults.endless(to, heard.characters)
    if heard.finish == "length":
        return faults.truncated(to, heard.output_tokens)
    if heard.refusal or heard.finish == "content_filter":
        return faults.declined(to, faults.clean(heard.refusal))
    return None if text.strip() else faults.empty(to)


def _is_about_form(fault: Fault) -> bool:
    if fault.kind == "rejected":
        return True
    return fault.kind in ("server", "model") and is_about_schema(fault.said)


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
