"""YAML and JSON: the schema, its aliases, and what is said about what cannot be read."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.models import Problem
from assistant.sources.fields import FIELDS
from assistant.sources.records import CycleRecord, ObjectiveRecord, Record, TeamRecord
from assistant.sources.structured import read_json, read_yaml
from evals import formats

COMPANY = """\
company: Alder Rail
cycles:
  - {name: 2026-Q3, start: 2026-07-01, end: 2026-09-30}
cycle: 2026-Q3
teams:
  - name: Freight
    people: 240
    budget: 31M
    objectives:
      - objective: Shippers plan on our arrival times
        key: FR-1
        owner: Ines Faro
        type: committed
        horizon: end of 2027
        drivers: [retention, cost]
        phase: pilot
        parents: [CO-1, Grow freight on the northern line]
        contribution: Fewer missed slots
        status: open
        tags: [port]
        key_results:
          - Arrivals within 15 minutes from 61 % to 80 %
          - text: Slots missed at the port
            key: FR-1.2
            baseline: 48
            target: 20
            unit: a month
            owner: Ole Brandt
            score: 0.4
            status: done
            objectives:
              - objective: The yard hands trains over on time
                team: Yard
    teams:
      - name: Yard
        people: 60
"""


def records(text: str, suffix: str = "yaml") -> list[Record]:
    read = read_json if suffix == "json" else read_yaml
    return list(read(text, f"okrs.{suffix}"))


def objectives(found: list[Record]) -> list[ObjectiveRecord]:
    return [record for record in found if isinstance(record, ObjectiveRecord)]


def problems(found: list[Record]) -> list[str]:
    return [str(record) for record in found if isinstance(record, Problem)]


def outline(found: list[Record]) -> list[str]:
    """The texts alone: an objective as it is, a key result behind a dash."""
    return [
        line
        for record in objectives(found)
        for line in (record.text, *(f"- {result.text}" for result in record.key_results))
    ]


# --- the schema --------------------------------------------------------------------------------


def test_a_company_is_read_in_the_order_of_the_file() -> None:
    found = records(COMPANY)

    assert problems(found) == []
    assert [type(record) for record in found] == [
        TeamRecord,
        CycleRecord,
        TeamRecord,
        ObjectiveRecord,
        ObjectiveRecord,
        TeamRecord,
    ]
    company, cycle, freight, objective, nested, yard = found
    assert isinstance(company, TeamRecord)
    assert (company.name, company.parent) == ("Alder Rail", None)
    assert isinstance(cycle, CycleRecord)
    assert (cycle.name, cycle.start, cycle.end) == (
        "2026-Q3",
        date(2026, 7, 1),
        date(2026, 9, 30),
    )
    assert isinstance(freight, TeamRecord)
    assert (freight.name, freight.parent, freight.people, freight.budget) == (
        "Freight",
        "Alder Rail",
        240,
        31_000_000,
    )
    assert isinstance(yard, TeamRecord)
    assert (yard.name, yard.parent, yard.people) == ("Yard", "Freight", 60)
    assert isinstance(objective, ObjectiveRecord)
    assert objective.model_dump(exclude={"location", "key_results", "notes"}) == {
        "text": "Shippers plan on our arrival times",
        "key": "FR-1",
        "team": "Freight",
        "cycle": "2026-Q3",
        "parents": ("CO-1", "Grow freight on the northern line"),
        "contribution": "Fewer missed slots",
        "owner": "Ines Faro",
        "horizon": "end of 2027",
        "kind": "committed",
        "phase": "pilot",
        "drivers": ("retention", "cost"),
        "status": "open",
        "tags": ("port",),
    }
    first, second = objective.key_results
    assert first.text == "Arrivals within 15 minutes from 61 % to 80 %"
    assert second.text == "Slots missed at the port, from 48 a month to 20 a month"
    assert (second.key, second.owner, second.score, second.status) == (
        "FR-1.2",
        "Ole Brandt",
        0.4,
        "done",
    )
    assert isinstance(nested, ObjectiveRecord)
    assert (nested.text, nested.team, nested.cycle, nested.parents) == (
        "The yard hands trains over on time",
        "Yard",
        "2026-Q3",
        ("FR-1.2",),
    )


def test_every_element_knows_its_line_and_its_pointer() -> None:
    objective, nested = objectives(records(COMPANY))

    assert (objective.location.line, objective.location.pointer) == (10, "/teams/0/objectives/0")
    assert [(item.location.line, item.location.pointer) for item in objective.key_results] == [
        (22, "/teams/0/objectives/0/key_results/0"),
        (23, "/teams/0/objectives/0/key_results/1"),
    ]
    assert nested.location.line == 32
    assert nested.location.pointer == "/teams/0/objectives/0/key_results/1/objectives/0"


def test_json_has_the_same_schema_with_lines_of_its_own() -> None:
    text = json.dumps(
        {
            "company": "Alder Rail",
            "teams": [
                {
                    "name": "Freight",
                    "objectives": [
                        {
                            "objective": "Shippers plan on our arrival times",
                            "keyResults": ["Arrivals on time from 61 % to 80 %"],
                        }
                    ],
                }
            ],
        },
        indent=1,
    )
    found = records(text, "json")

    assert outline(found) == [
        "Shippers plan on our arrival times",
        "- Arrivals on time from 61 % to 80 %",
    ]
    assert problems(found) == []
    objective = objectives(found)[0]
    assert objective.team == "Freight"
    assert objective.location.line == text[: text.index("Shippers")].count("\n") + 1
    assert objective.key_results[0].location.pointer == "/teams/0/objectives/0/keyResults/0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("- Grow\n- Shrink\n", ["Grow", "Shrink"], id="list-of-texts"),
        pytest.param(
            "- title: Grow\n  krs: [NPS to 60]\n", ["Grow", "- NPS to 60"], id="list-of-fields"
        ),
        pytest.param("name: Grow\nkey-results: NPS to 60\n", ["Grow", "- NPS to 60"], id="one"),
        pytest.param(
            "objectives: {O1: {text: Grow}, O2: Shrink}", ["Grow", "Shrink"], id="mapping"
        ),
        pytest.param(
            "objective: Grow\nKey Results: {KR1: NPS to 60}\n", ["Grow", "- NPS to 60"], id="spaces"
        ),
        pytest.param(
            "teams:\n  Freight:\n    okrs: [Grow]\n", ["Grow"], id="teams-as-mapping-with-okrs"
        ),
        pytest.param(
            "objectives:\n- team: Freight\n  objectives: [Grow]\n", ["Grow"], id="team-in-a-list"
        ),
        pytest.param("- Grow\n---\n- Shrink\n", ["Grow", "Shrink"], id="two-documents"),
        pytest.param(
            "- objective: Grow\n  krs:\n  - Churn: from 4 % to 3 %\n",
            ["Grow", "- Churn: from 4 % to 3 %"],
            id="a-colon-in-a-list-item",
        ),
        pytest.param(
            "- objective: Grow\n  krs:\n    Churn rate: from 4 % to 3 %\n    Mean age: 3 days\n",
            ["Grow", "- Churn rate: from 4 % to 3 %", "- Mean age: 3 days"],
            id="colons-without-dashes",
        ),
        pytest.param(
            "base: &b\n  objective: Grow\nobjectives:\n- <<: *b\n  krs: [NPS to 60]\n",
            ["Grow", "- NPS to 60"],
            id="merge-key",
        ),
        pytest.param(
            "- objective: Grow\n  krs:\n  - ~\n  - ''\n", ["Grow"], id="empty-key-results"
        ),
        pytest.param(
            "- objective: |\n    Grow with\n    our guests\n", ["Grow with our guests"], id="block"
        ),
        pytest.param("\ufeff- Grow\n", ["Grow"], id="byte-order-mark"),
        pytest.param("- Grow\r\n- Shrink\r\n", ["Grow", "Shrink"], id="windows-lines"),
        pytest.param("%YAML 1.1\n---\n- Grow\n", ["Grow"], id="directive"),
        pytest.param("- yes\n- 1.10 points\n", ["yes", "1.10 points"], id="nothing-is-resolved"),
    ],
)
def test_people_write_it_in_many_ways(text: str, expected: list[str]) -> None:
    assert outline(records(text)) == expected


@pytest.mark.parametrize(
    ("kind", "alias", "field"),
    [
        pytest.param(kind, alias, field, id=f"{kind.replace(' ', '-')}-{alias}")
        for kind in ("objective", "key result")
        for field, aliases in FIELDS[kind].items()
        for alias in aliases
        if field not in ("key_results", "objectives", "text", "team", "metric", "unit", "current")
    ],
)
def test_every_alias_sets_its_field(kind: str, alias: str, field: str) -> None:
    value = {
        "status": "done", "score": "70 %", "type": "stretch", "phase": "pilot", "target": "60",
        "baseline": "40",
    }.get(field, "Words")  # fmt: skip
    element = {"text": "Guests come back", alias: value}
    draft = element if kind == "objective" else {"objective": "Grow", "key_results": [element]}
    found = records(json.dumps([draft]), "json")
    bare = records(json.dumps([draft | {}]).replace(f'"{alias}": "{value}"', '"x-none": 1'), "json")

    assert problems(found) == problems(bare) == []
    assert [record.model_dump(exclude={"location"}) for record in found] != [
        record.model_dump(exclude={"location"}) for record in bare
    ]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        pytest.param("score", "0.7", 0.7, id="fraction"),
        pytest.param("score", "70", 0.7, id="hundred"),
        pytest.param("score", "70 %", 0.7, id="percent"),
        pytest.param("score", "'0,7'", 0.7, id="comma"),
        pytest.param("score", "7/10", 0.7, id="ratio"),
        pytest.param("score", "n/a", None, id="blank"),
        pytest.param("status", "Achieved", "done", id="achieved"),
        pytest.param("status", "at risk", "open", id="at-risk"),
        pytest.param("status", "Cancelled", "dropped", id="cancelled"),
        pytest.param("owner", "{name: Mia Holt, email: m@x.org}", "Mia Holt", id="owner-fields"),
        pytest.param("owner", "[Mia, Tom]", "Mia, Tom", id="owner-list"),
        pytest.param("tags", "a, b", ("a", "b"), id="tags-in-one-text"),
        pytest.param("note", "late", ("late",), id="note"),
    ],
)
def test_values_mean_what_people_mean(field: str, value: str, expected: object) -> None:
    found = records(f"- objective: Grow\n  krs:\n  - text: NPS to 60\n    {field}: {value}\n")
    result = objectives(found)[0].key_results[0]

    assert getattr(result, {"note": "notes"}.get(field, field)) == expected
    assert problems(found) == []


def test_the_mess_around_a_text_is_taken_off_and_kept() -> None:
    found = records("- '[P0] O1: Guests come back (owner: Mia) => done'\n")

    objective = objectives(found)[0]
    assert objective.text == "Guests come back"
    assert (objective.key, objective.owner, objective.status, objective.tags) == (
        "O1",
        "Mia",
        "done",
        ("P0",),
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"text": "Churn", "baseline": "4.1", "target": "3", "unit": "%"},
                     "Churn, from 4.1 % to 3 %", id="all-in-fields"),
        pytest.param({"text": "Churn from 4.1 % to 3 %", "baseline": 4.1, "target": 3, "unit": "%"},
                     "Churn from 4.1 % to 3 %", id="all-in-the-text"),
        pytest.param({"text": "Churn to 3 %", "baseline": "4.1 %", "target": "3 %"},
                     "Churn to 3 %, from 4.1 %", id="start-missing"),
        pytest.param({"text": "Churn within 3 months", "target": "3 %"},
                     "Churn within 3 months, to 3 %", id="another-three"),
        pytest.param({"metric": "NPS", "start": 30, "target": 45}, "NPS, from 30 to 45",
                     id="metric-alone"),
        pytest.param({"text": "Renew early.", "metric": "Renewals", "target": "35"},
                     "Renew early: Renewals, to 35", id="metric-beside-the-text"),
        pytest.param({"text": "Revenue", "baseline": "1.2M", "target": "2M", "unit": "€"},
                     "Revenue, from 1.2M to 2M", id="unit-needs-a-bare-number"),
        pytest.param({"text": "Cost", "target": "12", "unit": "€"}, "Cost, to €12", id="currency"),
        pytest.param({"text": "Launch it", "baseline": "0 %", "target": "100 %"}, "Launch it",
                     id="progress-bar"),
    ],
)  # fmt: skip
def test_a_measure_in_fields_is_put_into_the_text(fields: dict[str, object], expected: str) -> None:
    found = records(json.dumps([{"objective": "Grow", "krs": [fields]}]), "json")

    assert outline(found) == ["Grow", f"- {expected}"]


@pytest.mark.parametrize(
    ("text", "parents"),
    [
        pytest.param("- {key: O1, objective: Up, objectives: [Down]}", ("O1",), id="by-key"),
        pytest.param(
            "- {key: O1, objective: Up, objectives: [Down]}\n- {key: O1, objective: Other}",
            ("Up",),
            id="by-text-where-the-key-is-not-its-own",
        ),
        pytest.param(
            "- {objective: Up, krs: [{text: NPS to 60, children: [Down]}]}",
            ("NPS to 60",),
            id="under-a-key-result",
        ),
        pytest.param(
            "- {key: O1, objective: Up}\n- {key: O2, objective: Upper}\n"
            "- {objective: Down, parents: 'O1, O2'}",
            ("O1", "O2"),
            id="keys-in-one-text",
        ),
        pytest.param(
            "- {objective: Down, parents: 'FR-1, CO-2'}", ("FR-1", "CO-2"), id="keys-of-other-files"
        ),
        pytest.param("- {objective: Down, parent: Up; Upper}", ("Up; Upper",), id="one-text"),
        pytest.param(
            "- {objective: Down, parents: 'Grow, and be kind'}",
            ("Grow, and be kind",),
            id="a-comma-in-a-text",
        ),
        pytest.param(
            "- {objective: Down, parents: [{id: O7}, Grow]}", ("O7", "Grow"), id="mapping-in-a-list"
        ),
    ],
)
def test_parents(text: str, parents: tuple[str, ...]) -> None:
    child = next(item for item in objectives(records(text)) if item.text == "Down")
    assert child.parents == parents


# --- what cannot be read -----------------------------------------------------------------------

REST = "The rest of the document was not read."


@pytest.mark.parametrize(
    ("text", "expected", "kept"),
    [
        pytest.param(
            "- Grow\n- objective: Shrink\n\tkrs: [a]\n",
            ["okrs.yaml:2: An objective was left out, because the syntax error stands in it.",
             "okrs.yaml:3: This is not valid YAML at line 3, column 1: the line is indented with a "
             f"tab, and YAML takes spaces only. {REST}"],
            ["Grow"],
            id="tab",
        ),
        pytest.param(
            "- Grow\n-\tobjective: Shrink\n",
            ["okrs.yaml:2: This is not valid YAML at line 2, column 2: a tab stands where YAML "
             f"takes spaces only. {REST}"],
            ["Grow"],
            id="tab-behind-a-dash",
        ),
        pytest.param(
            "- objective: Grow\n  krs: [a one]\n- objective: Shrink\n  krs: [b, c\n- Other\n",
            ["okrs.yaml:3: The objective 'Shrink' was left out, because the syntax error stands in "
             "it.",
             "okrs.yaml:6: This is not valid YAML at line 6, column 1: a bracket or brace "
             f"was opened and not closed in time. {REST}"],
            ["Grow", "- a one"],
            id="open-bracket",
        ),
        pytest.param(
            "objective: Grow: fast\n",
            ["okrs.yaml:1: The objective 'Grow' was left out, because the syntax error stands in "
             "it.",
             "okrs.yaml:1: This is not valid YAML at line 1, column 16: a field or a ': ' stands "
             "where none can; put a text with a colon in quotes, or mend the indentation. "
             f"{REST}"],
            [],
            id="colon",
        ),
        pytest.param(
            "- 'Grow\n- Shrink\n",
            ["okrs.yaml:3: This is not valid YAML at line 3, column 1: a quote was opened and "
             f"never closed. {REST}"],
            [],
            id="open-quote",
        ),
        pytest.param(
            "- Grow\n- @home we win\n",
            ["okrs.yaml:2: This is not valid YAML at line 2, column 3: a text that begins with '@' "
             f"must stand in quotes. {REST}"],
            ["Grow"],
            id="at-sign",
        ),
        pytest.param(
            "- Grow\n- *bold\n",
            ["okrs.yaml:2: The alias '*bold' refers to nothing above it; a text that begins with "
             f"an asterisk must stand in quotes. {REST}"],
            ["Grow"],
            id="asterisk",
        ),
        pytest.param(
            "- Grow\n---\n- 'Shrink\n---\n- Other\n",
            ["okrs.yaml:4: This is not valid YAML at line 4, column 1: a quote was opened and "
             f"never closed. {REST}"],
            ["Grow", "Other"],
            id="one-bad-document-of-three",
        ),
        pytest.param(
            "- objective: Grow\n  objective: Shrink\n",
            ["okrs.yaml:2: The field 'objective' at line 2, column 3 already stands at line 1, "
             "column 3; the first one counts."],
            ["Grow"],
            id="duplicate-key",
        ),
        pytest.param(
            "- objective: Grow\n  ? [a]\n  : b\n",
            ["okrs.yaml:2: A field name must be a text, not a list or a mapping."],
            ["Grow"],
            id="complex-key",
        ),
        pytest.param(
            "- !!python/object/apply:os.system ['touch pwned']\n- Grow\n",
            ["okrs.yaml:1: A list stands where an objective should; it takes a text or fields.",
             "okrs.yaml:1: The tag '!!python/object/apply:os.system' has no meaning here and was "
             "ignored; the value behind it was read as plain data."],
            ["Grow"],
            id="tag",
        ),
        pytest.param(
            "- Be #1 in parcels\n",
            ["okrs.yaml:1: The words '#1 in parcels' were left out, because ' #' begins a comment "
             "in YAML; put the whole text in quotes."],
            ["Be"],
            id="hash",
        ),
        pytest.param(
            "- objective: Grow\n  krs:\n  - a one\n    - b two\n",
            ["okrs.yaml:4: YAML joins '- b two' to the text above, because the line is indented "
             "too far; indent it like its neighbours."],
            ["Grow", "- a one - b two"],
            id="joined-line",
        ),
        pytest.param(
            "- Grow\x0bfast\n",
            ["okrs.yaml:1: The control character U+000B was read as a space, here and wherever "
             "else such characters stand."],
            ["Grow fast"],
            id="control-character",
        ),
        pytest.param("a\x00b", ["okrs.yaml: The file is binary, not YAML text."], [], id="binary"),
        pytest.param("", ["okrs.yaml: The file is empty."], [], id="empty"),
        pytest.param(
            "# later\n", ["okrs.yaml: The file holds no objectives, teams or cycles."], [],
            id="only-a-comment",
        ),
        pytest.param(
            "hello\n",
            ["okrs.yaml:1: The file must hold a list of objectives, or fields such as 'objectives' "
             "and 'teams', not the text 'hello'."],
            [],
            id="prose",
        ),
        pytest.param(
            "- objective: Grow\n  drvers: [cost]\n  whatever: 1\n",
            ["okrs.yaml:2: The field 'drvers' is not known in an objective and was left out; did "
             "you mean 'drivers'?",
             "okrs.yaml:3: The field 'whatever' is not known in an objective and was left out; "
             f"known are {', '.join(FIELDS['objective'])}."],
            ["Grow"],
            id="unknown-fields",
        ),
        pytest.param(
            "- objective: Grow\n  title: Shrink\n",
            ["okrs.yaml:2: The field 'title' says again what 'objective' says above; the first one "
             "counts."],
            ["Grow"],
            id="two-names-of-one-field",
        ),
        pytest.param(
            "- objective: Grow\n  krs:\n  - {owner: Mia}\n  - 5\n  - [a]\n  - b two\n",
            ["okrs.yaml:3: The key result has no text and was left out.",
             "okrs.yaml:4: The key result '5' holds no words and was left out.",
             "okrs.yaml:5: A list stands where a key result should; it takes a text or fields."],
            ["Grow", "- b two"],
            id="bad-key-results",
        ),
        pytest.param(
            "- owner: Mia\n  krs: [a one]\n- Grow\n",
            ["okrs.yaml:1: The objective has no text; it and its key results were left out."],
            ["Grow"],
            id="no-text",
        ),
        pytest.param(
            "teams:\n- name: Freight\n  people: many\n  budget: -3\n  objectives: [Grow]\n",
            ["okrs.yaml:3: The people 'many' is not a number of people; write a whole number such "
             "as 12.",
             "okrs.yaml:4: The budget '-3' is not an amount; write a number such as 1200000 or "
             "1.2M."],
            ["Grow"],
            id="bad-figures",
        ),
        pytest.param(
            "- objective: Grow\n  status: purple\n  type: big\n  phase: later\n  owner: {a: {b: c}}\n",
            ["okrs.yaml:5: The field 'owner' takes a text, not a mapping; left out.",
             "okrs.yaml:2: The status 'purple' is not a status known here; write open, done or "
             "dropped.",
             "okrs.yaml:3: The type 'big' is not known here and was left out; write committed, "
             "aspirational or learning.",
             "okrs.yaml:4: The phase 'later' is not known here and was left out; write discovery "
             "or pilot."],
            ["Grow"],
            id="bad-values",
        ),
        pytest.param(
            "cycles:\n- {name: Q3, start: 01/07/2026, end: 2026-09-30}\n"
            "- {name: Q4, start: 2026-12-31, end: 2026-10-01}\n- {start: 2026-10-01}\n",
            ["okrs.yaml:2: The start '01/07/2026' is not a date that can be read; write it as "
             "2026-07-31.",
             "okrs.yaml:3: The cycle 'Q4' ends before it starts; no dates are used.",
             "okrs.yaml:4: The cycle has no name and was left out."],
            [],
            id="bad-cycles",
        ),
    ],
)  # fmt: skip
def test_a_fault_in_yaml_costs_only_itself(text: str, expected: list[str], kept: list[str]) -> None:
    found = records(text)

    assert problems(found) == expected
    assert outline(found) == kept


WHOLE = "The rest of the file was not read."


@pytest.mark.parametrize(
    ("text", "expected", "kept"),
    [
        pytest.param(
            '[{"objective": "Grow", "krs": ["a one", "b two",]}, "Shrink"]',
            ["okrs.json:1: This is not valid JSON at line 1, column 48: a comma stands before the "
             "closing ']'; remove it. The rest was read."],
            ["Grow", "- a one", "- b two", "Shrink"],
            id="trailing-comma",
        ),
        pytest.param(
            '[{"objective": "Grow",\n  "krs": [{"text": "a one", "score": NaN}]}]',
            ["okrs.json:2: This is not valid JSON at line 2, column 38: NaN is no JSON number; the "
             "value was left out."],
            ["Grow", "- a one"],
            id="not-a-number",
        ),
        pytest.param(
            '[{"objective": "Grow",\n  "objective": "Shrink"}]',
            ["okrs.json:2: The field 'objective' at line 2, column 3 already stands at line 1, "
             "column 3; the first one counts."],
            ["Grow"],
            id="duplicate-key",
        ),
        pytest.param(
            '[{"objective": "Grow", "score": ' + "9" * 10_000_000 + "}]",
            ["okrs.json:1: This is no usable number at line 1, column 33: it has 10,000,000 "
             "characters; the value was left out."],
            ["Grow"],
            id="ten-megabyte-number",
        ),
        pytest.param(
            '[{"objective": "Grow"},\n {"objective": "Shrink", "krs": ["b two"',
            ["okrs.json:2: The objective 'Shrink' was left out, because the syntax error stands in "
             "it.",
             "okrs.json:2: This is not valid JSON at line 2, column 41: ',' or ']' belongs here, "
             f"not the end of the file. {WHOLE}"],
            ["Grow"],
            id="cut-off",
        ),
        pytest.param(
            "{'objective': 'Grow'}",
            ["okrs.json:1: This is not valid JSON at line 1, column 2: a field name in double "
             f"quotes belongs here, not \"'objective'\". {WHOLE}"],
            [],
            id="single-quotes",
        ),
        pytest.param(
            '["Grow"] // done',
            ["okrs.json:1: This is not valid JSON at line 1, column 10: there is more text after "
             f"the end of the value. {WHOLE}"],
            ["Grow"],
            id="comment",
        ),
        pytest.param(
            '["Grow\nfast"]',
            ["okrs.json:1: This is not valid JSON at line 1, column 7: a line break, tab or "
             f"control character stands in a text; write it as \\n or \\t. {WHOLE}"],
            [],
            id="line-break",
        ),
        pytest.param(
            '["Grow", "\\q"]',
            ["okrs.json:1: This is not valid JSON at line 1, column 11: a backslash in a text must "
             f"be written twice. {WHOLE}"],
            ["Grow"],
            id="backslash",
        ),
        pytest.param(
            '["Grow", 01]',
            ["okrs.json:1: This is not valid JSON at line 1, column 10: a value belongs here, not "
             f"'01'. {WHOLE}"],
            ["Grow"],
            id="leading-zero",
        ),
        pytest.param(
            '["Grow" "Shrink"]',
            ["okrs.json:1: This is not valid JSON at line 1, column 9: ',' or ']' belongs here, "
             f"not '\"Shrink\"'. {WHOLE}"],
            ["Grow"],
            id="missing-comma",
        ),
        pytest.param('["\\ud83d\\ude00 \\ud800 Grow\\u0000"]', [], ["😀 \ufffd Grow"],
                     id="escapes"),
        pytest.param(" \n", ["okrs.json: The file is empty."], [], id="empty"),
        pytest.param("[]", ["okrs.json: The file holds no objectives, teams or cycles."], [],
                     id="empty-list"),
    ],
)  # fmt: skip
def test_a_fault_in_json_costs_only_itself(text: str, expected: list[str], kept: list[str]) -> None:
    found = records(text, "json")

    assert problems(found) == expected
    assert outline(found) == kept


def test_a_team_with_a_broken_objective_keeps_its_other_ones() -> None:
    text = "teams:\n- name: Freight\n  objectives:\n  - Grow\n  - objective: Shrink\n    krs: 'x\n"
    found = records(text)

    assert [record.name for record in found if isinstance(record, TeamRecord)] == ["Freight"]
    assert outline(found) == ["Grow"]
    assert len(problems(found)) == 2


def test_aliases_that_multiply_are_stopped_where_they_multiply() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]
    found = records("\n".join(["- Grow", "---", "l0: &l0 [x, x, x]", *levels]))

    assert outline(found) == ["Grow"]
    assert problems(found)[-1] == (
        "okrs.yaml:9: The document has more than 500,000 elements from here on (counting what its "
        "aliases repeat); the rest of it was not read."
    )


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_deep_nesting_ends_the_document_and_not_the_program(suffix: str) -> None:
    found = records("[" * 100_000, suffix)

    assert problems(found)[-1] == (
        f"okrs.{suffix}:1: Lists and fields are nested more than 60 levels deep here; the rest of "
        "the document was not read."
    )


def test_an_alias_cannot_hold_itself() -> None:
    found = records("- &a [*a]\n")

    assert "okrs.yaml:1: The alias '*a' refers to nothing above it" in problems(found)[-1]


def test_nothing_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    text = (
        f"- !!python/object/apply:pathlib.Path.touch [!!python/name:pathlib.Path {trap}]\n- Grow\n"
    )
    found = records(text)

    assert not trap.exists()
    assert outline(found) == ["Grow"]


def test_many_unknown_fields_stay_quick_and_are_all_named() -> None:
    found = records("- objective: Grow\n" + "".join(f"  zz{n}: 1\n" for n in range(2000)))

    assert len(problems(found)) == 2000


# --- whatever comes ----------------------------------------------------------------------------

_PIECES = st.sampled_from(
    ["objectives:", "- ", "  ", "\n", "krs:", "text: ", "objective: ", "teams:", "name: ", "{", "}",
     "[", "]", ": ", ", ", '"', "'", "&a ", "*a", "!!x ", "|\n", ">\n", " #1", "---\n", "...\n", "\t",
     "? ", "<<: ", "Churn 3 %", "~", "status: done", "score: 70", "%", "@", "\\", "\u2028", "\x00",
     "\ud800", '"objective"', "null", "NaN", "1e5", "=> done", "(owner: x)", "[P0]", "é"]
)  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join))


@settings(max_examples=300, deadline=None)
@given(_TEXTS)
def test_no_text_makes_a_reader_fail(text: str) -> None:
    for read in (read_yaml, read_json):
        found = list(read(text, "f"))
        assert found, "a file without content is worth a word"
        assert all(record.location and record.location.file == "f" for record in found)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from([alias for fields in FIELDS.values() for names in fields.values()
                         for alias in names]) | st.text(max_size=5),
        inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_VALUES)
def test_no_json_of_any_shape_makes_the_reader_fail(value: object) -> None:
    found = list(read_json(json.dumps(value), "f"))

    assert all(record.text.strip() for record in objectives(found))
    assert not any("not valid JSON" in problem for problem in problems(found))


# --- the page ----------------------------------------------------------------------------------


def test_the_page_about_formats_is_printed_from_the_code() -> None:
    page = formats.PAGE.read_text(encoding="utf-8")
    assert page == formats.fill(page), "run python -m evals.formats"


def test_the_example_on_the_page_is_read_without_a_problem() -> None:
    page = formats.PAGE.read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    found = records(example)

    assert problems(found) == []
    assert len(objectives(found)) == 2
