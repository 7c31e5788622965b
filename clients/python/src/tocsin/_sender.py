"""The thread that sends. It begins with the first record, and each process has its own."""

import threading
import time
from typing import Callable, Dict, Optional

from tocsin._answers import Outcome, Retry, outcome_of, printable
from tocsin._jobs import Job
from tocsin._lane import Lane, Request
from tocsin._queue import Queue
from tocsin._settings import Settings
from tocsin._transport import Transport
from tocsin._warnings import Warnings, logger

_shortest_pause = 0.02


class Sender:
    def __init__(self, settings: Settings, transport: Transport, on_start: Callable[[], None]) -> None:
        self._settings = settings
        self.transport = transport
        self._on_start = on_start
        self.queue = Queue(settings.max_records, settings.max_bytes)
        self.warnings = Warnings()
        self._lanes: Dict[str, Lane] = {}
        self._thread: Optional[threading.Thread] = None
        self._starting = threading.Lock()
        self._sending = threading.Lock()

    def put(self, job: Job) -> None:
        if self.queue.put(job) and self._thread is None:
            self._start()

    def _start(self) -> None:
        # Whoever finds it taken leaves the start to the one who has it.
        if not self._starting.acquire(blocking=False):
            return
        try:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="tocsin", daemon=True)
                thread.start()
                self._thread = thread
                self._on_start()
        except RuntimeError:
            # The interpreter is ending, or no thread can be had: `flush` sends by itself.
            pass
        finally:
            self._starting.release()

    def flush(self, timeout: float) -> bool:
        """Whether everything was sent, refused or lost within so many seconds."""
        thread = self._thread
        if thread is not None and thread.is_alive():
            return self.queue.wait_until_empty(timeout)
        until = time.monotonic() + timeout
        while self.queue.counts().pending > 0 and time.monotonic() < until:
            self._cycle(0.0)
            pause = min(self._next_pause(), until - time.monotonic())
            if pause > 0 and self.queue.counts().pending > 0:
                time.sleep(pause)
        return self.queue.counts().pending <= 0

    def close(self, timeout: float) -> None:
        """Takes no more, sends what waits for so long, and says what is lost."""
        self.queue.close()
        try:
            self.flush(timeout)
        finally:
            left = self.queue.counts().pending
            if left > 0:
                self.queue.ended(dropped=left, reason="not sent at exit")
            self.warnings.lost(self.queue.counts().dropped, is_last=True)

    def _run(self) -> None:
        pause = self._settings.interval
        while not (self.queue.is_closed and self.queue.counts().pending <= 0):
            try:
                self._cycle(pause)
            except Exception:  # noqa: BLE001, this thread is all that sends
                self.warnings.once("cycle", "sending to Tocsin failed; it is tried again")
                logger.debug("sending failed", exc_info=True)
                self.queue.pause(self._settings.interval)
            pause = min(self._settings.interval, self._next_pause())

    def _cycle(self, longest_wait: float) -> None:
        """Takes what waits, and sends one request of each lane that may send."""
        with self._sending:
            for job in self.queue.take(longest_wait):
                lane = self._lanes.get(job.lane)
                if lane is None:
                    lane = self._lanes[job.lane] = Lane(job.lane, self.queue, self.warnings)
                lane.add(job)
            for lane in list(self._lanes.values()):
                lane.step(self.transport, self._post)
                if lane.is_done and time.monotonic() >= lane.not_before:
                    del self._lanes[lane.name]
            self.warnings.lost(self.queue.counts().dropped)
            # Somebody who hurries cannot hurry a server that asked for a pause.
            if self._lanes and self._next_pause() > 0:
                self.queue.pause(min(self._next_pause(), _shortest_pause))

    def _next_pause(self) -> float:
        """Seconds until a lane may send again; with none that waits, those until somebody looks."""
        times = [lane.not_before for lane in self._lanes.values() if not lane.is_done]
        return max(0.0, min(times) - time.monotonic()) if times else self._settings.interval

    def _post(self, transport: Transport, request: Request) -> Outcome:
        try:
            answer = transport.post(request.path, request.body, request.content_type, request.key)
        except Exception as error:  # noqa: BLE001, the network fails in many ways
            return Retry(self._without_key(printable(f"{type(error).__name__}: {error}")))
        return outcome_of(answer.status, answer.headers, self._without_key_in(answer.body), request.records)

    def _without_key(self, text: str) -> str:
        key = self._settings.key
        return text if key is None else text.replace(key, "[key]")

    def _without_key_in(self, body: bytes) -> bytes:
        """A server that repeats the key does not bring it into our log."""
        key = self._settings.key
        return body if key is None else body.replace(key.encode("ascii"), b"[key]")
