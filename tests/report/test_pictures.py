"""What the pictures of a scan show, worked out from little organisations."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from lxml import etree

from assistant.models import Choice, Coverage, Edge, Objective, Organisation, PeerLink, Scan
from assistant.report.context import Context
from assistant.report.pictures.graph import draw_graph
from assistant.report.pictures.heatmap import draw_heatmap
from assistant.report.pictures.svg import element, fitted
from assistant.report.pictures.tree import MOST_LEAVES, draw_tree
from assistant.report.pictures.trend import draw_trend
from assistant.report.views.forest import fold, grow, nested
from assistant.report.views.grid import lay_out
from assistant.report.views.network import connect
from assistant.report.views.trends import Series, over_cycles
from tests.analyse.organisations import objective, organisation
from tests.report.scans import fernhill, whole_scan

SVG = "{http://www.w3.org/2000/svg}"


def scan_of(**parts: object) -> Scan:
    empty = Scan(
        organisation="x", taken_at=datetime(2026, 1, 1, tzinfo=UTC), teams=0, objectives=0,
        key_results=0, documents=0,
    )  # fmt: skip
    return empty.model_copy(update=parts)


def forest(*objectives: Objective, drifted: tuple[tuple[str, str], ...] = ()) -> Context:
    edges = tuple(
        Edge(child_id=child, parent_id=parent, similarity=0.5, serves=0.1, verdict="drifted")
        for child, parent in drifted
    )
    return Context(scan_of(edges=edges), organisation(*objectives))


def texts(drawing: str) -> list[str]:
    return [item.text or "" for item in etree.fromstring(drawing).iter(f"{SVG}text")]


def test_the_forest_stands_under_first_parents() -> None:
    found = grow(
        forest(
            objective("leaf", under=["gone", "twig", "root"]),
            objective("root"),
            objective("twig", under=["root"]),
            objective("own", under=["own"]),
            drifted=(("leaf", "twig"),),
        )
    )
    assert [(row.key, row.depth, row.size, row.troubled) for row in found] == [
        ("root", 0, 2, 1), ("twig", 1, 1, 1), ("leaf", 2, 0, 1), ("own", 0, 0, 0),
    ]  # fmt: skip
    assert [row.note for row in found] == [
        "names no parent", "the link was not judged", "", "its parent is not known",
    ]  # fmt: skip


def test_a_circle_is_opened_where_it_begins() -> None:
    found = grow(forest(objective("a", under=["b"]), objective("b", under=["c"]), objective("c", under=["a"])))  # fmt: skip
    assert [(row.key, row.depth) for row in found] == [("a", 0), ("c", 1), ("b", 2)]


def test_the_root_is_told_apart_from_the_step() -> None:
    rows = {row.key: row for row in grow(Context(whole_scan(), fernhill()))}
    assert (rows["s1"].hop, rows["s1"].root) == ("drifted", "none")
    assert (rows["v2"].hop, rows["v2"].root) == ("look", "drifted")
    assert rows["v2"].note == "here the chain leaves its root"
    assert rows["s1"].note == "metric substitution"


def test_quiet_branches_are_counted_together() -> None:
    found = fold(
        grow(
            forest(
                objective("root"),
                objective("quiet", under=["root"]),
                objective("below", under=["quiet"]),
                objective("loud", under=["root"]),
                objective("still", under=["root"]),
                objective("alone"),
                drifted=(("loud", "root"),),
            )
        ),
        above=3,
    )
    assert [(row.label, row.depth, row.quiet) for row in found] == [
        ("root", 0, 3), ("loud", 1, 0), ("+1 quiet", 0, 1),
    ]  # fmt: skip


def test_nested_rows_open_and_close_in_pairs() -> None:
    rows = grow(forest(objective("a"), objective("b", under=["a"]), objective("c", under=["b"]), objective("d")))  # fmt: skip
    assert [(event, row.key) for event, row in nested(rows)] == [
        ("open", "a"), ("open", "b"), ("leaf", "c"), ("close", "b"), ("close", "a"), ("leaf", "d"),
    ]  # fmt: skip


def test_boxes_stand_beside_their_parents_without_overlap() -> None:
    rows = grow(Context(whole_scan(), fernhill()))
    boxes = [
        tuple(float(item.get(name)) for name in ("x", "y", "width", "height"))
        for item in etree.fromstring(draw_tree(rows)).iter(f"{SVG}rect")
        if "flag" not in item.get("class")
    ]
    assert len(boxes) == 5
    for place, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, *_ in boxes[place + 1 :]:
            assert not (x <= other_x < x + width and y <= other_y < y + height)


def test_a_tree_that_is_too_large_says_what_is_left_out() -> None:
    many = [objective(f"o{number}") for number in range(MOST_LEAVES + 30)]
    drawn = texts(draw_tree(grow(forest(*many))))
    assert drawn[-1] == "… 30 more objectives stand in the list below"


def test_a_chain_of_five_hundred_levels_is_drawn() -> None:
    chain = [objective("o0"), *(objective(f"o{n}", under=[f"o{n - 1}"]) for n in range(1, 500))]
    rows = grow(forest(*chain, drifted=(("o499", "o498"),)))
    assert max(row.depth for row in rows) == 40
    assert "… 492 more objectives stand in the list below" in texts(draw_tree(fold(rows)))


def test_the_grid_counts_per_team() -> None:
    grid = lay_out(Context(whole_scan(), fernhill()))
    first, gap, refused, old = grid.lines
    assert grid.columns[:2] == ("Fernhill", "Sales")
    assert (first.cells["Fernhill"].serving, first.cells["Fernhill"].strength) == (1, 0.9)
    assert first.cells["Sales"].against == 1
    assert first.cells[grid.columns[2]].serving == 2
    assert [line.outcome for line in (first, gap, refused, old)] == [
        "3 serve it, 1 against", "nobody serves it", "nobody found against it", "withdrawn",
    ]  # fmt: skip


def test_a_cell_says_in_text_what_its_colour_says() -> None:
    drawing = etree.fromstring(draw_heatmap(lay_out(Context(whole_scan(), fernhill()))))
    cells = [
        (item.getparent().findtext(f"{SVG}text"), item.get("class"))
        for item in drawing.iter(f"{SVG}rect")
        if item.get("class") not in ("heat-0", "paper")
    ]
    assert cells == [("1", "heat-3"), ("✗1", "heat-0 against"), ("2", "heat-2")]


@pytest.mark.parametrize(
    ("teams", "columns"),
    [
        pytest.param(4, ["t0", "t1", "t2", "t3"], id="all fit"),
        pytest.param(40, ["b0", "b1"], id="branches"),
    ],
)
def test_many_teams_are_shown_by_their_branches(teams: int, columns: list[str]) -> None:
    above = {"top": None, "b0": "top", "b1": "top"} | {
        f"t{number}": f"b{number % 2}" for number in range(teams)
    }
    found = organisation(*(objective(f"o{n}", team=f"t{n}") for n in range(teams)), teams=above)
    served = {f"o{number}": 0.9 for number in range(teams)}
    item = Coverage(choice=Choice(id="c", kind="choice", text="c"), served_by=served)
    grid = lay_out(Context(scan_of(coverage=(item,)), found))
    assert sorted(grid.columns) == columns
    assert sum(cell.serving for cell in grid.lines[0].cells.values()) == teams


def test_more_teams_side_by_side_than_fit_share_a_column() -> None:
    above = {f"t{number:02}": None for number in range(30)}
    found = organisation(*(objective(f"o{key}", team=key) for key in above), teams=above)
    served = {f"o{key}": 0.9 for key in above}
    item = Coverage(choice=Choice(id="c", kind="choice", text="c"), served_by=served)
    grid = lay_out(Context(scan_of(coverage=(item,)), found), most=5)
    assert grid.columns == ("t00", "t01", "t02", "t03", "(other teams)")
    assert grid.lines[0].cells["(other teams)"].serving == 26


def test_the_network_points_at_who_is_needed() -> None:
    network = connect(Context(whole_scan(), fernhill()))
    found = {(line.kind, line.a[:7], line.b[:7]) for line in network.lines}
    assert found == {("conflict", "Sales", "Service"), ("dependency", "Sales", "Service")}
    assert network.teams[0] == "Sales"


def test_pairs_within_one_team_are_counted_apart() -> None:
    found = organisation(objective("a", team="t"), objective("b", team="t"), teams={"t": None})
    link = PeerLink(a_id="a", b_id="b", kind="duplicate", confidence=0.9, similarity=0.9)
    network = connect(Context(scan_of(peers=(link,)), found))
    assert (network.lines, network.within) == ((), 1)


def test_a_graph_is_drawn_the_same_every_time() -> None:
    once, again = (draw_graph(connect(Context(whole_scan(), fernhill()))) for _ in range(2))
    assert once == again
    assert [text for text in texts(once) if text in "✗→="] == ["→", "✗"]


def test_cycles_of_one_length_are_compared() -> None:
    drifted, look, *rest = over_cycles(Context(whole_scan(), fernhill()))
    assert drifted.points == (("2026-Q2", 0.0), ("2026-Q3", 33.3))
    assert look.points == (("2026-Q2", 0.0), ("2026-Q3", 33.3))
    assert [item.name for item in rest] == [
        "Remarks on conflicts (A5)", "Errors and warnings per objective",
    ]  # fmt: skip


def test_a_gap_in_a_trend_is_a_gap() -> None:
    series = Series("Drift", "%", (("Q1", 10.0), ("Q2", None), ("Q3", 5.0)))
    drawing = draw_trend(series, "t")
    assert texts(drawing) == ["Q1", "10 %", "Q2", "no data", "Q3", "5 %"]
    lines = list(etree.fromstring(drawing).iter(f"{SVG}line"))
    assert [item.get("class") for item in lines] == ["axis"]


def test_what_names_rows_and_columns_can_stay_in_view() -> None:
    grid = etree.fromstring(draw_heatmap(lay_out(Context(whole_scan(), fernhill()))))
    staying = [item for item in grid.iter(f"{SVG}g") if item.get("class") == "stays"]
    assert [item.get("data-ways") for item in staying] == ["x", "y", "xy"]
    rows = grow(Context(whole_scan(), fernhill()))
    tree = etree.fromstring(draw_tree(rows))
    tall = [item for item in tree.iter(f"{SVG}g") if item.get("class") == "stays"]
    boxes = [float(item.get("height")) for item in tree.iter(f"{SVG}rect")]
    assert len(tall) == sum("flag" not in (item.get("class") or "") and float(item.get("height")) > min(boxes) for item in tree.iter(f"{SVG}rect"))  # fmt: skip


def test_a_point_of_a_scan_says_which() -> None:
    series = Series("Drift", "%", (("1 May", 10.0), ("2 May", 5.0)), ids=("scan-1", ""))
    drawing = etree.fromstring(draw_trend(series, "t", act="open"))
    points = [(item.get("data-kind"), item.get("data-id")) for item in drawing.iter(f"{SVG}a")]
    assert points == [("scan", "scan-1"), ("scan", "")]


def test_an_organisation_without_anything_draws_nothing() -> None:
    context = Context(scan_of(), Organisation())
    assert grow(context) == ()
    assert lay_out(context).lines == ()
    assert connect(context).teams == ()


def test_an_element_escapes_text_and_attributes() -> None:
    drawn = element("text", '<b>&"', class_='x" onload="y', x=1.26, y=None)
    assert drawn == '<text class="x&#34; onload=&#34;y" x="1.3">&lt;b&gt;&amp;&#34;</text>'


@pytest.mark.parametrize(
    ("words", "shown"), [("short", "short"), ("a  b\nc", "a b c"), ("0123456789ab", "012345678…")]
)
def test_text_is_cut_to_fit(words: str, shown: str) -> None:
    assert fitted(words, 10) == shown


def test_parts_of_a_picture_can_be_pressed_only_where_the_page_listens() -> None:
    context = Context(whole_scan(), fernhill())
    rows = grow(context)
    still, open_ = (etree.fromstring(draw_tree(rows, act=act)) for act in ("", "open"))
    assert still.get("role") == "img"
    assert list(still.iter(f"{SVG}a")) == []
    assert open_.get("role") == "group"
    pressed = [(item.get("data-act"), item.get("data-id")) for item in open_.iter(f"{SVG}a")]
    assert pressed == [("open", row.key) for row in rows]


def test_a_tree_by_the_root_is_coloured_by_what_is_left_of_it() -> None:
    rows = grow(Context(whole_scan(), fernhill()))
    by_root = etree.fromstring(draw_tree(rows, by="root"))
    classes = [item.get("class") for item in by_root.iter(f"{SVG}rect")]
    assert classes == [f"is-{row.hop if row.root == 'none' else row.root}" for row in rows]
