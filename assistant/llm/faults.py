"""What can go wrong between us and a language model, each as a sentence that helps.

Pure: nothing here knows a vendor or opens a connection.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from assistant.errors import LlmError

Kind = Literal[
    "refused",
    "unreachable",
    "broken",
    "key",
    "forbidden",
    "model",
    "rejected",
    "overlong",
    "quota",
    "busy",
    "server",
    "redirect",
    "slow",
    "foreign",
    "truncated",
    "empty",
    "declined",
    "prose",
    "malformed",
    "mismatch",
    "undecided",
    "budget",
    "resting",
    "offline",
]

_SAID_LONGEST = 200
_CONTEXT = re.compile(
    r"context[ _-]?(?:length|size|window)|prompt is too long|too many tokens|maximum context",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing|credit", re.IGNORECASE)
_SECRET = re.compile(r"\b(?:bearer\s+|sk-|key[-_=:]\s*)[^\s,;\"'}]{4,}", re.IGNORECASE)


class Fault(LlmError):
    """A call that failed.

    Attributes:
        kind: which failure, for code that wants to tell them apart.
        why: what is wrong, without a full stop at its end.
        how: what to do about it, in one or two sentences.
        again: whether the same call may succeed if repeated.
        wait: seconds that the endpoint asks to wait, if it does.
        said: the endpoint's own words, without secrets.
        calls: requests that were sent before it was given up.
    """

    def __init__(
        self,
        kind: Kind,
        why: str,
        how: str,
        *,
        again: bool = False,
        wait: float | None = None,
        said: str = "",
    ) -> None:
        self.why = why.removesuffix(".")
        super().__init__(f"{self.why}. {how}")
        self.kind = kind
        self.how = how
        self.again = again
        self.wait = wait
        self.said = said
        self.calls = 0


class Unreadable(Fault):
    """An answer that came and cannot be used. It is never taken for "nothing to remark"."""


@dataclass(frozen=True)
class Endpoint:
    """Whom we speak to, as far as an error message may tell.

    Attributes:
        url: the base URL without user, password, query and fragment.
        model: the name that the endpoint is asked for.
        keyed: whether a key is sent.
        seconds: the time limit of one call.
        tokens: the longest answer that is asked for.
    """

    url: str
    model: str
    keyed: bool
    seconds: float
    tokens: int


def shown_url(url: str) -> str:
    """The URL without user, password, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def clean(said: str, secrets: tuple[str, ...] = ()) -> str:
    """The endpoint's words on one short line, with nothing secret in them."""
    for secret in secrets:
        if secret:
            said = said.replace(secret, "***")
    line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
    line = _SECRET.sub("***", line)
    return line if len(line) <= _SAID_LONGEST else f"{line[: _SAID_LONGEST - 1].rstrip()}…"


def refused(to: Endpoint) -> Fault:
    """Nobody listens at the address."""
    return Fault(
        "refused",
        f"Nothing answers at {to.url} (connection refused).",
        "Start the server, or correct OKR_LLM_BASE_URL.",
    )


def unreachable(to: Endpoint, reason: str) -> Fault:
    """The name, the route or the certificate is wrong."""
    return Fault(
        "unreachable",
        f"{to.url} cannot be reached: {reason}.",
        "Check OKR_LLM_BASE_URL, the network and the proxy settings.",
        said=reason,
    )


def broken(to: Endpoint) -> Fault:
    """The connection ended in the middle."""
    return Fault(
        "broken",
        f"{to.url} broke off the connection.",
        "Try again; if it stays so, look at the log of the server.",
        again=True,
    )


def slow(to: Endpoint, *, begun: bool) -> Fault:
    """The time limit passed. ``begun``: whether a part of the answer had come."""
    state = "did not finish its answer" if begun else "did not begin to answer"
    return Fault(
        "slow",
        f"{to.url} {state} within {to.seconds:g} seconds.",
        "Raise OKR_LLM_TIMEOUT, or use a faster model.",
    )


def foreign(to: Endpoint) -> Fault:
    """It answers, in another protocol."""
    return Fault(
        "foreign",
        f"{to.url} answers, but not as an OpenAI-compatible endpoint does.",
        "Check OKR_LLM_BASE_URL; most endpoints want it to end in /v1.",
    )


def from_status(to: Endpoint, status: int, said: str, wait: float | None = None) -> Fault:
    """The endpoint answered with an HTTP error.

    Args:
        to: whom we asked.
        status: the HTTP status, 300 to 599.
        said: the endpoint's own words, already cleaned.
        wait: seconds that it asks to wait.
    """
    if status in _BY_STATUS:
        return _BY_STATUS[status](to, said, wait)
    if status >= 500:  # noqa: PLR2004
        return _server(to, status, said, wait)
    if status < 400:  # noqa: PLR2004
        return Fault(
            "redirect",
            f"{to.url} sends us elsewhere ({status}), and a draft goes only where you said.",
            "Set OKR_LLM_BASE_URL to the final address.",
        )
    return _bad_request(to, status, said)


def too_long_to_wait(fault: Fault, to: Endpoint) -> Fault:
    """The endpoint wants us to wait beyond the time limit."""
    return Fault(
        fault.kind,
        f"{to.url} asks to wait {fault.wait:g} seconds, "
        f"which the limit of {to.seconds:g} seconds does not allow.",
        "Try again after that time, or raise OKR_LLM_TIMEOUT.",
        said=fault.said,
    )


def given_up(fault: Fault, tries: int) -> Fault:
    """The same fault, saying how often it was tried."""
    why = f"{fault.why}. It was tried {tries} times"
    return Fault(fault.kind, why, fault.how, said=fault.said)


def over_budget(passed: str, how: str = "Allow more, or ask about less at a time.") -> Fault:
    """A limit that was set for several calls together does not allow another one.

    Args:
        passed: which limit, as a part of a sentence.
        how: what to do about it.
    """
    why = f"No further question was sent to the language model: {passed}."
    return Fault("budget", why, how, said=passed)


def out_of_time(seconds: float) -> Fault:
    """The time for several calls together is over."""
    return Fault(
        "budget",
        f"The language model was given no more time: the {seconds:g} s for all its answers "
        "together have passed.",
        "Allow more time (OKR_LLM_REVIEW_SECONDS for a review), or use a faster model.",
    )


def resting(to: Endpoint, last: str, seconds: int) -> Fault:
    """The endpoint failed several times in a row and is not asked for a while.

    Args:
        to: whom we leave alone.
        last: what was wrong the last time.
        seconds: how much longer, about.
    """
    return Fault(
        "resting",
        f"{to.url} is left alone for {seconds} seconds because it failed several times in a row; "
        f"the last time: {last}.",
        "Mend that, or review again later.",
    )


def truncated(to: Endpoint, tokens: int | None) -> Unreadable:
    """The answer was cut off. ``tokens``: how long it was, if reported."""
    at = to.tokens if tokens is None else tokens
    if at < to.tokens:
        how = "The context of the model is full: use a model or a server setting with a larger one."
    else:
        how = "Raise OKR_LLM_MAX_TOKENS."
    return Unreadable(
        "truncated", f"The answer of the model {to.model!r} was cut off at {at} tokens.", how
    )


def endless(to: Endpoint, characters: int) -> Unreadable:
    """The answer went on beyond every limit."""
    return Unreadable(
        "truncated",
        f"The answer of the model {to.model!r} was given up after {characters} characters.",
        "The endpoint does not keep to OKR_LLM_MAX_TOKENS; use another model or endpoint.",
    )


def empty(to: Endpoint) -> Unreadable:
    """The model said nothing."""
    return Unreadable(
        "empty",
        f"The model {to.model!r} gave an empty answer.",
        "Try again, or use another model.",
    )


def declined(to: Endpoint, said: str) -> Unreadable:
    """The model or a filter in front of it refused."""
    words = f": {said!r}" if said else ""
    return Unreadable(
        "declined",
        f"The model {to.model!r} declined to review this draft{words}.",
        "Look for wording in the draft or the sources that a content filter may object to.",
        said=said,
    )


def prose(to: Endpoint, said: str) -> Unreadable:
    """The model answered in sentences."""
    return Unreadable(
        "prose",
        f"The model {to.model!r} answered in prose instead of JSON: {said!r}.",
        "Use a model that can follow a format, or an endpoint that can enforce one.",
        said=said,
    )


def malformed(to: Endpoint, said: str) -> Unreadable:
    """JSON was begun and does not hold together."""
    return Unreadable(
        "malformed",
        f"The model {to.model!r} answered with broken JSON: {said!r}.",
        "Try again, or use an endpoint that can enforce a format.",
        said=said,
    )


def mismatch(to: Endpoint, reason: str) -> Unreadable:
    """JSON came, of another shape than asked for."""
    return Unreadable(
        "mismatch",
        f"The model {to.model!r} answered with JSON of another shape: {reason}.",
        "Use a model that can follow a format, or an endpoint that can enforce one.",
        said=reason,
    )


def undecided(to: Endpoint, options: Sequence[str], said: str) -> Unreadable:
    """A question with given answers got none of them."""
    named = " nor ".join(repr(item) for item in options)
    return Unreadable(
        "undecided",
        f"The model {to.model!r} answered neither {named}: {said!r}.",
        "Use a model that can follow an instruction.",
        said=said,
    )


def _bad_request(to: Endpoint, status: int, said: str) -> Fault:
    if _CONTEXT.search(said):
        return Fault(
            "overlong",
            f"The draft with its context is too long for the model {to.model!r} "
            f"at {to.url}.{_words(said)}",
            "Use a model or a server setting with a larger context.",
            said=said,
        )
    return Fault(
        "rejected",
        f"{to.url} refused the request ({status}).{_words(said)}",
        "Check that it is an OpenAI-compatible chat endpoint and that the model can chat.",
        said=said,
    )


def _server(to: Endpoint, status: int, said: str, wait: float | None) -> Fault:
    return Fault(
        "server",
        f"{to.url} failed on its side ({status}).{_words(said)}",
        "Try again later, or look at the log of the server.",
        again=True,
        wait=wait,
        said=said,
    )


def _key(to: Endpoint, _said: str, _wait: float | None) -> Fault:
    if to.keyed:
        return Fault("key", f"{to.url} refused the key (401).", "Check OKR_LLM_API_KEY.")
    return Fault("key", f"{to.url} wants a key (401).", "Set OKR_LLM_API_KEY.")


def _forbidden(to: Endpoint, _said: str, _wait: float | None) -> Fault:
    return Fault(
        "forbidden",
        f"{to.url} does not allow this use of the model {to.model!r} (403).",
        "Check what OKR_LLM_API_KEY may do, or choose another OKR_LLM_MODEL.",
    )


def _unknown_model(to: Endpoint, said: str, _wait: float | None) -> Fault:
    return Fault(
        "model",
        f"{to.url} does not know the model {to.model!r}, or is not the base URL (404)."
        f"{_words(said)}",
        "Check OKR_LLM_MODEL, and that OKR_LLM_BASE_URL ends where the endpoint wants it, "
        "mostly in /v1.",
        said=said,
    )


def _busy(to: Endpoint, said: str, wait: float | None) -> Fault:
    if _QUOTA.search(said):
        return Fault(
            "quota",
            f"{to.url} says that the quota of this key is used up (429).",
            "Add credit there, or use another key or endpoint.",
            said=said,
        )
    return Fault(
        "busy",
        f"{to.url} takes no more requests at the moment (429).",
        "Wait a minute and try again.",
        again=True,
        wait=wait,
        said=said,
    )


def _words(said: str) -> str:
    return f" It says: {said!r}." if said else ""


_BY_STATUS = {401: _key, 403: _forbidden, 404: _unknown_model, 429: _busy}
