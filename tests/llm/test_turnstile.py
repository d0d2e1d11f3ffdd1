"""How many are let in at once, across tasks and threads, and what happens to who gives up."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.llm.turnstile import Turnstile, turnstile_of


class Room:
    """Counts who is inside."""

    def __init__(self, most: int) -> None:
        self.turn = Turnstile(most)
        self.inside = self.highest = self.visits = 0
        self.lock = threading.Lock()

    async def visit(self) -> None:
        async with self.turn:
            with self.lock:
                self.inside += 1
                self.visits += 1
                self.highest = max(self.highest, self.inside)
            await asyncio.sleep(0.005)
            with self.lock:
                self.inside -= 1


@pytest.mark.parametrize("most", [1, 3])
def test_tasks_of_one_loop_wait_for_each_other(most):
    room = Room(most)

    async def many() -> None:
        await asyncio.gather(*(room.visit() for _ in range(20)))

    asyncio.run(many())
    assert (room.visits, room.highest) == (20, most)


def test_loops_in_several_threads_wait_for_each_other():
    room = Room(2)

    async def some() -> None:
        await asyncio.gather(*(room.visit() for _ in range(5)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: asyncio.run(some()), range(8)))

    assert (room.visits, room.highest) == (40, 2)


def test_who_gives_up_leaves_the_place_to_the_next():
    async def scene() -> int:
        room = Room(1)
        await room.turn.__aenter__()
        waiting = [asyncio.create_task(room.visit()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await room.turn.__aexit__(None, None, None)
        waiting[1].cancel()  # it has been let in and has not begun
        await asyncio.wait(waiting)
        await asyncio.wait_for(room.visit(), 1)
        return room.visits

    assert asyncio.run(scene()) == 2


def test_a_loop_that_has_ended_blocks_nobody():
    room = Room(1)

    async def hold() -> None:
        await room.turn.__aenter__()

    async def wait_in_vain() -> None:
        place = asyncio.create_task(room.visit())
        await asyncio.sleep(0.01)
        place.cancel()
        await asyncio.wait([place])

    asyncio.run(hold())
    asyncio.run(wait_in_vain())

    async def leave_and_visit() -> None:
        await room.turn.__aexit__(None, None, None)
        await asyncio.wait_for(room.visit(), 1)

    asyncio.run(leave_and_visit())
    assert room.visits == 1


def test_clients_that_are_made_alike_share_one():
    assert turnstile_of("a", 2) is turnstile_of("a", 2)
    assert turnstile_of("a", 2) is not turnstile_of("b", 2)
    assert turnstile_of("a", 2) is not turnstile_of("a", 3)
