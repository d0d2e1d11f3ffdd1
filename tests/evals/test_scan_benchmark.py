"""The benchmark of the scan: its organisations, its arithmetic, its table and its picture."""

from __future__ import annotations

from math import log
from time import perf_counter
from xml.etree import ElementTree

import pytest

from assistant.language.detect import language
from assistant.sources.assemble import assemble
from assistant.sources.records import ObjectiveRecord
from evals.benchmarks.organisation import edited, synthetic
from evals.benchmarks.plot import loglog
from evals.benchmarks.scan import growth, picture, report
from evals.benchmarks.watch import Watch

SIZE = 300


def run(total: float) -> dict[str, object]:
    return {
        "read": total / 4,
        "index": total / 4,
        "scan": total / 2,
        "total": total,
        "busy": total * 1.5,
        "load": 2.0,
        "megabytes": 500,
        "parts": {"analyse.peers": {"seconds": total / 2, "megabytes": 480}},
    }


def test_every_text_is_another_and_everything_links() -> None:
    organisation, problems = assemble(synthetic(SIZE))
    texts = [text for item in organisation.objectives for text in item.texts]
    assert len(organisation.objectives) == SIZE
    assert len({item.text for item in organisation.objectives}) == SIZE
    assert len(set(texts)) > 0.97 * len(texts)
    assert not problems
    linked = [item for item in organisation.objectives if item.parents]
    assert len(linked) > 0.95 * SIZE
    assert all(link.objective_id for item in linked for link in item.parents)


def test_the_same_every_time_and_larger_is_another() -> None:
    assert synthetic(SIZE) == synthetic(SIZE)
    assert synthetic(SIZE)[150] != synthetic(SIZE + 1)[150]


def test_one_in_a_hundred_is_edited() -> None:
    records = synthetic(SIZE)
    pairs = zip(records, edited(records), strict=True)
    changed = [(old, new) for old, new in pairs if old != new]
    assert len(changed) == 3
    assert all(isinstance(old, ObjectiveRecord) for old, _ in changed)


def test_the_texts_read_as_english() -> None:
    items = [item for item in synthetic(60) if isinstance(item, ObjectiveRecord)]
    assert all(
        language(" ".join(one.text for one in item.key_results))[0] == "en" for item in items
    )


@pytest.mark.parametrize("power", [0.8, 1.0, 2.0])
def test_growth_is_the_power_of_n_log_n(power: float) -> None:
    points = [(float(n), 0.01 * (n * log(n)) ** power) for n in (500, 2_000, 10_000)]
    assert growth(points) == pytest.approx(power)


def test_one_size_says_nothing_about_growth() -> None:
    assert growth([(500, 3.0)]) is None


def test_table_and_picture_of_what_was_measured() -> None:
    known = {str(n): {"first": run(n / 100), "again": run(n / 4000)} for n in (2_000, 500)}
    page = report(known)
    assert "| 500 | 1.2 | 1.2 | 2.5 | 5.0 | 7.5 | 2.0 | 10.0 | 500 | 0.1 | 0.2 | 40.0 |" in page
    assert "| analyse.peers | 2.5 s | 10.0 s | 480 |" in page
    assert "Growth: (n log n) to the power of" in page
    root = ElementTree.fromstring(picture(known))
    assert len(root.findall("{*}circle")) == 10


def test_axes_span_whole_decades() -> None:
    root = ElementTree.fromstring(loglog("A & B", "n", "s", {"a": [(30, 0.2), (4_000, 7)]}, {}))
    ticks = [item.text for item in root.findall("{*}text")]
    assert ticks[1:9] == ["10", "100", "1,000", "10,000", "0.1", "1", "10", "n"]


def test_time_is_put_down_to_the_part_that_runs() -> None:
    records = synthetic(60)
    with Watch() as watch:
        started = perf_counter()
        while perf_counter() - started < 0.5:
            assemble(records)
    assert max(watch.seconds, key=lambda part: watch.seconds[part]).startswith("sources.")
    assert watch.megabytes["sources.assemble"] > 10
    assert watch.total >= 0.5
