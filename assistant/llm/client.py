"""Asks one language model: by the best means that it accepts, within limits, again if it helps."""

from __future__ import annotations

import asyncio
import copy
import random
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from assistant.errors import ConfigurationError
from assistant.llm import faults, telemetry
from assistant.llm.answers import Answer, Choice, Heard, read_choice, read_object
from assistant.llm.breaker import breaker_of
from assistant.llm.budget import Budget, Expense
from assistant.llm.cache import Cache
from assistant.llm.dialect import (
    Dialect,
    Method,
    Question,
    Short,
    Structured,
    first_dialect,
    is_about_schema,
)
from assistant.llm.faults import Endpoint, Fault, Unreadable
from assistant.llm.prices import Price, price_at
from assistant.llm.shapes import Answered
from assistant.llm.tokens import tokens
from assistant.llm.turnstile import turnstile_of
from assistant.llm.wire import Secrets, Wire

if TYPE_CHECKING:
    from pydantic import BaseModel

    from assistant.prompts import Message
    from assistant.settings import Settings

__all__ = ["Answer", "Budget", "Choice", "LlmClient", "OnToken"]

OnToken = Callable[[str], None]
"""Takes each piece of the answer as it arrives; what it raises ends the call."""

_Read = TypeVar("_Read")

_TRIES = 3
_BACKOFF_SECONDS = 0.5
_CHARACTERS_PER_TOKEN = 20
_SMALLEST_LIMIT = 100_000
_CONCURRENCY = 4
_QUERY = {"api-version"}
"""What a base URL may carry after its question mark; anything else may be a secret."""


@dataclass
class _Known:
    """What is known of an endpoint by now; shared by the copies of a client."""

    dialect: Dialect
    looked_up: bool = False
    asked_in_words: bool = False


@dataclass(frozen=True)
class _Task:
    """One question with all that belongs to it."""

    messages: Sequence[Message]
    question: Question
    on_token: OnToken | None


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
        concurrency: int = _CONCURRENCY,
        price: Price | None = None,
        home: Path | None = None,
        keep_answers: bool = True,
    ) -> None:
        """Prepare a client; nothing is sent yet.

        Args:
            base_url: where the endpoint is; a user and password in it are used, never shown.
            model: the name that the endpoint knows.
            api_key: sent as a bearer token.
            timeout: seconds that one question may take, retries included, waiting for its turn
                left out.
            max_tokens: the longest answer.
            concurrency: how many questions may be under way at once, of all clients of this
                process that are made alike; further ones wait.
            price: what tokens cost, where the list of prices does not say so.
            home: the folder where answers and what is learnt are kept; None keeps nothing.
            keep_answers: whether answers are kept there, too.

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
        self.endpoint = Endpoint(
            url=shown, model=model, keyed=bool(api_key), seconds=timeout, tokens=max_tokens
        )
        secrets = Secrets(
            api_key or "", unquote(parts.username or ""), unquote(parts.password or "")
        )
        self._wire = Wire(self.endpoint, secrets, self._query)
        self._turn = turnstile_of((shown, secrets), concurrency)
        self._breaker = breaker_of((shown, secrets))
        self._host = parts.hostname
        self._known = _Known(first_dialect(parts.hostname))
        self._own_price = price
        self._cache = Cache(home, shown, model, answers=keep_answers) if home else None
        self._budget = Budget()
        self._recorded = False

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
        if settings.llm_log == "json":
            telemetry.write_json_lines()
        key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
        client = cls(
            settings.llm_base_url,
            settings.llm_model,
            api_key=key,
            timeout=settings.llm_timeout,
            max_tokens=settings.llm_max_tokens,
            concurrency=settings.llm_concurrency,
            price=_price_of(settings),
            home=settings.home,
            keep_answers=settings.llm_cache,
        )
        client._recorded = settings.llm_recorded
        return client

    def with_budget(self, budget: Budget) -> Self:
        """The same client, whose calls count against a budget. Connections, what is known of the
        endpoint and the limit of concurrent calls stay shared.
        """
        other = copy.copy(self)
        other._budget = budget
        return other

    def without_answers(self) -> Self:
        """The same client, which asks anew whatever was answered before."""
        other = copy.copy(self)
        other._cache = self._cache.without_answers() if self._cache else None
        return other

    @property
    def model(self) -> str:
        """The name under which the endpoint is asked for it."""
        return self.endpoint.model

    @property
    def dialect(self) -> Dialect:
        """How the endpoint is asked, as far as that is known by now."""
        return self._dialect()

    @property
    def price(self) -> Price | None:
        """What tokens cost here; None if that is unknown."""
        return self._price()

    @property
    def cache(self) -> Cache | None:
        """Where answers and what is learnt about the endpoint are kept, if anywhere."""
        return self._cache

    def ask(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """Ask, wait and read the answer. From async code await :meth:`aask` instead.

        Args:
            messages: from :func:`assistant.prompts.render`.
            schema: the answer wanted.
            on_token: called in this thread with each piece of text as it arrives.

        Raises:
            Fault: there is no answer. An answer that came and cannot be used is returned.
        """
        return asyncio.run(self.aask(messages, schema, on_token))

    async def aask(
        self,
        messages: Sequence[Message],
        schema: type[Answered],
        on_token: OnToken | None = None,
    ) -> Answer[Answered]:
        """Like :meth:`ask`, for async code."""
        question = Structured(schema, self.endpoint.tokens)
        heard, parsed = await self._answered(
            messages, question, lambda heard: read_object(heard, schema, self.endpoint), on_token
        )
        return Answer(
            parsed=parsed,
            text=heard.text,
            model=heard.model or self.endpoint.model,
            method=heard.method,
            seconds=heard.seconds,
            first_token_seconds=heard.first_seconds,
            input_tokens=heard.input_tokens,
            output_tokens=heard.output_tokens,
            calls=heard.calls,
            cost=heard.cost,
            cached=heard.cached,
        )

    async def tries(
        self, messages: Sequence[Message], schema: type[BaseModel], method: Method
    ) -> bool:
        """Whether the endpoint answers as wanted if asked by this method, and no other."""
        question = Structured(schema, self.endpoint.tokens)
        heard = Heard()
        dialect = replace(self.dialect, method=method)
        try:
            async with self._turn, self._wire.open(), asyncio.timeout(self._seconds()):
                await self._listen(_Task(messages, question, None), dialect, heard)
        except (Fault, TimeoutError):
            return False
        return not isinstance(read_object(heard, schema, self.endpoint), Unreadable)

    def choose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """Ask a question that is answered with one of a few words, and see how sure the model is.

        Args:
            messages: they must say which answers there are. The probabilities are those of the
                first word of the answer, where the endpoint gives them.
            options: the answers, such as ``("yes", "no")``, whose first letters or syllables
                differ; case and punctuation do not count.

        Raises:
            Fault: there is no answer, or (:class:`Unreadable`) it is none of the options.
        """
        return asyncio.run(self.achoose(messages, options))

    async def achoose(self, messages: Sequence[Message], options: Sequence[str]) -> Choice:
        """Like :meth:`choose`, for async code."""
        question = Short(tuple(options), self.endpoint.tokens)
        _, choice = await self._answered(
            messages, question, lambda heard: read_choice(heard, options, self.endpoint)
        )
        if isinstance(choice, Unreadable):
            raise choice
        return choice

    async def _answered(
        self,
        messages: Sequence[Message],
        question: Question,
        read: Callable[[Heard], _Read | Unreadable],
        on_token: OnToken | None = None,
    ) -> tuple[Heard, _Read | Unreadable]:
        """What was answered earlier, or what is answered now."""
        task = _Task(messages, question, on_token)
        started = time.time()
        if kept := self._recalled(task):
            said = read(kept)
            if not isinstance(said, Unreadable):
                if on_token:
                    on_token(kept.text)
                self._note(started, task, kept, "answered")
                return kept, said
        if self._recorded:
            raise faults.over_budget(
                "only kept answers are used, and this one is not kept",
                "Ask without OKR_LLM_RECORDED once; the answers are kept then.",
            )
        async with self._turn, self._wire.open():
            started = time.time()
            heard = Heard()
            try:
                with self._breaker.watching(self.endpoint):
                    dialect, said = await self._within_time(task, heard, read)
            except Fault as fault:
                fault.calls = heard.calls
                self._count(heard)
                self._note(started, task, heard, fault.kind)
                raise
        if isinstance(said, Unreadable):
            said.calls = heard.calls
            self._note(started, task, heard, said.kind)
        else:
            self._remember(task, dialect, heard)
            self._note(started, task, heard, "answered")
        return heard, said

    async def _within_time(
        self, task: _Task, heard: Heard, read: Callable[[Heard], _Read | Unreadable]
    ) -> tuple[Dialect, _Read | Unreadable]:
        seconds = self._seconds()
        try:
            async with asyncio.timeout(seconds):
                return await self._conversed(task, heard, read)
        except TimeoutError:
            if seconds < self.endpoint.seconds:
                raise self._budget.out_of_time() from None
            raise faults.slow(self.endpoint, begun=bool(heard.pieces)) from None

    async def _conversed(
        self, task: _Task, heard: Heard, read: Callable[[Heard], _Read | Unreadable]
    ) -> tuple[Dialect, _Read | Unreadable]:
        """Ask, and read what came; ask once more where another form may do better."""
        dialect = await self._converse(task, self._known.dialect, heard)
        self._count(heard)
        said = read(heard)
        if isinstance(said, Unreadable) and (other := self._other(task, dialect, heard, said)):
            dialect = await self._converse(task, other, heard)
            self._count(heard)
            said = read(heard)
        return dialect, said

    def _count(self, heard: Heard) -> None:
        """Say what was taken so far."""
        heard.seconds = time.perf_counter() - heard.started
        price = self._price(heard.model)
        if not heard.counts:
            heard.cost = 0.0
        elif price and heard.input_tokens is not None and heard.output_tokens is not None:
            heard.cost = price.of(heard.input_tokens, heard.output_tokens)

    def _price(self, model: str = "") -> Price | None:
        """What tokens cost: as the settings say, else as listed for the model."""
        return self._own_price or price_at(self._host, model or self.model)

    def _recalled(self, task: _Task) -> Heard | None:
        return self._cache.recall(self._request(task, self._dialect())) if self._cache else None

    def _remember(self, task: _Task, dialect: Dialect, heard: Heard) -> None:
        """Keep a good answer, and how it was got."""
        if self._cache:
            self._cache.keep(self._request(task, dialect), heard)
            if dialect != self._known.dialect:
                self._cache.learn(dialect)
        self._known.dialect = dialect

    def _request(self, task: _Task, dialect: Dialect) -> object:
        """All that is sent, save what lets us in."""
        return [
            sorted(self._query.items()),
            type(task.question).__name__,
            task.question.parameters(dialect),
            task.question.instruction(dialect),
            [(item.role, item.content) for item in task.messages],
        ]

    def _dialect(self) -> Dialect:
        """How the endpoint wants to be asked, as learnt by this process or an earlier one."""
        if not self._known.looked_up:
            self._known.looked_up = True
            learnt = self._cache.learnt() if self._cache else None
            self._known.dialect = learnt or self._known.dialect
        return self._known.dialect

    def _note(self, started: float, task: _Task, heard: Heard, outcome: str) -> None:
        telemetry.note_call(
            started,
            {
                "endpoint": self.endpoint.url,
                "prompt": task.messages[0].origin if task.messages else "",
                "asked": self.model,
                "model": heard.model,
                "question": type(task.question).__name__.lower(),
                "method": heard.method,
                "outcome": outcome,
                "calls": heard.calls,
                "retries": heard.retries,
                "input_tokens": heard.input_tokens,
                "output_tokens": heard.output_tokens,
                "cost": heard.cost,
                "cached": heard.cached,
                "first_token_seconds": heard.first_seconds,
                "seconds": heard.seconds,
            },
        )

    def _other(
        self, task: _Task, dialect: Dialect, heard: Heard, said: Unreadable
    ) -> Dialect | None:
        """Another form in which an answer that cannot be used may be worth a second question."""
        if isinstance(task.question, Short):
            cut = said.kind in ("truncated", "undecided") and heard.finish == "length"
            return replace(dialect, thinks=True) if cut and not dialect.thinks else None
        if said.kind not in ("prose", "mismatch") or dialect.method == "plain":
            return None
        if self._known.asked_in_words:
            return None
        self._known.asked_in_words = True
        return replace(dialect, method="plain")

    def _seconds(self) -> float:
        """What one question may take: the limit of a call, or what is left of the budget."""
        left = self._budget.seconds_left
        return self.endpoint.seconds if left is None else min(self.endpoint.seconds, left)

    async def _converse(self, task: _Task, dialect: Dialect, heard: Heard) -> Dialect:
        """Ask until an answer comes or hope ends; say in which dialect it came."""
        failures = 0
        while True:
            heard.method = dialect.method
            try:
                await self._listen(task, dialect, heard)
            except Fault as fault:
                if heard.pieces:
                    raise
                if other := _other_form(fault, dialect, task.question):
                    dialect = other
                    continue
                failures += 1
                await self._pause(fault, failures, heard)
                heard.retries += 1
            else:
                return dialect

    async def _pause(self, fault: Fault, failures: int, heard: Heard) -> None:
        """Wait before the next try, or raise the fault if there should be none."""
        if not fault.again:
            raise fault
        if failures >= _TRIES:
            raise faults.given_up(fault, failures)
        left = self._seconds() - (time.perf_counter() - heard.started)
        if fault.wait is not None and fault.wait >= left:
            raise faults.too_long_to_wait(fault, self.endpoint)
        backoff = _BACKOFF_SECONDS * 2 ** (failures - 1) * random.uniform(0.75, 1.25)  # noqa: S311
        await asyncio.sleep(backoff if fault.wait is None else fault.wait)

    async def _listen(self, task: _Task, dialect: Dialect, heard: Heard) -> None:
        """Send one request and take in what comes."""
        longest = max(_SMALLEST_LIMIT, task.question.longest * _CHARACTERS_PER_TOKEN)
        asked = sum(tokens(item.content) for item in task.messages)
        worst = self._expense(asked, task.question.longest)
        self._budget.reserve(worst)
        heard.begin()
        try:
            async with aclosing(self._wire.pieces(task.messages, task.question, dialect)) as pieces:
                async for piece in pieces:
                    heard.take(piece)
                    if piece.text and task.on_token:
                        task.on_token(piece.text)
                    if heard.characters > longest:
                        heard.finish = "endless"
                        return
        except Fault:
            heard.fail()
            raise
        finally:
            self._budget.settle(worst, self._real(heard, asked))

    def _real(self, heard: Heard, asked: int) -> Expense:
        """What the last request took, by the endpoint's count or else by ours."""
        read, written = heard.counts[-1] if heard.pieces else (0, 0)
        return self._expense(
            asked if read is None else read,
            tokens(heard.text) if written is None else written,
        )

    def _expense(self, read: int, written: int) -> Expense:
        price = self._price()
        return Expense(read + written, price.of(read, written) if price else None)


def _price_of(settings: Settings) -> Price | None:
    """What the settings say that tokens cost.

    Raises:
        ConfigurationError: they say it for one direction alone.
    """
    read, written = settings.llm_price_input, settings.llm_price_output
    if read is None and written is None:
        return None
    if read is None or written is None:
        missing = "OKR_LLM_PRICE_INPUT" if read is None else "OKR_LLM_PRICE_OUTPUT"
        raise ConfigurationError(
            f"The price of tokens is half known: {missing} is not set. Set it, or neither."
        )
    return Price(read, written)


def _other_form(fault: Fault, dialect: Dialect, question: Question) -> Dialect | None:
    """How to ask after a fault that is about the form of the question."""
    if fault.kind == "foreign" and dialect.stream:
        return replace(dialect, stream=False)
    about_schema = fault.kind in ("server", "model") and is_about_schema(fault.said)
    if fault.kind == "rejected" or about_schema:
        return question.after(dialect, fault.said)
    return None
