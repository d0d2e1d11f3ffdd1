"""Finds, checks and renders the prompts in prompts/.

A prompt is a file ``NAME.vN.md``: a YAML header between two lines of three dashes, then a Jinja2
template with a block ``system`` and a block ``user``. Every value that a template prints passes
through :func:`neutralise`, so no draft can close a fence or forge a chat marker, whoever writes
the template. Released prompts are frozen by hash in ``RELEASED.yaml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2s, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from assistant.errors import ConfigurationError
from assistant.language.injection import without_instructions
from assistant.models import Noun

if TYPE_CHECKING:
    from jinja2 import Template
    from jinja2.sandbox import SandboxedEnvironment

OUTPUTS = (
    "Critique",
    "Remarks",
    "SelfCheck",
    "Reconsideration",
    "Rewrites",
    "Summary",
    "DirectionJudgement",
    "PeerJudgement",
    "Choice",
)
"""The answers a prompt may ask for; ``assistant/critique/schema.py`` defines them, save ``Choice``,
one of a few words."""

RELEASED = "RELEASED.yaml"
STAND_INS = {"‹": "<", "⟦": "["}
"""What :func:`neutralise` writes, and what it stands for."""

_BLOCKS = ("system", "user")
_BUILT_IN = frozenset({"fence"})
_FILE = re.compile(r"^(?P<name>[a-z][a-z0-9-]*)\.v(?P<version>[1-9]\d*)\.md$")
_REFERENCE = re.compile(r"^(?P<name>[a-z][a-z0-9-]*)(?:(?:\.v|@v?)(?P<version>\d+))?$")
_PARTS = re.compile(r"\A---\n(?P<header>.*?\n)---\n(?P<template>.*)\Z", re.DOTALL)
_TAG = re.compile(r"[<＜﹤](?=[/\\|!?｜A-Za-z_])")
_MARKER = re.compile(r"[\[［](?=/?[A-Z][A-Z_ ]{2,}[\]］])")
_SMUGGLERS = range(0xE0100, 0xE01F0)


class Message(Noun):
    """One turn of what the model reads. ``origin``: the label of its prompt, for logs."""

    role: Literal["system", "user"]
    content: str
    origin: str = ""


class Prompt(Noun):
    """One version of one prompt.

    Attributes:
        inputs: the names that :func:`render` wants, all of them and no other.
        output: the answer that it asks for, one of :data:`OUTPUTS`.
        changes: what is different from the version before, and why.
        notes: which models it was tried on, and anything else worth knowing.
        digest: SHA-256 of the file, as in ``RELEASED.yaml``.
    """

    name: str
    version: int = Field(ge=1)
    inputs: tuple[str, ...]
    output: str
    changes: str
    notes: str = ""
    template: str = Field(repr=False)
    digest: str

    @property
    def id(self) -> str:
        """Name and version, such as ``critique.v1``."""
        return f"{self.name}.v{self.version}"

    @property
    def label(self) -> str:
        """The id with the first digits of the hash: what logs and reports carry."""
        return f"{self.id} {self.digest[:12]}"


class _Header(Noun):
    name: str
    version: int
    inputs: tuple[str, ...]
    output: str
    changes: str
    notes: str = ""


def folder() -> Path:
    """Where the prompts are: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    packed = package / "_prompts"
    return packed if packed.is_dir() else package.parent / "prompts"


def available(where: Path | None = None) -> tuple[str, ...]:
    """The ids of all prompts, sorted by name, then version."""
    found = (_FILE.match(path.name) for path in (where or folder()).glob("*.md"))
    keys = sorted((match["name"], int(match["version"])) for match in found if match)
    return tuple(f"{name}.v{version}" for name, version in keys)


def load(reference: str, where: Path | None = None) -> Prompt:
    """Read and check one prompt.

    Args:
        reference: ``critique`` for the latest version; ``critique.v1`` or ``critique@1``.
        where: the folder to look in, if not :func:`folder`.

    Raises:
        ConfigurationError: there is no such prompt, or its header and template disagree.
    """
    place = where or folder()
    wanted = _find(reference, place)
    path = place / f"{wanted}.md"
    try:
        text = path.read_bytes().decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{_shown(path)} cannot be read: {error}.") from None
    return _checked(text, path)


@lru_cache(maxsize=32)
def _checked(text: str, path: Path) -> Prompt:
    """The prompt in a text; checked once as long as it stays the same, since that takes a while."""
    prompt = _parse(text, path)
    if prompt.id != path.stem:
        raise ConfigurationError(f"{_shown(path)} calls itself {prompt.id!r} in its header.")
    for fault in _faults(prompt, path, text.count("\n") - prompt.template.count("\n")):
        raise ConfigurationError(fault)
    return prompt


def render(prompt: Prompt, *, nonce: str | None = None, **inputs: object) -> list[Message]:
    """Fill the template.

    Args:
        prompt: from :func:`load`.
        nonce: what the fences are called; unless given, a digest of all that the model reads, so
            that no text can name its own fence and the same inputs give the same prompt again.
        inputs: a value for each of ``prompt.inputs``.

    Returns:
        The system message and the user message.

    Raises:
        ConfigurationError: an input is missing, is one too many, or lacks a part.
    """
    _check_inputs(prompt, inputs)
    from jinja2 import TemplateError

    try:
        if nonce is None:
            nonce = _digest(_filled(prompt, inputs, ""))
        return _filled(prompt, inputs, nonce)
    except (TemplateError, TypeError) as error:
        raise ConfigurationError(f"Prompt {prompt.id!r} cannot be filled: {error}.") from None


def _filled(prompt: Prompt, inputs: dict[str, object], nonce: str) -> list[Message]:
    template = _compiled(prompt.template)
    values: dict[str, Any] = {**inputs, "fence": f"data-{nonce}"}
    context = template.new_context(values)
    return [
        Message(
            role=role,
            content="".join(template.blocks[role](context)).strip(),
            origin=prompt.label,
        )
        for role in ("system", "user")
    ]


def _digest(messages: list[Message]) -> str:
    read = "\x1f".join(message.content for message in messages)
    return blake2s(read.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()


def neutralise(text: str) -> str:
    """The text on one line, as data that no model can take for markup.

    Opening brackets of tags and chat markers become look-alikes (:data:`STAND_INS`), invisible
    and control characters vanish. Plain uses such as ``< 200 ms`` or ``[P0]`` stay.
    """
    seen = "".join(character for character in text if not is_hidden(character))
    seen = _MARKER.sub("⟦", _TAG.sub("‹", seen))
    return " ".join(seen.split())


def is_hidden(character: str) -> bool:
    """Whether a character says nothing to a human reader and may say something to a model."""
    if character.isspace():
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") or ord(character) in _SMUGGLERS


def released(where: Path | None = None) -> dict[str, str]:
    """The frozen prompts: id to SHA-256.

    Raises:
        ConfigurationError: ``RELEASED.yaml`` is missing or is not a list of hashes by id.
    """
    import yaml

    path = (where or folder()) / RELEASED
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        raise ConfigurationError(f"{_shown(path)} cannot be read: {error}.") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{_shown(path)} must map prompts to hashes, one a line.")
    return {str(name): str(digest) for name, digest in content.items()}


def check(where: Path | None = None) -> Iterator[str]:
    """Yield a sentence for each prompt that cannot be used or was changed after its release."""
    place = where or folder()
    frozen = released(place)
    known = available(place)
    for name in known:
        try:
            prompt = load(name, place)
        except ConfigurationError as error:
            yield str(error)
            continue
        if prompt.digest != frozen.get(name, prompt.digest):
            yield (
                f"{_shown(place / name)}.md was released and must not change. "
                f"Put it back, and make the change in {prompt.name}.v{_next(prompt.name, known)}.md."
            )
    for name in frozen:
        if name not in known:
            yield f"{_shown(place / name)}.md was released and must not vanish. Put it back."


def _find(reference: str, place: Path) -> str:
    known = available(place)
    match = _REFERENCE.match(reference.strip())
    if match and match["version"]:
        wanted = f"{match['name']}.v{int(match['version'])}"
        if wanted in known:
            return wanted
    elif match:
        versions = [name for name in known if name.rpartition(".v")[0] == match["name"]]
        if versions:
            return versions[-1]
    there = ", ".join(known) if known else "none"
    raise ConfigurationError(f"No prompt {reference!r} in {place.name}/. There are: {there}.")


def _next(name: str, known: tuple[str, ...]) -> int:
    versions = [int(item.rpartition(".v")[2]) for item in known if item.startswith(f"{name}.v")]
    return max(versions) + 1


def _parse(text: str, path: Path) -> Prompt:
    import yaml

    parts = _PARTS.match(text)
    if parts is None:
        raise ConfigurationError(
            f"{_shown(path)} has no header. Begin it with a line '---', the header, a line '---'."
        )
    try:
        header = _Header.model_validate(yaml.safe_load(parts["header"]))
    except yaml.YAMLError as error:
        raise ConfigurationError(f"The header of {_shown(path)} is not YAML: {error}.") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "header"
        raise ConfigurationError(
            f"The header of {_shown(path)} is wrong at {field!r}: {first['msg']}."
        ) from None
    digest = sha256(text.encode()).hexdigest()
    return Prompt(**header.model_dump(), template=parts["template"], digest=digest)


def _faults(prompt: Prompt, path: Path, lines_above: int) -> Iterator[str]:
    from jinja2 import TemplateSyntaxError, meta

    try:
        tree = _environment().parse(prompt.template)
    except TemplateSyntaxError as error:
        line = lines_above + error.lineno
        yield f"The template in {_shown(path)}:{line} is wrong: {error.message}."
        return
    if prompt.output not in OUTPUTS:
        yield (
            f"{_shown(path)} asks for the output {prompt.output!r}. "
            f"There are: {', '.join(OUTPUTS)}."
        )
    for block in _BLOCKS:
        if block not in _compiled(prompt.template).blocks:
            yield f"{_shown(path)} has no block {block!r}."
    used = meta.find_undeclared_variables(tree) - _BUILT_IN
    for name in sorted(used - set(prompt.inputs)):
        yield f"{_shown(path)} uses {name!r}, which its header does not list under 'inputs'."
    for name in prompt.inputs:
        if name not in used:
            yield f"{_shown(path)} lists the input {name!r} and never uses it."


def _check_inputs(prompt: Prompt, inputs: dict[str, object]) -> None:
    missing = [name for name in prompt.inputs if name not in inputs]
    if missing:
        raise ConfigurationError(f"Prompt {prompt.id!r} wants {_list(missing)}, not given.")
    unknown = [name for name in inputs if name not in prompt.inputs]
    if unknown:
        raise ConfigurationError(
            f"Prompt {prompt.id!r} does not know {_list(unknown)}. "
            f"It takes: {', '.join(prompt.inputs)}."
        )


@lru_cache(maxsize=32)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


@lru_cache(maxsize=1)
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # the reader is a model, not a browser; see neutralise
        finalize=_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _printed(value: object) -> object:
    from jinja2 import Undefined

    return value if isinstance(value, Undefined) else neutralise(without_instructions(str(value)))


def _list(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)


def _shown(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
