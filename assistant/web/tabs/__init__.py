"""One file a tab, each with ``add(page)``; ``assistant.web.app`` lists them in their order."""
