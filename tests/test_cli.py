"""The command as a new user meets it: exit statuses, sentences, nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.rules import all_rules
from assistant.scan import DECIDED
from tests.conftest import Command

DRAFT = """\
# Portal

Cycle: 2026-Q3

## Objective: Become the leading service portal

- Launch the new portal
- Repairs booked online from 12 % to 35 %
- Improve dealer satisfaction
"""
GOOD = """\
# Portal

Cycle: 2026-Q3

## Objective: Fleet managers book pharma repairs without calling

Parent: Depots give pharma fleets one repair date and keep it

- Repairs booked online from 12 % to 35 %
- Calls per repair from 3.1 to 1.5
"""


@pytest.fixture
def draft(workplace: Path) -> Path:
    (workplace / "draft.md").write_text(DRAFT)
    return Path("draft.md")


def found(out: str) -> set[tuple[str, str]]:
    return {(item["rule"], item["on"]) for item in json.loads(out)["findings"]}


def test_a_draft_is_reviewed_with_exact_words(okr: Command, draft: Path, little_home: Path) -> None:
    outcome = okr("review", draft, "--home", little_home, "--format", "json")
    assert outcome.status == 1
    content = json.loads(outcome.out)
    assert {("O1", "objective"), ("K1", "kr:1"), ("K2", "kr:1"), ("K2", "kr:3")} <= found(
        outcome.out
    )
    leading = next(item for item in content["findings"] if item["rule"] == "O1")
    assert leading["span"]["text"] == "leading"
    assert leading["location"] == {
        "file": "draft.md", "line": 5, "page": None, "sheet": None, "cell": None, "pointer": None,
    }  # fmt: skip


def test_a_good_draft_ends_with_zero(okr: Command, workplace: Path, little_home: Path) -> None:
    (workplace / "good.md").write_text(GOOD)
    outcome = okr("review", "good.md", "--home", little_home, "--format", "json")
    assert outcome.status == 0
    review = json.loads(outcome.out)["reviews"][0]
    assert review["parents"][0]["declared"] is True
    assert review["parents"][0]["text"] == "Depots give pharma fleets one repair date and keep it"


@pytest.mark.parametrize(
    ("fail_on", "status"), [("info", 1), ("warning", 1), ("error", 0), ("never", 0)]
)
def test_fail_on_sets_the_exit_status(okr: Command, draft: Path, fail_on: str, status: int) -> None:
    assert okr("review", draft, "--no-context", "--fail-on", fail_on).status == status


def test_a_draft_from_standard_input(okr: Command, workplace: Path) -> None:
    outcome = okr("review", "-", "--no-context", "--format", "json", stdin=DRAFT)
    assert outcome.status == 1
    assert ("K1", "kr:1") in found(outcome.out)


def test_what_was_not_checked_is_said(okr: Command, draft: Path) -> None:
    outcome = okr("review", draft, "--format", "json")
    missing = {item["what"]: item for item in json.loads(outcome.out)["not_checked"]}
    assert missing["Parents, peers and strategy"]["how"] == (
        "There is no index in '.okr' yet. Run `okr index FOLDER` first."
    )
    assert "OKR_LLM_BASE_URL" in missing["LLM critique"]["how"]


def test_rules_that_compare_are_never_said_to_be_checked(okr: Command, draft: Path) -> None:
    content = json.loads(okr("review", draft, "--no-context", "-f", "json").out)
    codes = ", ".join(rule.code for rule in all_rules() if rule.detect is None)
    missing = next(item for item in content["not_checked"] if item["what"] == codes)
    assert missing["why"] == (
        "they compare the draft with its parent, peers, strategy or sources of figures, and no "
        "rule on the draft decides that"
    )


def test_a_scan_says_which_rules_it_does_not_decide(
    okr: Command, workplace: Path, little_home: Path
) -> None:
    content = json.loads(okr("scan", "--home", little_home, "-f", "json").out)
    undecided = [rule.code for rule in all_rules() if not rule.detect and rule.code not in DECIDED]
    assert content["not_checked"][0]["what"] == ", ".join(undecided)


def test_the_list_of_rules_says_who_decides_each(
    okr: Command, workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    lines = okr("rules").out.splitlines()
    said = {line.split()[0]: line for line in lines[1:] if line.strip()}
    assert " text " in said["K2"]
    assert " trained head " in said["K1"]
    assert all(" scan or critic " in said[code] for code in ("A2", "A3", "A11", "K12"))
    page = okr("explain", "drift").out
    assert "the review of a draft alone does not check it." in " ".join(page.split())


def test_a_draft_in_german_is_not_judged_by_english_rules(okr: Command, workplace: Path) -> None:
    draft = "# Vertrieb\n\n## Ziel: Wir werden der führende Anbieter\n\n- Neues Portal einführen\n"
    content = json.loads(okr("review", "-", "--no-context", "-f", "json", stdin=draft).out)
    assert {item["rule"] for item in content["findings"]} == {"O10", "S7", "A1"}
    missing = next(item for item in content["not_checked"] if item["what"].startswith("O1"))
    english_only = [rule.code for rule in all_rules() if rule.detect and not rule.any_language]
    assert missing["what"] == f"{', '.join(english_only)} on 'Wir werden der führende Anbieter'"
    assert missing["why"] == (
        "its language (de) is not supported by the local critic, which reads English"
    )


def test_strategy_is_cited_and_leadership_documents_are_not(
    okr: Command, workplace: Path, little_home: Path
) -> None:
    (workplace / "d.md").write_text("# Depots\n\n- Objective: Pharma repairs move to Halle depot\n")
    arguments = ("review", "d.md", "--home", little_home, "--format", "json")
    for_everyone = okr(*arguments).out
    assert "We serve pharma hauliers first" in for_everyone
    assert "Leipzig" not in for_everyone
    assert "Leipzig" in okr(*arguments, "--audience", "leadership").out


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html", "sarif"])
def test_every_format_goes_to_a_file(okr: Command, draft: Path, form: str) -> None:
    outcome = okr("review", draft, "--no-context", "--format", form, "--output", "out")
    assert outcome.status == 1
    assert "Launch" in Path("out").read_text()


def test_an_output_that_cannot_be_written(okr: Command, draft: Path) -> None:
    outcome = okr("review", draft, "--no-context", "-f", "json", "-o", "no/such/out.json")
    assert outcome.status == 2
    assert outcome.err == (
        "'no/such/out.json' cannot be written: No such file or directory. "
        "Choose another --output.\n"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("missing.md", None, "missing.md"),
        ("empty.md", b"", "'empty.md' is empty"),
        ("blank.md", b" \n\n", "'blank.md' is empty"),
        ("data.csv", b"\x00\x01\x02\x03" * 50, "binary"),
        ("tab.yaml", b"objectives:\n\t- text: x\n", "tab.yaml"),
        ("large.md", b"# Team\n" * 4_300_000, "OKR_MAX_INPUT_MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unreadable_draft_is_a_sentence(
    okr: Command, workplace: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (workplace / name).write_bytes(content)
    outcome = okr("review", name, "--no-context")
    assert outcome.status == 2
    assert outcome.out == ""
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err


def test_a_broken_file_costs_only_itself(
    okr: Command, workplace: Path, little_corpus: Path
) -> None:
    shutil.copytree(little_corpus, workplace / "corpus")
    (workplace / "corpus" / "broken.yaml").write_text("objectives:\n\t- text: x\n")
    outcome = okr("index", "corpus")
    assert outcome.status == 2
    assert "broken.yaml" in outcome.err
    assert "4 teams, 3 objectives and 2 documents" in outcome.err


def test_indexing_again_embeds_nothing(okr: Command, workplace: Path, little_corpus: Path) -> None:
    first = okr("index", little_corpus)
    second = okr("index", little_corpus)
    assert (first.status, second.status) == (0, 0)
    assert " 0 entries added, 0 updated, 0 deleted" in second.err.replace("\n", " ")


def test_a_scan_counts_and_lists(okr: Command, workplace: Path, little_home: Path) -> None:
    outcome = okr("scan", "--home", little_home, "--format", "json")
    content = json.loads(outcome.out)
    assert outcome.status == 0
    assert (content["teams"], content["objectives"], content["key_results"]) == (3, 3, 5)
    assert len(content["edges"]) == 2
    assert all(0 < edge["similarity"] < 1 for edge in content["edges"])
    assert okr("scan", "--home", little_home, "--fail-on", "info").status in {0, 1}


def test_a_scan_of_one_branch(okr: Command, workplace: Path, little_home: Path) -> None:
    content = okr("scan", "--home", little_home, "--team", "service", "--format", "json").out
    assert json.loads(content)["objectives"] == 2
    unknown = okr("scan", "--home", little_home, "--team", "nobody")
    assert unknown.status == 2
    assert "There is no team 'nobody' in the index." in unknown.err


@pytest.mark.parametrize("command", ["rules", "explain", "--help"])
def test_the_catalogue_and_the_help(okr: Command, workplace: Path, command: str) -> None:
    arguments = (command, "K1") if command == "explain" else (command,)
    outcome = okr(*arguments)
    assert outcome.status == 0
    assert {"rules": "output-not-outcome", "explain": "Fires when", "--help": "review"}[
        command
    ] in outcome.out


def test_an_unknown_rule(okr: Command, workplace: Path) -> None:
    outcome = okr("explain", "X9")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith("There is no rule 'X9'.")


def test_usage_errors_end_with_two(okr: Command, workplace: Path) -> None:
    assert okr("review").status == 2
    assert okr("review", "x.md", "--format", "pdf").status == 2


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_read_only_home_is_a_sentence(okr: Command, workplace: Path, little_corpus: Path) -> None:
    (workplace / "home").write_text("a file where the folder should be")
    outcome = okr("index", little_corpus, "--home", "home")
    assert outcome.status == 2
    assert "home" in outcome.err
    assert "Traceback" not in outcome.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, assistant.cli; "
        "print([m for m in ('chromadb', 'gradio', 'onnxruntime', 'openai', 'langchain_core', "
        "'numpy', 'pydantic') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
