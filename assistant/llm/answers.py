"""What comes back from a language model, and how it is read. Pure."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from pydantic import ValidationError

from assistant.llm import faults
from assistant.llm.dialect import Method
from assistant.llm.faults import Endpoint, Unreadable
from assistant.llm.shapes import Answered, read_answer, without_thoughts

Likely = tuple[str, Mapping[str, float]]
"""A token, and the likeliest tokens in its place with their log-probabilities."""


@dataclass(frozen=True)
class Answer(Generic[Answered]):
    """What came back.

    Attributes:
        parsed: the answer, or why it cannot be used.
        text: what the model wrote.
        model: its name as the endpoint gives it.
        method: how JSON was asked for.
        seconds: from asking to the end, retries included, waiting for one's turn left out.
        first_token_seconds: from asking to the first piece of text; None if there was none.
        input_tokens: as the endpoint counts them; None if it does not say; 0 if cached.
        output_tokens: likewise.
        calls: requests that were sent.
        cost: in US dollars; None if the price or the tokens are unknown; 0 if cached.
        cached: whether it was kept from an earlier call, and nothing was sent.
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
    cost: float | None = None
    cached: bool = False


@dataclass(frozen=True)
class Choice:
    """Which of a few answers a model gives, and how sure it is.

    Attributes:
        probabilities: by option, in their order; they add up to 1.
        covered: the probability that fell on the options together, before they were made to
            add up to 1; a low one says that the model wanted to say something else.
        from_logprobs: whether they are the model's own probabilities. Otherwise they are 1 for
            what it said and 0 for the rest, and ``covered`` is 1.
        text: what it wrote.
        model: its name as the endpoint gives it.
        calls: requests that were sent.
        input_tokens: as the endpoint counts them; None if it does not say; 0 if cached.
        output_tokens: likewise.
        seconds: from asking to the end, retries included, waiting for one's turn left out.
        cost: in US dollars; None if the price or the tokens are unknown; 0 if cached.
        cached: whether it was kept from an earlier call, and nothing was sent.
    """

    probabilities: Mapping[str, float]
    covered: float
    from_logprobs: bool
    text: str
    model: str
    calls: int
    input_tokens: int | None
    output_tokens: int | None
    seconds: float
    cost: float | None = None
    cached: bool = False

    @property
    def tokens(self) -> int | None:
        """Read and written together; None if unknown."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return self.input_tokens + self.output_tokens

    @property
    def best(self) -> str:
        """The likeliest option."""
        return max(self.probabilities, key=lambda option: self.probabilities[option])


@dataclass(frozen=True)
class Piece:
    """A part of an answer as it arrives."""

    text: str = ""
    finish: str = ""
    model: str = ""
    refusal: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    likely: tuple[Likely, ...] = ()


@dataclass(frozen=True)
class Kept:
    """The part of an answer that is worth keeping."""

    text: str
    model: str
    method: Method
    finish: str
    likely: tuple[tuple[str, dict[str, float]], ...]


@dataclass
class Heard:
    """What has arrived so far.

    Attributes:
        calls: requests that were sent.
        retries: those of them that repeated one that failed.
        seconds: from asking to the end.
        cost: in US dollars, as far as it is known.
        cached: whether it was kept from an earlier call.
    """

    started: float = field(default_factory=time.perf_counter)
    method: Method = "json_schema"
    pieces: list[str] = field(default_factory=list)
    likely: list[Likely] = field(default_factory=list)
    characters: int = 0
    refusal: str = ""
    finish: str = ""
    model: str = ""
    counts: list[tuple[int | None, int | None]] = field(default_factory=list)
    first: float | None = None
    calls: int = 0
    retries: int = 0
    seconds: float = 0.0
    cost: float | None = None
    cached: bool = False

    @classmethod
    def kept(cls, kept: Kept) -> Heard:
        """An answer from earlier, which takes nothing now."""
        return cls(
            method=kept.method,
            pieces=[kept.text],
            likely=list(kept.likely),
            finish=kept.finish,
            model=kept.model,
            counts=[(0, 0)],
            cost=0.0,
            cached=True,
        )

    @property
    def text(self) -> str:
        """What the model wrote."""
        return "".join(self.pieces)

    @property
    def input_tokens(self) -> int | None:
        """What the model read; None if the endpoint did not count a part of it."""
        return _sum([read for read, _ in self.counts])

    @property
    def output_tokens(self) -> int | None:
        """What the model wrote; None if the endpoint did not count a part of it."""
        return _sum([written for _, written in self.counts])

    @property
    def last_tokens(self) -> int | None:
        """How long the last answer was."""
        return self.counts[-1][1] if self.counts else None

    @property
    def first_seconds(self) -> float | None:
        """From asking to the first piece of text."""
        return self.first - self.started if self.first else None

    def begin(self) -> None:
        """A request is sent: forget what an earlier one said, not what it took."""
        self.calls += 1
        self.pieces, self.likely, self.characters = [], [], 0
        self.refusal = self.finish = ""
        self.counts.append((None, None))

    def take(self, piece: Piece) -> None:
        """Note one piece."""
        self.finish = piece.finish or self.finish
        self.model = piece.model or self.model
        self.refusal += piece.refusal
        self.likely += piece.likely
        if piece.input_tokens is not None:
            self.counts[-1] = (piece.input_tokens, piece.output_tokens)
        if piece.text:
            self.first = self.first or time.perf_counter()
            self.pieces.append(piece.text)
            self.characters += len(piece.text)

    def fail(self) -> None:
        """The request failed; one without an answer takes no tokens."""
        if not self.pieces:
            self.counts.pop()

    def to_keep(self) -> Kept:
        """What a later call with the same request may get."""
        likely = tuple((token, dict(others)) for token, others in self.likely)
        return Kept(self.text, self.model, self.method, self.finish, likely)


def read_object(heard: Heard, schema: type[Answered], to: Endpoint) -> Answered | Unreadable:
    """Read a structured answer, or say why it cannot be read."""
    if cut := _cut_short(heard, to):
        return cut
    text = heard.text
    try:
        return read_answer(text, schema)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        return faults.mismatch(to, f"{place}: {first['msg'].lower()}")
    except ValueError:
        unlike = faults.malformed if text.lstrip().startswith("{") else faults.prose
        return unlike(to, faults.clean(text))


def read_choice(heard: Heard, options: Sequence[str], to: Endpoint) -> Choice | Unreadable:
    """Read which of the options was chosen, or say why that cannot be told.

    Args:
        heard: what came.
        options: words that differ from each other in more than case and punctuation.
        to: who said it.
    """
    text = without_thoughts(heard.text).strip()
    if heard.finish == "length" and not text:
        return faults.truncated(to, heard.last_tokens)
    if heard.finish != "length" and (cut := _cut_short(heard, to)):
        return cut
    weights = _weights(heard.likely, text, options)
    covered = math.fsum(weights.values())
    from_logprobs = covered > 0
    if not from_logprobs:
        said = _named(text, options)
        if said is None:
            return faults.undecided(to, options, faults.clean(text))
        weights, covered = {option: float(option == said) for option in options}, 1.0
    return Choice(
        probabilities={option: weight / covered for option, weight in weights.items()},
        covered=min(covered, 1.0),
        from_logprobs=from_logprobs,
        text=heard.text,
        model=heard.model or to.model,
        calls=heard.calls,
        input_tokens=heard.input_tokens,
        output_tokens=heard.output_tokens,
        seconds=heard.seconds,
        cost=heard.cost,
        cached=heard.cached,
    )


def _weights(likely: Sequence[Likely], text: str, options: Sequence[str]) -> dict[str, float]:
    """The probability of each option as the first word of the answer; 0 where it is not told."""
    weights = dict.fromkeys(options, 0.0)
    known = {_bare(option): option for option in options}
    for token, logprob in _first_word(likely, text).items():
        bare = _bare(token)
        fitting = [bare] if bare in known else [item for item in known if item.startswith(bare)]
        if bare and len(fitting) == 1:
            weights[known[fitting[0]]] += math.exp(logprob)
    return weights


def _first_word(likely: Sequence[Likely], text: str) -> Mapping[str, float]:
    """What might have stood in place of the first word of the answer, thoughts passed over."""
    written = "".join(token for token, _ in likely)
    start, place = written.rfind(text), 0
    for token, alternatives in likely:
        place += len(token)
        if place > start >= 0 and _bare(token):
            return alternatives
    return {}


def _named(text: str, options: Sequence[str]) -> str | None:
    """The one option that the words name, or begin with."""
    words = _spaced(text)
    named = [option for option in options if _spaced(option) in words]
    if len(named) > 1:
        named = [option for option in named if words.startswith(_spaced(option))]
    return named[0] if len(named) == 1 else None


def _spaced(text: str) -> str:
    """The words alone, each between two blanks."""
    words = re.findall(r"\w+", text.casefold())
    return f" {' '.join(words)} "


def _bare(token: str) -> str:
    """A token without the marks that tokenisers put before a word, case and punctuation."""
    return "".join(c for c in token.removeprefix("Ġ").casefold() if c.isalnum())


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def _cut_short(heard: Heard, to: Endpoint) -> Unreadable | None:
    if heard.finish == "endless":
        return faults.endless(to, heard.characters)
    if heard.finish == "length":
        return faults.truncated(to, heard.last_tokens)
    if heard.refusal or heard.finish == "content_filter":
        return faults.declined(to, faults.clean(heard.refusal))
    return None if heard.text.strip() else faults.empty(to)
