"""Finds the files of a folder and opens them, or says in a sentence why not."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile

from assistant.models import Location, Problem, Severity

MB = 1_000_000
MOST_UNPACKED = 10
"""How many times the size limit an Office file may unpack to."""

_SKIPPED = frozenset({"node_modules", "__pycache__", "__MACOSX"})
_HIDDEN = (".", "~$")


class Found(NamedTuple):
    """A file to read: its path, the name that locations carry, and the folders it lies in."""

    path: Path
    name: str
    folders: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """The ending that tells the format, in small letters."""
        return self.path.suffix.lower()


class Unread(Exception):
    """A file that is left out; the message is a sentence."""

    severity: Severity = "error"


class Empty(Unread):
    """A file without content: worth a word, but nothing is lost."""

    severity: Severity = "warning"


def find(root: Path) -> Iterator[Found | Problem]:
    """Yield the files below a folder, sorted, and a problem for each that cannot be followed.

    Hidden files, lock files of office programs and ``node_modules`` are skipped. A link is
    followed where its target lies in the folder and would not be found by itself.
    """
    failures: list[OSError] = []
    for at, folders, files in os.walk(root, onerror=failures.append):
        folder = Path(at)
        while failures:
            yield _closed(failures.pop(), root)
        linked = [name for name in folders if (folder / name).is_symlink()]
        folders[:] = sorted(name for name in folders if _is_seen(name) and name not in linked)
        for name in sorted([*files, *linked]):
            if _is_seen(name):
                yield from _followed(folder / name, root)
    while failures:
        yield _closed(failures.pop(), root)


def single(path: Path) -> Found:
    """A file that the user named. Of an absolute path only the nearest folder counts."""
    above = () if path.is_absolute() else path.parent.parts
    return Found(path, shown(path), (*above, path.absolute().parent.name))


def shown(path: Path) -> str:
    """The path with forward slashes; bytes that are no text appear as question marks."""
    return path.as_posix().encode("utf-8", "replace").decode()


def content(path: Path, max_mb: float, name: str | None = None) -> bytes:
    """The bytes of a file.

    Args:
        path: the file.
        max_mb: the limit in megabytes of a million bytes.
        name: what messages call it, by default the file name.

    Raises:
        Unread: it is too large, empty or cannot be read.
    """
    name = name or PurePosixPath(shown(path)).name
    try:
        size = path.stat().st_size
        if size <= max_mb * MB:
            with path.open("rb") as stream:
                data = stream.read(int(max_mb * MB) + 1)
            size = max(size, len(data))
    except OSError as error:
        raise Unread(f"{name!r} cannot be read: {reason(error)}.") from error
    if size > max_mb * MB:
        raise Unread(
            f"{name!r} is {size / MB:.1f} MB; the limit is {max_mb:g} MB. Split it, or raise "
            "OKR_MAX_INPUT_MB."
        )
    if not data:
        raise Empty(f"{name!r} is empty.")
    _check_unpacked(data, max_mb, name)
    return data


def reason(error: OSError) -> str:
    """What the system said, as the end of a sentence."""
    return (error.strerror or type(error).__name__).lower()


def _check_unpacked(data: bytes, max_mb: float, name: str) -> None:
    """A small archive can unpack to more than the memory holds."""
    if not data.startswith(b"PK"):
        return
    try:
        with ZipFile(BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return
    limit = max_mb * MOST_UNPACKED
    if size > limit * MB:
        raise Unread(
            f"{name!r} unpacks to {size / MB:.1f} MB; the limit is {limit:g} MB. Split it, or "
            "raise OKR_MAX_INPUT_MB."
        )


def _is_seen(name: str) -> bool:
    return not name.startswith(_HIDDEN) and name not in _SKIPPED


def _followed(path: Path, root: Path) -> Iterator[Found | Problem]:
    below = path.relative_to(root)
    name = shown(below)
    if path.is_symlink():
        problem, again = _link(path, root, name)
        if problem:
            yield problem
        if problem or again:
            return
    if not path.is_file():
        message = f"{path.name!r} is no ordinary file and is not read."
        yield Problem(message=message, location=Location(file=name), severity="info")
        return
    yield Found(path, name, (root.resolve().name, *below.parts[:-1]))


def _link(path: Path, root: Path, name: str) -> tuple[Problem | None, bool]:
    """A problem if the link cannot be followed; else whether its target is found anyway."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return _not_followed(name, "is a link to nothing"), False
    home = root.resolve()
    if not target.is_relative_to(home):
        return _not_followed(name, "is a link that leaves the folder"), False
    if all(_is_seen(part) for part in target.relative_to(home).parts):
        return None, True
    if target.is_dir():
        return _not_followed(name, "is a link to a hidden folder"), False
    return None, False


def _not_followed(name: str, what: str) -> Problem:
    message = f"{PurePosixPath(name).name!r} {what} and is not followed."
    return Problem(message=message, location=Location(file=name), severity="info")


def _closed(error: OSError, root: Path) -> Problem:
    path = Path(os.fsdecode(error.filename)) if error.filename else root
    name = shown(path.relative_to(root)) if path.is_relative_to(root) else shown(path)
    message = f"The folder {name!r} cannot be opened: {reason(error)}."
    return Problem(message=message, location=Location(file=name))
