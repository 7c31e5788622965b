"""Memory for copies of arrays, which is used again.

The copy of a thousand rows takes a few microseconds, and new memory for it ten times as long: the system gives it page by page.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Deque, Dict, Tuple

# Below, memory costs little; above, the copy itself costs more.
_least = 16 * 1024
_most = 8 * 1024 * 1024
_most_free = 32 * 1024 * 1024

_free: Dict[Tuple[Any, ...], Deque[Any]] = {}
_kept = [0]


def copy_of(array: Any) -> Any:
    """A copy of an array of numpy, perhaps in memory that was given back."""
    if not _least <= array.nbytes <= _most or array.dtype.hasobject:
        return array.copy()
    free = _free.get((array.dtype, array.shape))
    try:
        kept = free.pop() if free is not None else None
    except IndexError:
        # Another thread had the last one.
        kept = None
    if kept is None:
        return array.copy()
    _kept[0] -= kept.nbytes
    kept[...] = array
    return kept


def give_back(copy: Any) -> None:
    """Whoever gives a copy back holds no part of it any more."""
    if not _least <= copy.nbytes <= _most or copy.dtype.hasobject or _kept[0] + copy.nbytes > _most_free:
        return
    _kept[0] += copy.nbytes
    _free.setdefault((copy.dtype, copy.shape), deque()).append(copy)
