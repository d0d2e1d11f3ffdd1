"""CSV and Excel: every shape of table, cells as people see them, and what costs only itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from assistant.errors import ConfigurationError
from assistant.models import Problem
from assistant.sources.records import CycleRecord, ObjectiveRecord, Record, TeamRecord
from assistant.sources.tabular import delimited, grid, read_csv, read_xlsx
from assistant.sources.tabular.formats import show
from assistant.sources.tabular.presets import built_in, find_columns, names_of, simplify

Rows = list[list[Any]]


def objectives(found: list[Record]) -> list[ObjectiveRecord]:
    return [record for record in found if isinstance(record, ObjectiveRecord)]


def problems(found: list[Record], *severities: str) -> list[str]:
    wanted = severities or ("error", "warning", "info")
    return [str(item) for item in found if isinstance(item, Problem) and item.severity in wanted]


def outline(found: list[Record]) -> list[str]:
    """The tree in words: ``Text < parent``, and key results behind a dash."""
    lines = []
    for record in objectives(found):
        lines.append(" < ".join((record.text, *record.parents)))
        lines += [f"- {result.text}" for result in record.key_results]
    return lines


def csv(text: str, preset: str | Path | None = None) -> list[Record]:
    return list(read_csv(text, "okrs.csv", preset))


def workbook(
    sheets: dict[str, Rows], touch: Callable[[Worksheet], None] = lambda sheet: None
) -> bytes:
    """A real workbook; ``touch`` may change its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    touch(book.worksheets[0])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def xlsx(
    sheets: dict[str, Rows],
    touch: Callable[[Worksheet], None] = lambda sheet: None,
    preset: str | Path | None = None,
) -> list[Record]:
    return list(read_xlsx(workbook(sheets, touch), "okrs.xlsx", preset))


def archive(parts: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return data.getvalue()


# --- shapes ------------------------------------------------------------------------------------

GUESSED = (
    "No column says which rows are key results; the rows with nothing below them were read as key "
    "results."
)

SHAPES = [
    pytest.param(
        "Objective,Key result\nGrow,NPS to 60\nGrow,Churn to 3 %\nShrink,Waste to 2 t\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %", "Shrink", "- Waste to 2 t"],
        id="long-repeated",
    ),
    pytest.param(
        "Objective,Key result\nGrow,NPS to 60\n,Churn to 3 %\n\nShrink,\n,Waste to 2 t\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %", "Shrink", "- Waste to 2 t"],
        id="long-blank-below",
    ),
    pytest.param(
        "Objective,Key result\nGrow,NPS to 60\nShrink,Waste to 2 t\nGrow,Churn to 3 %\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %", "Shrink", "- Waste to 2 t"],
        id="long-sorted-by-something-else",
    ),
    pytest.param(
        "Team,Objective,Key result\nFreight,Grow,NPS to 60\nYard,Grow,Churn to 3 %\n",
        ["Grow", "- NPS to 60", "Grow", "- Churn to 3 %"],
        id="long-same-words-in-two-teams",
    ),
    pytest.param(
        'Objective,Key results\nGrow,"1. NPS to 60\n2. Churn, all of it,\n   to 3 %\n- Calls to 5"\n',
        ["Grow", "- NPS to 60", "- Churn, all of it, to 3 %", "- Calls to 5"],
        id="long-list-in-a-cell",
    ),
    pytest.param(
        'Objective,Key result\nGrow,"NPS to 60\nin every region"\n',
        ["Grow", "- NPS to 60 in every region"],
        id="long-line-break-in-a-cell",
    ),
    pytest.param(
        "Title;KR\nGrow;NPS to 60\n", ["Grow", "- NPS to 60"], id="long-with-title-and-semicolons"
    ),
    pytest.param("Objective\nGrow, fast\nShrink\n", ["Grow, fast", "Shrink"], id="objectives-alone"),
    pytest.param(
        "Objective|key_result_1|KR 2|Key Result #3\nGrow|NPS to 60||Churn to 3 %\nShrink|Waste down\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %", "Shrink", "- Waste down"],
        id="wide",
    ),
    pytest.param(
        "objective,kr2,kr1,kr10\nGrow,two it,one it,ten it\n",
        ["Grow", "- one it", "- two it", "- ten it"],
        id="wide-in-the-order-of-the-numbers",
    ),
    pytest.param(
        "objective\tkey_result_1\tbaseline_1\ttarget_1\tunit_1\tMetric KR2\tkey_result_2\tKR2 target\n"
        "Grow\tChurn\t4.1\t3\t%\tNPS\tBe liked\t60\n",
        ["Grow", "- Churn, from 4.1 % to 3 %", "- Be liked: NPS, to 60"],
        id="wide-with-measures",
    ),
    pytest.param(
        "ID,Parent ID,Type,Title\nO1,,Objective,Grow\nK1,O1,Key Result,NPS to 60\n"
        "O2,K1,Objective,Please guests\nK2,O2,KR,Calls to 5\nO3,O1,Goal,Widen\n",
        ["Grow", "- NPS to 60", "Please guests < K1", "- Calls to 5", "Widen < O1"],
        id="parent-id",
    ),
    pytest.param(
        "Title,Parent,Id\nNPS to 60,1,2\nGrow,,1\nCalls to 5,4,3\nWiden,1,4\n",
        ["Grow", "- NPS to 60", "Widen < 1", "- Calls to 5"],
        id="parent-id-without-types-children-first",
    ),
    pytest.param(
        "Key,Parent,Type,Title\nO1,,Objective,Grow\nO2,,Objective,Save\nO3,\"O1, O2\",Objective,Widen\n"
        "O4,Grow,Objective,Deepen\nO5,X-9,Objective,Stray\n",
        ["Grow", "Save", "Widen < O1 < O2", "Deepen < O1", "Stray < X-9"],
        id="parent-id-several-parents-and-names",
    ),
    pytest.param(
        "ID,Parent ID,Type,Title\nO1,,Objective,Grow\nI1,O1,Initiative,Hire\nK1,I1,KR,NPS to 60\n",
        ["Grow", "- NPS to 60"],
        id="parent-id-below-another-type",
    ),
    pytest.param(
        "Order,Title\n1,Grow\n1.1,NPS to 60\n1.2,Widen\n1.2.1,Calls to 5\n2,Save\n",
        ["Grow", "- NPS to 60", "Widen < Grow", "- Calls to 5", "Save"],
        id="dotted-order",
    ),
    pytest.param(
        "#,Type,Title\n1,Objective,Grow\n1.1,Key result,NPS to 60\n1.1.1,Objective,Please guests\n"
        "1.1.1.1,Key result,Calls to 5\n1.2,Objective,Widen\n",
        ["Grow", "- NPS to 60", "Please guests < NPS to 60", "- Calls to 5", "Widen < Grow"],
        id="dotted-order-with-types",
    ),
    pytest.param(
        "No.,Title\nO1,Grow\nO1.KR1,NPS to 60\nO1.KR2,Churn to 3 %\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %"],
        id="dotted-order-with-letters",
    ),
    pytest.param(
        "Nr;Title\n1.0;Grow\n1.1;NPS to 60\n2.;Save\n2.1;Cost to 5\n",
        ["Grow", "- NPS to 60", "Save", "- Cost to 5"],
        id="dotted-order-with-zeros-and-dots",
    ),
    pytest.param(
        "Order,Title\n1,Grow\n" + "".join(f"1.{n},Result {n}\n" for n in range(1, 10))
        + "1.1,Result ten\n1.11,Result eleven\n",
        ["Grow", *(f"- Result {n}" for n in range(1, 10)), "- Result ten", "- Result eleven"],
        id="dotted-order-that-lost-a-zero",
    ),
    pytest.param(
        "L1,L2,L3\nGrow,,\n,Widen,\n,,Calls to 5\n,,NPS to 60\nSave,,\n",
        ["Grow", "Widen < Grow", "- Calls to 5", "- NPS to 60", "Save"],
        id="levels-one-a-row",
    ),
    pytest.param(
        "Level 1,Level 2,Level 3\nGrow,Widen,Calls to 5\nGrow,Widen,NPS to 60\nGrow,Deepen,Visits to 9\n",
        ["Grow", "Widen < Grow", "- Calls to 5", "- NPS to 60", "Deepen < Grow", "- Visits to 9"],
        id="levels-repeated",
    ),
    pytest.param(
        "L1,L2,Type\nGrow,,Objective\n,Widen,Objective\n,NPS to 60,Key result\n",
        ["Grow", "- NPS to 60", "Widen < Grow"],
        id="levels-with-types",
    ),
    pytest.param(
        "L1,L2\nGrow,\n,KR1: NPS to 60\n,O2: Widen\n",
        ["Grow", "- NPS to 60", "Widen < Grow"],
        id="levels-with-words-that-tell",
    ),
    pytest.param(
        "Company objective,Team objective,Key result\nGrow,Widen,Calls to 5\n,,NPS to 60\n,Deepen,Visits to 9\n",
        ["Grow", "Widen < Grow", "- Calls to 5", "- NPS to 60", "Deepen < Grow", "- Visits to 9"],
        id="ladder",
    ),
    pytest.param(
        "Type,Title\nObjective,Grow\nKey result,NPS to 60\nKR,Churn to 3 %\nObjective,Save\n",
        ["Grow", "- NPS to 60", "- Churn to 3 %", "Save"],
        id="typed-rows",
    ),
    pytest.param(
        "Acme OKRs\n\nAs of today,,\nObjective,Key result\nGrow,NPS to 60\nObjective,Key result\nSave,Cost to 5\n",
        ["Grow", "- NPS to 60", "Save", "- Cost to 5"],
        id="header-below-a-title-and-repeated",
    ),
    pytest.param("sep=;\nObjective;KR\nGrow;a, b\n", ["Grow", "- a, b"], id="sep-line"),
    pytest.param("\ufeffObjective,KR\nGrow,NPS to 60\n", ["Grow", "- NPS to 60"], id="mark"),
    pytest.param(
        "Ziel;Schlüsselergebnis\nWachsen;NPS auf 60\n", ["Wachsen", "- NPS auf 60"], id="german"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_a_table_tells_its_shape(text: str, expected: list[str]) -> None:
    found = csv(text)

    assert outline(found) == expected
    assert problems(found, "error", "warning") == []


@pytest.mark.parametrize(("text", "expected"), SHAPES)
def test_a_sheet_is_read_like_the_same_table_in_a_text_file(text: str, expected: list[str]) -> None:
    lines = delimited.read_grid(text.removeprefix("\ufeff"), "x").rows
    if text.startswith("Objective\n"):
        lines = delimited.read_grid(text, "x", "\x1f").rows
    found = xlsx({"Plan": [list(row.values) for row in lines]})

    assert outline(found) == expected
    assert problems(found, "error", "warning") == []


def test_what_is_only_guessed_is_said() -> None:
    assert problems(csv("Order,Title\n1,Grow\n1.1,NPS to 60\n")) == [f"okrs.csv:3: {GUESSED}"]
    assert problems(csv("Order,Type,Title\n1,O,Grow\n1.1,KR,NPS to 60\n")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Team,Parent,People,Budget\nAlder,,1200,€ 1.2M\nYard,Alder,60,350k\n",
            [("Alder", None, 1200, 1_200_000), ("Yard", "Alder", 60, 350_000)],
            id="by-name",
        ),
        pytest.param(
            "id,name,parent_id,headcount\n1,Alder,,1200\n2,Yard,1,60\n",
            [("Alder", None, 1200, None), ("Yard", "Alder", 60, None)],
            id="by-id",
        ),
    ],
)
def test_a_table_of_teams(text: str, expected: list[tuple[object, ...]]) -> None:
    found = csv(text)
    teams = [record for record in found if isinstance(record, TeamRecord)]

    assert [(team.name, team.parent, team.people, team.budget) for team in teams] == expected
    assert len(found) == len(teams)


def test_a_table_of_cycles() -> None:
    found = csv("Cycle,Start,End\n2026-Q3,2026-07-01,30.9.2026\nQ4,1 October 2026,\n")
    cycles = [record for record in found if isinstance(record, CycleRecord)]

    assert [(cycle.name, cycle.start, cycle.end) for cycle in cycles] == [
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("Q4", date(2026, 10, 1), None),
    ]
    assert len(found) == len(cycles)


# --- what the columns say ----------------------------------------------------------------------


def test_every_column_of_an_objective() -> None:
    found = csv(
        "Key,Team,Quarter,Year,Objective,Owner,Commitment,Phase,Horizon,Drivers,Supports,Contribution,"
        "Tags,Comment\n"
        "FR-1,Freight,Q3,2026,Grow,Ines,Stretch,pilot,end of 2027,\"cost, risk\","
        "CO-1; Win the north,Fewer slots,\"a,b\",late\n"
    )  # fmt: skip

    assert problems(found) == []
    assert objectives(found)[0].model_dump(exclude={"location", "key_results"}) == {
        "text": "Grow",
        "key": "FR-1",
        "team": "Freight",
        "cycle": "Q3 2026",
        "parents": ("CO-1", "Win the north"),
        "contribution": "Fewer slots",
        "owner": "Ines",
        "horizon": "end of 2027",
        "kind": "aspirational",
        "phase": "pilot",
        "drivers": ("cost", "risk"),
        "status": "open",
        "tags": ("a", "b"),
        "notes": ("late",),
    }


def test_what_stands_left_is_the_objectives_and_right_the_key_results() -> None:
    found = csv(
        "Owner,Status,Objective,Key result,KR id,Progress,Due date,Objective score,KR status,Current\n"
        "Ines,on track,Grow,NPS to 60,K1,70,2026-09-30,0.5,done,55\n"
    )
    objective = objectives(found)[0]
    result = objective.key_results[0]

    assert (objective.owner, objective.status, objective.notes) == ("Ines", "open", ("Score: 0.5",))
    assert (result.key, result.owner, result.status, result.score) == ("K1", None, "done", 0.7)
    assert result.notes == ("Current: 55", "Due: 2026-09-30")


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        pytest.param(("Ines", "Ines"), "Ines", id="one"),
        pytest.param(("Ines", "Ole"), None, id="two"),
        pytest.param(("Ines", ""), None, id="one-and-nobody"),
    ],
)
def test_an_objective_has_the_owner_that_all_its_key_results_have(
    owners: tuple[str, str], expected: str | None
) -> None:
    found = csv(f"Objective,KR,Owner\nGrow,NPS to 60,{owners[0]}\nGrow,Calls to 5,{owners[1]}\n")

    assert objectives(found)[0].owner == expected


def test_ids_that_count_rows_are_the_key_results() -> None:
    found = csv("ID,Objective,KR\n1,Grow,NPS to 60\n2,Grow,Calls to 5\n")
    objective = objectives(found)[0]

    assert (objective.key, [result.key for result in objective.key_results]) == (None, ["1", "2"])


@pytest.mark.parametrize(
    ("cell", "parents"),
    [
        pytest.param("FR-1", ("FR-1",), id="key"),
        pytest.param('"FR-1, CO-2"', ("FR-1", "CO-2"), id="keys"),
        pytest.param('"Grow, and be kind"', ("Grow, and be kind",), id="a-comma-in-a-text"),
        pytest.param("Grow; Save", ("Grow", "Save"), id="texts"),
        pytest.param('"Grow\nSave"', ("Grow", "Save"), id="lines"),
        pytest.param("n/a", (), id="none"),
    ],
)
def test_stated_parents(cell: str, parents: tuple[str, ...]) -> None:
    found = csv(f"Objective,KR,Supports\nWiden,NPS to 60,{cell}\n")

    assert objectives(found)[0].parents == parents


def test_a_team_over_its_objectives_holds_for_all_of_them() -> None:
    found = csv(
        "Team,Objective,KR\nFreight,Grow,NPS to 60\n,,Churn to 3 %\n,Save,Cost to 5\nYard,Hurry,Time to 2\n"
    )
    assert [item.team for item in objectives(found)] == ["Freight", "Freight", "Yard"]


def test_what_stands_over_the_table_holds_for_all_of_it() -> None:
    found = csv("Team: Freight\nQuarter,2026-Q3\n\nObjective,KR\nGrow,NPS to 60\n")

    assert [(item.team, item.cycle) for item in objectives(found)] == [("Freight", "2026-Q3")]


def test_a_team_with_its_department_is_a_team_below_it() -> None:
    found = csv("Department,Team,Objective\nRail,Freight,Grow\nRail,Freight,Save\n")
    teams = [record for record in found if isinstance(record, TeamRecord)]

    assert [(team.name, team.parent) for team in teams] == [("Freight", "Rail")]


@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        pytest.param("Score", ["0.7", "1", "0"], [0.7, 1, 0], id="zero-to-one"),
        pytest.param("Score", ["70", "1", "0"], [0.7, 0.01, 0], id="zero-to-hundred"),
        pytest.param("Progress (%)", ["0.5", "1", "0"], [0.005, 0.01, 0], id="percent-heading"),
        pytest.param("Progress", ["70 %", "100%", "7/10"], [0.7, 1, 0.7], id="signs"),
        pytest.param("Grade", ['"0,7"', "n/a", "-"], [0.7, None, None], id="commas-and-blanks"),
    ],
)
def test_scores(heading: str, cells: list[str], expected: list[float | None]) -> None:
    rows = "".join(
        f"Grow,Result {place},{cell}\n" for place, cell in zip("abc", cells, strict=True)
    )
    found = csv(f"Objective,KR,{heading}\n{rows}")

    assert [result.score for result in objectives(found)[0].key_results] == expected
    assert problems(found) == []


def test_the_mess_around_a_text_is_taken_off_and_kept() -> None:
    found = csv("Objective,KR\nO1: Grow (owner: Mia),[P0] KR 1.2 - NPS to 60 => done\n")
    objective = objectives(found)[0]
    result = objective.key_results[0]

    assert (objective.text, objective.key, objective.owner) == ("Grow", "O1", "Mia")
    assert (result.text, result.key, result.status, result.tags) == (
        "NPS to 60",
        "KR1.2",
        "done",
        ("P0",),
    )


@pytest.mark.parametrize(
    "text",
    ["=SUM(A1:A3) more orders", "+5 points of NPS", "-3 % churn", "@home visits up", "=1+1 a"],
)
def test_a_text_that_looks_like_a_formula_is_text(text: str) -> None:
    def touch(sheet: Worksheet) -> None:
        sheet["B2"].value = text
        sheet["B2"].data_type = "s"

    found = csv(f"Objective,KR\nGrow,{text}\n")
    in_sheet = xlsx({"Plan": [["Objective", "KR"], ["Grow", "x"]]}, touch)

    assert outline(found) == outline(in_sheet) == ["Grow", f"- {text}"]


def test_columns_that_mean_nothing_are_named_once() -> None:
    found = csv("Objective,Weather,Mood\nGrow,sun,good\n")

    assert problems(found) == ["okrs.csv:1: Columns that were not read: 'Weather', 'Mood'."]


# --- places ------------------------------------------------------------------------------------


def test_a_record_stands_on_the_line_where_it_begins() -> None:
    found = csv('Objective,KR\nGrow,"NPS\nto\n60"\n\n,Churn to 3 %\nSave,Cost to 5\n')
    grow, save = objectives(found)

    assert (grow.location.line, save.location.line) == (2, 7)
    assert [result.location.line for result in grow.key_results] == [2, 6]


def test_an_element_of_a_workbook_stands_in_its_cell() -> None:
    found = xlsx({"Plan": [[], ["", "Objective", "KR"], [], ["", "Grow", "NPS to 60"]]})
    objective = objectives(found)[0]

    assert str(objective.location) == "okrs.xlsx, Plan!B4"
    assert str(objective.key_results[0].location) == "okrs.xlsx, Plan!C4"


@pytest.mark.parametrize(
    ("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
)
def test_columns_have_letters(column: int, name: str) -> None:
    assert grid.letters(column) == name


# --- what cannot be read -----------------------------------------------------------------------

EXPECTED = (
    "Expected are 'Objective' with 'Key result', or with 'Key result 1', 'Key result 2' and so on; "
    "'L1', 'L2' and so on; or 'Title' with 'Type', with 'ID' and 'Parent ID', or with 'Order' (1, "
    "1.1). Rename the columns, or name a preset or a file of your own; docs/formats.md tells how."
)
QUOTE = (
    "A quote is opened in this line and not closed where a cell can end, or a cell is endless; the "
    "line was left out."
)


@pytest.mark.parametrize(
    ("text", "expected", "kept"),
    [
        pytest.param(
            "Foo,Bar\n1,2\n",
            [f"okrs.csv:1: No OKR columns were found. Columns here: 'Foo', 'Bar'. {EXPECTED}"],
            [],
            id="no-known-column",
        ),
        pytest.param(
            "Title,Owner\nGrow,Mia\n",
            [f"okrs.csv:1: No OKR columns were found. Columns here: 'Title', 'Owner'. {EXPECTED}"],
            [],
            id="nothing-tells-what-a-row-is",
        ),
        pytest.param(
            "Title,Order\nGrow,first\nShrink,second\n",
            ["okrs.csv:1: The columns 'Title', 'Order' do not tell which rows are objectives. "
             f"{EXPECTED}"],
            [],
            id="an-order-without-numbers",
        ),
        pytest.param(
            'Objective,KR\nGrow,"NPS to 60\nSave,Cost to 5\nShrink,"Waste down\nHurry,Time to 2\n',
            [f"okrs.csv:2: {QUOTE}", f"okrs.csv:4: {QUOTE}"],
            ["Save", "- Cost to 5", "Hurry", "- Time to 2"],
            id="open-quotes",
        ),
        pytest.param(
            'Objective,KR\nGrow,"NPS" to 60\nSave,Cost to 5"\n',
            [],
            ["Grow", "- NPS to 60", "Save", '- Cost to 5"'],
            id="stray-quotes",
        ),
        pytest.param(
            "Objective,KR\nGrow,NPS, now, to 60\nSave,Cost to 5\n",
            ["okrs.csv:2: The row has 4 cells and the header 2; a text that holds the delimiter "
             "must stand in quotes."],
            ["Grow", "- NPS", "Save", "- Cost to 5"],
            id="unquoted-delimiter",
        ),
        pytest.param(
            "Objective,KR\n,NPS to 60\nSave,Cost to 5\n",
            ["okrs.csv:2: The key result 'NPS to 60' has no objective above it and was left out."],
            ["Save", "- Cost to 5"],
            id="key-result-without-objective",
        ),
        pytest.param(
            "Type,Title\nKR,NPS to 60\nObjective,Save\n",
            ["okrs.csv:2: The key result 'NPS to 60' has no objective above it and was left out."],
            ["Save"],
            id="typed-key-result-without-objective",
        ),
        pytest.param(
            "Objective,KR,Owner\nGrow,NPS to 60,\n,,Mia\nSave,Cost to 5,\n",
            ["okrs.csv:3: The row beginning 'Mia' has neither an objective nor a key result and "
             "was left out."],
            ["Grow", "- NPS to 60", "Save", "- Cost to 5"],
            id="row-without-text",
        ),
        pytest.param(
            "Objective,KR,Status,Score,Commitment\nGrow,NPS to 60,purple,lots,\n"
            "Save,12,done,130 %,big\nHurry,Time to 2,,120 %,\n",
            ["okrs.csv:2: The Status 'purple' is not a status known here; write open, done or "
             "dropped.",
             "okrs.csv:2: The Score 'lots' is not a score; write 0 to 1, or 0 to 100 %.",
             "okrs.csv:3: The Commitment 'big' is not known here and was left out; write "
             "committed, aspirational or learning.",
             "okrs.csv:3: The Score '130 %' is above 100 %; it was read as 1.",
             "okrs.csv:3: The key result '12' holds no words and was left out.",
             "okrs.csv:4: The Score '120 %' is above 100 %; it was read as 1."],
            ["Grow", "- NPS to 60", "Save", "Hurry", "- Time to 2"],
            id="bad-values",
        ),
        pytest.param(
            "Objective,KR\nGrow,NPS to 60\nGrow,NPS to 60\n",
            ["okrs.csv:3: The key result 'NPS to 60' stands already at okrs.csv:2; it counts "
             "once."],
            ["Grow", "- NPS to 60"],
            id="repeated-key-result",
        ),
        pytest.param(
            "Objective,KR\n???,NPS to 60\nSave,Cost to 5\n",
            ["okrs.csv:2: The objective '???' holds no words; it and its key results were left "
             "out."],
            ["Save", "- Cost to 5"],
            id="objective-without-words",
        ),
        pytest.param(
            "ID,Parent ID,Type,Title\nO1,,Objective,Grow\nK1,O9,KR,Lost it\nO1,,Objective,Twice\n"
            "K2,K2,KR,Own parent\nO5,O6,Objective,Loop a\nO6,O5,Objective,Loop b\nK3,,,\n"
            "I1,O1,Initiative,Hire\n",
            ["okrs.csv:4: The ID 'O1' stands already at okrs.csv:2; links to it go there.",
             "okrs.csv:8: The row beginning 'K3' has no text and was left out.",
             "okrs.csv:9: One row of the type 'initiative' left out; only objectives and key "
             "results are read.",
             "okrs.csv:3: The key result 'Lost it' hangs under no objective (its parent 'O9' is "
             "not in the table) and was left out.",
             "okrs.csv:5: The key result 'Own parent' hangs under no objective and was left out."],
            ["Grow", "Twice", "Loop a < O6", "Loop b < O5"],
            id="bad-links",
        ),
        pytest.param(
            "Order,Type,Title\n1,Objective,Grow\n1.2.1,KR,Deep it\n3.1,KR,Lost it\n"
            "2026-01-01,KR,Date it\n1,Objective,Twice\n,KR,Unnumbered\n2,Objective,Save\n2.1,KR,a b\n",
            ["okrs.csv:5: The order '2026-01-01' is no number such as 1.2 (spreadsheets turn some "
             "into dates); the row was left out.",
             "okrs.csv:6: The order '1' stands already at okrs.csv:2; this row was left out.",
             "okrs.csv:7: The row has no order number and was left out.",
             "okrs.csv:3: Nothing has the order 1.2, under which 1.2.1 belongs; it was put under "
             "1.",
             "okrs.csv:4: Nothing has the order 3, under which 3.1 belongs; it hangs under "
             "nothing.",
             "okrs.csv:4: The key result 'Lost it' hangs under no objective and was left out."],
            ["Grow", "- Deep it", "Save", "- a b"],
            id="bad-orders",
        ),
        pytest.param(
            "Team,People,Budget\nYard,many,-5\nFreight,12.5,a lot\n",
            ["okrs.csv:2: The People 'many' is not a number of people; write a whole number such "
             "as 12.",
             "okrs.csv:2: The Budget '-5' is not an amount; write a number such as 1200000 or "
             "1.2M.",
             "okrs.csv:3: The People '12.5' is not a number of people; write a whole number such "
             "as 12.",
             "okrs.csv:3: The Budget 'a lot' is not an amount; write a number such as 1200000 or "
             "1.2M."],
            [],
            id="bad-figures-of-teams",
        ),
        pytest.param(
            "a\x00b",
            ["okrs.csv: The file is binary, not text; save the table as CSV or as .xlsx."],
            [],
            id="binary",
        ),
        pytest.param(
            "\x01\x02\x03\x04 JFIF \x05\x06",
            ["okrs.csv: The file is binary, not text; save the table as CSV or as .xlsx."],
            [],
            id="picture",
        ),
        pytest.param(
            "PK\x03\x04\x14\x06\x08",
            ["okrs.csv: The file is an Excel workbook or another zip archive; give it the ending "
             ".xlsx if it is one."],
            [],
            id="workbook-named-csv",
        ),
        pytest.param("", ["okrs.csv: The file is empty."], [], id="empty"),
        pytest.param(" \n\n", ["okrs.csv: The file is empty."], [], id="blank"),
        pytest.param("Objective,KR\n", [], [], id="header-alone"),
    ],
)  # fmt: skip
def test_a_bad_row_costs_only_itself(text: str, expected: list[str], kept: list[str]) -> None:
    found = csv(text)

    assert problems(found) == expected
    assert outline(found) == kept


def test_a_header_alone_is_said_to_hold_nothing() -> None:
    assert csv("Objective,KR\n") == []


def test_rows_beyond_the_limit_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "MOST_ROWS", 3)
    found = csv("Objective,KR\nGrow,a one\n,b two\n,c three\n,d four\n")

    assert problems(found) == [
        "okrs.csv:4: The table has more than 3 rows; what follows was not read."
    ]
    assert outline(found) == ["Grow", "- a one", "- b two"]


def test_a_file_of_broken_lines_is_given_up() -> None:
    found = csv("Objective,KR\nGrow,NPS to 60\n" + '"a\n' * 1001)

    assert outline(found) == ["Grow", "- NPS to 60"]
    assert len(found) == 1002
    assert problems(found)[1000] == (
        "okrs.csv:1002: 1,000 lines cannot be read; what follows was not read."
    )


def test_a_quote_that_closes_too_far_below_is_open() -> None:
    found = csv('Objective,KR\n"Grow\n' + ",a b\n" * 100 + '",c d\nSave,Cost to 5\n')

    assert problems(found, "error")[0] == f"okrs.csv:2: {QUOTE}"
    assert outline(found)[-2:] == ["Save", "- Cost to 5"]


# --- workbooks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (None, "General", ""),
        ("text", "0.0%", "text"),
        (True, "General", "TRUE"),
        (3, "General", "3"),
        (3.0, "General", "3"),
        (0.1 + 0.2, "General", "0.3"),
        (1234.5, "General", "1234.5"),
        (0.031, "0.0%", "3.1%"),
        (0.5, "0%", "50%"),
        (-0.02, "0%", "-2%"),
        (4.1, '0.0" %"', "4.1 %"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1_250_000, "#,##0", "1,250,000"),
        (1_250_000, '0.00,,"M"', "1.25M"),
        (1_250_000, '#,##0,"k"', "1,250k"),
        (1e6, '"$"#,##0_);[Red]("$"#,##0)', "$1,000,000"),
        (-1e6, '"$"#,##0_);[Red]("$"#,##0)', "($1,000,000)"),
        (99.5, "#,##0.00\\ [$€-407]", "99.50 €"),
        (99.5, "[$EUR ]#,##0.00", "EUR 99.50"),
        (7, "00", "07"),
        (12.5, "0.##", "12.5"),
        (12, "0.##", "12"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.0", "0.0"),
        (0, '#,##0;-#,##0;"-"', "0"),
        (7, ";;;", "7"),
        (0.25, "# ?/?", "0.25"),
        (1.5e-10, "0.00E+00", "1.5e-10"),
        (10**400, "0", "1.0e+400"),
        (float("inf"), "0", "inf"),
        (datetime(2026, 7, 31), "dd/mm/yy", "2026-07-31"),
        (datetime(2026, 7, 31, 9, 30), "dd/mm/yy hh:mm", "2026-07-31 09:30"),
        (date(2026, 7, 31), "dd/mm/yy", "2026-07-31"),
        (time(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05:00"),
    ],
)
def test_a_cell_is_shown_as_people_see_it(value: object, number_format: str, expected: str) -> None:
    assert show(value, number_format) == expected


def test_formats_reach_the_text_of_a_key_result() -> None:
    def touch(sheet: Worksheet) -> None:
        sheet["C2"].number_format = sheet["D2"].number_format = "0.0%"
        sheet["C3"].number_format = sheet["D3"].number_format = '"$"#,##0'
        sheet["E2"].number_format = "dd/mm/yyyy"

    found = xlsx(
        {
            "Plan": [
                ["Objective", "KR", "Baseline", "Target", "Due"],
                ["Grow", "Churn", 0.041, 0.031, datetime(2026, 9, 30)],
                [None, "Revenue", 1_000_000, 1_500_000, None],
            ]
        },
        touch,
    )

    assert outline(found) == [
        "Grow",
        "- Churn, from 4.1% to 3.1%",
        "- Revenue, from $1,000,000 to $1,500,000",
    ]
    assert objectives(found)[0].key_results[0].notes == ("Due: 2026-09-30",)


def test_merged_cells_hidden_rows_and_failed_formulas() -> None:
    def touch(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A5")
        sheet.merge_cells("B2:B3")
        sheet.merge_cells("B4:B5")
        sheet.row_dimensions[3].hidden = True
        sheet["C5"].value = "=1+1"
        sheet["C6"].value = "#REF!"

    found = xlsx(
        {
            "Plan": [
                ["Team", "Objective", "KR"],
                ["Freight", "Grow", "NPS to 60"],
                [None, None, "Churn to 3 %"],
                [None, "Save", "Cost to 5"],
                [None, None, None],
                ["Yard", "Hurry", None],
            ]
        },
        touch,
    )

    assert [(item.team, item.text) for item in objectives(found)] == [
        ("Freight", "Grow"),
        ("Freight", "Save"),
        ("Yard", "Hurry"),
    ]
    assert outline(found) == [
        "Grow", "- NPS to 60", "- Churn to 3 %", "Save", "- Cost to 5", "Hurry",
    ]  # fmt: skip
    assert problems(found) == [
        "okrs.xlsx, Plan!C5: The cell holds a formula without a stored value and was read as "
        "empty; open the workbook in a spreadsheet program and save it.",
        "okrs.xlsx, Plan!C6: The formula in this cell failed (#REF!); the cell was read as empty.",
    ]


def test_formulas_are_read_as_their_stored_value() -> None:
    data = workbook({"Plan": [["Objective", "KR"], ["Grow", "x"]]})
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    start, _, rest = parts[sheet].partition(b'<c r="B2"')
    _, _, end = rest.partition(b"</c>")
    cell = b'<c r="B2" t="str"><f>CONCAT("NPS"," to 60")</f><v>NPS to 60</v></c>'
    found = list(read_xlsx(archive(parts | {sheet: start + cell + end}), "okrs.xlsx"))

    assert outline(found) == ["Grow", "- NPS to 60"]
    assert problems(found) == []


PLAN: Rows = [["Objective", "KR"], ["Grow", "NPS to 60"]]


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        pytest.param({"Freight": PLAN}, [(None, None)], id="one-sheet"),
        pytest.param({"Freight": PLAN, "Yard": PLAN}, [("Freight", None), ("Yard", None)],
                     id="teams"),
        pytest.param({"Q3 2026": PLAN, "FY27": PLAN}, [(None, "Q3 2026"), (None, "FY27")],
                     id="cycles"),
        pytest.param({"Freight Q3 2026": PLAN, "Q4": PLAN}, [("Freight", "Q3 2026"), (None, "Q4")],
                     id="both"),
        pytest.param({"Sheet1": PLAN, "OKRs": PLAN}, [(None, None), (None, None)],
                     id="names-that-say-nothing"),
        pytest.param(
            {"Freight": [["Team", "Objective"], ["Yard", "Grow"]], "Rail": PLAN},
            [("Yard", None), ("Rail", None)],
            id="a-team-column",
        ),
        pytest.param(
            {"Freight": PLAN, "Teams": [["Team", "People"], ["Freight", 5]]},
            [(None, None)],
            id="a-sheet-of-teams-beside-it",
        ),
    ],
)  # fmt: skip
def test_the_title_of_a_sheet_is_a_team_or_a_cycle(
    sheets: dict[str, Rows], expected: list[tuple[str | None, str | None]]
) -> None:
    found = xlsx(sheets)

    assert [(item.team, item.cycle) for item in objectives(found)] == expected
    assert problems(found) == []


def test_sheets_without_okrs_are_passed_over() -> None:
    found = xlsx({"Notes": [["hello", "there"]], "Plan": PLAN, "Empty": []})

    assert outline(found) == ["Grow", "- NPS to 60"]
    assert problems(found) == [
        "okrs.xlsx, Notes!A1: The sheet 'Notes' has no OKR columns and was passed over; its "
        "columns are 'hello', 'there'."
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            workbook({"Plan": [["x", "y"]]}),
            f"okrs.xlsx, Plan!A1: No OKR columns were found. Columns here: 'x', 'y'. {EXPECTED}",
            id="no-columns",
        ),
        pytest.param(
            workbook({"A": [["x", "y"]], "B": [["z"]]}),
            f"okrs.xlsx: No sheet has OKR columns: 'A' has 'x', 'y'; 'B' has 'z'. {EXPECTED}",
            id="no-columns-in-any-sheet",
        ),
        pytest.param(workbook({"Plan": []}), "okrs.xlsx: The workbook is empty.", id="no-cells"),
        pytest.param(b"", "okrs.xlsx: The file is empty.", id="empty"),
        pytest.param(
            b"Objective,KR\n",
            "okrs.xlsx: The file is not an Excel workbook, or it is damaged; save the table as "
            ".xlsx.",
            id="text",
        ),
        pytest.param(
            workbook({"Plan": PLAN})[:1500],
            "okrs.xlsx: The file is not an Excel workbook, or it is damaged; save the table as "
            ".xlsx.",
            id="cut-off",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "okrs.xlsx: The file is an old .xls workbook, or one with a password; save it as .xlsx "
            "without a password.",
            id="old-or-with-a-password",
        ),
        pytest.param(
            archive({"word/document.xml": b"<a/>"}),
            "okrs.xlsx: The file is a zip archive, but no .xlsx workbook; save the table as .xlsx.",
            id="another-archive",
        ),
        pytest.param(
            archive({"xl/workbook.xml": b"<a>" + b" " * 150_000_001}),
            "okrs.xlsx: The workbook unpacks to more than 150 MB; it was not opened. Split it, or "
            "save the OKRs alone.",
            id="zip-bomb",
        ),
        pytest.param(
            archive({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "okrs.xlsx: The part 'xl/workbook.xml' of the workbook declares entities; it was not "
            "opened.",
            id="entity-bomb",
        ),
    ],
)
def test_a_workbook_that_cannot_be_read_is_one_sentence(data: bytes, expected: str) -> None:
    assert problems(list(read_xlsx(data, "okrs.xlsx"))) == [expected]


def test_a_damaged_sheet_costs_only_its_end() -> None:
    data = workbook({"Plan": [["Objective"], ["Grow"], ["Save"]], "Other": PLAN})
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet][: parts[sheet].index(b'<row r="3"')] + b"<broken"
    found = list(read_xlsx(archive(parts), "okrs.xlsx"))

    assert "Grow" in outline(found)
    assert problems(found)[0].startswith(
        "okrs.xlsx: The sheet 'Plan' is damaged and cannot be read to its end ("
    )


def test_a_cell_far_away_does_not_make_a_sheet_large() -> None:
    found = xlsx({"Plan": PLAN}, lambda sheet: sheet.cell(1_048_576, 16_384, "far"))

    assert outline(found) == ["Grow", "- NPS to 60"]
    assert problems(found) == [
        "okrs.xlsx, Plan!A1048576: The sheet goes on below row 100,000; what follows was not read."
    ]


# --- presets -----------------------------------------------------------------------------------


def preset_file(folder: Path, text: str) -> Path:
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("preset", "table", "expected"),
    [
        pytest.param(
            "shape: long\ncolumns:\n  objective: Zielbild\n  key_result: [Messpunkt, Messgröße]\n"
            "  team: Einheit\n",
            "Einheit;Zielbild;Messgröße\nHof;Wachsen;NPS auf 60\n",
            [("Hof", "Wachsen", ["NPS auf 60"])],
            id="long",
        ),
        pytest.param(
            "shape: wide\ncolumns: {key_result: 'Outcome {n}', target: 'Aim {n}'}\n",
            "Objective,Outcome 1,Aim 1,Outcome 2\nGrow,NPS,60,Churn down\n",
            [(None, "Grow", ["NPS, to 60", "Churn down"])],
            id="wide",
        ),
        pytest.param(
            "shape: levels\ncolumns: {level 1: Group, level 2: Unit, key_result: Outcome}\n",
            "Group,Unit,Outcome\nGrow,Widen,NPS to 60\n",
            [(None, "Grow", []), (None, "Widen", ["NPS to 60"])],
            id="levels",
        ),
        pytest.param(
            "shape: dotted-order\ncolumns: {order: Gliederung, text: Inhalt}\n",
            "Gliederung,Inhalt\n1,Grow\n1.1,NPS to 60\n",
            [(None, "Grow", ["NPS to 60"])],
            id="dotted-order",
        ),
    ],
)
def test_a_preset_of_ones_own(
    tmp_path: Path, preset: str, table: str, expected: list[tuple[str | None, str, list[str]]]
) -> None:
    found = csv(table, preset_file(tmp_path, preset))

    assert [
        (item.team, item.text, [result.text for result in item.key_results])
        for item in objectives(found)
    ] == expected


def test_a_preset_may_name_the_only_sheet(tmp_path: Path) -> None:
    preset = preset_file(tmp_path, "shape: long\ncolumns: {}\nsheet: Plan\n")
    found = xlsx({"Old": PLAN, "plan": [["Objective", "KR"], ["Save", "Cost to 5"]]}, preset=preset)

    assert outline(found) == ["Save", "- Cost to 5"]


def test_a_named_preset_decides_where_several_would_do() -> None:
    table = "ID,Parent ID,Order,Title\nO1,,1,Grow\nK1,O1,1.1,NPS to 60\n"

    assert objectives(csv(table))[0].key_results[0].key == "K1"
    assert outline(csv(table, "dotted-order")) == ["Grow", "- NPS to 60"]


def test_a_table_that_does_not_fit_a_named_preset_says_what_is_missing() -> None:
    assert problems(csv("Objective,KR\nGrow,NPS to 60\n", "parent-id")) == [
        "okrs.csv:1: No OKR columns were found. Columns here: 'Objective', 'KR'. The preset "
        "'parent-id' expects 'title' or 'name' or 'objective' or 'objective title'; 'id' or 'key'; "
        "'parent id' or 'parent key'."
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            None,
            "There is no column preset {path!r}; give a file, or one of teams, cycles, wide, "
            "levels, ladder, long, parent-id, dotted-order, typed-rows, objectives.",
            id="missing",
        ),
        pytest.param(
            "shape: round\ncolumns: {objective: X}\n",
            "The column preset {path!r} is wrong in 'shape': Input should be 'rows', 'levels', "
            "'parent-id', 'dotted', 'typed', 'teams' or 'cycles'.",
            id="unknown-shape",
        ),
        pytest.param(
            "- a\n",
            "The column preset {path!r} must hold fields, not a list or a text.",
            id="list",
        ),
        pytest.param(
            "shape: long\ncolumns: {objective: [X\n",
            "The column preset {path!r} cannot be read: while parsing a flow sequence in "
            "\"<unicode string>\", line 2, column 22 did not find expected ',' or ']' in "
            '"<unicode string>", line 3, column 1.',
            id="broken",
        ),
    ],
)
def test_a_wrong_preset_is_a_sentence(tmp_path: Path, content: str | None, expected: str) -> None:
    path = tmp_path / "own.yaml" if content is None else preset_file(tmp_path, content)

    with pytest.raises(ConfigurationError) as raised:
        csv("Objective\nGrow\n", path)
    assert str(raised.value) == expected.format(path=str(path))


def test_nothing_in_a_preset_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    preset = preset_file(
        tmp_path, f"shape: !!python/object/apply:os.mkdir ['{trap}']\ncolumns: {{}}\n"
    )
    with pytest.raises(ConfigurationError, match="cannot be read: could not determine"):
        csv("Objective\nGrow\n", preset)
    assert not trap.exists()


@pytest.mark.parametrize("known", built_in(), ids=lambda known: known.preset.name)
def test_every_built_in_preset_finds_a_table_of_its_own_names(known: Any) -> None:
    header = [
        names[0].replace("{n}", number)
        for names in known.preset.columns.values()
        for number in (("1", "2") if "{n}" in names[0] else ("",))
    ]
    columns = find_columns(tuple(dict.fromkeys(header)), names_of(known.preset))

    assert columns.unread == ()
    assert known.preset.about


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("KeyResult_1 (Target)", "key result 1 target"),
        ("  KR #2 ", "kr 2"),
        ("L1", "l 1"),
        ("% Complete", "% complete"),
        ("#", "#"),
        ("OKRs", "okrs"),
        ("Schlüsselergebnis3", "schlüsselergebnis 3"),
    ],
)
def test_headings_are_compared_without_their_dress(heading: str, expected: str) -> None:
    assert simplify(heading) == expected


# --- whatever comes ----------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["Objective", "Key result", "KR 1", "KR2", "Target 1", "Title", "Type", "ID", "Parent ID", "Order",
     "L1", "L2", ",", ";", "\t", "|", "\n", "\r", '"', '""', "1", "1.1", "1.10", "O-1", "Grow it", "=x",
     "-", "70%", "Score", "Status", "Owner", "Team", "People", "Cycle", "Start", "End", "Metric",
     "Unit", "%", "Initiative", "sep=;\n", "\x00", "\x0b", "\ud800", "\u2028"]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=60).map("".join))


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_no_text_makes_the_reader_fail(text: str) -> None:
    for record in read_csv(text, "f"):
        assert record.location and record.location.file == "f"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    found = list(read_xlsx(data, "f"))
    assert found, "a file that is no workbook is worth a word"


_WORKBOOK = workbook({"Freight": [*PLAN, ["Save", 0.5]], "Yard": PLAN})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_a_workbook_makes_the_reader_fail(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(_WORKBOOK)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[name])))
    end = data.draw(st.integers(start, min(len(parts[name]), start + 40)))
    parts[name] = parts[name][:start] + data.draw(st.binary(max_size=10)) + parts[name][end:]
    for record in read_xlsx(archive(parts), "f"):
        assert record.location and record.location.file == "f"


_CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 1, 1)),
    st.sampled_from(["Objective", "KR", "KR 1", "Order", "1.1", "Grow", "=A1", "Team", "Type"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(_CELLS, max_size=6), max_size=8))
def test_no_cells_make_the_reader_fail(rows: Rows) -> None:
    for record in xlsx({"Plan": rows}):
        assert record.location and record.location.file == "okrs.xlsx"


# --- a column called Goal ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        pytest.param(
            "Objective,Key Result,Start,Goal\nWin hauliers,Win rate,10 %,30 %\n",
            ["Win hauliers", "- Win rate, from 10 % to 30 %"],
            id="behind both",
        ),
        pytest.param(
            "Ziel,Objective,Key Result,Start\n30 %,Win hauliers,Win rate,10 %\n",
            ["Win hauliers", "- Win rate, from 10 % to 30 %"],
            id="figures before both",
        ),
        pytest.param(
            "Objective,KR 1,Start 1,Goal 1,KR 2,Goal 2\nWin hauliers,Win rate,10 %,30 %,Loads,55\n",
            ["Win hauliers", "- Win rate, from 10 % to 30 %", "- Loads, to 55"],
            id="numbered",
        ),
        pytest.param(
            "Goal,Key Result,Start,Target\nWin hauliers,Win rate,10 %,30 %\n",
            ["Win hauliers", "- Win rate, from 10 % to 30 %"],
            id="the only words for an objective",
        ),
        pytest.param(
            "Key Result,Goal\nWin rate from 10 % to 30 %,Win hauliers\n",
            ["Win hauliers", "- Win rate from 10 % to 30 %"],
            id="the only words for an objective, behind",
        ),
    ],
)
def test_a_goal_is_a_target_where_other_columns_hold_the_elements(text, tree):
    found = csv(text)
    assert outline(found) == tree
    assert problems(found) == []


def test_a_goal_above_the_objectives_is_reported_as_not_read():
    found = csv("Goal,Objective,Key Result\nGrow abroad,Win hauliers,Win rate to 30 %\n")
    assert outline(found) == ["Win hauliers", "- Win rate to 30 %"]
    assert problems(found) == ["okrs.csv:1: Columns that were not read: 'Goal'."]


def test_key_results_with_a_target_need_an_objective():
    found = csv("Key Result,Start,Goal\nWin rate,10 %,30 %\n")
    assert outline(found) == []
    assert [message.split(". ")[0] for message in problems(found)] == [
        "okrs.csv:1: The columns 'Key Result', 'Start', 'Goal' do not tell which rows are objectives"
    ]
