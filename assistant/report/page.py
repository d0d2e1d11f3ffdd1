"""What the page of a scan is filled with: the worklist in blocks, the pictures and the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from assistant.analyse.worklist import FORMULA, WorkItem
from assistant.history import Tally
from assistant.models import Figure, Organisation, PeerLink, Scan
from assistant.report.context import Context
from assistant.report.pictures.bars import draw_bars
from assistant.report.pictures.graph import draw_graph
from assistant.report.pictures.heatmap import draw_heatmap
from assistant.report.pictures.marks import HOP_WORDS, MARKS, ROOT_WORDS
from assistant.report.pictures.tree import draw_tree
from assistant.report.pictures.trend import draw_trend
from assistant.report.views.forest import fold, grow, nested
from assistant.report.views.grid import lay_out
from assistant.report.views.network import connect, ends
from assistant.report.views.summary import amount, horizon_name, is_horizon, is_wide, sum_up
from assistant.report.views.trends import Series, over_cycles, over_scans

FIRST = 20
"""Lines of the worklist that are in view at once."""

MOST_LINES = 1000
MOST_LINKS = 300
MOST_BARS = 14
"""With more figures than these, teams are left to the table and the picture shows branches."""

MOST_ROWS = 3000
"""From here on quiet branches are counted, in words too."""


def fill(
    scan: Scan, organisation: Organisation, earlier: Iterable[Tally], *, act: str = ""
) -> dict[str, Any]:
    """The variables of the page, see ``templates/scan.html.j2``.

    Args:
        scan: what was found.
        organisation: the teams, cycles and objectives that it was found in.
        earlier: kept scans of the same scope, oldest first.
        act: what pressing a part of a picture does, on a page that listens.
    """
    context = Context(scan, organisation)
    rows = grow(context)
    grid = lay_out(context)
    network = connect(context)
    bars = [item for item in scan.figures if is_horizon(item)]
    figures = [item for item in scan.figures if not is_horizon(item)]
    trends = list(_trends(context, earlier, act))
    parts = {
        "drift": rows, "coverage": grid.lines, "peers": scan.peers, "horizon": bars,
        "trend": trends, "figures": figures,
    }  # fmt: skip
    return {
        "scan": scan,
        "context": context,
        "sections": list(_sections(scan, parts)),
        "counts": list(sum_up(scan)),
        "formula": FORMULA,
        "blocks": list(_blocks(context.worklist[:MOST_LINES])),
        "left_out": max(0, len(context.worklist) - MOST_LINES),
        "rows": rows,
        "is_judged": any(edge.verdict != "unclear" for edge in scan.edges),
        "tree": draw_tree(fold(rows), act=act),
        "is_folded": len(fold(rows)) < len(rows),
        "outline": list(nested(fold(rows, above=MOST_ROWS))),
        "marks": MARKS,
        "hop_words": HOP_WORDS,
        "root_words": ROOT_WORDS,
        "grid": grid,
        "heatmap": draw_heatmap(grid, act=act),
        "network": network,
        "graph": draw_graph(network, act=act),
        "links": _surest(scan.peers)[:MOST_LINKS],
        "links_left_out": max(0, len(scan.peers) - MOST_LINKS),
        "ends": ends,
        "bars": _bars(bars, act),
        "horizons": bars,
        "trends": trends,
        "figures": figures,
        "amount": amount,
    }


_NAMES = {
    "drift": "Drift",
    "coverage": "Strategy",
    "peers": "Between teams",
    "horizon": "Horizon balance",
    "trend": "Over time",
    "figures": "Figures",
}


def _sections(scan: Scan, parts: Mapping[str, Sequence[object]]) -> Iterator[tuple[str, str]]:
    if scan.since:
        yield "changes", "What changed"
    yield "worklist", "Worklist"
    yield from ((key, _NAMES[key]) for key, content in parts.items() if content)
    yield "about", "What was not checked"


def _blocks(items: Sequence[WorkItem]) -> Iterator[tuple[str, bool, Sequence[WorkItem]]]:
    """The worklist as what is in view, what further A rules say, wording, and what is known."""
    yield "First", True, items[:FIRST]
    rest = items[FIRST:]
    more = (
        ("between objectives, teams and strategy", [i for i in rest if not (i.wording or i.known)]),
        ("on the wording of an objective", [i for i in rest if i.wording and not i.known]),
        ("in the baseline", [item for item in rest if item.known]),
    )
    for name, found in more:
        if found:
            yield f"{len(found)} more {name}", False, found


def _surest(links: Iterable[PeerLink]) -> list[PeerLink]:
    order = ("conflict", "duplicate", "dependency", "complementary", "unrelated")
    shown = [link for link in links if link.kind != "unrelated"]
    return sorted(shown, key=lambda link: (order.index(link.kind), -link.confidence))


def _bars(figures: Sequence[Figure], act: str) -> Markup | None:
    """The figures that have a value in the commonest unit."""
    valued = [item for item in figures if item.value is not None and item.value >= 0]
    if not valued:
        return None
    units = [item.unit for item in valued]
    unit = max(units, key=units.count)
    alike = [item for item in valued if item.unit == unit]
    if len(alike) > MOST_BARS:
        alike = [item for item in alike if is_wide(item)] or alike
    parts = [(horizon_name(item), item.value or 0.0, amount(item)) for item in alike]
    title = next((item.formula for item in valued if item.formula), "") or "Horizon balance"
    full = 100.0 if unit == "%" else 0.0
    return draw_bars(title, parts[:MOST_BARS], "bars", full=full, act=act)


def _trends(
    context: Context, earlier: Iterable[Tally], act: str
) -> Iterator[tuple[str, list[tuple[Series, Markup]]]]:
    found = (
        ("cycles", "From cycle to cycle", over_cycles(context)),
        ("scans", "From scan to scan", over_scans(context.scan, earlier)),
    )
    for key, heading, series in found:
        if series:
            drawn = [
                draw_trend(item, f"{key}-{place}", act=act) for place, item in enumerate(series)
            ]
            yield heading, list(zip(series, drawn, strict=True))
