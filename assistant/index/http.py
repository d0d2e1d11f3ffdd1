"""Embeddings from any endpoint that speaks the protocol of OpenAI's ``/v1/embeddings``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelUnavailable
from assistant.index.embedder import Progress, encodable

if TYPE_CHECKING:
    from pydantic import SecretStr

    from assistant.index.embedder import Vectors

_BATCH = 64
_SECONDS = 60.0
_PAUSES = (0.5, 2.0)
"""Seconds before the second and the third try."""

_ADVICE = {
    401: "Set OKR_EMBEDDING_API_KEY to a valid key.",
    403: "Set OKR_EMBEDDING_API_KEY to a key that may use this model.",
    404: "Check OKR_EMBEDDING_BASE_URL (it usually ends in /v1) and OKR_EMBEDDING_MODEL.",
    429: "It is asked too often or its quota is used up; try again later.",
}
_BUSY = frozenset({408, 429, 500, 502, 503, 504})


class HttpEmbedder:
    """Embeds by asking an endpoint.

    Args:
        base_url: address of the endpoint, for example ``http://localhost:8080/v1``.
        model: the name that the endpoint knows.
        api_key: sent as bearer token, if given.
    """

    def __init__(self, base_url: str, model: str, api_key: SecretStr | None = None) -> None:
        self._url = base_url.rstrip("/").removesuffix("/embeddings") + "/embeddings"
        self._model = model
        self._key = api_key
        self._dimensions: int | None = None

    @property
    def name(self) -> str:
        """The model and its address; what the endpoint has loaded cannot be told from outside."""
        return f"http:{self._model}@{self._url.removesuffix('/embeddings')}"

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; the first time, this asks the endpoint."""
        if self._dimensions is None:
            self.embed(["dimensions"])
        return self._dimensions or 0

    def warm(self) -> None:
        """There is nothing to load."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """See :class:`assistant.index.embedder.Embedder`."""
        import numpy as np

        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        parts = []
        for start in range(0, len(texts), _BATCH):
            chunk = [encodable(text) for text in texts[start : start + _BATCH]]
            parts.append(self._normalised(self._ask(chunk), len(chunk)))
            if progress:
                progress(start + len(chunk), len(texts))
        return np.concatenate(parts)

    def _ask(self, texts: list[str]) -> Any:
        import httpx

        headers = {"Authorization": f"Bearer {self._key.get_secret_value()}"} if self._key else {}
        body = {"model": self._model, "input": texts, "encoding_format": "float"}
        for pause in (*_PAUSES, None):
            try:
                answer = httpx.post(self._url, json=body, headers=headers, timeout=_SECONDS)
            except httpx.InvalidURL as error:
                raise self._unusable(f"is not a valid address ({error})") from None
            except httpx.UnsupportedProtocol:
                raise self._unusable(
                    "is not an address that starts with http:// or https://"
                ) from None
            except httpx.TransportError as error:
                if pause is None:
                    raise self._unusable(f"cannot be reached ({_reason(error)})") from None
                time.sleep(pause)
                continue
            if answer.status_code not in _BUSY or pause is None:
                return self._content(answer)
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _content(self, answer: Any) -> Any:
        if answer.is_error:
            advice = _ADVICE.get(answer.status_code, "Look into the log of the endpoint.")
            raise ModelUnavailable(
                f"The embedding endpoint {self._url} refused the model '{self._model}' with "
                f"status {answer.status_code}. {advice}"
            )
        try:
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            return [row["embedding"] for row in rows]
        except (ValueError, KeyError, TypeError):
            raise self._unusable("answered with something else than embeddings") from None

    def _normalised(self, rows: Any, expected: int) -> Vectors:
        import numpy as np

        try:
            vectors = np.array(rows, dtype=np.float32)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        except (ValueError, TypeError):
            raise self._unusable("answered with something else than embeddings") from None
        if vectors.shape[0] != expected:
            raise self._unusable(f"answered {expected} texts with {vectors.shape[0]} embeddings")
        if not np.isfinite(lengths).all() or not (lengths > 0).all():
            raise self._unusable("answered with embeddings that are zero or not finite")
        if self._dimensions not in (None, vectors.shape[1]):
            raise self._unusable("changed the length of its embeddings between two answers")
        self._dimensions = vectors.shape[1]
        normal: Vectors = vectors / lengths
        return normal

    def _unusable(self, what: str) -> ModelUnavailable:
        return ModelUnavailable(
            f"The embedding endpoint {self._url} {what}. "
            "Check OKR_EMBEDDING_BASE_URL and that the server is running."
        )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
