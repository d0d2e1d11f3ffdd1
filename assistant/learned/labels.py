"""The names of what the reader was trained to tell; their order is that of its outputs."""

from __future__ import annotations

from typing import Literal, get_args

from assistant.models import ConflictSubtype, DriftSubtype, PeerKind

Look = Literal["objective", "key-result", "fit", "set"]
"""``objective`` and ``key-result``: the sentence alone; ``fit``: a key result among its siblings,
below its objective; ``set``: the objective with all key results together."""

SEEN: dict[Look, tuple[str, ...]] = {
    "objective": ("O1", "O3", "O4", "O6", "O9", "O11"),
    "key-result": ("K1", "K4", "K5", "K6", "K11"),
    "fit": ("K7", "K8"),
    "set": ("O8", "S2", "S3", "S4", "S5", "S6"),
}
LOOKS: dict[str, Look] = {code: look for look, codes in SEEN.items() for code in codes}
"""The rules that are learned, and what of a draft decides them."""

EDGES = ("aligned", "drifted", "unrelated")
DRIFTS: tuple[DriftSubtype, ...] = get_args(DriftSubtype)
PEERS: tuple[PeerKind, ...] = get_args(PeerKind)
CONFLICTS: tuple[ConflictSubtype, ...] = get_args(ConflictSubtype)

LABELS: tuple[str, ...] = (
    *LOOKS,
    *(f"edge:{name}" for name in EDGES),
    *(f"drift:{name}" for name in DRIFTS),
    *(f"peer:{name}" for name in PEERS),
    *(f"conflict:{name}" for name in CONFLICTS),
    "needs",
)
COLUMN = {name: number for number, name in enumerate(LABELS)}
