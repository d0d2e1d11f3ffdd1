"""Puts a document together: blocks into passages, declared and found metadata into one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath

from assistant.models import Location, Problem, StrategyDocument, stable_id
from assistant.sources.documents.metadata import Metadata, Refused
from assistant.sources.documents.passages import Block, folded, split

LONGEST_TITLE = 120
LONGEST_SLUG = 60


def compose(
    blocks: Iterable[Block],
    file: str,
    declared: Metadata,
    own: Metadata | None = None,
    hint: str | None = None,
) -> Iterator[StrategyDocument | Problem]:
    """Yield the document, or the problem why there is none.

    Args:
        blocks: its text in reading order.
        file: its name, for locations.
        declared: what the manifest says; it wins.
        own: what the document says about itself.
        hint: a title to take where neither says one and there is no heading.
    """
    blocks = tuple(blocks)
    try:
        metadata = agreed(declared, own or Metadata())
    except Refused as error:
        yield not_read(file, str(error))
        return
    title = metadata.title or first_heading(blocks) or folded(hint or "") or _title_of_file(file)
    title = title[:LONGEST_TITLE].rstrip()
    name = document_id(title, metadata)
    passages = split(blocks, name, file, title)
    if not passages:
        yield not_read(file, "there is no text in it")
        return
    yield StrategyDocument(
        id=name,
        title=title,
        published=metadata.published,
        version=metadata.version,
        supersedes=metadata.supersedes,
        audience=metadata.readers,
        passages=passages,
        location=Location(file=file),
    )


def agreed(declared: Metadata, own: Metadata) -> Metadata:
    """Both together, ``declared`` first.

    Raises:
        Refused: they name different audiences, of which neither may win silently, or none where
            one must be named.
    """
    if declared.audience and own.audience and declared.audience != own.audience:
        raise Refused(
            f"documents.yaml gives it the audience {declared.audience!r}, but it names "
            f"{own.audience!r} itself; make them agree"
        )
    metadata = declared.completed_by(own)
    if metadata.doubt and not metadata.audience:
        raise Refused(metadata.doubt)
    return metadata


def not_read(file: str, reason: str, line: int | None = None) -> Problem:
    """The problem that says why a file was left out; ``reason`` has no full stop."""
    message = f"{PurePosixPath(file).name!r} is not read: {reason}."
    return Problem(message=message, location=Location(file=file, line=line))


def binary(file: str) -> Problem:
    """The problem of a text file that holds no text."""
    name = PurePosixPath(file).name
    return Problem(message=holds_no_text(name), location=Location(file=file))


def holds_no_text(name: str) -> str:
    """The sentence about a text file that holds no text."""
    suffix = PurePosixPath(name).suffix
    named = f"is named {suffix} but holds" if suffix else "holds"
    return f"{name!r} {named} binary data. Export it as text, or give it the name that fits."


def document_id(title: str, metadata: Metadata) -> str:
    """``doc-``, the title and the version, or else the date: the same at every import."""
    edition = metadata.version or (metadata.published.isoformat() if metadata.published else "")
    return "-".join(part for part in ("doc", slug(title), slug(edition)) if part)


def slug(text: str) -> str:
    """Small letters, digits and hyphens; a long text ends in a digest, so that it stays unique."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    found = re.sub(r"[\W_]+", "-", plain.casefold()).strip("-")
    if len(found) <= LONGEST_SLUG:
        return found
    return f"{found[:LONGEST_SLUG].rstrip('-')}-{stable_id('', text)[1:]}"


def first_heading(blocks: Sequence[Block]) -> str | None:
    """The first heading of the highest level that occurs, as the title of the document."""
    headings = [block for block in blocks if block.kind == "heading" and folded(block.text)]
    if not headings:
        return None
    top = min(block.level for block in headings)
    return next(folded(block.text) for block in headings if block.level == top)


def _title_of_file(file: str) -> str:
    words = folded(re.sub(r"[_\-]+", " ", PurePosixPath(file).stem)) or file
    return words[0].upper() + words[1:]
