"""Which calls of models are under way in this process, so that the thread that sends leaves the interpreter to them."""

import os
from collections import deque
from typing import Deque


class UnderWay:
    """``with under_way: model.predict(X)``. True while any thread is inside.

    A deque, for its ``append`` and ``pop`` are whole operations in any thread, without a lock that the child of a fork could be left with.
    """

    __slots__ = ("_calls",)

    def __init__(self) -> None:
        self._calls: Deque[None] = deque()

    def __enter__(self) -> None:
        self._calls.append(None)

    def __exit__(self, *_: object) -> None:
        try:
            self._calls.pop()
        except IndexError:
            # In the child of a fork inside a call.
            pass

    def __bool__(self) -> bool:
        return len(self._calls) > 0

    def begin_anew(self) -> None:
        """In the child of a fork: the calls of the parent's other threads do not end here."""
        self._calls.clear()


under_way = UnderWay()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=under_way.begin_anew)
