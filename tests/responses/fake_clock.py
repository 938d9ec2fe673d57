"""Time that a test moves by hand: sleeping takes none of the test's."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hwbtext.scrape.pace import Clock

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass
class FakeClock:
    elapsed: float = 0.0
    slept: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, seconds: float) -> None:
        with self.lock:
            self.elapsed += seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(seconds)

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.elapsed,
            now=lambda: START + timedelta(seconds=self.elapsed),
            sleep=self.sleep,
        )
