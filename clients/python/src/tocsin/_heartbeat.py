"""Jobs that report their runs."""

import contextlib
import time
import traceback
import uuid
from types import TracebackType
from typing import Dict, Optional, Type, Union

from tocsin._client import Client, default_client

# The server keeps the end of what a job printed.
_longest_log = 10_000
_seconds_between_reports = 1.0


class Heartbeat(contextlib.ContextDecorator):
    """A run of a job, from its start to its end; made by `heartbeat`."""

    def __init__(self, name: str, details: bool, client: Optional[Client]) -> None:
        self.name = name
        self.run = ""
        self._details = details
        self._client = client
        self._progress_at = float("-inf")

    def _recreate_cm(self) -> "Heartbeat":
        """Of a decorated function each call is a run of its own."""
        return Heartbeat(self.name, self._details, self._client)

    def progress(self, done: float, total: Optional[float] = None) -> None:
        """How far the run is: ``progress(40, 100)``, or a share as ``progress(0.4)``. Call it as often as you like: one a second is sent."""
        now = time.monotonic()
        is_end = done >= (1 if total is None else total)
        if not is_end and now - self._progress_at < _seconds_between_reports:
            return
        self._progress_at = now
        if total is None:
            self._report("progress", done=done)
        else:
            self._report("progress", done=done, total=total)

    def __enter__(self) -> "Heartbeat":
        self.run = str(uuid.uuid4())
        self._progress_at = float("-inf")
        self._report("start")
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
            self._report("success")
            return
        log = ""
        if self._details:
            log = "".join(traceback.format_exception(kind, error, trace))[-_longest_log:]
        self._report("fail", log)

    async def __aenter__(self) -> "Heartbeat":
        return self.__enter__()

    async def __aexit__(
        self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.__exit__(kind, error, trace)

    def _report(self, state: str, log: str = "", **query: float) -> None:
        asked: Dict[str, Union[str, float]] = {"run": self.run, **query}
        (self._client or default_client()).report(self.name, state, asked, log)


def heartbeat(name: str, *, details: bool = True, client: Optional[Client] = None) -> Heartbeat:
    """Reports a run of the job ``name`` of the config, around a block or a function::

        with tocsin.heartbeat("nightly-features") as run:
            for n, part in enumerate(parts):
                compute(part)
                run.progress(n + 1, len(parts))

    The run starts with the block and succeeds with its end. An exception fails it, and goes on to the caller; its traceback is sent,
    unless ``details`` is False.
    """
    return Heartbeat(name, details, client)
