"""Profiles, suppressions, baseline and dismissals as the command line has them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command

DRAFT = """\
# Portal

## Objective: Become the leading provider of repairs

- Launch the new portal
- Repairs booked online from 12 % to 35 %
"""
REVIEW = ("review", "draft.md", "--no-context")


@pytest.fixture(autouse=True)
def _draft(workplace: Path) -> None:
    (workplace / "draft.md").write_text(DRAFT)


def reviewed(okr: Command, *arguments: str, status: int) -> dict:  # type: ignore[type-arg]
    outcome = okr(*REVIEW, "--format", "json", *arguments)
    assert outcome.status == status, outcome.err
    return json.loads(outcome.out)  # type: ignore[no-any-return]


def severities(content: dict) -> dict[str, str]:  # type: ignore[type-arg]
    return {f"{item['rule']}@{item['on']}": item["severity"] for item in content["findings"]}


def fingerprint(content: dict, rule: str) -> str:  # type: ignore[type-arg]
    return next(item["fingerprint"] for item in content["findings"] if item["rule"] == rule)


# --- profiles -----------------------------------------------------------------------------------


def test_a_profile_sets_severity_and_is_named(okr: Command) -> None:
    assert severities(reviewed(okr, status=1))["K1@kr:1"] == "warning"
    strict = reviewed(okr, "--profile", "strict", status=1)
    assert severities(strict)["K1@kr:1"] == "error"
    assert strict["profile"] == "strict"
    assert okr(*REVIEW, "--profile", "strict", "--fail-on", "error").status == 1


def test_what_a_profile_switches_off_is_not_run_and_said(okr: Command) -> None:
    Path("own.yaml").write_text("authority: our guild\nrules: {K1: off, O1: off, K2: off}\n")
    content = reviewed(okr, "--profile", "own.yaml", status=0)
    assert not {"K1@kr:1", "K2@kr:1", "O1@objective"} & set(severities(content))
    assert {
        "what": "O1, K1, K2 on undeclared objectives",
        "why": "the profile 'own.yaml' switches it off",
        "how": "Choose another one with --profile; `okr profiles` lists them.",
    } in content["not_checked"]


def test_a_limit_of_a_profile_counts(okr: Command) -> None:
    Path("own.yaml").write_text("authority: our guild\nextends: strict\nlimits: {key_results: 1}\n")
    assert severities(reviewed(okr, "--profile", "own.yaml", status=1))["S1@set"] == "warning"


def test_the_profile_of_the_environment_and_of_the_file(
    okr: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("okr.toml").write_text('profile = "numbers-allowed"\n')
    assert reviewed(okr, status=1)["profile"] == "numbers-allowed"
    monkeypatch.setenv("OKR_PROFILE", "strict")
    assert reviewed(okr, status=1)["profile"] == "strict"


def test_deliverables_of_a_committed_objective_are_fine_where_output_is(okr: Command) -> None:
    Path("draft.md").write_text(DRAFT.replace("repairs\n\n-", "repairs\n\nType: committed\n\n-", 1))
    content = reviewed(okr, "--profile", "output-friendly", "--fail-on", "never", status=0)
    assert "K1@kr:1" not in severities(content)
    assert severities(reviewed(okr, status=1))["K1@kr:1"] == "warning"


def test_an_unknown_profile_is_a_sentence(okr: Command) -> None:
    outcome = okr(*REVIEW, "--profile", "lax")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == (
        "The profile 'lax' does not exist. There are: default, numbers-allowed, output-friendly, "
        "strict; or name a file that ends in .yaml.\n"
    )


def test_profiles_are_listed_with_their_authority(okr: Command) -> None:
    Path("own.yaml").write_text("authority: our guild\nextends: strict\n")
    shown = " ".join(okr("profiles", "--profile", "own.yaml").out.split())
    assert "own.yaml (extends strict) in use Authority: our guild." in shown
    assert "numbers-allowed (extends default) An objective may carry its target number." in shown


def test_the_catalogue_shows_the_severities_in_use(okr: Command) -> None:
    def line(*arguments: str) -> str:
        shown = okr("rules", *arguments).out.splitlines()
        return next(line for line in shown if line.startswith("O2 "))

    assert "info" in line()
    assert "off" in line("--profile", "numbers-allowed")


# --- suppressions -------------------------------------------------------------------------------


def test_a_suppressed_finding_does_not_count_and_is_kept(okr: Command) -> None:
    said = "Launch the new portal\n  okr: ignore K1, K2 -- a law asks for it\n"
    text = DRAFT.replace("Launch the new portal\n", said)
    Path("draft.md").write_text(
        text.replace("repairs\n\n-", "repairs\n\nokr: ignore O1 -- r\n\n-", 1)
    )
    content = reviewed(okr, status=0)
    kept = {item["finding"]["rule"]: item["reason"] for item in content["suppressed"]}
    assert kept == {"O1": "r", "K1": "a law asks for it", "K2": "a law asks for it"}
    assert not {"O1", "K1", "K2"} & {item["rule"] for item in content["findings"]}


def test_settings_suppress_for_the_team_that_the_draft_names(okr: Command) -> None:
    Path("okr.toml").write_text(
        '[[ignore]]\nrule = "K1"\nteam = "Portal"\nreason = "a law asks for it"\n'
        '[[ignore]]\nrule = "O1"\nteam = "Depots"\nreason = "theirs alone"\n'
    )
    content = reviewed(okr, status=1)
    assert [item["finding"]["rule"] for item in content["suppressed"]] == ["K1"]
    assert "O1@objective" in severities(content)


def test_a_scan_heeds_suppressions_and_says_which_have_no_effect(
    okr: Command, little_home: Path
) -> None:
    arguments = ("scan", "--home", little_home, "--format", "json")
    before = json.loads(okr(*arguments).out)
    rules = {item["rule"] for item in before["findings"]}
    assert "S7" in rules
    assert "K10" not in rules
    Path("okr.toml").write_text(
        '[[ignore]]\nrule = "S7"\nreason = "not used here"\n'
        '[[ignore]]\nrule = "K10"\nreason = "r"\n'
    )
    after = json.loads(okr(*arguments).out)
    assert {item["finding"]["rule"] for item in after["suppressed"]} == {"S7"}
    assert len(after["findings"]) + len(after["suppressed"]) == len(before["findings"])
    told = {item["message"] for item in after["problems"]}
    assert told - {item["message"] for item in before["problems"]} == {
        "[[ignore]] number 2 (rule 'K10') suppresses nothing. Take it out."
    }


# --- the baseline -------------------------------------------------------------------------------


def test_what_the_baseline_knows_does_not_count_and_what_is_new_does(okr: Command) -> None:
    written = okr(*REVIEW, "--write-baseline", "known.json")
    number = len(json.loads(Path("known.json").read_text())["findings"])
    assert (written.status, written.err) == (0, f"{number} findings are known now: known.json.\n")
    content = reviewed(okr, "--baseline", "known.json", status=0)
    assert {item["known"] for item in content["findings"]} == {True}
    Path("draft.md").write_text(DRAFT + "- Launch the driver app\n")
    content = reviewed(okr, "--baseline", "known.json", status=1)
    new = {f"{item['rule']}@{item['on']}" for item in content["findings"] if not item["known"]}
    assert {"K1@kr:3", "K2@kr:3"} <= new
    assert "K1@kr:1" not in new


def test_the_baseline_is_for_people_too_and_in_a_stable_order(okr: Command) -> None:
    okr(*REVIEW, "--write-baseline", "one.json")
    Path("draft.md").write_text(DRAFT.replace("- Launch", "- Repairs lost from 9 to 3\n- Launch"))
    okr(*REVIEW, "--baseline", "one.json")
    Path("draft.md").write_text(DRAFT)
    okr(*REVIEW, "--write-baseline", "two.json")
    assert Path("one.json").read_text() == Path("two.json").read_text()
    entries = json.loads(Path("one.json").read_text())["findings"]
    launch = next(item for item in entries if item["rule"] == "K1")
    assert (launch["file"], launch["element"]) == ("draft.md", "Launch the new portal")
    assert launch["message"]
    assert [item["rule"] for item in entries] == sorted(item["rule"] for item in entries)


def test_a_stale_entry_is_reported_and_goes_when_the_file_is_written_anew(okr: Command) -> None:
    okr(*REVIEW, "--write-baseline", "known.json")
    Path("draft.md").write_text(DRAFT.replace("- Launch the new portal\n", ""))
    content = reviewed(okr, "--baseline", "known.json", "--fail-on", "never", status=0)
    stale = {item["message"]: item["severity"] for item in content["problems"]}
    assert (
        stale[
            "The baseline knows K1 on 'Launch the new portal', which is not found any more. "
            "--write-baseline known.json takes it out."
        ]
        == "info"
    )
    okr(*REVIEW, "--write-baseline", "known.json")
    content = reviewed(okr, "--baseline", "known.json", status=0)
    assert content["problems"] == []


def test_one_baseline_serves_several_drafts(okr: Command) -> None:
    Path("other.md").write_text(DRAFT.replace("leading provider of repairs", "favourite garage"))
    okr(*REVIEW, "--write-baseline", "known.json")
    okr("review", "other.md", "--no-context", "--write-baseline", "known.json")
    assert reviewed(okr, "--baseline", "known.json", status=0)["problems"] == []
    other = okr("review", "other.md", "--no-context", "--baseline", "known.json")
    assert other.status == 0


def test_a_scan_has_a_baseline_too(okr: Command, little_home: Path) -> None:
    scan = ("scan", "--home", little_home, "--fail-on", "info")
    assert okr(*scan).status == 1
    assert okr(*scan, "--write-baseline", "known.json").status == 0
    known = okr(*scan, "--baseline", "known.json")
    assert known.status == 0
    assert "no new findings" in known.out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            None,
            "The baseline 'known.json' cannot be read: No such file or directory. "
            "--write-baseline makes one.\n",
        ),
        (
            '{"schema_version": 1, "findings": [{"rule": "K1"}]}',
            "The baseline 'known.json' cannot be used: findings.0.file: Field required. Write it "
            "anew with --write-baseline.\n",
        ),
        (
            '{"schema_version": 9, "findings": []}',
            "The baseline 'known.json' was written by another version of okr. Write it anew with "
            "--write-baseline.\n",
        ),
    ],
    ids=["missing", "incomplete", "other version"],
)
def test_a_baseline_that_cannot_be_used(okr: Command, content: str | None, sentence: str) -> None:
    if content is not None:
        Path("known.json").write_text(content)
    outcome = okr(*REVIEW, "--baseline", "known.json")
    assert (outcome.status, outcome.out, outcome.err) == (2, "", sentence)


# --- dismissals ---------------------------------------------------------------------------------


def test_a_dismissed_finding_stays_away_until_its_words_change(okr: Command) -> None:
    mark = fingerprint(reviewed(okr, status=1), "K1")
    said = okr("dismiss", mark, "--reason", "the portal is the effect", "--kind", "accepted")
    assert said.out == "K1 on “Launch the new portal” is dismissed as accepted.\n"
    content = reviewed(okr, status=1)
    (hidden,) = content["suppressed"]
    assert (hidden["by"], hidden["reason"]) == ("dismissal", "accepted: the portal is the effect")
    Path("draft.md").write_text(DRAFT.replace("new portal", "second portal"))
    assert "K1@kr:1" in severities(reviewed(okr, status=1))


def test_a_dismissal_is_listed_counted_and_taken_back(okr: Command) -> None:
    mark = fingerprint(reviewed(okr, status=1), "K1")
    assert okr("dismissals").out == "No finding is dismissed.\n"
    okr("dismiss", mark, "--reason", "not true")
    assert mark in okr("dismissals").out
    line = next(line for line in okr("rules", "--feedback").out.splitlines() if "K1" in line)
    assert line.split() == ["K1", "output-not-outcome", "1", "1", "0", "100%"]
    assert okr("dismiss", mark, "--undo").out == "K1 on “Launch the new portal” is shown again.\n"
    assert "K1@kr:1" in severities(reviewed(okr, status=1))


def test_the_text_report_shows_what_to_dismiss(okr: Command) -> None:
    mark = fingerprint(reviewed(okr, status=1), "K1")
    assert mark in okr(*REVIEW).out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("fnd-000000000000", "--reason", "r"),
            "The latest review or scan has no finding 'fnd-000000000000'. Run the review again and "
            "take the fingerprint from there; it begins with 'fnd-'.\n",
        ),
        (
            ("fnd-000000000000", "--undo"),
            "The finding 'fnd-000000000000' is not dismissed. `okr dismissals` lists those that "
            "are.\n",
        ),
    ],
    ids=["unknown", "not dismissed"],
)
def test_a_dismissal_that_cannot_be(
    okr: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = okr("dismiss", *arguments)
    assert (outcome.status, outcome.out, outcome.err) == (2, "", sentence)


def test_a_dismissal_without_a_reason_is_refused(okr: Command) -> None:
    mark = fingerprint(reviewed(okr, status=1), "K1")
    outcome = okr("dismiss", mark)
    assert (outcome.status, outcome.err) == (
        2,
        "A dismissal needs a reason. Say in a few words why.\n",
    )


def test_nothing_is_remembered_when_the_history_is_off(
    okr: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKR_HISTORY", "false")
    reviewed(okr, status=1)
    assert not Path(".okr").exists()
