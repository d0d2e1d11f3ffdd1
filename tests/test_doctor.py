"""What the doctor says of each part."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.doctor import Check, examine
from assistant.settings import Settings


def checks(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(settings)}


def test_a_healthy_place(little_home: Path, workplace: Path) -> None:
    found = checks(Settings(home=little_home))
    assert found["Index"].state == found["Embedding model"].state == "ok"
    assert "Fernhill" in found["Index"].detail
    assert found["Language model"].state == "off"
    assert found["Corpus"].state == "off"


def test_a_missing_index_is_broken(workplace: Path) -> None:
    found = checks(Settings(home=workplace / "none"))["Index"]
    assert found.state == "broken"
    assert "Run `okr index FOLDER` first." in found.detail


@pytest.mark.parametrize("listening", [True, False])
def test_an_endpoint_is_tried(workplace: Path, listening: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if not listening:
            server.close()
        url = f"http://127.0.0.1:{port}/v1"
        found = checks(Settings(llm_base_url=url, llm_model="m"))["Language model"]
    assert found.state == ("ok" if listening else "broken")
    assert url in found.detail
