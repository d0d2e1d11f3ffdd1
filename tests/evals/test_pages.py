"""The pages about data and models are whole and current."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from assistant.learned.labels import LOOKS
from assistant.rules import all_rules
from evals import catalogue, data, formats, models, pages
from evals.cases import CASES, SPLITS, DraftCase, read_cases
from evals.training.heads import PRECISION

PAGES = {"rules": catalogue, "data": data, "models": models, "formats": formats}


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_parts_are_current(name: str) -> None:
    text = PAGES[name].PAGE.read_text(encoding="utf-8")
    assert pages.fill(text, PAGES[name].PARTS) == text, "Run `make docs`."


@pytest.mark.parametrize("name", PAGES)
def test_every_generated_part_has_its_place(name: str) -> None:
    text = PAGES[name].PAGE.read_text(encoding="utf-8")
    for part in PAGES[name].PARTS:
        assert text.count(f"<!-- {part}:begin -->") == text.count(f"<!-- {part}:end -->") == 1


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_somewhere(name: str) -> None:
    page: Path = PAGES[name].PAGE
    targets = re.findall(r"\]\((?!http)([^)]+)\)", page.read_text(encoding="utf-8"))
    for target in targets:
        file, _, heading = target.partition("#")
        other = page if not file else (page.parent / file).resolve()
        assert other.exists(), target
        if heading:
            text = other.read_text(encoding="utf-8")
            assert heading in {anchor(line) for line in re.findall(r"^#+ (.+)$", text, re.M)}


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_a_part_is_made_anew_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- x:begin -->\nold\n<!-- x:end -->\nafter\n")
    pages.refresh(page, {"x": lambda: "new"})
    assert page.read_text() == "before\n<!-- x:begin -->\nnew\n<!-- x:end -->\nafter\n"


@pytest.mark.parametrize(
    ("figure", "number", "interval"),
    [
        ({"value": 0.5, "low": 0.25, "high": 1.0, "n": 3}, "0.50", "0.50 [0.25, 1.00]"),
        ({"value": None, "low": None, "high": None, "n": 0}, "-", "-"),
        (None, "-", "-"),
    ],
    ids=["figure", "undefined", "missing"],
)
def test_a_figure_is_printed_with_its_interval(
    figure: dict[str, float | None] | None, number: str, interval: str
) -> None:
    assert (pages.number(figure), pages.interval(figure)) == (number, interval)


def test_every_organisation_and_every_labelled_rule_is_counted() -> None:
    splits, counts = data.splits_table(), data.counts_table()
    labelled = set()
    for split in SPLITS:
        cases = read_cases(CASES / "drafts" / split, DraftCase)
        for name in {data.organisation(case) for case in cases}:
            assert f"| {split} | {name} |" in splits
        assert f"| **{split}** |  | {len(cases)} |" in splits
        labelled |= {label.rule for case in cases for label in case.labels}
    for rule in all_rules():
        if rule.detect and rule.code not in {"O10", "S7", "A1"}:
            assert (f"| {rule.code} {rule.slug} |" in counts) == (rule.code in labelled)


def test_every_head_has_a_line_in_its_card() -> None:
    table = models.heads_table()
    slugs = {rule.code: rule.slug for rule in all_rules()}
    rows = [line.split(" | ")[0] for line in table.splitlines()[2:]]
    assert rows == [f"| {code} {slugs[code]}" for code in LOOKS]


def test_a_head_that_never_speaks_is_called_silent() -> None:
    trained = json.loads(models.TRAINED.read_text(encoding="utf-8"))
    silent = {code for code, own in trained.items() if own["threshold"] > 1}
    lines = models.heads_table().splitlines()[2:]
    assert {line.split()[1] for line in lines if "| silent | - | - |" in line} == silent


def test_the_card_names_the_precision_that_thresholds_must_reach() -> None:
    text = models.PAGE.read_text(encoding="utf-8")
    assert all(f"{wanted:.2f} for" in " ".join(text.split()) for wanted in PRECISION.values())
