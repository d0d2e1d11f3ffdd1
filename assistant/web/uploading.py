"""Puts what visitors upload into the folder that is indexed, or says in a sentence why not."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any, Literal

from assistant.errors import InputError
from assistant.models import EVERYONE
from assistant.sources.dispatch import DATA, DOCUMENTS, not_a_format
from assistant.sources.documents.metadata import MANIFESTS
from assistant.sources.files import Unread, content
from assistant.sources.read import FORMATS

PLACE = "uploads"
"""Folder of what was uploaded, so that nothing else is ever written over."""

LONGEST_NAME = 100
"""Characters of a file name."""

Kind = Literal["strategy", "okrs"]

_HEAD = "# Written by the web app: who may read what was uploaded here.\n"
_UNSAFE = re.compile(r"[^\w .()+&,-]+")
_DEVICES = re.compile(r"(?i)^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
_writing = Lock()


@dataclass(frozen=True)
class Upload:
    """How files are taken in.

    Attributes:
        folder: what is indexed; made if it is not there.
        kind: what Markdown and plain text are; other formats can be read in one way only.
        audience: who may read documents; empty leaves it to what the file says about itself.
        may_choose: the audiences of whoever uploads.
        replace: whether an earlier upload of the same name gives way.
        max_mb: the largest file.
    """

    folder: Path
    kind: Kind
    audience: str
    may_choose: frozenset[str]
    replace: bool
    max_mb: float


def store(path: Path, how: Upload) -> str:
    """Take one file in.

    Args:
        path: where the server put it, under the name that it was sent with.
        how: into which folder, as what and for whom.

    Returns:
        Its name below the folder, such as ``strategy/uploads/plan.pdf``.

    Raises:
        InputError: it is refused, or cannot be written.
    """
    name = safe_name(path.name)
    kind = _kind(name, how)
    _check_audience(how)
    try:
        data = content(path, how.max_mb, name)
    except Unread as error:
        # A visitor cannot change settings, but can split a file.
        raise InputError(str(error).replace(", or raise OKR_MAX_INPUT_MB", "")) from None
    place = Path("strategy", PLACE) if kind == "strategy" else Path(PLACE)
    with _writing:
        try:
            _write(how, place, name, data, audience=how.audience if kind == "strategy" else "")
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise InputError(f"{name!r} cannot be kept: {reason}.") from None
    return (PurePosixPath(place) / name).as_posix()


def safe_name(name: str) -> str:
    """The name without folders, and without anything that a file system could misread.

    Raises:
        InputError: the format is not read, or the name has a meaning of its own.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    plain = " ".join(_UNSAFE.sub("-", last).split()).lstrip(".~$- ").rstrip(". ")
    base, dot, suffix = plain.rpartition(".")
    ending = f"{dot}{suffix}".lower()
    if not base.strip(" .-") or ending not in FORMATS:
        raise InputError(not_a_format(plain or "The file"))
    if f"{base}{ending}".casefold() in MANIFESTS:
        raise InputError(
            f"{plain!r} says who may read the files beside it, so it cannot be uploaded. "
            "Choose an audience for each document instead."
        )
    stem = base.rstrip(". ")[: LONGEST_NAME - len(ending)].rstrip(". ")
    return f"{'file-' if _DEVICES.match(stem) else ''}{stem}{ending}"


def _kind(name: str, how: Upload) -> Kind:
    suffix = PurePosixPath(name).suffix
    if suffix in DOCUMENTS:
        return "strategy"
    if suffix in DATA:
        return "okrs"
    return how.kind


def _check_audience(how: Upload) -> None:
    if how.audience and how.audience not in how.may_choose | {EVERYONE}:
        raise InputError(
            f"You are not in the audience {how.audience!r}, so you cannot put documents into it."
        )


def _write(how: Upload, place: Path, name: str, data: bytes, *, audience: str) -> None:
    folder = how.folder / place
    folder.mkdir(parents=True, exist_ok=True)
    if not folder.resolve().is_relative_to(how.folder.resolve()):
        raise InputError(f"'{place.as_posix()}' is a link that leaves the folder that is indexed.")
    target, listed = folder / name, _listed(folder)
    there = {item.name.casefold() for item in folder.iterdir()}
    kept_for = (listed.get(name) or {}).get("audience", "")
    hidden = kept_for and kept_for not in how.may_choose | {EVERYONE}
    if name.casefold() in there and (hidden or not how.replace or not target.is_file()):
        way = "Rename yours." if hidden else "Rename yours, or choose to replace it."
        raise InputError(f"There is already an upload called {name!r}. {way}")
    if audience and audience != kept_for:
        listed[name] = {**(listed.get(name) or {}), "audience": audience}
        _put(folder / MANIFESTS[0], _HEAD.encode() + _yaml(listed))
    _put(target, data)


def _listed(folder: Path) -> dict[str, Any]:
    import yaml

    path = folder / MANIFESTS[0]
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise InputError(
            f"'{folder.name}/{path.name}' cannot be read, so nobody knows who may read what is "
            "there. Mend it first."
        )
    return found


def _yaml(listed: dict[str, Any]) -> bytes:
    import yaml

    written: bytes = yaml.safe_dump(listed, allow_unicode=True, encoding="utf-8")
    return written


def _put(path: Path, data: bytes) -> None:
    """Write a whole file or none, under a name that is not indexed meanwhile."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(data)
    unfinished.replace(path)
