"""A value that is made once: on first use, or ahead of it in a thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Makes a value at most once, whoever asks first; safe to share between threads."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._future: Future[T] = Future()
        self._begun = False
        self._lock = Lock()

    @property
    def begun(self) -> bool:
        """Whether the value exists or is being made."""
        return self._begun

    def start(self) -> None:
        """Make the value in a thread, unless that has begun."""
        if self._claim():
            Thread(target=self._run, daemon=True).start()

    def get(self) -> T:
        """The value; what went wrong while it was made is raised here."""
        if self._claim():
            self._run()
        return self._future.result()

    def _claim(self) -> bool:
        with self._lock:
            first, self._begun = not self._begun, True
        return first

    def _run(self) -> None:
        try:
            self._future.set_result(self._make())
        except BaseException as error:
            self._future.set_exception(error)
