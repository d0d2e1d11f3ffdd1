"""Says what is configured, reachable and indexed, and what to do about what is not."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, Literal

from assistant.errors import OkrError
from assistant.models import Noun

if TYPE_CHECKING:
    from assistant.llm.ability import Ability
    from assistant.llm.client import LlmClient
    from assistant.settings import Settings

_PATIENCE = 2.0
"""Seconds to wait for the endpoint to accept a connection."""

_LLM = "Language model"
_MB = 1_000_000

State = Literal["ok", "off", "broken"]
"""``off`` is a choice, ``broken`` needs mending."""


class Check(Noun):
    """The state of one part, in one sentence."""

    name: str
    state: State
    detail: str


def examine(settings: Settings, *, ask_llm: bool = False) -> Iterator[Check]:
    """Look at each part in turn.

    Args:
        settings: what is configured.
        ask_llm: also ask the endpoint a dozen short questions, to find out what it can do.
    """
    yield _versions()
    yield _embedder(settings)
    yield _index(settings)
    yield _corpus(settings)
    yield Check(
        name="Audience",
        state="ok",
        detail=f"documents for {', '.join(sorted(settings.audiences))} are used",
    )
    yield _profile(settings)
    yield from _llm(settings, ask_llm)
    yield _cache(settings)


def _versions() -> Check:
    return Check(
        name="Version",
        state="ok",
        detail=f"okr {version('okr-review')}, Python {platform.python_version()} ({sys.prefix})",
    )


def _profile(settings: Settings) -> Check:
    from assistant.profiles import load

    try:
        profile = load(settings.profile)
    except OkrError as error:
        return Check(name="Profile", state="broken", detail=str(error))
    return Check(name="Profile", state="ok", detail=f"{profile.name} ({profile.authority})")


def _embedder(settings: Settings) -> Check:
    from assistant.index.embedder import make_embedder

    try:
        embedder = make_embedder(settings)
        embedder.embed(["ready"])
    except OkrError as error:
        return Check(name="Embedding model", state="broken", detail=str(error))
    return Check(name="Embedding model", state="ok", detail=embedder.name)


def _index(settings: Settings) -> Check:
    from assistant.index import Index

    try:
        with Index.open(settings, writable=False) as index:
            organisation = index.organisation()
    except OkrError as error:
        return Check(name="Index", state="broken", detail=str(error))
    return Check(
        name="Index",
        state="ok",
        detail=f"{organisation.name} in '{settings.home}': {len(organisation.teams)} teams, "
        f"{len(organisation.objectives)} objectives, {len(organisation.documents)} documents",
    )


def _corpus(settings: Settings) -> Check:
    if settings.corpus.is_dir():
        return Check(name="Corpus", state="ok", detail=f"folder '{settings.corpus}'")
    return Check(
        name="Corpus",
        state="off",
        detail=f"there is no folder '{settings.corpus}' here; name yours with OKR_CORPUS "
        "or `okr index FOLDER`",
    )


def _llm(settings: Settings, ask: bool) -> Iterator[Check]:
    from assistant.llm.client import LlmClient

    if not settings.llm_configured:
        yield Check(
            name=_LLM,
            state="off",
            detail="none is configured; set OKR_LLM_BASE_URL and OKR_LLM_MODEL for a critique",
        )
        return
    try:
        client = LlmClient.from_settings(settings)
        if ask:
            yield from _found_out(client, settings)
        else:
            yield _reached(client, settings)
    except OkrError as error:
        yield Check(name=_LLM, state="broken", detail=str(error))


def _reached(client: LlmClient, settings: Settings) -> Check:
    import socket
    from urllib.parse import urlsplit

    from assistant.llm.ability import known, strategy_of

    url = client.endpoint.url
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=_PATIENCE).close()
    except OSError as error:
        detail = f"nothing answers at {url} ({error.strerror or error}); start the server, or correct OKR_LLM_BASE_URL"
        return Check(name=_LLM, state="broken", detail=detail)
    more = "--llm finds out what it can do"
    if known(client):
        more = f"asked in the {strategy_of(settings, client)} way; --llm looks again"
    return Check(name=_LLM, state="ok", detail=f"{client.model} at {url} is reachable ({more})")


def _found_out(client: LlmClient, settings: Settings) -> Iterator[Check]:
    from assistant.llm.ability import find_out

    found = find_out(client)
    called = "" if found.model == client.model else f" and calls itself {found.model}"
    yield Check(
        name=_LLM, state="ok", detail=f"{client.model} at {client.endpoint.url} answers{called}"
    )
    yield _forms(found)
    yield _speed(found)
    yield _price(client)
    yield _judgement(found, settings)


def _forms(found: Ability) -> Check:
    """How it can be asked; without any way to get JSON nothing else helps."""
    if not found.methods:
        detail = "no JSON comes, however it is asked; use another model or endpoint"
        return Check(name="Its answers", state="broken", detail=detail)
    ways = {"json_schema": "by JSON schema", "tool": "by tool call", "plain": "when told in words"}
    can = [
        "piece by piece" if found.streams else "in one piece, since it does not stream",
        f"JSON {', '.join(ways[method] for method in found.methods)}",
        "with the probabilities of words" if found.logprobs else "without probabilities of words",
        "tokens counted" if found.counts else "tokens not counted",
    ]
    return Check(name="Its answers", state="ok", detail="; ".join(can))


def _speed(found: Ability) -> Check:
    first, speed = found.first_token_seconds, found.tokens_per_second
    parts = [
        f"{first:.1f} s to the first words" if first is not None else "no words came",
        f"{speed:.0f} tokens a second" if speed else "tokens a second are unknown",
    ]
    return Check(name="Its speed", state="ok", detail=", then ".join(parts))


def _price(client: LlmClient) -> Check:
    name, price = "Its price", client.price
    if price is None:
        detail = (
            "cost unknown; okr.toml can say it: llm_price_input and llm_price_output, US dollars "
            "for a million tokens"
        )
        return Check(name=name, state="off", detail=detail)
    source = f"listed on {price.as_of}; check it yourself" if price.as_of else "from your settings"
    return Check(
        name=name,
        state="ok",
        detail=f"{price.input:g} US dollars for a million tokens read, {price.output:g} for a "
        f"million written ({source})",
    )


def _judgement(found: Ability, settings: Settings) -> Check:
    critique = "the small critique is right" if found.critique else "the small critique is not"
    done = f"{found.right} of {found.of} easy questions right, {critique}"
    ways = {
        "full": "it can be asked for whole critiques (llm_strategy full)",
        "narrow": "it is asked narrow questions rather than for whole critiques "
        "(llm_strategy narrow)",
    }
    chosen = settings.llm_strategy
    if chosen in {"auto", found.strategy}:
        return Check(name="Its judgement", state="ok", detail=f"{done}: {ways[found.strategy]}")
    detail = f"{done}: llm_strategy {found.strategy} would suit it, and your settings say {chosen}"
    return Check(name="Its judgement", state="ok", detail=detail)


def _cache(settings: Settings) -> Check:
    from assistant.llm.cache import FILE, size

    name, path = "Kept answers", settings.home / FILE
    taken = size(settings.home)
    if taken is None:
        return Check(name=name, state="off", detail=f"there are none in '{path}'")
    held = f"{taken / _MB:.1f} MB in '{path}', which may be deleted at any time"
    if settings.llm_cache:
        return Check(name=name, state="ok", detail=held)
    return Check(name=name, state="off", detail=f"{held}; OKR_LLM_CACHE=false adds none")
