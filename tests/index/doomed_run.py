"""Syncs an organisation and kills itself with SIGKILL right after the chosen step.

Run as ``python doomed_run.py HOME ORGANISATION.json OWNER.METHOD TIMES``.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from assistant.index import Index
from assistant.index import sync as sync_module
from assistant.index.records import Records
from assistant.index.store import Vectors
from assistant.models import Organisation
from assistant.settings import Settings

OWNERS: dict[str, type] = {"Records": Records, "Vectors": Vectors}


def die_after(step: str, times: int) -> None:
    """Wrap the step so that its return is the last thing that happens."""
    owner_name, name = step.split(".")
    owner = OWNERS[owner_name]
    original = getattr(owner, name)
    calls: list[int] = []

    def wrapped(self: Any, *arguments: Any) -> Any:
        outcome = original(self, *arguments)
        calls.append(1)
        if len(calls) == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return outcome

    setattr(owner, name, wrapped)


def main() -> None:
    """Run until the end or until the chosen step."""
    home, organisation, step, times = sys.argv[1:]
    sync_module._CHUNK = 4
    die_after(step, int(times))
    whole = Organisation.model_validate_json(Path(organisation).read_text(encoding="utf-8"))
    with Index.open(Settings(home=Path(home)), writable=True) as index:
        index.sync(whole)


if __name__ == "__main__":
    main()
