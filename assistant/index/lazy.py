"""A value that is made once: on first use, or ahead of it in a thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """Makes a value once, whoever asks first; safe to share between threads.

    What fails is raised to all who wait for it, and tried again for whoever asks next.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._future: Future[T] | None = None
        self._lock = Lock()

    @property
    def begun(self) -> bool:
        """Whether the value exists or is being made."""
        return self._future is not None

    def start(self) -> None:
        """Make the value in a thread, unless that has begun."""
        future, first = self._claim()
        if first:
            Thread(target=self._run, args=(future,), daemon=True).start()

    def get(self) -> T:
        """The value; what went wrong while it was made is raised here."""
        future, first = self._claim()
        if first:
            self._run(future)
        return future.result()

    def _claim(self) -> tuple[Future[T], bool]:
        with self._lock:
            if self._future is not None:
                return self._future, False
            self._future = Future()
            return self._future, True

    def _run(self, future: Future[T]) -> None:
        try:
            future.set_result(self._make())
        except BaseException as error:
            with self._lock:
                self._future = None
            future.set_exception(error)
