"""What a version of a model was trained on, so that what it meets in use can be compared with that."""

from __future__ import annotations

import os
import random
from typing import Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple, Union

from tocsin._client import Client, Time, default_client
from tocsin._json import Record, encoded
from tocsin._record import FeatureNames
from tocsin._tables import snapshot
from tocsin._values import id_text, milliseconds, plain
from tocsin._warnings import logger

# The server takes 5 MB and 100,000 rows in one request.
_most_bytes = 4_500_000
_most_rows = 100_000


def baseline(
    data: Any,
    *,
    version: Any,
    dataset: Any,
    model: Optional[str] = None,
    prediction: Union[str, Sequence[Any], None] = None,
    score: Union[str, Sequence[Any], None] = None,
    label: Union[str, Sequence[Any], None] = None,
    ignore: Sequence[str] = (),
    columns: Optional[Sequence[str]] = None,
    metrics: Optional[Mapping[str, Tuple[float, int]]] = None,
    trained_at: Time = None,
    source: Optional[str] = None,
    client: Optional[Client] = None,
) -> None:
    """Sends what a version was trained or validated on, by the thread that sends.

    :param data: a frame of pandas or polars, a table of pyarrow, an array with ``columns``, a list of dicts, or the path of a Parquet file
        (with pyarrow, polars or pandas installed); None for metrics alone. All columns are features but those named otherwise.
    :param version: the version that was trained; ``dataset``: the version of the data.
    :param prediction: the column with what the model predicted for each row, or these predictions; ``score`` and ``label`` likewise. With
        prediction and label, metrics such as accuracy are computed of the rows that are sent.
    :param ignore: columns that are not features.
    :param metrics: metrics that were computed elsewhere, each with the number of rows: ``{"accuracy": (0.83, 4812)}``.
    :param trained_at: the end of the training data, from which its age counts; by default now.

    One request holds 4.5 MB. Of more rows an even random sample is sent, the same each time; a line of the log says how many. To send
    the profile of all rows, use ``tocsin baseline push``.
    """
    to = client or default_client()

    def hand_over() -> None:
        head: Record = {"version": id_text(version), "dataset": id_text(dataset)}
        for name, value in (("model", model), ("trainedAt", milliseconds(trained_at))):
            if value is not None:
                head[name] = value
        if metrics:
            head["metrics"] = {name: {"value": plain(value), "count": int(count)} for name, (value, count) in metrics.items()}
        if data is None:
            to.training(lambda: head, source)
            return
        rows = _Rows(_read(data), {"prediction": prediction, "score": score, "label": label}, ignore, columns)
        to.training(lambda: {**head, "rows": _sample(rows.read(), rows.copied, rows.total, dataset)}, source)

    to.safely(hand_over)


class _Rows:
    """A copy of a table of training data, or of an even sample of it. Raises ValueError for what is none."""

    def __init__(
        self,
        data: Any,
        fields: Mapping[str, Union[str, Sequence[Any], None]],
        ignore: Sequence[str],
        columns: Optional[Sequence[str]],
    ) -> None:
        self.total = _rows_of(data)
        picked = _picked(self.total)
        table = snapshot(data if picked is None else _rows_at(data, picked))
        if table is None:
            raise ValueError(f"baseline: expected a table or the path of a Parquet file; received {type(data).__name__}")
        self.copied = table.rows
        self._table = table
        self._names = FeatureNames(True, columns).names(table, None)
        self._given: Dict[str, List[Any]] = {}
        self._columns: Dict[str, str] = {}
        for field, given in fields.items():
            if isinstance(given, str):
                if table.columns and given not in table.columns:
                    raise ValueError(
                        f"baseline: the table has no column {given} for {field}; it has {', '.join(table.columns[:20])}"
                    )
                self._columns[field] = given
            elif given is not None:
                values = list(given)
                if len(values) != self.total:
                    raise ValueError(f"baseline: expected {self.total} values of {field}, one a row; received {len(values)}")
                self._given[field] = values if picked is None else [values[place] for place in picked]
        self._left_out = {*map(str, ignore), *self._columns.values()}

    def read(self) -> Iterator[Record]:
        for place, features in enumerate(self._table.read(self._names)):
            row: Record = {"features": {name: plain(value) for name, value in features.items() if name not in self._left_out}}
            row.update({field: plain(values[place]) for field, values in self._given.items()})
            row.update({field: plain(features.get(name)) for field, name in self._columns.items()})
            yield {field: value for field, value in row.items() if value is not None}


def _sample(rows: Iterator[Record], given: int, total: int, dataset: Any) -> List[Record]:
    """As many rows as one request holds, evenly chosen, and the same ones each time."""
    chosen = random.Random(0)
    kept: Dict[int, Record] = {}
    sizes: Dict[int, int] = {}
    size = 0
    share = 1.0
    ranks = [chosen.random() for _ in range(given)]
    for place, row in enumerate(rows):
        if ranks[place] >= share:
            continue
        kept[place], sizes[place] = row, len(encoded(row)) + 1
        size += sizes[place]
        # Too many: every row has to be of a smaller share, those before as well as those to come.
        while size > _most_bytes and len(kept) > 1:
            share *= 0.9
            for gone in [one for one in kept if ranks[one] >= share]:
                size -= sizes.pop(gone)
                del kept[gone]
    if len(kept) < total:
        logger.warning(
            "baseline of %s: %d of %d rows are sent, evenly chosen, for a request holds no more; tocsin baseline push sends the profile of all",
            dataset,
            len(kept),
            total,
        )
    return list(kept.values())


def _rows_of(data: Any) -> int:
    if hasattr(data, "num_rows"):
        return int(data.num_rows)
    if hasattr(data, "shape"):
        return int(data.shape[0])
    if hasattr(data, "__len__"):
        return len(data)
    raise ValueError(f"baseline: expected a table or the path of a Parquet file; received {type(data).__name__}")


def _picked(total: int) -> Optional[List[int]]:
    """Places of as many rows as a request may have; nothing if all are. So that no more than these are copied."""
    return sorted(random.Random(0).sample(range(total), _most_rows)) if total > _most_rows else None


def _rows_at(data: Any, places: List[int]) -> Any:
    if isinstance(data, (list, tuple)):
        return [data[place] for place in places]
    return data.iloc[places] if hasattr(data, "iloc") else data.take(places) if hasattr(data, "num_rows") else data[places]


def _read(data: Any) -> Any:
    if not isinstance(data, (str, os.PathLike)):
        return data
    path = os.fspath(data)
    if not str(path).endswith((".parquet", ".pq")):
        raise ValueError(
            f"baseline: expected a Parquet file, such as train.parquet; received {path}. tocsin baseline push reads others"
        )
    try:
        import pyarrow.parquet
    except ImportError:
        pass
    else:
        return pyarrow.parquet.read_table(path)
    try:
        import polars
    except ImportError:
        pass
    else:
        return polars.read_parquet(path)
    try:
        import pandas
    except ImportError:
        raise ValueError("baseline: to read Parquet install pyarrow, polars or pandas; or use tocsin baseline push") from None
    return pandas.read_parquet(path)
