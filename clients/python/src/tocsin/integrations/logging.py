"""How often a program logs warnings and errors, as samples that rules can judge.

Tocsin keeps no logs: what is sent is how many there were, by logger and level, and never a message::

    import logging
    from tocsin.integrations.logging import CountingHandler

    logging.getLogger().addHandler(CountingHandler(source="app-logs", labels={"service": "churn-api"}))

A rule then sums them up: ``query: { samples: { metric: log_records, statistic: sum, over: 5m } }``.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import weakref
from typing import Dict, Mapping, Optional, Tuple

from tocsin._client import Client, default_client

_most_loggers = 100
_other = "other"


class CountingHandler(logging.Handler):
    """Counts records by logger and level, and hands the counts over every ``interval`` seconds in which one came, and at the end.

    The sample is ``metric``, with the labels ``logger``, ``level`` and those given. ``source``: a source of the kind ``samples``. Loggers beyond
    a hundred count as ``other``. Records of Tocsin's own client are not counted, for they would make more of themselves.
    """

    def __init__(
        self,
        *,
        source: Optional[str] = None,
        metric: str = "log_records",
        labels: Optional[Mapping[str, str]] = None,
        level: int = logging.WARNING,
        interval: float = 10.0,
        client: Optional[Client] = None,
    ) -> None:
        super().__init__(level)
        self._source = source
        self._metric = metric
        self._labels = dict(labels or {})
        self._interval = interval
        self._client = client
        self._counts: Dict[Tuple[str, str], int] = {}
        self._timer: Optional[threading.Timer] = None
        _handlers.add(self)

    def emit(self, record: logging.LogRecord) -> None:
        if record.name == "tocsin" or record.name.startswith("tocsin."):
            return
        # `handle` holds the lock of the handler here.
        name = record.name if len(self._counts) < _most_loggers or (record.name, record.levelname) in self._counts else _other
        self._counts[name, record.levelname] = self._counts.get((name, record.levelname), 0) + 1
        if self._timer is None:
            self._timer = threading.Timer(self._interval, self.flush)
            self._timer.daemon = True
            try:
                self._timer.start()
            except RuntimeError:
                # The interpreter is ending, and counts are flushed then.
                self._timer = None

    def flush(self) -> None:
        """Hands over what was counted so far."""
        self.acquire()
        try:
            counts, self._counts = self._counts, {}
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
        finally:
            self.release()
        client = self._client or default_client()
        for (name, level), count in counts.items():
            client.samples(self._metric, [count], {**self._labels, "logger": name, "level": level}, self._source)

    def close(self) -> None:
        self.flush()
        _handlers.discard(self)
        super().close()

    def _begin_anew(self) -> None:
        self._counts, self._timer = {}, None


_handlers: "weakref.WeakSet[CountingHandler]" = weakref.WeakSet()


def _begin_anew() -> None:
    """In the child of a fork: what was counted is the parent's to send, and its timers are not here."""
    for handler in list(_handlers):
        handler._begin_anew()


def _flush_all() -> None:
    for handler in list(_handlers):
        handler.flush()


# Registered after the end of the client, and so before it when the process ends.
atexit.register(_flush_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)
