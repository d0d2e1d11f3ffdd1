"""Holds a scan of the demo organisation against its truth: `python -m evals.demo.measure`.

The demo shows the scan at work and catches what gets worse; it measures no accuracy, because one
person wrote the corpus and the truth. What the truth does not label counts neither way.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from assistant.analyse.worklist import WorkItem, make_worklist
from assistant.models import SEVERITIES, Evidence, Finding, Severity
from assistant.rules import find_rule
from assistant.settings import Settings
from evals import pages
from evals.demo.truth import CORPUS, Entry, Quote, Truth, load_truth, objective_ids
from evals.readme import FIGURES

PAGE = Path(__file__).parents[2] / "docs" / "data.md"
STORED = FIGURES / "demo.json"
TOP = 20
"""So many lines of the worklist are judged."""

SECTIONS: Mapping[str, tuple[str, str]] = {
    "drift": ("A3", "children that drifted from their parent"),
    "chains": ("A3", "chains that lose their root though every step is sound"),
    "conflicts": ("A5", "conflicts of two teams"),
    "duplicates": ("A6", "outcomes that two teams own"),
    "dependencies": ("A7", "undeclared dependencies, with their direction"),
    "coverage_gaps": ("A2", "choices that nobody serves"),
    "contradictions": ("A8", "objectives against a refusal"),
    "stale": ("A9", "objectives on a strategy that no longer holds"),
    "metric_mismatches": ("A10", "one name of a metric with two meanings"),
    "wrong_parents": ("A11", "wrong parents, with the better one"),
    "orphans": ("A1", "objectives without parent and contribution"),
    "copied_parents": ("A4", "copied parents"),
}
"""The lists of what was planted: the rule that should say so, and what they are called."""

FINE: Mapping[str, tuple[str, str]] = {
    "fine_edges": ("A3, A4, A11", "*not planted:* plainly fine links with a finding"),
    "fine_chains": ("A3", "*not planted:* chains of such links said to lose their root"),
}
"""What should bring up nothing: the rules that might, and what it is called."""

EDGE_RULES = frozenset({"A3", "A4", "A11"})
_PEER_RULES = frozenset({"A5", "A6", "A7"})
_MUTUAL = frozenset({"A5", "A6", "A10"})
_DRAFT_RULES = frozenset(
    [
        "O1",
        "O2",
        "O3",
        "O4",
        "O5",
        "O6",
        "O9",
        "O11",
        "K1",
        "K2",
        "K3",
        "K4",
        "K5",
        "K6",
        "K8",
        "K9",
        "K10",
        "S1",
        "S6",
    ]
)
"""What a good objective was judged for, as the truth file says."""

Verdict = Literal["planted", "arguable", "wrong", "not labelled"]


class Claim(NamedTuple):
    """An entry of the truth, and the rules by which a finding says what it says."""

    section: str
    entry: Entry
    rules: frozenset[str]


class Claims(NamedTuple):
    """What the truth says of findings: those to make, those that are open, those to leave."""

    planted: tuple[Claim, ...]
    arguable: tuple[Claim, ...]
    fine: tuple[Claim, ...]


def claims_of(truth: Truth) -> Claims:
    """The truth as claims.

    A copy among the drifted may be called drift or a copy. A chain is a claim about its last
    objective and its root, and only where no single step drifts; the others stand in ``drift``.
    """
    arguable = (
        Claim("arguable", item, frozenset({item.rule})) for item in truth.arguable if item.rule
    )
    return Claims(tuple(_planted(truth)), tuple(arguable), tuple(_fine(truth)))


def _planted(truth: Truth) -> Iterator[Claim]:
    lists = truth.lists()
    for section, (rule, _) in SECTIONS.items():
        for entry in lists[section]:
            if section == "chains":
                if set(entry.hops) == {"aligned"} and entry.cumulative[-1] != "aligned":
                    ends = (entry.objectives[-1], entry.objectives[0])
                    yield Claim(section, _about(entry, ends), frozenset({rule}))
                continue
            is_copy = section == "drift" and entry.subtype == "copy_paste"
            yield Claim(section, entry, frozenset({rule, "A4"} if is_copy else {rule}))


def _fine(truth: Truth) -> Iterator[Claim]:
    for entry in truth.fine_edges:
        yield Claim("fine_edges", entry, EDGE_RULES)
    for entry in truth.complementary:
        for order in (entry.objectives, entry.objectives[::-1]):
            yield Claim("complementary", _about(entry, order), _PEER_RULES)
    for entry in truth.good_objectives:
        yield Claim("good_objectives", entry, _DRAFT_RULES)


def fine_chains(truth: Truth) -> Iterator[Claim]:
    """That an objective lost the root of its chain, where every link on the way is plainly fine.

    The truth labels single links, so this is a sign of a false alarm and no proof of one.
    """
    above = {item.objectives[0]: item.objectives[1] for item in truth.fine_edges}
    lost = {item.entry.objectives for item in _planted(truth) if item.section == "chains"}
    for entry in truth.fine_edges:
        child, root = entry.objectives
        way = {child, root}
        while (up := above.get(root)) and up not in way:
            root = up
            way.add(up)
        if root != entry.objectives[1] and (child, root) not in lost:
            yield Claim("fine_chains", _about(entry, (child, root)), frozenset({"A3"}))


def _about(entry: Entry, objectives: Sequence[str]) -> Entry:
    return entry.model_copy(update={"objectives": tuple(objectives)})


def says(finding: Finding, claim: Claim, ids: Mapping[str, str]) -> bool:
    """Whether a finding says what a claim is about.

    Args:
        finding: of a scan.
        claim: of the truth.
        ids: the id in the organisation of every key of the truth.
    """
    if finding.rule not in claim.rules:
        return False
    entry, named = claim.entry, [ids[key] for key in claim.entry.objectives]
    if not named:
        return entry.document is not None and _quotes(finding, entry.document)
    if finding.rule in _MUTUAL:
        return set(named) <= {finding.objective_id, *_ids(finding, "peer")}
    return finding.objective_id == named[0] and _names_the_rest(finding, entry, ids)


def _names_the_rest(finding: Finding, entry: Entry, ids: Mapping[str, str]) -> bool:
    if finding.rule == "A7":
        return ids[entry.objectives[1]] in _ids(finding, "peer")
    if finding.rule in EDGE_RULES:
        better = ids[entry.better] if entry.better else None
        return _is_on_edge(finding, ids[entry.objectives[1]], better)
    return entry.document is None or entry.document.file in _files(finding)


def _is_on_edge(finding: Finding, parent: str, better: str | None) -> bool:
    """Of what a finding quotes from above, the declared parent (or the root) comes first."""
    above = _ids(finding, "parent")
    return above[:1] == [parent] and (better is None or better in above[1:])


def _ids(finding: Finding, kind: str) -> list[str]:
    return [item.id for item in finding.evidence if item.kind == kind]


def _files(finding: Finding) -> set[str]:
    return {item.location.file for item in _strategy(finding) if item.location}


def _quotes(finding: Finding, quote: Quote) -> bool:
    return any(
        item.location and item.location.file == quote.file and quote.quote in item.quote
        for item in _strategy(finding)
    )


def _strategy(finding: Finding) -> Iterator[Evidence]:
    return (item for item in finding.evidence if item.kind == "strategy")


def by_objective(finding: Finding, owners: Mapping[str, str]) -> Finding:
    """The finding with objectives in place of the key results that it quotes.

    Args:
        finding: of a scan.
        owners: the id of its objective for every id of a key result.
    """
    evidence = tuple(
        item.model_copy(update={"id": owners.get(item.id, item.id)}) for item in finding.evidence
    )
    return finding.model_copy(update={"evidence": evidence})


def judge(findings: Iterable[Finding], claims: Claims, ids: Mapping[str, str]) -> Verdict:
    """What the truth says of a line of the worklist: the best that it says of its findings."""
    own = tuple(findings)

    def any_of(wanted: Iterable[Claim]) -> bool:
        return any(says(finding, claim, ids) for claim in wanted for finding in own)

    if any_of(claims.planted):
        return "planted"
    if any_of(claims.arguable):
        return "arguable"
    return "wrong" if any_of(claims.fine) else "not labelled"


def count(
    claims: Iterable[Claim], findings: Sequence[Finding], ids: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    """By section: how many claims there are, and how many some finding says.

    Returns:
        ``cases``, ``warning`` (said at warning or worse), ``any`` (said at all), and under
        ``said`` the ids of the entries that were said at all.
    """
    grave = [item for item in findings if _is_at_least(item.severity, "warning")]
    found: dict[str, dict[str, Any]] = {}
    for claim in claims:
        row = found.setdefault(claim.section, {"cases": 0, "warning": 0, "any": 0, "said": []})
        is_said = any(says(item, claim, ids) for item in findings)
        row["cases"] += 1
        row["any"] += is_said
        row["warning"] += any(says(item, claim, ids) for item in grave)
        row["said"] += [claim.entry.id] if is_said else []
    return found


def _is_at_least(severity: Severity, least: Severity) -> bool:
    return SEVERITIES.index(severity) >= SEVERITIES.index(least)


def judge_top(
    worklist: Sequence[WorkItem], claims: Claims, ids: Mapping[str, str]
) -> dict[str, Any]:
    """The first lines of a worklist with what the truth says of each.

    Returns:
        How many lines have which verdict; ``precision``, the share of planted and arguable ones
        among those that are labelled (None where none is); and ``lines``.
    """
    keys = {value: key for key, value in ids.items()}
    lines = []
    for item in worklist[:TOP]:
        about = keys.get(item.lead.objective_id, item.lead.words[:40])
        verdict = judge(item.findings, claims, ids)
        lines.append(f"{item.lead.rule} {item.lead.severity} {about}: {verdict}")
    verdicts = Counter(line.rpartition(": ")[2] for line in lines)
    right, wrong = verdicts["planted"] + verdicts["arguable"], verdicts["wrong"]
    return {
        "top": len(lines),
        "planted": verdicts["planted"],
        "arguable": verdicts["arguable"],
        "wrong": wrong,
        "not labelled": verdicts["not labelled"],
        "precision": right / (right + wrong) if right + wrong else None,
        "lines": lines,
    }


def measure() -> dict[str, Any]:
    """Index and scan the demo organisation, and hold what was found against the truth."""
    from assistant.ingest import ingest
    from assistant.scan import scan_organisation
    from assistant.sources.read import read_folder

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), corpus=CORPUS, history=False)
        ingest(CORPUS, settings)
        scan, organisation, _ = scan_organisation(settings)
    truth, records = load_truth(), read_folder(CORPUS, max_mb=settings.max_input_mb)
    claims, ids = claims_of(truth), objective_ids(truth, records, organisation)
    owners = {one.id: item.id for item in organisation.objectives for one in item.key_results}
    findings = [by_objective(item, owners) for item in scan.findings]
    worklist = [
        item.model_copy(
            update={"findings": tuple(by_objective(one, owners) for one in item.findings)}
        )
        for item in make_worklist(scan.findings, organisation)
    ]
    edges = [item for item in claims.fine if item.section == "fine_edges"]
    return {
        "day": scan.taken_at.date().isoformat(),
        "objectives": scan.objectives,
        "planted": count(claims.planted, findings, ids),
        "fine_edges": count(edges, findings, ids)["fine_edges"],
        "fine_chains": count(fine_chains(truth), findings, ids)["fine_chains"],
        "worklist": judge_top(worklist, claims, ids),
    }


def demo_table(path: Path = STORED) -> str:
    """The figures of the last measurement."""
    if not path.exists():
        return "Not measured yet."
    found = json.loads(path.read_text(encoding="utf-8"))
    planted, top = found["planted"], found["worklist"]
    rows = [_planted_row(name, planted[name]) for name in SECTIONS]
    rows += [_fine_row(meaning, rules, found[name]) for name, (rules, meaning) in FINE.items()]
    head = ("what", "rule", "cases", "found, warning or worse", "found, any severity")
    lines = [[name, str(top[name])] for name in ("planted", "arguable", "wrong", "not labelled")]
    precision = pages.NO_FIGURE if top["precision"] is None else f"{top['precision']:.2f}"
    lines.append(["**precision of what is labelled**", precision])
    title = f"first {top['top']} lines of the worklist"
    return (
        f"{pages.table(head, rows)}\n\n"
        f"{pages.table((title, 'lines'), lines)}\n\n"
        f"{found['objectives']} objectives, scanned on {found['day']}; what nobody serves depends "
        "on the day, because periods that are over serve nothing."
    )


def _planted_row(section: str, row: Mapping[str, Any]) -> list[str]:
    code, meaning = SECTIONS[section]
    can_warn = _is_at_least(find_rule(code).severity, "warning")
    grave = str(row["warning"]) if can_warn else pages.NO_FIGURE
    return [meaning, code, str(row["cases"]), grave, str(row["any"])]


def _fine_row(meaning: str, rules: str, row: Mapping[str, Any]) -> list[str]:
    said = [f"{row[name]} ({row[name] / row['cases']:.0%})" for name in ("warning", "any")]
    return [meaning, rules, str(row["cases"]), *said]


PARTS: pages.Parts = {"demo": demo_table}


if __name__ == "__main__":
    STORED.parent.mkdir(exist_ok=True)
    STORED.write_text(json.dumps(measure(), indent=1) + "\n", encoding="utf-8")
    print(demo_table())
    pages.refresh(PAGE, PARTS)
