"""Watches a running task from beside: how long it spends in each part, how much memory it holds."""

from __future__ import annotations

import os
import resource
import sys
import threading
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from types import FrameType, TracebackType
from typing import Self

PAUSE = 0.02
_OWN = "assistant."
_KIB = 1024
_STATM = Path("/proc/self/statm")


class Watch:
    """Samples the calling thread while a ``with`` block runs.

    ``seconds`` and ``megabytes`` hold time and highest memory by part: the first module of the
    product below the use case that is running, such as ``analyse.peers``. What is faster than a
    few hundredths of a second may be missed. ``total`` is the time of the block.

    Args:
        surfaces: modules that call parts and are none themselves.
    """

    def __init__(self, surfaces: tuple[str, ...] = ("scan",)) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.megabytes: dict[str, float] = defaultdict(float)
        self.total = 0.0
        self._surfaces = surfaces
        self._thread = threading.get_ident()
        self._over = threading.Event()
        self._sampler = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._started = perf_counter()
        self._sampler.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.total = perf_counter() - self._started
        self._over.set()
        self._sampler.join()

    def _sample(self) -> None:
        last = perf_counter()
        while not self._over.wait(PAUSE):
            frame = sys._current_frames().get(self._thread)
            part = self._part(frame)
            now = perf_counter()
            self.seconds[part] += now - last
            self.megabytes[part] = max(self.megabytes[part], megabytes_now())
            last = now

    def _part(self, frame: FrameType | None) -> str:
        """The outermost module of the product that is no surface."""
        found = ""
        while frame:
            name = str(frame.f_globals.get("__name__", ""))
            if name.startswith(_OWN):
                short = name.removeprefix(_OWN)
                if short.split(".")[0] not in self._surfaces:
                    found = ".".join(short.split(".")[:2])
            frame = frame.f_back
        return found or "other"


def megabytes_now() -> float:
    """The memory that this process holds, in MiB; the most it ever held where only that is known."""
    if _STATM.exists():
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / _KIB**2
    return megabytes_at_most()


def megabytes_at_most() -> float:
    """The most memory that this process ever held, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (_KIB**2 if sys.platform == "darwin" else _KIB)
