"""The suite of cascades: levels, where intent is lost, and the figures by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from assistant.errors import InputError
from evals.cases import ChainCase, EdgeLabel, Level, read_cases
from evals.suites.chains import ChainVerdict, LevelVerdict, lost_at, run
from evals.suites.drift import EdgeVerdict

A: EdgeLabel = "aligned"
D: EdgeLabel = "drifted"
U: EdgeLabel = "unrelated"


def chain(name: str, *below: tuple[EdgeLabel, EdgeLabel]) -> ChainCase:
    levels = (Level(objective=f"{hop} {cum}", hop=hop, cum=cum) for hop, cum in below)
    return ChainCase(id=name, levels=(Level(objective="Win"), *levels))


def verdict(*below: tuple[EdgeLabel | None, EdgeLabel | None]) -> ChainVerdict:
    return ChainVerdict(
        levels=tuple(LevelVerdict(hop=edge(hop), cum=edge(cum)) for hop, cum in below)
    )


def edge(label: EdgeLabel | None) -> EdgeVerdict:
    return EdgeVerdict(label=label, serves=0.9 if label == A else 0.1)


class Scripted:
    """Says what the script says."""

    def __init__(self, *said: ChainVerdict) -> None:
        self.said = said

    def judge(self, cases: Sequence[ChainCase]) -> Iterator[ChainVerdict]:
        yield from self.said


@pytest.mark.parametrize(
    ("labels", "level"),
    [
        ((A, A, A), None),
        ((A, D, D), 3),
        ((D, D, D), 2),
        ((D, A, A), None),
        ((D, A, U), 4),
        ((None, D, D), 3),
        ((D, D, None), None),
    ],
    ids=["kept", "lost", "at once", "found back", "lost again", "unjudged", "unjudged end"],
)
def test_where_intent_is_lost(labels: tuple[EdgeLabel | None, ...], level: int | None) -> None:
    assert lost_at(labels) == level


def test_figures_by_hand() -> None:
    outcome = run(
        [chain("c1", (A, A), (D, D), (A, D)), chain("c2", (A, A), (A, A), (A, A))],
        Scripted(verdict((A, A), (A, A), (D, U)), verdict((A, A), (A, A), (D, D))),
    )
    values = {name: figure.value for name, figure in outcome.metrics.items()}
    assert values["accuracy.hop"] == pytest.approx(3 / 6)
    assert values["accuracy.cum"] == pytest.approx(4 / 6)
    assert values["accuracy.cum.label"] == pytest.approx(3 / 6)
    assert values["loss_level_within_one"] == 1.0
    assert values["false_loss_rate"] == 1.0
    assert values["auroc.hop"] == pytest.approx((3 * 0.5) / 5)
    assert [item.on for item in outcome.decisions[:4]] == ["hop:2", "cum:2", "hop:3", "cum:3"]


def test_errors_and_abstentions_are_counted_apart() -> None:
    outcome = run(
        [chain("c1", (A, A), (D, D)), chain("c2", (A, A))],
        Scripted(verdict((A, None), (None, D)), ChainVerdict(error="broken")),
    )
    assert outcome.errors == ("c2: broken",)
    assert (outcome.cases, outcome.abstained, len(outcome.decisions)) == (2, 2, 4)
    assert outcome.metrics["accuracy.hop"].n == 1


def test_every_level_is_compared_with_the_one_above_and_with_the_top() -> None:
    case = chain("c1", (A, A), (D, D))
    pairs = [(pair.id, pair.parent.objective, pair.child.objective) for pair in case.edges()]
    assert pairs == [
        ("c1-hop2", "Win", "aligned aligned"),
        ("c1-cum2", "Win", "aligned aligned"),
        ("c1-hop3", "aligned aligned", "drifted drifted"),
        ("c1-cum3", "Win", "drifted drifted"),
    ]


def test_a_level_without_labels_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(
        '{"id": "c", "levels": [{"objective": "x"}, {"objective": "y", "hop": "aligned"}]}'
    )
    with pytest.raises(InputError) as caught:
        read_cases(path, ChainCase)
    assert "level 2 needs a hop and a cum" in str(caught.value)
