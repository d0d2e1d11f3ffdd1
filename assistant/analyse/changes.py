"""What is different from an earlier scan, and which edit caused it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from assistant.analyse.citations import quoted
from assistant.analyse.edits import Edits, Pair
from assistant.history.scans import SeenFinding, Snapshot
from assistant.models import SEVERITIES, Change, shortened

_SUBJECT = 70

_LOOK = "Look here"
"""What says so carries no verdict, so that its rule's own word would say too much."""

_WORDS = {
    "A1": "orphaned",
    "A2": "without anybody who serves it",
    "A3": "drifted",
    "A4": "a copy of its parent",
    "A5": "in conflict",
    "A6": "a duplicate",
    "A7": "dependent",
    "A8": "against the strategy",
    "A9": "stale",
    "A10": "measured in two ways",
    "A11": "under another parent than it serves",
}


def compare(previous: Snapshot, current: Snapshot) -> tuple[Change, ...]:
    """What is new, resolved and otherwise different, with the cause of each as far as it shows.

    Args:
        previous: an earlier scan of the same scope.
        current: the present one.

    Returns:
        New findings, then resolved ones, then those that outlived an edit and severities that
        changed, then links with another verdict. Among each what compares objectives with others
        and with the strategy comes first, then what is graver.
    """
    edits = Edits(previous, current)
    kept, gone, new = _paired(previous.findings, current.findings)
    reworded = edits.reworded(gone, new)
    stayed = {id(old) for old, _ in reworded}
    edited = {id(item) for _, item in reworded}
    return (
        *(_change("new", item, edits) for item in _ranked(new) if id(item) not in edited),
        *(_change("resolved", item, edits) for item in _ranked(gone) if id(item) not in stayed),
        *(_still(item, edits) for item in _ranked(item for _, item in reworded)),
        *_other_severities(kept, edits),
        *_other_verdicts(previous, current, edits),
    )


def _paired(
    previous: Sequence[SeenFinding], current: Sequence[SeenFinding]
) -> tuple[list[Pair], list[SeenFinding], list[SeenFinding]]:
    """What both scans found, what only the earlier one did, and what only the present one did.

    A fingerprint says what is said of which words. Two objectives may share their words, so one
    finding of each scan belongs to one of the other, on the same objective if there is one.
    """
    pairs: list[Pair] = []
    new = list(current)
    gone = list(previous)
    for key_of in (_exactly, _by_words):
        waiting: dict[object, list[SeenFinding]] = defaultdict(list)
        for item in reversed(gone):
            waiting[key_of(item)].append(item)
        left = []
        for item in new:
            if others := waiting.get(key_of(item)):
                pairs.append((others.pop(), item))
            else:
                left.append(item)
        taken = {id(old) for old, _ in pairs}
        new, gone = left, [item for item in gone if id(item) not in taken]
    return pairs, gone, new


def _exactly(item: SeenFinding) -> object:
    return item.fingerprint, item.objective_id


def _by_words(item: SeenFinding) -> object:
    return item.fingerprint


def _ranked(findings: Iterable[SeenFinding]) -> list[SeenFinding]:
    return sorted(
        findings, key=lambda item: (item.rule not in _WORDS, -SEVERITIES.index(item.severity))
    )


def _change(kind: Literal["new", "resolved"], finding: SeenFinding, edits: Edits) -> Change:
    words = _WORDS.get(finding.rule)
    if finding.message.startswith(_LOOK):
        words = "worth a look"
    start = "Resolved" if kind == "resolved" else f"Newly {words}" if words else "New"
    if kind == "resolved" and words:
        start = f"No longer {words}"
    return _said(kind, start, finding, edits)


def _still(finding: SeenFinding, edits: Edits) -> Change:
    return _said("changed", "Still so after the edit", finding, edits)


def _said(
    kind: Literal["new", "resolved", "changed"], start: str, finding: SeenFinding, edits: Edits
) -> Change:
    about = shortened(edits.text(finding.objective_id), _SUBJECT)
    is_named = not about or about.rstrip(" …") in finding.message
    subject = "" if is_named else f", {quoted(about)}"
    return Change(
        kind=kind,
        rule=finding.rule,
        fingerprint=finding.fingerprint,
        message=f"{start}{subject}: {finding.message}",
        cause=edits.cause(finding),
    )


def _other_severities(kept: Iterable[Pair], edits: Edits) -> Iterator[Change]:
    for old, item in kept:
        if old.severity != item.severity:
            yield _said("changed", f"From {old.severity} to {item.severity}", item, edits)


def _other_verdicts(previous: Snapshot, current: Snapshot, edits: Edits) -> Iterator[Change]:
    """Links judged otherwise than before, where no new or resolved drift says so already."""
    said = {
        item.objective_id
        for snapshot, other in ((previous, current), (current, previous))
        for item in snapshot.findings
        if item.rule == "A3" and item.fingerprint not in {one.fingerprint for one in other.findings}
    }
    old = {(item.child_id, item.parent_id): item.verdict for item in previous.edges}
    for edge in current.edges:
        before = old.get((edge.child_id, edge.parent_id))
        if before in (None, edge.verdict) or edge.child_id in said:
            continue
        child, parent = edits.text(edge.child_id), edits.text(edge.parent_id)
        yield Change(
            kind="changed",
            rule="A3",
            fingerprint="",
            message=f"{quoted(child)} under {quoted(parent)} was judged {before!r} and is now "
            f"{edge.verdict!r}.",
            cause=edits.of_objective(edge.child_id) or edits.of_objective(edge.parent_id),
        )
