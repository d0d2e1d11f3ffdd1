"""What becomes of findings: shown, suppressed with a reason, dismissed, or known already."""

from __future__ import annotations

from assistant.triage.triage import Looked, Triaged, triage

__all__ = ["Looked", "Triaged", "triage"]
