"""A tool: a function with typed arguments and a typed answer, and what is known about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from assistant.errors import InputError
from assistant.scan import Tell

if TYPE_CHECKING:
    from assistant.people import Permission
    from assistant.web.scanning import Scanner
    from assistant.web.services import Services

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


@dataclass(frozen=True)
class Asker:
    """Who asks, and with what the answer is found.

    Attributes:
        services: as far as this person may see them.
        scanner: runs scans, for everybody.
        tell: hears what is done; raises to stop it.
    """

    services: Services
    scanner: Scanner
    tell: Tell


@dataclass(frozen=True)
class Tool:
    """Something that a program can ask for.

    Attributes:
        function: takes an :class:`Asker`, then the arguments; returns the answer. Its name, its
            docstring and its annotations are what others read about the tool.
        title: its name for people.
        permission: what somebody must be permitted to ask it.
        keeps: whether something of the outcome is kept on the server.
        quotes: whether the answer holds texts that teams or documents wrote.
    """

    function: Callable[..., BaseModel]
    title: str
    permission: Permission = "review"
    keeps: bool = False
    quotes: bool = True

    @property
    def name(self) -> str:
        """What it is called by."""
        return self.function.__name__

    @property
    def description(self) -> str:
        """What it is for, when to use it and when not, what comes back; a line a paragraph."""
        paragraphs = (inspect.getdoc(self.function) or "").split("\n\n")
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The arguments; wrong types and unknown names are refused."""
        hints = get_type_hints(self.function, include_extras=True)
        parameters = list(inspect.signature(self.function).parameters.values())[1:]
        fields: dict[str, Any] = {
            item.name: (
                hints[item.name],
                ... if item.default is inspect.Parameter.empty else item.default,
            )
            for item in parameters
        }
        return create_model(self.name, __config__=_STRICT, **fields)

    @cached_property
    def answer(self) -> type[BaseModel]:
        """The type of the answer."""
        found: type[BaseModel] = get_type_hints(self.function)["return"]
        return found

    def call(self, asker: Asker, given: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for it.

        Args:
            asker: who asks.
            given: the arguments, as JSON has them.

        Returns:
            The answer as JSON has it.

        Raises:
            OkrError: it cannot be answered, is not permitted, or an argument is wrong; the
                message says why.
        """
        asker.services.require(self.permission)
        arguments = self._read(given)
        answer = self.function(
            asker, **{name: getattr(arguments, name) for name in self.arguments.model_fields}
        )
        return answer.model_dump(mode="json")

    def _read(self, given: Mapping[str, Any]) -> BaseModel:
        try:
            return self.arguments.model_validate(dict(given))
        except ValidationError as error:
            raise InputError(" ".join(self._wrong(dict(item)) for item in error.errors())) from None

    def _wrong(self, error: dict[str, Any]) -> str:
        name = error["loc"][0]
        if error["type"] == "extra_forbidden":
            there = ", ".join(self.arguments.model_fields)
            return f"{self.name} has no argument {str(name)[:50]!r}. There are: {there}."
        if error["type"] == "missing":
            return f"{self.name} needs the argument {name!r}."
        return f"The argument {name!r} of {self.name} is wrong: {error['msg']}."
