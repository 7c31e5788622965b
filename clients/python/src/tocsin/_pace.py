"""How the thread that sends leaves the interpreter to others."""

import time
from typing import Callable

# Short beside a prediction, and long beside what a pause itself costs.
_longest_work = 0.0005
_pause = 0.001


class Pace:
    """Works for half a millisecond, then rests for one: while one thread has the interpreter, no other can go on.

    A thread that waits for the interpreter would ask for it after 5 ms only, and each call of numpy that gives it away would wait so long.
    """

    def __init__(self, is_hurried: Callable[[], bool]) -> None:
        self._is_hurried = is_hurried
        self._since = time.perf_counter()

    def step(self) -> None:
        """To be called between small pieces of work. Does not rest while somebody waits for the end."""
        if time.perf_counter() - self._since < _longest_work or self._is_hurried():
            return
        time.sleep(_pause)
        self._since = time.perf_counter()
