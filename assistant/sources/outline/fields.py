"""Sets what a line such as ``Owner: Mia`` says on the element that it stands with."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.models import fold
from assistant.sources.cells import KINDS, PHASES, STATUSES, is_blank, read_number
from assistant.sources.markers import FieldLine, is_key
from assistant.sources.outline.drafts import Draft, KeyResultDraft, ObjectiveDraft
from assistant.sources.outline.roles import team_name
from assistant.sources.tidy import read_progress, read_score

SIZES = ("metric", "baseline", "target", "unit")
"""Fields that hold a part of the measure of a key result."""

_AND_KEYS = re.compile(r"\s*(?:,|/|&|\+|\band\b|\bund\b)\s*")
_BELOW = re.compile(r"o[^/]*/\s*kr[^/]*", re.IGNORECASE)
AND_TEXTS = re.compile(r"\s*[;|]\s*")
"""What stands between several texts on one line."""


def set_field(draft: Draft, line: FieldLine) -> bool:
    """Set a field; False where the words do not fit it."""
    if isinstance(draft, ObjectiveDraft) and line.name in _OF_OBJECTIVE:
        return _OF_OBJECTIVE[line.name](draft, line.value)
    if isinstance(draft, KeyResultDraft) and line.name in SIZES:
        draft.sizes[line.name] = line
        return True
    if line.name in _OF_ELEMENT:
        return _OF_ELEMENT[line.name](draft, line.value)
    return False


def _set_owner(draft: Draft, value: str) -> bool:
    name = re.sub(r"(?<!\w)@(?=\w)", "", value).strip(" .,;")
    draft.owner = draft.owner or name
    return bool(name)


def _set_status(draft: Draft, value: str) -> bool:
    known = STATUSES.get(fold(value))
    status = known if known and known != "open" else read_progress(value)
    if status:
        draft.status = status
    return status is not None or fold(value) == "open"


def _set_score(draft: Draft, value: str) -> bool:
    score = read_score(value)
    if score is None:
        return False
    draft.score = score
    return True


def _set_tags(draft: Draft, value: str) -> bool:
    draft.tags.extend(
        part.strip(" #[]") for part in re.split(r"[,;|]", value) if part.strip(" #[]")
    )
    return True


def _set_words(name: str) -> Callable[[Draft, str], bool]:
    """A setter that takes the words as they are."""

    def set_words(draft: Draft, value: str) -> bool:
        setattr(draft, name, value)
        return True

    return set_words


def _set_notes(draft: Draft, value: str) -> bool:
    draft.note(value)
    return True


_OF_ELEMENT: dict[str, Callable[[Draft, str], bool]] = {
    "owner": _set_owner,
    "status": _set_status,
    "score": _set_score,
    "tags": _set_tags,
    "key": _set_words("key"),
    "notes": _set_notes,
}


def _set_parents(draft: ObjectiveDraft, value: str) -> bool:
    draft.parents.extend(split_parents(value))
    return True


def split_parents(value: str) -> list[str]:
    """The parents that one line names: texts between semicolons, or several keys.

    ``O1, O3`` are two parents; ``O1 / KR2`` is one, the key result of that objective.
    """
    parents = []
    for part in AND_TEXTS.split(value):
        keys = [key for key in _AND_KEYS.split(part) if key]
        one_below = _BELOW.fullmatch(part.strip()) is not None
        several = len(keys) > 1 and all(is_key(key) for key in keys) and not one_below
        parents.extend(keys if several else [part])
    return [parent for parent in (part.strip() for part in parents) if not is_blank(parent)]


def _set_kind(draft: ObjectiveDraft, value: str) -> bool:
    kinds = [KINDS[word] for word in re.findall(r"\w+", fold(value)) if word in KINDS]
    draft.kind = kinds[0] if kinds else draft.kind
    return bool(kinds)


def _set_phase(draft: ObjectiveDraft, value: str) -> bool:
    phases = [PHASES[word] for word in re.findall(r"\w+", fold(value)) if word in PHASES]
    draft.phase = phases[0] if phases else draft.phase
    return bool(phases)


def _set_drivers(draft: ObjectiveDraft, value: str) -> bool:
    draft.drivers.extend(part.strip() for part in re.split(r"[,;|]", value) if part.strip())
    return True


def _set_team(draft: ObjectiveDraft, value: str) -> bool:
    draft.team = team_name(value) or value
    return True


_OF_OBJECTIVE: dict[str, Callable[[ObjectiveDraft, str], bool]] = {
    "parent": _set_parents,
    "contribution": _set_words("contribution"),
    "kind": _set_kind,
    "phase": _set_phase,
    "drivers": _set_drivers,
    "team": _set_team,
    "company": _set_team,
    "cycle": _set_words("cycle"),
    "horizon": _set_words("horizon"),
}


def amount(value: str | None) -> float | None:
    """A number with thousands marks or a magnitude: ``12``, ``1 200``, ``1.2M``, ``€ 400k``."""
    match = re.search(r"(?P<number>\d[\d., '’]*)\s*(?P<factor>[kKmM]?)", value or "")
    number = read_number(match["number"].strip(" ,.'’")) if match else None
    if match is None or number is None:
        return None
    return number * {"k": 1e3, "m": 1e6}.get(match["factor"].lower(), 1)
