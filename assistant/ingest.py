"""Brings a folder into the index: read every file, resolve names, embed what is new."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import InputError
from assistant.models import Noun, Organisation, Problem
from assistant.sources.assemble import assemble
from assistant.sources.read import read_folder

if TYPE_CHECKING:
    from assistant.index import SyncReport
    from assistant.settings import Settings

Progress = Callable[[int, int], None]
"""Takes how many entries are done and how many there are."""


class Reading(Noun):
    """An organisation as read from a folder, with what could not be read."""

    organisation: Organisation
    problems: tuple[Problem, ...] = ()


def read_organisation(
    folder: Path, settings: Settings, on_file: Callable[[Path], None] | None = None
) -> Reading:
    """Read all files below a folder.

    Raises:
        InputError: the folder does not exist or holds nothing that can be indexed.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder '{folder}'. Name one that holds OKRs and documents.")
    records = read_folder(folder, max_mb=settings.max_input_mb, on_file=on_file)
    organisation, problems = assemble(records)
    organisation = organisation.model_copy(update={"name": _name(organisation, folder)})
    if not organisation.objectives and not organisation.documents:
        found = "".join(f"\n{problem}" for problem in problems)
        raise InputError(
            f"Nothing in '{folder}' could be indexed: no objective and no document was found.{found}"
        )
    return Reading(organisation=organisation, problems=problems)


def _name(organisation: Organisation, folder: Path) -> str:
    tops = [team for team in organisation.teams if team.parent_id is None]
    return tops[0].name if len(tops) == 1 else folder.resolve().name


def index_organisation(
    reading: Reading,
    settings: Settings,
    progress: Progress | None = None,
    *,
    rebuild: bool = False,
) -> SyncReport:
    """Bring the index in step with what was read; unchanged entries are not embedded again."""
    from assistant.index import Index

    with Index.open(settings, writable=True, rebuild=rebuild) as index:
        return index.sync(reading.organisation, progress)
