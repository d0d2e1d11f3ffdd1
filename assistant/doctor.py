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
    from assistant.critique.llm import LlmClient
    from assistant.settings import Settings

_PATIENCE = 2.0
"""Seconds to wait for the endpoint to accept a connection."""

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
        ask_llm: also send the endpoint one short request.
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
    yield _llm(settings, ask_llm)


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


def _llm(settings: Settings, ask: bool) -> Check:
    from assistant.critique.llm import LlmClient

    name = "Language model"
    if not settings.llm_configured:
        return Check(
            name=name,
            state="off",
            detail="none is configured; set OKR_LLM_BASE_URL and OKR_LLM_MODEL for a critique",
        )
    try:
        client = LlmClient.from_settings(settings)
        where = f"{settings.llm_model} at {client.endpoint.url}"
        if not ask:
            return _reached(client.endpoint.url, name, where)
        return _asked(client, name, where)
    except OkrError as error:
        return Check(name=name, state="broken", detail=str(error))


def _reached(url: str, name: str, where: str) -> Check:
    import socket
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=_PATIENCE).close()
    except OSError as error:
        detail = f"nothing answers at {url} ({error.strerror or error}); start the server, or correct OKR_LLM_BASE_URL"
        return Check(name=name, state="broken", detail=detail)
    return Check(name=name, state="ok", detail=f"{where} is reachable (--llm asks it one question)")


def _asked(client: LlmClient, name: str, where: str) -> Check:
    from assistant.critique.schema import Critique
    from assistant.prompts import Message

    question = Message(role="user", content='Answer with the JSON object {"findings": []}.')
    answer = client.ask([question], Critique)
    if not isinstance(answer.parsed, Critique):
        return Check(name=name, state="broken", detail=str(answer.parsed))
    return Check(
        name=name, state="ok", detail=f"{where} answered as asked in {answer.seconds:.1f} s"
    )
