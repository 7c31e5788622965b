"""What callers hand over and nobody has sent yet, bounded in records and bytes."""

import threading
from collections import deque
from typing import Deque, List, Optional

from tocsin._jobs import Job
from tocsin._stats import Stats


class Queue:
    """Callers put and never wait; one thread takes. Any thread may ask and wait for the end."""

    def __init__(self, max_records: int, max_bytes: int) -> None:
        # A signal handler may put while a put of its thread goes on.
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        self._jobs: Deque[Job] = deque()
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._bytes = 0
        self._is_hurried = False
        self._is_closed = False
        self.stats = Stats()

    def put(self, job: Job) -> bool:
        """Whether there was room; what finds none is counted."""
        # The lock itself, which is C, where the condition around it is Python.
        with self._lock:
            stats, rows, nbytes = self.stats, job.rows, job.nbytes
            stats.queued += rows
            if self._is_closed:
                stats.drop("closed", rows)
                return False
            if stats.pending + rows > self._max_records or self._bytes + nbytes > self._max_bytes:
                stats.drop("queue full", rows)
                return False
            stats.pending += rows
            self._bytes += nbytes
            self._jobs.append(job)
            # The other thread looks by itself; being woken at each call, it would take the interpreter from this one.
            if stats.pending * 2 > self._max_records:
                self._changed.notify_all()
            return True

    def not_put(self, reason: str, records: int) -> None:
        """Records that did not even come to be put."""
        with self._changed:
            self.stats.queued += records
            self.stats.drop(reason, records)

    def take(self, longest_wait: float) -> List[Job]:
        """What waits; after so many seconds at most, or at once if somebody waits for the end."""
        with self._changed:
            if not self._is_hurried and not self._is_closed:
                self._changed.wait(longest_wait)
            jobs = list(self._jobs)
            self._jobs.clear()
            return jobs

    def pause(self, seconds: float) -> None:
        """Waits without taking, for somebody who hurries as well."""
        with self._changed:
            self._changed.wait(seconds)

    def encoded(self, nbytes: int) -> None:
        """A job is bytes of requests now, and what it held is free."""
        with self._changed:
            self._bytes -= nbytes

    def ended(self, sent: int = 0, rejected: int = 0, dropped: int = 0, reason: str = "") -> None:
        """Records are sent, refused alone, or lost for a reason."""
        with self._changed:
            self.stats.pending -= sent + rejected + dropped
            self.stats.sent += sent
            self.stats.rejected += rejected
            if dropped:
                self.stats.drop(reason, dropped)
            if self.stats.pending <= 0:
                self._changed.notify_all()

    def retried(self) -> None:
        with self._changed:
            self.stats.retries += 1

    def wait_until_empty(self, timeout: Optional[float]) -> bool:
        """Whether everything ended within so many seconds."""
        with self._changed:
            self._is_hurried = True
            self._changed.notify_all()
            try:
                return self._changed.wait_for(lambda: self.stats.pending <= 0, timeout)
            finally:
                self._is_hurried = False

    def close(self) -> None:
        """Takes no more; what waits is still sent."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    @property
    def is_hurried(self) -> bool:
        """Whether somebody waits for the end."""
        return self._is_hurried or self._is_closed

    @property
    def is_filling(self) -> bool:
        """Whether a quarter of the room is taken, so that what comes may soon find none."""
        return self.stats.pending * 4 > self._max_records or self._bytes * 4 > self._max_bytes

    @property
    def is_closed(self) -> bool:
        return self._is_closed

    def counts(self) -> Stats:
        with self._changed:
            return self.stats.copy()
