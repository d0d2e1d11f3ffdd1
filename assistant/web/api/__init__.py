"""What programs may ask of the app: five tools, the same over HTTP, MCP and standard input."""
