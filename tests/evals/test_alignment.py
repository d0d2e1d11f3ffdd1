"""Critics, shortcuts and readers of edges, chains and peers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from assistant.errors import InputError
from assistant.learned import relations
from assistant.learned.relations import EdgeOpinion, PeerOpinion
from assistant.models import Objective
from evals import run
from evals.alignment import agreement, edges, peers, shortcuts, signals
from evals.alignment.agreement import SecondChain, SecondEdge, SecondLevel, SecondPeer
from evals.alignment.edges import CHAIN_CRITICS, CRITICS
from evals.alignment.local import LocalChains, LocalEdges, LocalPeers
from evals.alignment.peers import CRITICS as PEER_CRITICS
from evals.cases import CASES, ChainCase, DriftCase, Level, Okr, Pair, PeerCase, read_cases
from evals.run import SUITES
from tests.conftest import Command

PARENT = Okr(objective="Trade customers stay with us all year", team="Company", cycle="FY26")
SERVES = Okr(objective="Nobody with an account goes quiet unnoticed", cycle="2026-Q2")
LEAVES = Okr(objective="The newsletter is read in every canteen", cycle="2026-Q2")
PAIRS = [Pair(id="p1", parent=PARENT, child=SERVES), Pair(id="p2", parent=PARENT, child=LEAVES)]

SUBTYPES = {"means_end_swap": 0.9, "contradiction": 0.1}


def judge_by_words(
    pairs: Sequence[tuple[Objective, Objective]], embed: object = None
) -> list[EdgeOpinion]:
    """A judge of our own: whoever speaks of an account serves."""
    return [
        EdgeOpinion(
            serves=0.9 if "account" in child.text else 0.05,
            unrelated=0.05 if "account" in child.text else 0.1,
            subtypes=SUBTYPES,
        )
        for child, _ in pairs
    ]


@pytest.fixture
def few_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Our own cases, but a part of dev alone: to embed all of train takes a while."""
    for suite in ("drift", "chains", "peers"):
        lines = [
            line
            for file in sorted((CASES / suite / "dev").glob("*.jsonl"))
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
        for split, part in (("train", lines[1::2]), ("dev", lines[::2])):
            folder = tmp_path / suite / split
            folder.mkdir(parents=True)
            (folder / "few.jsonl").write_text("\n".join(part[:60]), encoding="utf-8")
    for module in (edges, peers, run):
        monkeypatch.setattr(module, "CASES", tmp_path)
    for module in (edges, peers):
        module._thresholds.cache_clear()
    yield
    for module in (edges, peers):
        module._thresholds.cache_clear()


def test_the_local_critic_says_what_the_scan_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "judge_edges", judge_by_words)
    fits, drifts = LocalEdges().judge(PAIRS)
    assert (fits.label, fits.serves, fits.warned) == ("aligned", 0.9, False)
    assert (drifts.label, drifts.subtype, drifts.warned) == ("drifted", "means_end_swap", True)
    assert drifts.unrelated == 0.1


def test_the_local_critic_abstains_on_what_it_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "judge_edges", judge_by_words)
    german = Okr(objective="Unsere Kunden bleiben das ganze Jahr über bei uns und empfehlen uns")
    (found,) = LocalEdges().judge([Pair(id="p", parent=PARENT, child=german)])
    assert (found.label, found.error) == (None, None)


def test_a_local_chain_is_lost_where_a_step_drifts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "judge_edges", judge_by_words)
    levels = (
        Level(objective=PARENT.objective),
        Level(objective=SERVES.objective, hop="aligned", cum="aligned"),
        Level(objective=LEAVES.objective, hop="drifted", cum="drifted"),
        Level(objective="The canteens get bigger screens", hop="aligned", cum="drifted"),
    )
    (found,) = LocalChains().judge([ChainCase(id="c", levels=levels)])
    assert [level.cum.label for level in found.levels] == ["aligned", "drifted", "drifted"]
    assert [level.hop.label for level in found.levels] == ["aligned", "drifted", "drifted"]


def test_the_local_critic_of_peers_names_the_likeliest(monkeypatch: pytest.MonkeyPatch) -> None:
    opinion = PeerOpinion(
        kinds={"conflict": 0.2, "dependency": 0.8}, subtypes={"cannibalisation": 1.0}, a_needs_b=0.1
    )
    monkeypatch.setattr(relations, "judge_peers", lambda pairs: [opinion for _ in pairs])
    (found,) = LocalPeers().judge([PeerCase(id="p", a=SERVES, b=LEAVES, label="unrelated")])
    assert (found.label, found.subtype, found.needs) == ("dependency", "cannibalisation", "b")
    assert found.scores["conflict"] == 0.2


def test_a_threshold_cuts_where_the_labels_part() -> None:
    values = np.arange(60, dtype=float)
    thresholds = signals.Thresholds(values, ["unrelated"] * 30 + ["aligned"] * 30, 2)
    low, high = thresholds.likely(np.array([3.0, 55.0]))
    assert (signals.likeliest(low), signals.likeliest(high)) == ("unrelated", "aligned")


def test_word_overlap_sees_words_whatever_their_ending() -> None:
    one, other = Okr(objective="Deliver parcels"), Okr(objective="Parcel delivery")
    same, none = signals.overlaps([(one, other), (one, LEAVES)])
    assert (same, none) == (1.0, 0.0)


@pytest.mark.usefixtures("few_cases")
def test_the_child_alone_does_not_see_the_parent() -> None:
    pairs = [PAIRS[0], PAIRS[0].model_copy(update={"parent": LEAVES})]
    one, other = CRITICS["child_only"]().judge(pairs)
    assert one == other
    nearer, farther = CRITICS["cosine"]().judge(pairs)
    assert nearer.serves != farther.serves


@pytest.mark.usefixtures("few_cases")
def test_each_side_alone_does_not_see_who_it_stands_beside() -> None:
    cases = [
        PeerCase(id=str(n), a=a, b=b, label="unrelated")
        for n, (a, b) in enumerate([(SERVES, LEAVES), (SERVES, SERVES), (LEAVES, LEAVES)])
    ]
    mixed, one, other = (item.scores for item in PEER_CRITICS["one_side"]().judge(cases))
    for label, value in mixed.items():
        assert value == pytest.approx((one[label] + other[label]) / 2)


@pytest.mark.usefixtures("few_cases")
def test_a_baseline_judges_a_chain_edge_by_edge() -> None:
    cases = read_cases(CASES / "chains" / "dev", ChainCase)[:2]
    found = list(CHAIN_CRITICS["word_overlap"]().judge(cases))
    assert [len(item.levels) for item in found] == [3, 3]
    assert found[0].levels[0].hop == found[0].levels[0].cum


NAMES = {
    "drift": {
        "auroc.contrast", "right_parent_higher", "auroc.aligned_vs_drifted", "auroc.aligned_vs_rest",
        "recall_at_20_false_alarms", "auroc.unrelated_vs_rest", "macro_f1", "macro_f1.subtype",
    },
    "chains": {"auroc.hop", "accuracy.cum", "accuracy.hop", "loss_level_within_one"},
    "peers": {
        "f1.conflict", "f1.duplicate", "f1.dependency", "f1.complementary", "f1.unrelated",
        "macro_f1", "macro_f1.subtype", "swapped_partner_conflict_rate",
    },
}  # fmt: skip
BASELINES = {
    "drift": {"cosine", "child_only", "word_overlap"},
    "chains": {"cosine", "child_only", "word_overlap"},
    "peers": {"cosine", "one_side", "word_overlap"},
}


@pytest.mark.usefixtures("few_cases")
@pytest.mark.parametrize("suite", NAMES)
def test_the_command_writes_the_documented_json(okr: Command, workplace: Path, suite: str) -> None:
    side = "one_side" if suite == "peers" else "child_only"
    outcome = okr(
        "eval", "run", suite, "--critic", side, "--json", "out.json", "--decisions", "said.jsonl"
    )  # fmt: skip
    assert outcome.status == 0
    found = json.loads(Path("out.json").read_text())
    assert (found["suite"], found["critic"], found["split"]) == (suite, side, "dev")
    own = NAMES[suite] - {"macro_f1.subtype"} if suite == "chains" else NAMES[suite]
    assert own <= set(found["metrics"])
    assert set(found["metrics"]["accuracy.hop" if suite == "chains" else "macro_f1"]) == {
        "value", "low", "high", "n",
    }  # fmt: skip
    assert set(found["baselines"]) == BASELINES[suite] - {side}
    said = [json.loads(line) for line in Path("said.jsonl").read_text().splitlines()]
    assert len(said) == found["decisions"]
    assert {"case", "gold", "said", "score"} <= set(said[0])


@pytest.mark.usefixtures("few_cases")
def test_own_cases_are_read(okr: Command, workplace: Path) -> None:
    sides = {"parent": {"objective": "Win"}, "child": {"objective": "Win more"}}
    own = [{"id": "x", **sides, "label": "drifted", "subtype": "copy_paste"}]
    Path("own.jsonl").write_text("".join(json.dumps(item) + "\n" for item in own))
    outcome = okr("eval", "run", "drift", "--critic", "word_overlap", "--cases", "own.jsonl")
    assert outcome.status == 0
    assert "1 cases, 1 decisions" in outcome.out


def test_an_unknown_critic_is_a_sentence(okr: Command, workplace: Path) -> None:
    outcome = okr("eval", "run", "peers", "--critic", "child_only")
    assert outcome.status == 2
    assert outcome.err == (
        "There is no critic 'child_only'. There are: local, baseline, cosine, one_side, "
        "word_overlap, llm, narrow.\n"
    )


@pytest.mark.parametrize("name", SUITES)
def test_every_suite_has_a_local_critic_and_a_baseline(name: str) -> None:
    suite = SUITES[name]
    assert {"local", *suite.baselines} <= set(suite.critics)
    assert suite.baselines


# Shortcuts


@pytest.mark.usefixtures("few_cases")
def test_a_split_that_length_gives_away_is_found_out() -> None:
    cases = [
        DriftCase(
            id=f"{label}-{number}",
            parent=PARENT,
            child=Okr(objective=f"{text} {number}", key_results=results),
            label=label,  # type: ignore[arg-type]
        )
        for label, text, results in (
            ("aligned", "Trade customers come back within a month", ("From 1 to 2",)),
            ("drifted", "Build it", ("Build",)),
        )
        for number in range(6)
    ]
    found = shortcuts.measure_drift(cases)["auroc.aligned_vs_drifted"]
    assert found["words of the child"].value == 1.0
    assert found["its key results with a digit"].value == 1.0


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (0.58, "The child alone tells aligned from drifted at 0.58, which is below 0.60."),
        (
            0.71,
            "The child alone tells aligned from drifted at 0.71: above 0.60 a split measures how "
            "drifted children are written, so read the figures on contrast groups.",
        ),
    ],
    ids=["fine", "style"],
)
def test_style_is_called_style(value: float, sentence: str) -> None:
    assert shortcuts.style_sentence({"value": value}) == sentence


def test_every_shortcut_is_published() -> None:
    found = json.loads(shortcuts.FILE.read_text(encoding="utf-8"))
    assert set(found) == {"drift", "chains", "peers"}
    for figures in found["drift"].values():
        assert set(figures) == set(shortcuts.EDGE_SIGNS)
    for figures in found["peers"].values():
        assert set(figures) == set(shortcuts.PEER_SIGNS)


# Two readers


def drift(name: str, label: str, **fields: object) -> DriftCase:
    child = Okr(objective=name)
    return DriftCase(id=name, parent=PARENT, child=child, label=label, **fields)  # type: ignore[arg-type]


def test_two_readers_of_edges_by_hand() -> None:
    first = [
        drift("a", "aligned"),
        drift("b", "drifted", subtype="copy_paste"),
        drift("c", "unrelated", arguable="drifted"),
        drift("d", "aligned"),
    ]
    second = [
        SecondEdge(id="c", label="drifted", subtype="scope_change"),
        SecondEdge(id="a", label="aligned"),
        SecondEdge(id="b", label="drifted", subtype="copy_paste"),
    ]
    found = agreement.compare_drift(first, second)
    labels = found["drift: three labels"]
    assert (labels.cases, labels.agreed) == (3, 2)
    expected = cohen_kappa_score(["u", "a", "d"], ["d", "a", "d"])
    assert labels.kappa.value == pytest.approx(expected)
    assert found["drift: aligned or not"].kappa.value == 1.0
    argued = found["drift: three labels, what the first calls arguable taken as agreement"]
    assert argued.agreed == 3
    assert found["drift: way to drift, where both say that it drifted"].cases == 1


def test_two_readers_of_cascades_and_peers_by_hand() -> None:
    levels = (
        Level(objective="Win"),
        Level(objective="x", hop="aligned", cum="aligned"),
        Level(objective="y", hop="drifted", cum="drifted"),
    )
    read = (SecondLevel(hop="aligned", cum="aligned"), SecondLevel(hop="aligned", cum="drifted"))
    chains = agreement.compare_chains(
        [ChainCase(id="c", levels=levels)], [SecondChain(id="c", levels=read)]
    )
    assert chains["chains: against the level above"].agreed == 1
    assert chains["chains: against the top"].kappa.value == 1.0
    peers = agreement.compare_peers(
        [PeerCase(id="p", a=SERVES, b=LEAVES, label="dependency", needs="a")],
        [SecondPeer(id="p", label="dependency", needs="b")],
    )
    assert peers["peers: five labels"].agreed == 1
    assert peers["peers: who needs whom, where both say that one does"].agreed == 0


def test_labels_of_nothing_are_a_sentence() -> None:
    with pytest.raises(InputError) as caught:
        agreement.compare_drift([drift("a", "aligned")], [SecondEdge(id="z", label="aligned")])
    assert str(caught.value) == "The second reader labelled 'z', which is no case of the first."


def test_a_cascade_needs_a_label_for_every_level() -> None:
    case = ChainCase(
        id="c", levels=(Level(objective="Win"), Level(objective="x", hop="aligned", cum="aligned"))
    )
    with pytest.raises(InputError) as caught:
        agreement.compare_chains([case], [SecondChain(id="c", levels=())])
    assert str(caught.value) == (
        "The second reader labelled 0 levels of 'c', which has 1 below the top."
    )


def test_files_that_are_not_there_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert agreement.compare_all(tmp_path) == {}
    monkeypatch.setattr(agreement, "FILE", tmp_path / "none.json")
    assert agreement.agreement_table() == "Not measured yet."


def test_the_table_lists_every_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = agreement.compare_drift(
        [drift("a", "aligned"), drift("b", "drifted")],
        [SecondEdge(id="a", label="aligned"), SecondEdge(id="b", label="drifted")],
    )
    path = tmp_path / "found.json"
    path.write_text(agreement.as_json(found))
    monkeypatch.setattr(agreement, "FILE", path)
    assert "| drift: three labels | 2 | 2 | 1.00 [1.00, 1.00] |" in agreement.agreement_table()


def test_the_published_comparison_is_that_of_the_files() -> None:
    found = agreement.compare_all(CASES / "second")
    stored = agreement.FILE.read_text(encoding="utf-8") if agreement.FILE.exists() else "{}\n"
    assert agreement.as_json(found) == stored, "Run `make accuracy`."
