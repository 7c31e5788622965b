"""Sends predictions, labels, training data, changes and runs of jobs to Tocsin, and never disturbs the model.

::

    import tocsin

    model = tocsin.watch(model, name="churn", version="7", ids="customer_id")
    model.predict(X)                        # as before; what it predicts is sent by another thread
    tocsin.label("customer-17", 1)          # later, when it is known what was true

Where to: ``TOCSIN_INGEST_URL`` and ``TOCSIN_INGEST_KEY``, or `configure`. Nothing here blocks or raises; `stats` says what became of it.
"""

from typing import Any, Iterable, Mapping, Optional

from tocsin._baseline import baseline
from tocsin._client import Client, Time, configure, default_client
from tocsin._decorator import Prediction, predictions
from tocsin._heartbeat import Heartbeat, heartbeat
from tocsin._stats import Stats
from tocsin._version import __version__
from tocsin._watch import Predicted, Watched, watch


def label(id: Any, value: Any, *, model: Optional[str] = None, timestamp: Time = None, source: Optional[str] = None) -> None:
    """Says what was true of the prediction with this id. See `Client.label`."""
    default_client().label(id, value, model=model, timestamp=timestamp, source=source)


def labels(
    ids: Iterable[Any],
    values: Iterable[Any],
    *,
    model: Optional[str] = None,
    timestamp: Time = None,
    source: Optional[str] = None,
) -> None:
    """The same for many predictions: two columns of one length. See `Client.labels`."""
    default_client().labels(ids, values, model=model, timestamp=timestamp, source=source)


def change(
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
    """Tells of something that was deployed, switched or altered: ``change("deploy", model="churn", version="8")``. See `Client.change`."""
    default_client().change(
        kind,
        version=version,
        previous_version=previous_version,
        summary=summary,
        by=by,
        link=link,
        id=id,
        timestamp=timestamp,
        labels=labels,
        **named,
    )


def stats() -> Stats:
    """What became of all that was handed over since the process began: sent, rejected, dropped and why, pending."""
    return default_client().stats()


def flush(timeout: Optional[float] = None) -> bool:
    """Waits until everything was sent, refused or lost, for so many seconds at most (5); whether it was."""
    return default_client().flush(timeout)


__all__ = [
    "Client",
    "Heartbeat",
    "Predicted",
    "Prediction",
    "Stats",
    "Watched",
    "__version__",
    "baseline",
    "change",
    "configure",
    "flush",
    "heartbeat",
    "label",
    "labels",
    "predictions",
    "stats",
    "watch",
]
