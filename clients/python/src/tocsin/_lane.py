"""What is sent in its order, such as all for ``/v1/predictions``: what waits, and the request that is tried again until it is answered."""

import random
import time
import uuid
from collections import deque
from dataclasses import dataclass
from typing import Callable, Deque, Iterator, List, Optional

from tocsin._answers import Outcome, Refused, Retry, Taken, printable
from tocsin._jobs import Job, Message, Records
from tocsin._json import Record, encoded
from tocsin._pace import Pace
from tocsin._queue import Queue
from tocsin._transport import Transport
from tocsin._under_way import under_way
from tocsin._warnings import Warnings, logger

# Below the 5 MB and 10,000 records of the server, and below the megabyte that proxies often take.
most_bytes = 512 * 1024
most_records = 5_000
# Of one record; the server's limit.
_longest_record = 262_144
_first_pause = 1.0
_longest_pause = 60.0
# What is older than this is given up, so that what is newer is not lost for it.
_oldest = 900.0
# A key that was refused is tried again, for it may be put right while this process runs.
_pause_of_key = 60.0


@dataclass
class Request:
    path: str
    body: bytes
    content_type: str
    records: int
    key: str
    since: float
    tries: int = 0


Post = Callable[[Transport, Request], Outcome]


class Lane:
    def __init__(self, name: str, queue: Queue, warnings: Warnings) -> None:
        self.name = name
        self._queue = queue
        self._warnings = warnings
        self._pace = Pace(lambda: queue.is_hurried, lambda: queue.is_filling, lambda: bool(under_way))
        self._waiting: Deque[Job] = deque()
        self._reading: Optional[Iterator[Record]] = None
        self._read_rows = 0
        self._left_over: Optional[bytes] = None
        self._request: Optional[Request] = None
        self.not_before = 0.0
        self._is_key_refused = False

    def add(self, job: Job) -> None:
        self._waiting.append(job)

    @property
    def is_done(self) -> bool:
        return self._request is None and self._reading is None and self._left_over is None and not self._waiting

    def step(self, transport: Transport, post: Post) -> None:
        """Sends one request, if there is one and it is time."""
        if time.monotonic() < self.not_before:
            if self._is_key_refused:
                self._drop_waiting()
            return
        self._is_key_refused = False
        if self._request is None:
            self._request = self._next_request()
        if self._request is None:
            return
        request = self._request
        self._after(request, post(transport, request))

    def _after(self, request: Request, outcome: Outcome) -> None:
        now = time.monotonic()
        if isinstance(outcome, Taken):
            self._end(request, sent=request.records - outcome.rejected, rejected=outcome.rejected)
            if self._warnings.again(f"retry {self.name}"):
                logger.info("Tocsin takes %s again", self.name)
            self._warnings.again("key")
            if outcome.rejected:
                why = outcome.reason or "no reason is given"
                self._warnings.once(
                    f"{self.name} {_kind_of(why)}",
                    "Tocsin refused %d of %d records of %s; the first: %s",
                    outcome.rejected,
                    request.records,
                    self.name,
                    why,
                )
        elif isinstance(outcome, Retry):
            self._retry(request, outcome, now)
        else:
            self._refused(request, outcome, now)

    def _retry(self, request: Request, outcome: Retry, now: float) -> None:
        if now - request.since > _oldest:
            self._end(request, dropped=request.records, reason="too old")
            return
        request.tries += 1
        self._queue.retried()
        longest = min(_longest_pause, _first_pause * 2 ** min(request.tries - 1, 10))
        # With jitter, so that many processes do not come back at one moment.
        pause = (
            longest * (0.5 + random.random() / 2)
            if outcome.after is None
            else outcome.after + random.random() * min(1.0, longest)
        )
        self.not_before = now + pause
        self._warnings.once(
            f"retry {self.name}", "Tocsin does not take %s now, which is tried again (%s)", self.name, outcome.reason
        )

    def _refused(self, request: Request, outcome: Refused, now: float) -> None:
        self._end(request, dropped=request.records, reason="refused")
        if outcome.is_key:
            self.not_before = now + _pause_of_key
            self._is_key_refused = True
            self._drop_waiting()
            self._warnings.once(
                "key",
                "Tocsin refuses the key (%s): set TOCSIN_INGEST_KEY to one with the right scope. Until it takes one, nothing is sent",
                outcome.reason,
            )
        else:
            self._warnings.once(
                f"{self.name} {_kind_of(outcome.reason)}",
                "Tocsin refused %d records of %s: %s",
                request.records,
                self.name,
                outcome.reason,
            )

    def _drop_waiting(self) -> None:
        """Nothing piles up for a key that is refused."""
        left = 0 if self._left_over is None else 1
        self._left_over = None
        while self._waiting:
            job = self._waiting.popleft()
            left += job.rows - (self._read_rows if self._reading is not None else 0)
            self._reading = None
            self._queue.encoded(job.nbytes)
        if left:
            self._queue.ended(dropped=left, reason="refused")

    def _end(self, request: Request, sent: int = 0, rejected: int = 0, dropped: int = 0, reason: str = "") -> None:
        self._request = None
        self._queue.ended(sent, rejected, dropped, reason)

    def _next_request(self) -> Optional[Request]:
        if self._reading is None and self._left_over is None and self._waiting and isinstance(self._waiting[0], Message):
            return self._message(self._waiting.popleft())
        parts: List[bytes] = []
        size = 2
        while len(parts) < most_records:
            self._pace.step()
            part = self._left_over if self._left_over is not None else self._next_record()
            self._left_over = None
            if part is None:
                break
            if size + len(part) + 1 > most_bytes and parts:
                self._left_over = part
                break
            parts.append(part)
            size += len(part) + 1
        if not parts:
            return None
        return Request(self.name, b"[" + b",".join(parts) + b"]", "application/json", len(parts), _new_key(), time.monotonic())

    def _message(self, job: Job) -> Optional[Request]:
        assert isinstance(job, Message)
        try:
            body = job.body()
        except Exception as error:  # noqa: BLE001, whatever a caller gave
            self._unreadable(error)
            self._queue.encoded(job.nbytes)
            self._queue.ended(rejected=1)
            return None
        self._queue.encoded(job.nbytes)
        return Request(job.path, body, job.content_type, 1, _new_key(), time.monotonic())

    def _next_record(self) -> Optional[bytes]:
        """The next record that can be sent, of this job or of those behind it."""
        while True:
            if self._reading is None:
                if not self._waiting or isinstance(self._waiting[0], Message):
                    return None
                job = self._waiting[0]
                assert isinstance(job, Records)
                try:
                    self._reading = iter(job.read())
                except Exception as error:  # noqa: BLE001
                    self._unreadable(error)
                    self._reading = iter(())
                self._read_rows = 0
            try:
                record = next(self._reading, None)
            except Exception as error:  # noqa: BLE001
                self._unreadable(error)
                record = None
            if record is None or self._read_rows >= self._waiting[0].rows:
                self._close_job()
                continue
            self._read_rows += 1
            part = self._encoded(record)
            if part is not None:
                return part

    def _close_job(self) -> None:
        """Rows of it that gave no record are refused; what it held is free."""
        job = self._waiting.popleft()
        self._reading = None
        self._queue.encoded(job.nbytes)
        missing = job.rows - self._read_rows
        if missing > 0:
            self._queue.ended(rejected=missing)

    def _encoded(self, record: Record) -> Optional[bytes]:
        try:
            part = encoded(record)
        except Exception as error:  # noqa: BLE001
            self._unreadable(error)
            self._queue.ended(rejected=1)
            return None
        fault = _fault_of(record, part)
        if fault is None:
            return part
        self._warnings.once(f"fault {fault}", "a record of %s is not sent: %s; so are others like it", self.name, fault)
        self._queue.ended(rejected=1)
        return None

    def _unreadable(self, error: Exception) -> None:
        why = printable(str(error))
        self._warnings.once(
            f"unreadable {type(error).__name__}", "records for %s cannot be read: %s: %s", self.name, type(error).__name__, why
        )


def _fault_of(record: Record, part: bytes) -> Optional[str]:
    """What the server would refuse for sure."""
    for name in ("prediction", "label"):
        if name in record and record[name] is None:
            return f"its {name} is missing or NaN"
    return f"it has more than {_longest_record} characters" if len(part) > _longest_record else None


def _kind_of(reason: str) -> str:
    """Without numbers, which differ from record to record."""
    return "".join(character for character in reason if not character.isdigit())[:80]


def _new_key() -> str:
    return str(uuid.uuid4())
