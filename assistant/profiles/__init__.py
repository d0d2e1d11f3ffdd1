"""Profiles: which rules are on and how grave, as small YAML files that name their authority."""

from __future__ import annotations

from assistant.profiles.load import built_in, load
from assistant.profiles.profile import Profile

__all__ = ["Profile", "built_in", "load"]
