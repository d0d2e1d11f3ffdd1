"""The memory of dear answers: nothing is lost, nothing is wrong, and the file may go at any time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import pytest
from pydantic import TypeAdapter

from assistant import memory
from assistant.memory import FILE, Memory, code_digest, digest, opened, remembered

NUMBERS: TypeAdapter[float] = TypeAdapter(float)


class Clerk:
    """Halves numbers, and counts how often it is asked about each."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, numbers: Sequence[int]) -> Iterator[float]:
        for number in numbers:
            self.asked.append(number)
            yield number / 3


def halves(known: Memory, numbers: Sequence[int], clerk: Clerk) -> list[float]:
    return remembered(known, numbers, lambda number: ("third", number), clerk, NUMBERS)


def test_each_question_is_asked_once_and_answered_in_order(tmp_path: Path) -> None:
    clerk = Clerk()
    with opened(tmp_path) as known:
        assert halves(known, [5, 7, 5], clerk) == [5 / 3, 7 / 3, 5 / 3]
    with opened(tmp_path) as known:
        assert halves(known, [7, 8, 5], clerk) == [7 / 3, 8 / 3, 5 / 3]
    assert clerk.asked == [5, 7, 8]


def test_what_is_done_is_counted_from_what_is_known(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with opened(tmp_path) as known:
        halves(known, range(100), Clerk())
        remembered(
            known,
            range(300),
            lambda number: ("third", number),
            Clerk(),
            NUMBERS,
            lambda done, of: told.append((done, of)),
        )
    assert told == [(100, 300), (164, 300), (228, 300), (292, 300), (300, 300)]


def test_an_interrupted_run_keeps_the_slices_that_were_done(tmp_path: Path) -> None:
    class Interrupted(Clerk):
        def __call__(self, numbers: Sequence[int]) -> Iterator[float]:
            if 200 in numbers:
                raise KeyboardInterrupt
            return super().__call__(numbers)

    with pytest.raises(KeyboardInterrupt), opened(tmp_path) as known:
        halves(known, range(300), Interrupted())
    clerk = Clerk()
    with opened(tmp_path) as known:
        assert halves(known, range(300), clerk) == [number / 3 for number in range(300)]
    assert clerk.asked == list(range(192, 300))


def test_a_killed_run_keeps_the_slices_that_were_done(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from pydantic import TypeAdapter\n"
        "from assistant.memory import opened, remembered\n"
        "def ask(some):\n"
        "    if 200 in some: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return [n / 3 for n in some]\n"
        "with opened(Path(sys.argv[1])) as known:\n"
        "    remembered(known, range(300), lambda n: ('third', n), ask, TypeAdapter(float))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    clerk = Clerk()
    with opened(tmp_path) as known:
        assert halves(known, range(300), clerk)[:2] == [0, 1 / 3]
    assert clerk.asked == list(range(192, 300))


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.write_bytes(b"no database" * 1000), id="overwritten"),
        pytest.param(lambda path: path.write_bytes(b""), id="emptied"),
        pytest.param(lambda path: path.unlink(), id="deleted"),
        pytest.param(lambda path: os.truncate(path, path.stat().st_size // 2), id="cut in half"),
    ],
)
def test_a_damaged_or_missing_file_is_begun_anew(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    with opened(tmp_path) as known:
        halves(known, range(2000), Clerk())
    damage(tmp_path / FILE)
    expected = [number / 3 for number in range(2000)]
    with opened(tmp_path) as known:
        assert halves(known, range(2000), Clerk()) == expected
    with opened(tmp_path) as known:
        halves(known, range(2000), Clerk())
    clerk = Clerk()
    with opened(tmp_path) as known:
        assert halves(known, range(2000), clerk) == expected
    assert clerk.asked == []


def test_where_nothing_can_be_written_answers_last_as_long_as_the_block(tmp_path: Path) -> None:
    home = tmp_path / "a file"
    home.write_text("no folder")
    clerk = Clerk()
    with opened(home) as known:
        assert halves(known, [1], clerk) == halves(known, [1], clerk) == [1 / 3]
    assert clerk.asked == [1]
    assert home.read_text() == "no folder"


def test_without_a_home_nothing_is_kept() -> None:
    clerk = Clerk()
    for _ in range(2):
        with opened(None) as known:
            halves(known, [1], clerk)
    assert clerk.asked == [1, 1]


def test_two_runs_at_once_share_what_they_find(tmp_path: Path) -> None:
    one, other = Clerk(), Clerk()
    with opened(tmp_path) as first, opened(tmp_path) as second:
        halves(first, [1, 2], one)
        assert halves(second, [2, 3], other) == [2 / 3, 1]
        assert halves(first, [3], one) == [1]
    assert (one.asked, other.asked) == ([1, 2], [3])


def test_what_was_of_no_use_for_longest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls(2099, 1, 1, tzinfo=tz)

    with opened(tmp_path) as known:
        halves(known, range(10), Clerk())
    monkeypatch.setattr(memory, "datetime", Later)
    with opened(tmp_path, most=4) as known:
        halves(known, [3, 4, 20, 21], Clerk())
    clerk = Clerk()
    with opened(tmp_path) as known:
        halves(known, [3, 4, 20, 21, 5], clerk)
    assert clerk.asked == [5]


def test_digests_tell_parts_apart() -> None:
    assert digest("a", "bc") != digest("ab", "c") != digest(["ab"], "c")
    assert digest("a", "bc") == digest("a", "bc")


def test_the_digest_of_code_names_what_it_is_of() -> None:
    assert code_digest("language") != code_digest("rules")
    assert code_digest("language", "rules") == code_digest("rules", "language")


def test_no_key_can_be_read_back(tmp_path: Path) -> None:
    with opened(tmp_path) as known:
        remembered(
            known, ["Retire the Kestrel line"], lambda text: (text,), lambda _: [0.5], NUMBERS
        )
    assert b"Kestrel" not in (tmp_path / FILE).read_bytes()
