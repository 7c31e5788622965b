"""Features as callers hold them: numpy, pandas, polars, sparse matrices, lists of rows or of dicts.

What happens in the caller's thread is a copy, so that nothing which the caller does afterwards changes what is sent. Everything else, such
as making rows of columns, waits for the thread that sends.
"""

from __future__ import annotations

import functools
import sys
from typing import Any, Callable, Dict, Iterator, List, Mapping, NamedTuple, Optional, Sequence

from tocsin._buffers import copy_of, give_back

# What a cell of a table of objects is taken to need, beside its texts.
_bytes_a_cell = 32

Features = Dict[str, Any]


class Table(NamedTuple):
    """Rows of features that nobody changes any more."""

    rows: int
    nbytes: int
    columns: Optional[List[str]]
    """The names of the columns; nothing where there are none, and empty where each row names its own."""
    width: int
    read: Callable[[List[str]], Iterator[Features]]
    """Gives the features of each row, by the names of all columns. Called once, in another thread."""


def snapshot(given: Any) -> Optional[Table]:
    """A copy of the features of some rows; nothing if this is no table, such as a list of texts."""
    module = type(given).__module__
    if module == "numpy":
        return _of_array(given)
    package = module.partition(".")[0]
    if package == "pandas":
        return _of_pandas(given)
    if package == "polars":
        return _of_polars(given)
    if package == "pyarrow":
        return _of_arrow(given)
    if isinstance(given, (list, tuple)):
        return _of_rows(given)
    if hasattr(given, "toarray") and hasattr(given, "nnz"):
        return _of_sparse(given)
    if hasattr(given, "__array__"):
        return _of_array(given)
    return None


def column_of(given: Any, name: str) -> Optional[List[Any]]:
    """A column of a table by its name, or its index if that is called so; nothing if there is none."""
    package = type(given).__module__.partition(".")[0]
    if package in ("pandas", "polars", "pyarrow"):
        columns = getattr(given, "column_names", None) or getattr(given, "columns", [])
        if name in list(columns):
            return _listed(given[name])
        index = getattr(given, "index", None)
        return _listed(index) if getattr(index, "name", None) == name else None
    names = getattr(getattr(given, "dtype", None), "names", None)
    if names is not None and name in names:
        return _listed(given[name])
    if isinstance(given, (list, tuple)) and len(given) > 0 and all(isinstance(row, Mapping) for row in given):
        return [row.get(name) for row in given]
    return None


def _listed(column: Any) -> List[Any]:
    """A list; of Python's own values where the library gives them."""
    for way in ("to_list", "tolist", "to_pylist"):
        if hasattr(column, way):
            listed = getattr(column, way)()
            return listed if isinstance(listed, list) else [listed]
    return list(column)


def _zipped(columns: Sequence[Sequence[Any]], names: List[str]) -> Iterator[Features]:
    for row in zip(*columns):
        yield dict(zip(names, row))


def _of_pandas(given: Any) -> Optional[Table]:
    if not hasattr(given, "columns"):
        # A series: one column.
        if not hasattr(given, "to_frame"):
            return None
        given = given.to_frame(given.name if given.name is not None else "x0")
    rows, width = given.shape
    # Since pandas 3 whoever changes a frame copies first, and a copy is a reference until then.
    copy = given.copy(deep=_major_version("pandas") < 3)

    def read(names: List[str]) -> Iterator[Features]:
        return _zipped([_listed(copy.iloc[:, place]) for place in range(width)], names)

    return Table(rows, rows * width * _bytes_a_cell, [str(name) for name in given.columns], width, read)


@functools.lru_cache(maxsize=None)
def _major_version(package: str) -> int:
    try:
        return int(sys.modules[package].__version__.split(".", 1)[0])
    except (KeyError, AttributeError, ValueError):
        return 0


def _of_polars(given: Any) -> Optional[Table]:
    if hasattr(given, "collect_schema") and hasattr(given, "collect"):
        # A query that has not run: running it is the caller's to decide.
        return None
    if not hasattr(given, "columns"):
        given = given.to_frame()
    # Its memory is shared and never changed in place; only the names of a frame are.
    copy = given.clone()

    def read(names: List[str]) -> Iterator[Features]:
        return _zipped([column.to_list() for column in copy.get_columns()], names)

    rows, width = copy.shape
    return Table(rows, rows * width * _bytes_a_cell, list(copy.columns), width, read)


def _of_arrow(given: Any) -> Optional[Table]:
    if not hasattr(given, "column_names"):
        return None

    def read(names: List[str]) -> Iterator[Features]:
        return _zipped([column.to_pylist() for column in given.columns], names)

    return Table(given.num_rows, int(given.nbytes), list(given.column_names), given.num_columns, read)


def _of_array(given: Any) -> Optional[Table]:
    array = given
    is_numpy = type(array).__module__ == "numpy"
    if not is_numpy and (not hasattr(array, "tolist") or not hasattr(array, "nbytes")):
        import numpy

        array = numpy.asarray(given)
        is_numpy = True
    shape = array.shape
    if len(shape) == 1 and getattr(array.dtype, "names", None) is not None:
        copy = array.copy()
        names = list(array.dtype.names)

        def fields(columns: List[str]) -> Iterator[Features]:
            return _zipped([_plain_rows(copy[name]) for name in names], columns)

        return Table(shape[0], _size_of(array), names, len(names), fields)
    if len(shape) != 2:
        return None
    copied = copy_of(array) if is_numpy else array.copy() if hasattr(array, "copy") else array.clone()

    def read(columns: List[str]) -> Iterator[Features]:
        try:
            for start in range(0, shape[0], _rows_at_once):
                for row in _plain_rows(copied[start : start + _rows_at_once]):
                    yield dict(zip(columns, row))
        finally:
            if is_numpy:
                give_back(copied)

    return Table(shape[0], _size_of(array), None, shape[1], read)


# Enough that a call of numpy costs little for each row, and few enough that other threads soon go on.
_rows_at_once = 64


def _plain_rows(array: Any) -> List[Any]:
    """As lists of Python's values. Times become text of milliseconds here, for numpy would give integers of them."""
    if getattr(getattr(array, "dtype", None), "kind", "") == "M":
        array = array.astype("datetime64[ms]")
    return list(array.tolist())


def _size_of(array: Any) -> int:
    nbytes = int(array.nbytes)
    if getattr(array.dtype, "kind", "") != "O" or nbytes == 0:
        return nbytes
    first = array.reshape(-1)[: max(1, array.size // array.shape[0])].tolist()
    return nbytes + _size_of_row(first) * int(array.shape[0])


def _of_sparse(given: Any) -> Table:
    copy = given.copy()
    rows, width = given.shape

    def read(columns: List[str]) -> Iterator[Features]:
        by_row = copy.tocsr()
        for start in range(0, rows, _rows_at_once):
            for row in by_row[start : start + _rows_at_once].toarray().tolist():
                yield dict(zip(columns, row))

    return Table(rows, int(given.data.nbytes) * 3, None, width, read)


def _size_of_row(first: List[Any]) -> int:
    """Of rows like the first one."""
    return _bytes_a_cell * len(first) + sum(map(_length, first))


def _length(value: Any) -> int:
    return len(value) if isinstance(value, (str, bytes)) else 0


def _of_rows(given: Sequence[Any]) -> Optional[Table]:
    if len(given) == 0:
        return None
    if all(type(row) is dict or isinstance(row, Mapping) for row in given):
        maps = [dict(row) for row in given]
        return Table(len(maps), len(maps) * _size_of_row(list(maps[0].values())), [], 0, lambda _: iter(maps))
    if not all(isinstance(row, (list, tuple)) or hasattr(row, "tolist") for row in given):
        return None
    rows = [_listed(row) if hasattr(row, "tolist") else list(row) for row in given]
    size = len(rows) * _size_of_row(rows[0])

    def read(names: List[str]) -> Iterator[Features]:
        for row in rows:
            yield dict(zip(names, row))

    return Table(len(rows), size, None, max(map(len, rows)), read)
