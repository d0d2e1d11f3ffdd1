"""A language model for browser tests: a real server that says what is written here, when it may."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.endpoint import ScriptedEndpoint, fails, says, speaking

_TASKS = {
    "critique": "You name the few things",
    "follow-up": "you reconsider it with an open mind",
    "rewrite": "You help a team to reword one element",
}
"""Words of the prompts, by which a task is known."""


def remark(on: str, rule: str, quote: str, message: str, question: str = "What then?") -> Any:
    """A remark as the critic gives it."""
    said = {"on": on, "rule": rule, "quote": quote, "message": message, "question": question}
    return {**said, "citations": [], "confidence": 0.8}


@dataclass
class Coach:
    """Answers by task. One question at a time, or it would not know which it is asked.

    Attributes:
        remarks: by words of the objective that is asked about.
        verdict: on what the team answers.
        rewrites: other words.
        asked: the tasks, in their order.
        held: words of a prompt; what has them waits for ``go``.
        go: lets what is held go on.
        refuses: whether no question is answered.
    """

    url: str = ""
    remarks: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    verdict: Mapping[str, str] = field(default_factory=dict)
    rewrites: Sequence[Mapping[str, Any]] = ()
    asked: list[str] = field(default_factory=list)
    held: str = ""
    go: threading.Event = field(default_factory=threading.Event)
    refuses: bool = False

    def answer(self, asked: str) -> object:
        """What is said to one question."""
        task = next(name for name, words in _TASKS.items() if words in asked)
        self.asked.append(task)
        if self.held and self.held in asked:
            self.go.wait(30)
        if task == "follow-up":
            return self.verdict
        if task == "rewrite":
            return {"rewrites": self.rewrites}
        found = (said for words, said in self.remarks.items() if f"objective: {words}" in asked)
        return {"findings": next(found, ())}


@contextmanager
def coaching() -> Iterator[Coach]:
    """A coach at an address of its own."""
    coach = Coach()
    with speaking() as endpoint:
        coach.url = endpoint.url
        endpoint.will(_reply(coach, endpoint))
        yield coach
        coach.go.set()


def _reply(coach: Coach, endpoint: ScriptedEndpoint) -> Callable[[BaseHTTPRequestHandler], None]:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        if coach.refuses:
            fails(401)(handler)
            return
        asked = "\n".join(item["content"] for item in endpoint.requests[-1].body["messages"])
        says(json.dumps(coach.answer(asked)))(handler)

    return reply
