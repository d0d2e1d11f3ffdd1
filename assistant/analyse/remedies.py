"""What would make a conflict none, a duplicate one outcome, a dependency a promise."""

from __future__ import annotations

from assistant.analyse.overlap import Overlap
from assistant.models import ConflictSubtype, Objective, PeerKind, shortened

_QUOTE = 90

_BY_SUBTYPE: dict[ConflictSubtype | None, str] = {
    "volume_vs_quality": "only what meets the one counts towards the other: {a} and {b} measured on "
    "the same cases",
    "speed_vs_stability": "what goes faster under {a} and {b} stays out of what has to stay still, "
    "or is tested before it gets there",
    "cost_vs_experience": "a floor is agreed below which what is saved under one of {a} and {b} "
    "may not push the other",
    "resource_contention": "there is enough{of_shared} for both {a} and {b}, with dates for who has "
    "it when",
    "opposite_direction": "both agree on one target{for_shared} in place of {a} and {b}",
    "cannibalisation": "what is gained under {a} is not taken from {b}: both count only what is new "
    "to the organisation",
    None: "both can be shown to succeed together: {a} and {b}{for_shared}",
}


def remedy(
    kind: PeerKind,
    subtype: ConflictSubtype | None,
    needs: str | None,
    a: Objective,
    b: Objective,
    overlap: Overlap,
) -> str:
    """What would have to be true for two objectives to get along, with their own words.

    Args:
        kind: what they are to each other.
        subtype: of a conflict.
        needs: of a dependency, the side that needs the other.
        a: one objective.
        b: the other.
        overlap: where they touch.

    Returns:
        A clause that follows "unless"; empty where nothing stands in the way.
    """
    one, other = _quoted(a, overlap.on_a), _quoted(b, overlap.on_b)
    if kind == "conflict":
        named = f" “{overlap.shared}”" if overlap.shared else ""
        return _BY_SUBTYPE[subtype].format(
            a=one,
            b=other,
            of_shared=f" of{named}" if named else "",
            for_shared=f" for{named}" if named else "",
        )
    if kind == "duplicate":
        return f"one of the two owns it and the other says what it adds: {one} and {other}"
    if kind == "dependency":
        needed, provider = (one, other) if needs == "a" else (other, one)
        return f"what {needed} rests on is promised, with a date, beside {provider}"
    return ""


def _quoted(objective: Objective, on: str) -> str:
    return f"“{shortened(objective.element(on) or objective.text, _QUOTE)}”"
