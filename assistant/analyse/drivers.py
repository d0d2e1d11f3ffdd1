"""Which drivers of the growth model the objectives move, and which nobody moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from assistant.analyse.standing import Standing
from assistant.language.stems import content_stems
from assistant.models import Choice, Figure, fold


def driver_figures(standing: Standing, choices: Sequence[Choice] = ()) -> Iterator[Figure]:
    """How many objectives move each driver.

    An objective moves the drivers that it declares and those of the parents that it serves. The
    objectives of the top teams state drivers and are not counted as moving them.

    Args:
        standing: the objectives that count.
        choices: the strategy; its drivers are looked for too.

    Yields:
        One figure for each driver, then how many nobody moves; nothing where no driver is named.
    """
    names = _names(standing, choices)
    if not names:
        return
    moved = _moved(standing)
    idle = []
    for key, name in names.items():
        of = tuple(moved.get(key, ()))
        if not of:
            idle.append(name)
        yield Figure(
            name=f"Objectives that move {name}",
            value=float(len(of)),
            unit="objectives",
            formula="objectives below the top that declare the driver or serve one that does",
            of=of,
        )
    yield Figure(
        name="Drivers that nobody moves",
        value=float(len(idle)),
        unit=f"of {len(names)}",
        formula="drivers that documents or objectives name, less those that an objective below "
        "the top declares or inherits from a parent that it serves",
        of=tuple(_declaring(standing, set(idle))),
        note=", ".join(idle),
    )


def _names(standing: Standing, choices: Sequence[Choice]) -> Mapping[str, str]:
    """The drivers by key; one of a document only where no objective declares it."""
    found: dict[str, str] = {}
    for item in standing.organisation.objectives:
        for driver in item.drivers:
            if driver.strip():
                found.setdefault(fold(driver), driver.strip())
    declared = [content_stems(name) for name in found.values()]
    for choice in choices:
        if choice.kind != "driver" or choice.withdrawn:
            continue
        stems = content_stems(choice.text)
        if not any(known and known <= stems for known in declared):
            found.setdefault(fold(choice.text), choice.text)
    return found


def _moved(standing: Standing) -> Mapping[str, list[str]]:
    declaring: dict[str, set[str]] = defaultdict(set)
    for item in standing.organisation.objectives:
        for driver in item.drivers:
            declaring[fold(driver)].add(item.id)
    working = [item.id for item in standing.objectives if item.team_id not in standing.tops]
    moved = {}
    for driver, ids in declaring.items():
        carrying = ids | standing.below(ids)
        moved[driver] = [key for key in working if key in carrying]
    return moved


def _declaring(standing: Standing, names: set[str]) -> Iterator[str]:
    wanted = {fold(name) for name in names}
    for item in standing.organisation.objectives:
        if wanted.intersection(map(fold, item.drivers)):
            yield item.id
