"""Names documents and quotes them, the same way in every finding."""

from __future__ import annotations

from datetime import date

from assistant.models import Evidence, Location, StrategyDocument, shortened

_LONGEST = 220


def cited(
    document: StrategyDocument | None,
    quote: str,
    location: Location | None,
    passage_id: str,
    successor: StrategyDocument | None = None,
) -> Evidence:
    """A quotation from a strategy document.

    Args:
        document: where it stands; None where it is not known.
        quote: verbatim.
        passage_id: the passage that holds it.
        successor: what replaced the document.
    """
    return Evidence(
        kind="strategy",
        id=passage_id,
        title=document.title if document else "the strategy",
        quote=quote,
        location=location,
        published=document.published if document else None,
        version=document.version if document else None,
        superseded_by=edition(successor) if successor else None,
    )


def edition(document: StrategyDocument) -> str:
    """A document by title and version."""
    return f"{document.title}, version {document.version}" if document.version else document.title


def dated(title: str, day: date | None) -> str:
    """A title with the day it appeared, if known: ``Plan 2029 (18 May 2026)``."""
    return f"{title} ({on_day(day)})" if day else title


def on_day(day: date) -> str:
    """A day in words: ``18 May 2026``."""
    return f"{day.day} {day:%B %Y}"


def quoted(text: str) -> str:
    """Words in quotation marks on one line, cut where they are long."""
    return f"“{shortened(text, _LONGEST)}”"
