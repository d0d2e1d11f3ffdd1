"""Suppressions: every finding is kept once, with a reason, and nothing is silently without effect."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from assistant.models import Finding, Location, Objective, Organisation, Problem
from assistant.settings import Ignore, Settings
from assistant.sources.assemble import assemble_draft
from assistant.sources.read import read_draft_text
from assistant.triage import Looked, Triaged, triage

RAN = ("O1", "O5", "K1", "K2", "S7", "A1")


def found(rule: str, on: str, objective: Objective) -> Finding:
    return Finding(
        rule=rule,
        slug="slug",
        severity="warning",
        on=on,
        objective_id=objective.id,
        message="m",
        words=objective.words(on),
        location=objective.location,
    )


def draft(text: str, file: str = "d.md") -> tuple[Objective, ...]:
    objectives, _ = assemble_draft(tuple(read_draft_text(dedent(text), file)), Organisation())
    return objectives


def sorted_out(
    objectives: tuple[Objective, ...],
    findings: list[Finding],
    *ignores: Ignore,
    everything: bool = False,
    teams: dict[str, str] | None = None,
) -> Triaged:
    looked = Looked(
        objectives=objectives,
        applied={item.id: frozenset(RAN) for item in objectives},
        teams=teams or {},
        everything=everything,
    )
    return triage(findings, looked, Settings(ignore=ignores, history=False))


def codes(triaged: Triaged) -> str:
    shown = " ".join(f"{item.rule}@{item.on}" for item in triaged.findings)
    hidden = " ".join(f"{item.finding.rule}@{item.finding.on}" for item in triaged.suppressed)
    return f"{shown} | {hidden}"


OBJECTIVE_NOTE = """
    ## Objective: Become the leading portal

    okr: ignore {said}

    - Launch the portal
    - Launch the app
"""
RESULT_NOTE = """
    ## Objective: Become the leading portal

    - Launch the portal
      okr: ignore {said}
    - Launch the app
"""
FILE_NOTE = """
    <!-- okr: ignore-file {said} -->

    ## Objective: Become the leading portal

    - Launch the portal
    - Launch the app
"""


@pytest.mark.parametrize(
    ("text", "said", "outcome"),
    [
        (OBJECTIVE_NOTE, "O1 -- r", "K1@kr:1 K1@kr:2 S7@set | O1@objective"),
        (OBJECTIVE_NOTE, "K1 -- r", "O1@objective S7@set | K1@kr:1 K1@kr:2"),
        (OBJECTIVE_NOTE, "S7 -- r", "O1@objective K1@kr:1 K1@kr:2 | S7@set"),
        (OBJECTIVE_NOTE, "K1, O1 -- r", "S7@set | O1@objective K1@kr:1 K1@kr:2"),
        (OBJECTIVE_NOTE, "output-not-outcome O1 – r", "S7@set | O1@objective K1@kr:1 K1@kr:2"),
        (RESULT_NOTE, "K1 -- r", "O1@objective K1@kr:2 S7@set | K1@kr:1"),
        (RESULT_NOTE, "k1 — r", "O1@objective K1@kr:2 S7@set | K1@kr:1"),
        (RESULT_NOTE, "S7 -- r", "O1@objective K1@kr:1 K1@kr:2 | S7@set"),
        (FILE_NOTE, "K1 -- r", "O1@objective S7@set | K1@kr:1 K1@kr:2"),
    ],
    ids=lambda value: value if len(value) < 50 else value.strip()[:12],
)
def test_a_line_holds_for_what_stands_at_it(text: str, said: str, outcome: str) -> None:
    (objective,) = draft(text.format(said=said))
    findings = [
        found(rule, on, objective)
        for rule, on in (("O1", "objective"), ("K1", "kr:1"), ("K1", "kr:2"), ("S7", "set"))
    ]
    triaged = sorted_out((objective,), findings)
    assert codes(triaged) == outcome
    assert {item.reason for item in triaged.suppressed} == {"r"}
    assert {item.by for item in triaged.suppressed} == {"draft"}
    assert triaged.problems == ()


FORMS = {
    "d.md": """
        ## Objective: Become the leading portal
        - Launch the portal <!-- okr: ignore K1 -- a law asks for it -->
    """,
    "bullet.md": """
        ## Objective: Become the leading portal
        - Launch the portal
          - okr: ignore K1 -- a law asks for it
    """,
    "d.txt": """
        Objective: Become the leading portal
        KR1: Launch the portal
        okr: ignore K1 -- a law asks for it
    """,
    "d.yaml": """
        objectives:
          - objective: Become the leading portal
            key_results:
              - text: Launch the portal
                notes: "okr: ignore K1 -- a law asks for it"
    """,
    "d.csv": """
        Objective,Key result,Notes
        Become the leading portal,Launch the portal,okr: ignore K1 -- a law asks for it
    """,
}


@pytest.mark.parametrize("file", FORMS)
def test_every_format_has_a_place_for_it(file: str) -> None:
    (objective,) = draft(dedent(FORMS[file]).strip() + "\n", file)
    triaged = sorted_out((objective,), [found("K1", "kr:1", objective)])
    assert codes(triaged) == " | K1@kr:1"
    assert triaged.suppressed[0].reason == "a law asks for it"
    assert triaged.suppressed[0].location == objective.key_results[0].location


@pytest.mark.parametrize(
    ("said", "severity", "sentence"),
    [
        (
            "okr: ignore K1",
            "warning",
            "'okr: ignore K1' gives no reason, so it is not applied. Write "
            "'okr: ignore K2 -- reason'.",
        ),
        (
            "okr: ignore K1 --",
            "warning",
            "'okr: ignore K1' gives no reason, so it is not applied. Write "
            "'okr: ignore K2 -- reason'.",
        ),
        (
            "okr: ignore -- because",
            "warning",
            "'okr: ignore' names no rule, so it is not applied. Write 'okr: ignore K2 -- reason'.",
        ),
        (
            "<!-- okr: disable K1 -- because -->",
            "warning",
            "'okr: disable' is not understood. Write 'okr: ignore K2 -- reason'.",
        ),
        (
            "okr: ignore O5 -- because",
            "info",
            "'okr: ignore O5' suppresses nothing here. Take it out.",
        ),
    ],
    ids=["no reason", "empty reason", "no rule", "other verb", "nothing to suppress"],
)
def test_what_has_no_effect_is_said(said: str, severity: str, sentence: str) -> None:
    (objective,) = draft(f"## Objective: Become the leading portal\n\n- Launch it\n  {said}\n")
    triaged = sorted_out((objective,), [found("K1", "kr:1", objective)])
    assert codes(triaged) == "K1@kr:1 | "
    assert triaged.problems == (
        Problem(message=sentence, severity=severity, location=Location(file="d.md", line=3)),
    )


def test_an_unknown_rule_costs_only_itself() -> None:
    (objective,) = draft(
        "## Objective: Become the leading portal\n\n- Launch it\n  okr: ignore K1, K77 -- r\n"
    )
    triaged = sorted_out((objective,), [found("K1", "kr:1", objective)])
    assert codes(triaged) == " | K1@kr:1"
    (problem,) = triaged.problems
    assert str(problem).startswith(
        "d.md:3: 'okr: ignore K1, K77' is not applied to 'K77'. There is no rule 'K77'. There are: "
    )
    assert problem.severity == "warning"


def test_a_line_inside_a_text_is_said_to_be_without_effect() -> None:
    (objective,) = draft("Objective: Become it\nKR1: Launch it okr: ignore K1 -- r\n", "d.txt")
    triaged = sorted_out((objective,), [found("K1", "kr:1", objective)])
    assert [str(item) for item in triaged.problems] == [
        "d.txt:2: 'okr: ignore' stands inside a text, where it is not applied. Put it on a line "
        "of its own below: 'okr: ignore K2 -- reason'."
    ]


def test_a_line_above_all_objectives_holds_for_none() -> None:
    records = read_draft_text(
        "okr: ignore K1 -- r\n\n## Objective: Become it\n\n- Launch\n", "d.md"
    )
    assert [str(item) for item in records if isinstance(item, Problem)] == [
        "d.md:1: This 'okr:' line stands above all objectives, so it holds for none. Put it below "
        "the objective or key result that it is about, or write 'okr: ignore-file'."
    ]


def test_an_objective_may_begin_with_the_word_okr() -> None:
    objectives = draft("## OKR: Repairs in Bavaria are booked online\n\n- Share from 2 % to 9 %\n")
    assert [item.key_results[0].text for item in objectives] == ["Share from 2 % to 9 %"]


def test_of_a_rule_that_did_not_run_nothing_is_said() -> None:
    (objective,) = draft(
        "## Objective: Become it\n\nokr: ignore K8 -- asked elsewhere\n\n- Launch\n"
    )
    assert sorted_out((objective,), []).problems == ()


def test_ignore_file_holds_for_its_file_alone() -> None:
    here = draft("## Objective: Become it\n\nokr: ignore-file O1 -- r\n", "a.md")
    same = draft("## Objective: Lead it\n", "a.md")
    there = draft("## Objective: Win it\n", "b.md")
    objectives = (*here, *same, *there)
    triaged = sorted_out(objectives, [found("O1", "objective", item) for item in objectives])
    assert [item.finding.words for item in triaged.suppressed] == ["Become it", "Lead it"]
    assert [item.words for item in triaged.findings] == ["Win it"]


# --- settings -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ignore", "outcome"),
    [
        (Ignore(rule="K1", reason="r"), " | K1@kr:1"),
        (Ignore(rule="output-not-outcome", reason="r", team="portal"), " | K1@kr:1"),
        (Ignore(rule="K1", reason="r", team="Depots"), "K1@kr:1 | "),
    ],
    ids=["everywhere", "this team", "another team"],
)
def test_settings_suppress_for_all_or_for_one_team(ignore: Ignore, outcome: str) -> None:
    (objective,) = draft("# Portal\n\n## Objective: Become it\n\n- Launch it\n")
    assert objective.team_id
    teams = {objective.team_id: "Portal", "t-2": "Depots"}
    triaged = sorted_out((objective,), [found("K1", "kr:1", objective)], ignore, teams=teams)
    assert codes(triaged) == outcome
    assert triaged.problems == ()
    assert all(item.by == "settings" for item in triaged.suppressed)
    assert all(item.location == Location(file="okr.toml") for item in triaged.suppressed)


def test_an_ignore_without_a_reason_is_not_applied() -> None:
    (objective,) = draft("## Objective: Become it\n\n- Launch it\n")
    triaged = sorted_out(
        (objective,),
        [found("K1", "kr:1", objective)],
        Ignore(rule="O1", reason="r"),
        Ignore(rule="K1", team="Portal"),
    )
    assert codes(triaged) == "K1@kr:1 | "
    assert [str(item) for item in triaged.problems] == [
        "okr.toml: [[ignore]] number 2 (rule 'K1' for team 'Portal') gives no reason, so it is not "
        "applied. Add 'reason = \"...\"'."
    ]


def test_what_suppresses_nothing_anywhere_is_said_when_all_was_looked_at() -> None:
    (objective,) = draft("## Objective: Become it\n\n- Launch it\n")
    ignore = Ignore(rule="O5", reason="r")
    assert sorted_out((objective,), [], ignore).problems == ()
    assert [
        str(item) for item in sorted_out((objective,), [], ignore, everything=True).problems
    ] == ["okr.toml: [[ignore]] number 1 (rule 'O5') suppresses nothing. Take it out."]


def test_the_history_is_left_alone_when_it_is_off(tmp_path: Path) -> None:
    (objective,) = draft("## Objective: Become it\n")
    looked = Looked(objectives=(objective,), applied={}, teams={})
    findings = [found("O1", "objective", objective)]
    triage(findings, looked, Settings(home=tmp_path / "home", history=False))
    assert not (tmp_path / "home").exists()


def test_a_broken_history_costs_only_the_dismissals(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_bytes(b"no database at all, not even close to one" * 9)
    (objective,) = draft("## Objective: Become it\n")
    looked = Looked(objectives=(objective,), applied={}, teams={})
    triaged = triage([found("O1", "objective", objective)], looked, Settings(home=tmp_path))
    assert codes(triaged) == "O1@objective | "
    assert [str(item) for item in triaged.problems] == [
        f"Dismissals are not applied. The history '{tmp_path / 'history.sqlite'}' cannot be used "
        "(file is not a database). Make its folder writable or move the file away; "
        "OKR_HISTORY=false does without it."
    ]
