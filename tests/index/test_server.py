"""The vectors in a Chroma server, started for the test on this machine."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import IndexUnavailable
from assistant.index import Index
from assistant.index.scope import Scope
from assistant.models import Organisation
from assistant.settings import Settings

ALL = Scope(frozenset({"everyone", "leadership"}))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running Chroma server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = Path(sys.executable).with_name("chroma")
    folder = tmp_path_factory.mktemp("chroma")
    process = subprocess.Popen(
        [command, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the Chroma server did not start within 30 seconds")


def collections(url: str) -> set[str]:
    import chromadb

    client = chromadb.HttpClient(host="127.0.0.1", port=int(url.rsplit(":", 1)[1]))
    return {collection.name for collection in client.list_collections()}


def test_a_server_can_hold_the_vectors(
    server: str, tmp_path: Path, letters: Any, organisation: Organisation
) -> None:
    settings = Settings(home=tmp_path / "home", chroma_url=server)
    with Index.open(settings, writable=True, embedder=letters) as index:
        assert index.sync(organisation).added == 8
    with Index.open(settings, writable=False, embedder=letters) as index:
        query = letters.embed(["Tickets bought online from 30 % to 55 %"])
        ((best, cosine), *_) = index.nearest(query, ALL, 3)[0]
        place = index.summary().place
    assert (best, round(cosine, 3), place) == ("kr-online", 1.0, f"the Chroma server at {server}")
    assert [*(tmp_path / "home" / "index").glob("chroma-*")] == []


def test_two_organisations_can_share_a_server(
    server: str, tmp_path: Path, letters: Any, organisation: Organisation
) -> None:
    one = Settings(home=tmp_path / "one", chroma_url=server)
    other = Settings(home=tmp_path / "other", chroma_url=server)
    with Index.open(one, writable=True, embedder=letters) as index:
        index.sync(organisation)
    with Index.open(other, writable=True, embedder=letters) as index:
        index.sync(organisation.model_copy(update={"objectives": ()}))
        index.sync(Organisation())
    with Index.open(one, writable=False, embedder=letters) as index:
        assert len(index.nearest(letters.embed(["x"]), ALL, 20)[0]) == 8


def test_a_rebuild_removes_the_collection_before(
    server: str, tmp_path: Path, letters: Any, organisation: Organisation
) -> None:
    settings = Settings(home=tmp_path / "home", chroma_url=server)
    others = collections(server)
    with Index.open(settings, writable=True, embedder=letters) as index:
        index.sync(organisation)
    first = collections(server) - others
    with Index.open(settings, writable=True, embedder=letters, rebuild=True) as index:
        index.sync(organisation)
    second = collections(server) - others
    assert (len(first), len(second), first & second) == (1, 1, set())


def test_moving_the_vectors_into_the_folder(
    server: str, tmp_path: Path, letters: Any, organisation: Organisation
) -> None:
    home = tmp_path / "home"
    with Index.open(
        Settings(home=home, chroma_url=server), writable=True, embedder=letters
    ) as index:
        index.sync(organisation)
    with Index.open(Settings(home=home), writable=True, embedder=letters) as index:
        assert index.sync(organisation).added == 8
        assert index.summary().place == "its own folder"


def test_a_server_that_does_not_answer(
    tmp_path: Path, letters: Any, organisation: Organisation
) -> None:
    home = tmp_path / "home"
    with Index.open(Settings(home=home), writable=True, embedder=letters) as index:
        index.sync(organisation)
    settings = Settings(home=home, chroma_url="http://127.0.0.1:9")
    with (
        Index.open(settings, writable=True, embedder=letters) as index,
        pytest.raises(IndexUnavailable) as raised,
    ):
        index.sync(organisation)
    assert str(raised.value) == (
        "The Chroma server at http://127.0.0.1:9 cannot be reached (Could not connect to a Chroma "
        "server. Are you sure it is running?). Start it with `chroma run`, or unset OKR_CHROMA_URL "
        "to keep the vectors in a folder."
    )
    with Index.open(Settings(home=home), writable=False, embedder=letters) as index:
        assert index.vectors(["kr-late"]).shape == (1, 24)
