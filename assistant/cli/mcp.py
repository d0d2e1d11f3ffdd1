"""``okr mcp``."""

from __future__ import annotations

from assistant.cli.console import read_settings
from assistant.cli.options import Audience, Home, Profile


def mcp(profile: Profile = None, audience: Audience = None, home: Home = None) -> None:
    """Serve the tools to a desktop assistant, by MCP over standard input and output."""
    from assistant.web.api.protocol import serve_stdio

    serve_stdio(read_settings(home=home, audience=audience, profile=profile))
