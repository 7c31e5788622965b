"""Predictions as records: what of the features is sent, under which names, with which ids."""

from __future__ import annotations

import itertools
import os
import time
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, Mapping, Optional, Sequence, Union

from tocsin._json import Record
from tocsin._tables import Features, Table, column_of
from tocsin._values import id_text, plain

# Of one prediction; the server's limit.
most_features = 500

Ids = Union[str, Callable[[Any], Sequence[Any]], Sequence[Any], None]
"""The name of a column, a function of the features that gives one id a row, or the ids themselves."""


class FeatureNames:
    """Which features of a model are sent, and what they are called."""

    def __init__(self, send: Union[bool, Sequence[str]], columns: Optional[Sequence[str]]) -> None:
        self.send = send if isinstance(send, bool) else frozenset(send)
        self.columns = None if columns is None else [str(name) for name in columns]

    def check(self, table: Table) -> None:
        """Raises ValueError for more features than the server takes."""
        if self.send is True and table.width > most_features:
            raise ValueError(
                f"{table.width} features are more than {most_features}: name those to send, such as features=['age', 'price']"
            )

    def chosen(self, without: Optional[str]) -> Optional[FrozenSet[str]]:
        """The names of those that are sent; nothing for all of them. ``without``: a column of ids."""
        if not isinstance(self.send, frozenset):
            return None
        return self.send if without is None else self.send - {without}

    def names(self, table: Table, model_names: Optional[Sequence[Any]]) -> List[str]:
        """The names of all columns."""
        if table.columns is not None:
            return table.columns
        for given in (self.columns, model_names):
            if given is not None and len(given) == table.width:
                return [str(name) for name in given]
        return [f"x{place}" for place in range(table.width)]


_places = itertools.count()
_prefix = [os.urandom(8).hex()]


def new_ids(rows: int) -> List[str]:
    """Ids that no other process makes."""
    prefix = _prefix[0]
    return [f"{prefix}-{next(_places):x}" for _ in range(rows)]


def _new_prefix() -> None:
    _prefix[0] = os.urandom(8).hex()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_new_prefix)


def ids_of(given: Ids, features: Any, rows: int) -> Optional[Sequence[Any]]:
    """One id a row, as they are given; nothing where none are. Raises ValueError for another number of them."""
    if given is None:
        return None
    ids: Any = column_of(features, given) if isinstance(given, str) else given(features) if callable(given) else given
    if ids is None:
        raise ValueError(f"ids: the features have no column {given!r}")
    if rows == 1 and (isinstance(ids, (str, bytes)) or not hasattr(ids, "__len__")):
        return [ids]
    for way in ("tolist", "to_list"):
        if hasattr(ids, way):
            ids = getattr(ids, way)()
            break
    else:
        ids = list(ids)
    if len(ids) != rows:
        raise ValueError(f"ids: expected {rows}, one for each prediction; received {len(ids)}")
    return ids  # type: ignore[no-any-return]


def records(
    head: Mapping[str, Any],
    ids: Optional[Sequence[Any]],
    features: Optional[Iterator[Features]],
    sent: Optional[FrozenSet[str]],
    without: Optional[str],
    outcomes: Iterator[Mapping[str, Any]],
) -> Iterator[Record]:
    """Records of one call: ``head`` is what they share."""
    given = itertools.repeat(None) if ids is None else iter(ids)
    rows: Iterator[Optional[Features]] = itertools.repeat(None) if features is None else features
    for one, row, outcome in zip(given, rows, outcomes):
        record: Record = {**head, **outcome}
        if one is not None:
            text = id_text(one)
            if text is not None:
                record["id"] = text
        if row is not None:
            if sent is not None:
                row = {name: value for name, value in row.items() if name in sent}
            elif without is not None:
                row.pop(without, None)
            record["features"] = row
        yield record


def classes_and_scores(
    classes: Optional[Sequence[Any]], probabilities: Sequence[Sequence[float]], positive: Any
) -> Iterator[Mapping[str, Any]]:
    """Of the probabilities of each class: the likeliest class, and that of the positive one, which of two classes is the second."""
    named = [plain(one) for one in classes] if classes is not None else None
    place: Optional[int] = None
    for row in probabilities:
        if named is None:
            named = list(range(len(row)))
        if place is None:
            place = (
                named.index(plain(positive))
                if positive is not None and plain(positive) in named
                else 1
                if len(named) == 2 and positive is None
                else -1
            )
        likeliest = max(range(len(row)), key=row.__getitem__)
        outcome: Dict[str, Any] = {"prediction": named[likeliest]} if row[likeliest] == row[likeliest] else {"prediction": None}
        if place >= 0:
            score = plain(row[place])
            if score is not None:
                outcome["score"] = score
        yield outcome


def now() -> int:
    return int(time.time() * 1000)
