"""The manifests of a folder tree: what each says about the files beside it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from assistant.models import Problem
from assistant.sources import files
from assistant.sources.documents.metadata import (
    MANIFESTS,
    Manifest,
    Refused,
    read_manifest,
    refused_manifest,
)
from assistant.sources.encoding import NotText, decode
from assistant.sources.files import Found, Unread


class Manifests:
    """The manifest of each folder, read when first asked for."""

    def __init__(self, root: Path, max_mb: float) -> None:
        self._root = root
        self._max_mb = max_mb
        self._read: dict[Path, Manifest] = {}
        self._told: set[Path] = set()

    def of(self, found: Found) -> Manifest:
        """The manifest that stands beside a file; one that says nothing where there is none."""
        folder = found.path.parent
        if folder not in self._read:
            self._read[folder] = self._open(folder, PurePosixPath(found.name).parent)
        return self._read[folder]

    def refusal(self, found: Found) -> Iterator[Problem]:
        """Why the manifest beside a file cannot be used, the first time that this is asked."""
        refusal, folder = self.of(found).refusal, found.path.parent
        if refusal and folder not in self._told:
            self._told.add(folder)
            yield refusal

    def _open(self, folder: Path, shown: PurePosixPath) -> Manifest:
        try:
            paths = sorted(folder.iterdir())
        except OSError as error:
            return refused_manifest(str(shown / MANIFESTS[0]), files.reason(error))
        there = [path for path in paths if path.name.casefold() in MANIFESTS]
        if not there:
            return Manifest()
        file = str(shown / there[0].name)
        names = frozenset(unicodedata.normalize("NFC", path.name) for path in paths)
        try:
            return read_manifest(self._text(there), file, names)
        except (Refused, Unread) as error:
            return refused_manifest(file, str(error).rstrip("."))

    def _text(self, there: list[Path]) -> str:
        first, *others = there
        if others:
            raise Refused(f"{others[0].name!r} stands beside it")
        if first.is_symlink() and not first.resolve().is_relative_to(self._root.resolve()):
            raise Refused("it is a link that leaves the folder")
        try:
            return decode(files.content(first, self._max_mb)).text
        except NotText:
            raise Refused("it holds binary data") from None
