"""Where everything is handed over, and who has an end: one client for each place to send to."""

from __future__ import annotations

import atexit
import datetime
import os
import sys
import uuid
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Set, Union
from urllib.parse import quote, urlencode

from tocsin._answers import printable
from tocsin._jobs import Job, Message, Records
from tocsin._json import Record, encoded
from tocsin._sender import Sender
from tocsin._settings import Settings, SettingsError, from_environment, is_switched_off
from tocsin._stats import Stats
from tocsin._transport import Transport
from tocsin._version import __version__
from tocsin._values import id_text, milliseconds, plain
from tocsin._warnings import Warnings

Time = Union[datetime.datetime, float, int, str, None]

_no_url = "Tocsin has no URL, so nothing is sent: set TOCSIN_INGEST_URL, or call tocsin.configure(url=...)"


class Client:
    """Sends to one Tocsin, in a thread of its own, and neither blocks nor raises.

    Without arguments it is configured by the environment: ``TOCSIN_INGEST_URL`` (or ``TOCSIN_URL``), ``TOCSIN_INGEST_KEY`` (or
    ``TOCSIN_KEY``), ``TOCSIN_CA``. What is wrong with a setting is one warning of the logger ``tocsin``, and the client does nothing.

    ``max_records`` and ``max_bytes`` bound what waits; ``interval``, ``timeout`` and ``flush_timeout`` are seconds.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        key: Optional[str] = None,
        *,
        ca: Optional[str] = None,
        timeout: float = 10.0,
        interval: float = 1.0,
        max_records: int = 100_000,
        max_bytes: int = 64 * 1024 * 1024,
        flush_timeout: float = 5.0,
    ) -> None:
        self._warnings = Warnings()
        self._settings: Optional[Settings] = None
        self._sender: Optional[Sender] = None
        self._why_off: Optional[str] = None
        if is_switched_off():
            return
        address = url if url is not None else from_environment("URL")
        if address is None:
            # Said when something would be sent, for a program may be imported where nothing is.
            self._why_off = _no_url
            return
        secret = key if key is not None else from_environment("KEY")
        certificates = ca if ca is not None else os.environ.get("TOCSIN_CA") or None
        settings = Settings(address, secret, certificates, timeout, interval, max_records, max_bytes, flush_timeout)
        try:
            self._settings = settings.checked()
            self._sender = Sender(settings, Transport(settings, __version__), _flush_at_exit)
        except SettingsError as error:
            self._warnings.once("settings", "%s. Nothing is sent to Tocsin", error)
            return
        except Exception as error:  # noqa: BLE001, such as of an argument of a wrong type, whose text may hold the key
            self._warnings.once("settings", "the settings of Tocsin cannot be read (%s). Nothing is sent", type(error).__name__)
            return
        if settings.is_key_in_clear:
            self._warnings.once("clear", "the key for Tocsin is sent over http, where others can read it: use https")
        _clients.add(self)

    def __repr__(self) -> str:
        return f"Client({self._settings!r})" if self._settings is not None else "Client(sends nothing)"

    @property
    def is_on(self) -> bool:
        """Whether anything is sent. The first time that nothing can be for want of a URL, a warning says so."""
        if self._sender is None and self._why_off is not None:
            self._warnings.once("off", "%s", self._why_off)
        return self._sender is not None

    def stats(self) -> Stats:
        """Counts since the process began; see `Stats`."""
        return Stats() if self._sender is None else self._sender.queue.counts()

    def flush(self, timeout: Optional[float] = None) -> bool:
        """Waits until everything was sent, refused or lost: at most so many seconds, by default ``flush_timeout``. Whether it was."""
        if self._sender is None or self._settings is None:
            return True
        return self._sender.flush(self._settings.flush_timeout if timeout is None else timeout)

    def close(self) -> None:
        """Sends what waits, for ``flush_timeout`` seconds at most, and takes no more. The end of the process does this by itself."""
        if self._sender is not None and self._settings is not None and not self._sender.queue.is_closed:
            self._sender.close(self._settings.flush_timeout)
            _clients.discard(self)

    def label(
        self, id: Any, value: Any, *, model: Optional[str] = None, timestamp: Time = None, source: Optional[str] = None
    ) -> None:
        """Says what was true of the prediction with this id.

        ``value``: the class or number that came true. ``timestamp``: when that was known (a datetime, seconds since the epoch or ISO
        8601 text); of two labels for one prediction the later one counts. ``model`` or ``source`` is needed where Tocsin has several.
        """
        self.labels([id], [value], model=model, timestamp=timestamp, source=source)

    def labels(
        self,
        ids: Iterable[Any],
        values: Iterable[Any],
        *,
        model: Optional[str] = None,
        timestamp: Time = None,
        source: Optional[str] = None,
    ) -> None:
        """The same for many predictions: ``ids`` and ``values`` of one length, such as two columns."""

        def hand_over() -> None:
            known, true = list(ids), list(values)
            if len(known) != len(true):
                self._lost(
                    "error", len(known), f"labels have {len(known)} ids and {len(true)} values: give one value for each id"
                )
                return
            at = milliseconds(timestamp)

            def read() -> Iterator[Record]:
                for one, value in zip(known, true):
                    record: Record = {"id": id_text(one), "label": plain(value)}
                    yield _with(record, timestamp=at, model=model)

            self._records("/v1/labels", source, len(known), 128 * len(known), read)

        self._safely(hand_over)

    def change(
        self,
        kind: str,
        *,
        version: Optional[Any] = None,
        previous_version: Optional[Any] = None,
        summary: Optional[str] = None,
        by: Optional[str] = None,
        link: Optional[str] = None,
        id: Optional[str] = None,
        timestamp: Time = None,
        labels: Optional[Mapping[str, str]] = None,
        **named: str,
    ) -> None:
        """Tells of something that was deployed, switched or altered, so that incidents can name it.

        ``kind``: ``deploy``, ``rollback``, ``flag``, ``data``, ``config``, ``registry`` or ``other``. What was changed, and where, are
        further keywords: ``tocsin.change("deploy", model="churn", environment="prod", version="8")``; ``labels`` has those whose
        names are no keywords. Told again under the same ``id`` it counts once. ``timestamp``: when it was done; by default now.
        """

        def hand_over() -> None:
            about = {str(name): str(value) for name, value in {**(labels or {}), **named}.items()}
            record: Record = {
                "kind": kind,
                "labels": about,
                "id": id or str(uuid.uuid4()),
                "timestamp": milliseconds(timestamp) or _now(),
            }
            _with(record, version=_text(version), previousVersion=_text(previous_version), summary=summary, by=by, link=link)
            self._records("/v1/changes", None, 1, 512, lambda: iter((record,)))

        self._safely(hand_over)

    def samples(self, metric: str, values: Sequence[float], labels: Mapping[str, str], source: Optional[str] = None) -> None:
        """Values of a metric at this moment, for a source of the kind ``samples``."""

        def hand_over() -> None:
            about = dict(labels)
            records: List[Record] = [
                {"metric": metric, "value": plain(value), "timestamp": _now(), "labels": about} for value in values
            ]
            self._records("/v1/samples", source, len(records), 256 * len(records), lambda: iter(records))

        self._safely(hand_over)

    def report(self, heartbeat: str, state: str, query: Mapping[str, Union[str, float]], log: str) -> None:
        """Reports the state of a job; `heartbeat` is more comfortable."""

        def hand_over() -> None:
            path = f"/v1/heartbeats/{quote(heartbeat, safe='')}/{quote(state, safe='')}"
            self._hand_over(
                Message(
                    f"heartbeat {heartbeat}",
                    path + (f"?{urlencode(query)}" if query else ""),
                    len(log),
                    lambda: log.encode("utf-8", "replace"),
                    "text/plain",
                )
            )

        self._safely(hand_over)

    def training(self, body: Callable[[], Record], source: Optional[str]) -> None:
        """Sends what a model was trained on; `baseline` makes it of a table."""
        self._hand_over(Message("/v1/baselines", _address("/v1/baselines", source), 0, lambda: encoded(body())))

    def _records(self, path: str, source: Optional[str], rows: int, nbytes: int, read: Callable[[], Iterator[Record]]) -> None:
        if rows > 0:
            self._hand_over(Records(_address(path, source), rows, nbytes, read))

    def predictions(self, source: Optional[str], rows: int, nbytes: int, read: Callable[[], Iterator[Record]]) -> None:
        """Hands over so many predictions, which ``read`` makes later in the thread that sends."""
        if self._sender is not None and rows > 0:
            path = "/v1/predictions" if source is None else _address("/v1/predictions", source)
            self._sender.put(Records(path, rows, nbytes, read))

    def _hand_over(self, job: Job) -> None:
        if self._sender is not None:
            self._sender.put(job)

    def _safely(self, hand_over: Callable[[], None]) -> None:
        """Nothing that goes wrong here reaches the caller."""
        if not self.is_on:
            return
        try:
            hand_over()
        except Exception as error:  # noqa: BLE001
            self._lost("error", 1, f"something for Tocsin cannot be read: {type(error).__name__}: {printable(str(error))}")

    def _lost(self, reason: str, records: int, why: str) -> None:
        """Counts what a mistake of the caller, or ours, loses; and says it once."""
        if self._sender is not None:
            self._sender.queue.not_put(reason, records)
        self._warnings.once(why[:80], "%s", why)

    lost = _lost
    safely = _safely

    def _begin_anew(self) -> None:
        """In the child of a fork: what waits is the parent's to send, and so are its counts."""
        if self._settings is not None and self._sender is not None:
            self._sender = Sender(self._settings, self._sender.transport, _flush_at_exit)


def _with(record: Record, **more: Any) -> Record:
    record.update({name: value for name, value in more.items() if value is not None})
    return record


def _text(version: Optional[Any]) -> Optional[str]:
    return None if version is None else id_text(version)


def _address(path: str, source: Optional[str]) -> str:
    return path if source is None else f"{path}?{urlencode({'source': source})}"


def _now() -> int:
    return int(datetime.datetime.now(datetime.timezone.utc).timestamp() * 1000)


# Until they are closed: what waits is sent at the end, whoever still knows the client.
_clients: Set[Client] = set()
_default: Dict[str, Client] = {}
_exits: Dict[str, int] = {}


def default_client() -> Client:
    """That of the functions of the package, configured by the environment unless `configure` was called."""
    client = _default.get("client")
    if client is not None:
        return client
    made = Client()
    # Of two threads that come here at once, one is right, and no lock may be left to the child of a fork.
    client = _default.setdefault("client", made)
    if client is not made:
        made.close()
    return client


def configure(url: Optional[str] = None, key: Optional[str] = None, **settings: Any) -> Client:
    """Says where the functions of the package send, with the arguments of `Client`. What is left out comes from the environment.

    What waits to be sent to another place still goes there.
    """
    client = _default["client"] = _client_of(url, key, settings)
    return client


def _client_of(url: Optional[str], key: Optional[str], settings: Dict[str, Any]) -> Client:
    try:
        return Client(url, key, **settings)
    except TypeError as error:
        off = Client.__new__(Client)
        off._warnings, off._settings, off._sender, off._why_off = Warnings(), None, None, None
        off._warnings.once("settings", "tocsin.configure: %s. Nothing is sent to Tocsin", error)
        return off


def _flush_at_exit() -> None:
    """When a thread begins: workers of multiprocessing and of Celery end without `atexit`, and have a way of their own."""
    if _exits.get("process") == os.getpid():
        return
    _exits["process"] = os.getpid()
    for module in ("multiprocessing.util", "billiard.util"):
        ends = sys.modules.get(module)
        if ends is not None and hasattr(ends, "Finalize"):
            ends.Finalize(None, _close_all, exitpriority=100)


def _close_all() -> None:
    for client in list(_clients):
        client.close()


def _begin_anew_everywhere() -> None:
    for client in list(_clients):
        client._begin_anew()


# Before any handler that is registered after this package is imported, and so after it at the end.
atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_everywhere)
