"""The third use case: a finished period in, what moved and what to learn from it out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.analyse.retrospective import Retrospective, look_back
from assistant.analyse.strategy import hold_against_strategy
from assistant.errors import InputError
from assistant.models import Scan

if TYPE_CHECKING:
    from assistant.settings import Settings

_RESTING = "A9"


def look_back_on(period: str, settings: Settings, *, before: Path | None = None) -> Retrospective:
    """Look back on a finished period of the indexed organisation.

    Args:
        period: by name or id.
        settings: names the index and the audiences.
        before: a scan from the start of the period, as ``okr scan --format json`` wrote it.

    Raises:
        IndexUnavailable: there is no index.
        InputError: there is no such period, nothing in it has a score, or the file is no scan.
    """
    from assistant.index import Index

    earlier = _read_scan(before) if before else None
    with Index.open(settings, writable=False) as index:
        organisation = index.organisation()
        view = hold_against_strategy(
            organisation, index.vectors, index.embedder.embed, today=datetime.now(UTC).date()
        )
    resting = [item for item in view.findings if item.rule == _RESTING]
    return look_back(organisation, period, before=earlier, resting=resting, strategy=view.strategy)


def _read_scan(path: Path) -> Scan:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        known = {name: content[name] for name in _WANTED}
        known["findings"] = [
            {key: value for key, value in item.items() if key not in _ADDED}
            for item in content["findings"]
        ]
        return Scan.model_validate(known)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise InputError(
            f"'{path}' is no scan. Write one with `okr scan --format json --output FILE`."
        ) from None


_WANTED = ("organisation", "taken_at", "teams", "objectives", "key_results", "documents", "edges")
"""What is read of an earlier scan beside its findings."""

_ADDED = frozenset({"fingerprint", "rank"})
"""What the JSON report adds to a finding."""
