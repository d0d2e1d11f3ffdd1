"""Builds SVG whose every text and attribute is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def element(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """An element with its children.

    Args:
        name: our own, never from a text.
        children: markup as it is; any other string is escaped.
        attributes: ``font_size`` becomes ``font-size`` and ``class_`` becomes ``class``; numbers
            get at most one decimal; None leaves the attribute out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(_clean(child) for child in children)
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704


def picture(
    key: str,
    title: str,
    description: str,
    size: tuple[float, float],
    parts: Iterable[Markup],
    *,
    act: str = "",
) -> Markup:
    """A whole picture with a name and a description for those who do not see it.

    Args:
        key: unique in the page; our own.
        title: what it shows.
        description: what can be seen in it, in a sentence or two.
        size: width and height in pixels.
        parts: what it consists of, the undermost first.
        act: as for :func:`group`; what can be pressed is no mere image.
    """
    width, height = size
    return element(
        "svg",
        element("title", title, id=f"{key}-title"),
        element("desc", description, id=f"{key}-desc"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        role="group" if act else "img",
        aria_labelledby=f"{key}-title {key}-desc",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        width=width,
        height=height,
    )


def text(words: str, x: float, y: float, class_: str | None = None, **more: str | float) -> Markup:
    """Words at a place; ``y`` is the base line."""
    return element("text", words, x=x, y=y, class_=class_, **more)


def fitted(words: str, letters: int) -> str:
    """The words on one line, cut with an ellipsis after so many letters."""
    line = " ".join(words.split())
    return line if len(line) <= letters else f"{line[: letters - 1].rstrip()}…"


def group(words: str, *children: Markup, act: str = "", **about: str) -> Markup:
    """What belongs together, with a hint of what it is.

    Args:
        words: the hint.
        children: markup.
        act: what pressing it does on a page that listens; without it there is nothing to press.
        about: what is meant, in data attributes: ``kind`` becomes ``data-kind``.
    """
    if not act:
        return element("g", hint(words), *children)
    data = {f"data_{name}": value for name, value in about.items()}
    return element("a", hint(words), *children, href="#", aria_label=words, data_act=act, **data)


def staying(ways: str, *children: Markup, start: float = 0.0, room: float | None = None) -> Markup:
    """What stays in view while the rest is scrolled away, on a page that sees to it.

    Args:
        ways: ``x``, ``y`` or both.
        children: markup.
        start: how much is scrolled downwards before it begins to move along.
        room: how far it may move downwards; None for as far as it gets.
    """
    return element(
        "g", *children, class_="stays", data_ways=ways,
        data_start=start or None, data_room=room,
    )  # fmt: skip


def hint(words: str) -> Markup:
    """What a pointing device shows of the element it stands in."""
    return element("title", words)


def _clean(child: str) -> Markup:
    if isinstance(child, Markup):
        return child
    return escape(_UNPRINTABLE.sub("\ufffd", child))


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return _UNPRINTABLE.sub("\ufffd", value)
    return f"{round(value, 1):g}"
