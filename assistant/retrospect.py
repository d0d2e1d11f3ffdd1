"""The third use case: a finished period in, what moved and what to learn from it out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from assistant.analyse.retrospective import Retrospective, at_the_start, find_period, look_back
from assistant.analyse.snapshots import audience_names
from assistant.analyse.strategy import hold_against_strategy
from assistant.errors import InputError
from assistant.history import Snapshot, opened, scope_of

if TYPE_CHECKING:
    from assistant.models import Cycle, Organisation
    from assistant.settings import Settings

_RESTING = "A9"


def look_back_on(
    period: str, settings: Settings, *, before: Path | None = None, now: datetime | None = None
) -> Retrospective:
    """Look back on a finished period of the indexed organisation.

    Args:
        period: by name or id.
        settings: names the index, the history and the audiences.
        before: a scan from the start of the period, as ``okr scan --format json`` wrote it; without
            it the earliest one that the history keeps of the period is used, if there is one.
        now: the day from which is looked back; by default this moment.

    Raises:
        IndexUnavailable: there is no index.
        InputError: there is no such period, nothing in it has a score, or the file is no scan.
        HistoryUnavailable: the history cannot be read.
    """
    from assistant.index import Index

    earlier = _read_scan(before) if before else None
    with Index.open(settings, writable=False) as index:
        organisation = index.organisation()
        cycle = find_period(organisation, period)
        view = hold_against_strategy(
            organisation,
            index.vectors,
            index.embedder.embed,
            today=(now or datetime.now(UTC)).date(),
        )
    earlier = earlier or _kept_scan(cycle, organisation, settings)
    resting = [item for item in view.findings if item.rule == _RESTING]
    found = look_back(organisation, period, before=earlier, resting=resting, strategy=view.strategy)
    named = f"from {before.name}" if before else f"{earlier.id} of the history" if earlier else ""
    return found.model_copy(update={"scan_named": named})


def _kept_scan(cycle: Cycle, organisation: Organisation, settings: Settings) -> Snapshot | None:
    if not settings.history:
        return None
    scope = scope_of(None, audience_names(settings.audiences))
    with opened(settings.home) as history:
        return at_the_start(history.snapshots(scope), cycle, organisation)


def _read_scan(path: Path) -> Snapshot:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Snapshot.model_validate(
            {
                "taken_at": content["taken_at"],
                "findings": [_picked(item, _OF_FINDING) for item in content["findings"]],
                "edges": [_picked(item, _OF_EDGE) for item in content["edges"]],
            }
        )
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, ValidationError):
        raise InputError(
            f"'{path}' is no scan. Write one with `okr scan --format json --output FILE`."
        ) from None


def _picked(item: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: item[name] for name in names}


_OF_FINDING = ("fingerprint", "rule", "severity", "message", "objective_id")
_OF_EDGE = ("child_id", "parent_id", "verdict")
"""What is read of an earlier scan."""
