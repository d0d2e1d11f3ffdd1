"""Which document replaces which, over all documents of one run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from posixpath import normpath

from assistant.models import Problem, Severity, StrategyDocument, fold
from assistant.sources.documents.document import slug


def resolve(documents: Iterable[StrategyDocument]) -> Iterator[StrategyDocument | Problem]:
    """Turn the words of ``supersedes`` into ids.

    They may be an id, a file name (beside the document, from the root, or unique in the run), or
    a title, followed by a version or a date where several documents have that title. A document
    whose id was yielded before is left out, with a problem.

    Yields:
        Every document, ``supersedes`` an id or None, then a problem for what could not be
        resolved, and a hint for two editions of one title that are not linked.
    """
    unique, repeated = _unique(documents)
    register = _Register(unique.values())
    links: dict[str, str] = {}
    problems: list[Problem] = list(repeated)
    for document in unique.values():
        if document.supersedes is None:
            continue
        found = register.find(document.supersedes, document)
        if len(found) == 1:
            links[document.id] = found[0].id
        else:
            problems.append(_unresolved(document, found))
    for name in _in_circles(links):
        problems.append(_circle(unique[name], unique[links[name]]))
        del links[name]
    for document in unique.values():
        yield document.model_copy(update={"supersedes": links.get(document.id)})
    yield from problems
    yield from _hints(unique.values())


def _unique(
    documents: Iterable[StrategyDocument],
) -> tuple[dict[str, StrategyDocument], list[Problem]]:
    unique: dict[str, StrategyDocument] = {}
    problems = []
    for document in documents:
        first = unique.setdefault(document.id, document)
        if first is not document:
            problems.append(
                _problem(
                    document,
                    f"{_name(document)} has the same title and version as {_name(first)} "
                    f"({first.location.file}) and is not read a second time. If it is another "
                    "edition, give it a 'version' or a 'published' date of its own.",
                )
            )
    return unique, problems


class _Register:
    """Every name under which the documents of a run can be asked for."""

    def __init__(self, documents: Iterable[StrategyDocument]) -> None:
        self._named: dict[tuple[str, str], list[StrategyDocument]] = {}
        for document in documents:
            for kind, name in _names(document):
                self._named.setdefault((kind, name), []).append(document)

    def find(self, words: str, asking: StrategyDocument) -> list[StrategyDocument]:
        """What the words can mean, by the strictest reading that fits another document."""
        beside = normpath(str(PurePosixPath(asking.location.file).parent / words))
        for reading in (
            ("id", words),
            ("file", beside),
            ("file", normpath(words)),
            ("file name", words),
            ("edition", _key(words)),
            ("title", _key(words)),
        ):
            found = [one for one in self._named.get(reading, ()) if one is not asking]
            if found:
                return found
        return []


def _names(document: StrategyDocument) -> Iterator[tuple[str, str]]:
    yield "id", document.id
    yield "file", normpath(document.location.file)
    yield "file name", PurePosixPath(document.location.file).name
    yield "title", _key(document.title)
    yield from {("edition", edition) for edition in _editions(document)}


def _editions(document: StrategyDocument) -> Iterator[str]:
    if document.version:
        yield _key(f"{document.title} {document.version}")
    if document.published:
        yield _key(f"{document.title} {document.published.isoformat()}")
    if document.version and document.published:
        yield _key(f"{document.title} {document.version} {document.published.isoformat()}")


def _key(words: str) -> str:
    """Title and edition without punctuation and without the word 'version'."""
    plain = re.sub(r"\b(?:version|ver\.?|v\.?)\s*(?=\d)", " ", fold(words))
    return slug(plain) or fold(words)


def _unresolved(document: StrategyDocument, found: Sequence[StrategyDocument]) -> Problem:
    said = f"{_name(document)} says that it supersedes {document.supersedes!r}"
    if found:
        named = " and ".join(sorted(repr(other.location.file) for other in found))
        return _problem(
            document, f"{said}, which fits {named}. Name the file, or add version or date."
        )
    return _problem(
        document,
        f"{said}, but no other document of this run has that id, file name or title with version. "
        "Correct the name, or read that document too.",
    )


def _circle(document: StrategyDocument, other: StrategyDocument) -> Problem:
    return _problem(
        document,
        f"{_name(document)} supersedes {_name(other)}, which in turn supersedes it: none of these "
        "links is kept. Remove the wrong one.",
    )


def _in_circles(links: Mapping[str, str]) -> list[str]:
    def returns(start: str) -> bool:
        at, seen = links.get(start), {start}
        while at is not None and at not in seen:
            seen.add(at)
            at = links.get(at)
        return at == start

    return [name for name in links if returns(name)]


def _hints(documents: Iterable[StrategyDocument]) -> Iterator[Problem]:
    by_title = sorted(documents, key=lambda item: (fold(item.title), item.published or date.min))
    for _, group in groupby(by_title, key=lambda item: fold(item.title)):
        editions = list(group)
        for older, newer in pairwise(editions):
            if newer.supersedes is None and older.supersedes is None:
                yield _hint(older, newer)


def _hint(older: StrategyDocument, newer: StrategyDocument) -> Problem:
    dated = older.published and newer.published and older.published < newer.published
    said = f"{_name(newer)} has the same title as {_name(older)} ({older.location.file}) and is "
    said += "newer" if dated else "another edition"
    return _problem(
        newer,
        f"{said}. If it replaces it, declare 'supersedes: {older.location.file}' in it or in "
        "documents.yaml; until then the scan takes the older one as replaced.",
        severity="info",
    )


def _name(document: StrategyDocument) -> str:
    return repr(PurePosixPath(document.location.file).name)


def _problem(document: StrategyDocument, message: str, severity: Severity = "warning") -> Problem:
    return Problem(message=message, location=document.location, severity=severity)
