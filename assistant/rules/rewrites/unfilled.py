"""Says that a blank which somebody left in a draft is still to be filled in."""

from __future__ import annotations

from assistant.language.blanks import find_blanks
from assistant.rules.base import Flag


def unfilled(on: str, text: str, *, only: str | None = None) -> Flag | None:
    """A flag on the first blank of a text, which names them all, or None without any.

    Args:
        on: the element whose text this is.
        text: of the draft.
        only: the one blank that counts, where a rule leaves the others to other rules.
    """
    left = [blank for blank in find_blanks(text) if only in (None, blank.text)]
    if not left:
        return None
    names = ", ".join(dict.fromkeys(blank.text for blank in left))
    return Flag(
        on=on,
        span=left[0],
        message=f"Still to be filled in: {names}.",
        question=f"What belongs in the place of {names}?",
    )
