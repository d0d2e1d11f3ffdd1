"""Reads teams and OKRs out of Markdown as people write it.

``inline`` turns markup into visible words, ``blocks`` into an outline, ``tables`` tells what the
columns of a table are, ``matter`` reads the front matter; ``assistant.sources.outline`` does
the rest for every format that is written as lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.sources.records import Record


def read_okrs(text: str, file: str) -> Iterator[Record]:
    """Read the teams, cycles and OKRs of one Markdown document.

    Args:
        text: the whole document.
        file: the name that locations carry.

    Yields:
        Records in the order of the document, and a problem for each part that cannot be read.
    """
    from assistant.sources.markdown.blocks import outline
    from assistant.sources.markdown.matter import front_matter
    from assistant.sources.outline.reading import read_outline
    from assistant.sources.tidy import normalise

    text = normalise(text)
    matter = front_matter(text, file)
    yield from matter.records
    root, problems = outline(matter.body, file)
    yield from read_outline(root, file, matter.scope)
    yield from problems
