"""Teams in a circle and what stands between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import cos, hypot, pi, sin

from markupsafe import Markup

from assistant.report.pictures.svg import element, fitted, group, hint, picture, text
from assistant.report.views.network import KINDS, Kind, Line, Network

LINE_MARKS: Mapping[Kind, str] = {"conflict": "✗", "duplicate": "=", "dependency": "→"}
_WORDS: Mapping[Kind, str] = {
    "conflict": "conflicts with",
    "duplicate": "does the same as",
    "dependency": "needs",
}
_MARGIN_X, _MARGIN_Y, _ROOM = 190, 40, 26
_LETTERS = 26
_PULL, _SPREAD = 0.45, 26
_UPRIGHT = 0.25

Place = tuple[float, float]


def draw_graph(network: Network, key: str = "peers", *, act: str = "") -> Markup:
    """The picture. Teams stand in the order of the organisation, so it looks the same every time.

    Args:
        network: the teams and lines to draw.
        key: unique in the page.
        act: what pressing a mark or a team does, if anything.
    """
    radius = max(190.0, len(network.teams) * _ROOM / (2 * pi) * 1.6)
    centre = (radius + _MARGIN_X, radius + _MARGIN_Y)
    places = {
        name: (centre[0] + radius * sin(turn), centre[1] - radius * cos(turn))
        for name, turn in _turns(network.teams)
    }
    lanes: defaultdict[frozenset[str], int] = defaultdict(int)
    parts: list[Markup] = []
    marks: list[Markup] = []
    for line in network.lines:
        pair = frozenset((line.a, line.b))
        lane, lanes[pair] = lanes[pair], lanes[pair] + 1
        stroke, mark = _line(line, places, centre, lane, act)
        parts.append(stroke)
        marks.append(mark)
    parts.extend(marks)
    parts.extend(_team(name, places[name], centre, act) for name in network.teams)
    size = (2 * centre[0], 2 * centre[1])
    return picture(key, "What stands between teams", _described(network), size, parts, act=act)


def _turns(names: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    for place, name in enumerate(names):
        yield name, 2 * pi * (place + 0.5) / len(names)


def _line(
    line: Line, places: Mapping[str, Place], centre: Place, lane: int, act: str
) -> tuple[Markup, Markup]:
    """A curve that bends towards the centre, and its mark halfway."""
    start, end = places[line.a], places[line.b]
    bend = _bend(start, end, centre, lane)
    middle = tuple(0.25 * a + 0.5 * b + 0.25 * c for a, b, c in zip(start, bend, end, strict=True))
    said = f"{line.a} {_WORDS[line.kind]} {line.b}: {line.count}, confidence {line.confidence:.2f}"
    way = f"M {start[0]:.1f} {start[1]:.1f} Q {bend[0]:.1f} {bend[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    ends = {"data_a": line.a, "data_b": line.b}
    stroke = element("path", hint(said), d=way, class_=f"line {line.kind}", **ends)
    return stroke, _mark(line, middle[0], middle[1], _angle(line, start, end), said, act)


def _bend(start: Place, end: Place, centre: Place, lane: int) -> Place:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    across = (start[1] - end[1], end[0] - start[0])
    length = hypot(*across) or 1.0
    aside = (lane + 1) // 2 * _SPREAD * 2 * (1 if lane % 2 else -1)
    x, y = (
        middle[axis] + (centre[axis] - middle[axis]) * _PULL + across[axis] / length * aside
        for axis in (0, 1)
    )
    return x, y


def _angle(line: Line, start: Place, end: Place) -> float:
    """Which way an arrow points, in degrees; other marks stand upright."""
    from math import atan2, degrees

    if line.kind != "dependency":
        return 0.0
    return degrees(atan2(end[1] - start[1], end[0] - start[0]))


def _mark(line: Line, x: float, y: float, angle: float, said: str, act: str) -> Markup:
    several = str(line.count) if line.count > 1 else ""
    turn = f"rotate({angle:.1f} {x:.1f} {y:.1f})" if angle else None
    sign = element(
        "text", LINE_MARKS[line.kind], x=x, y=y + 5, text_anchor="middle", transform=turn,
        class_=f"sign {line.kind}",
    )  # fmt: skip
    parts = [element("circle", cx=x, cy=y, r=9, class_="bead"), sign]
    if several:
        parts.append(text(several, x + 11, y + 4, "small"))
    return group(said, *parts, act=act, kind="line", id=line.kind, a=line.a, b=line.b)


def _team(name: str, place: Place, centre: Place, act: str) -> Markup:
    away = (place[0] - centre[0], place[1] - centre[1])
    length = hypot(*away) or 1.0
    x, y = (place[axis] + away[axis] / length * 12 for axis in (0, 1))
    side = away[0] / length
    anchor = "middle" if abs(side) < _UPRIGHT / 2 else "start" if side > 0 else "end"
    below = away[1] / length
    return group(
        name,
        element("circle", cx=place[0], cy=place[1], r=5, class_="node"),
        text(fitted(name, _LETTERS), x, y + 4 + 6 * below, text_anchor=anchor),
        act=act,
        kind="team",
        id=name,
    )


def _described(network: Network) -> str:
    counts = Counter(dict.fromkeys(KINDS, 0))
    for line in network.lines:
        counts[line.kind] += line.count
    return (
        f"{len(network.teams)} teams or branches: {counts['conflict']} conflicts (solid, ✗), "
        f"{counts['duplicate']} duplicates (dashed, =), {counts['dependency']} dependencies "
        "(dotted, the arrow points at the team that is needed). The table below says the same in "
        "words."
    )
