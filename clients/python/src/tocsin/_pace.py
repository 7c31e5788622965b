"""How the thread that sends leaves the interpreter to others."""

import time
from typing import Callable

# Short beside a prediction, and long beside what a pause itself costs.
_longest_work = 0.0005
_pause = 0.001
# Beside a call that takes longer, half a millisecond in 20: 2.5 % of it.
_longest_rest = 0.02
_longest_look = 0.005


class Pace:
    """Works for half a millisecond, then rests for one: while one thread has the interpreter, no other can go on.

    A thread that waits for the interpreter would ask for it after 5 ms only, and each call of numpy that gives it away would wait so long.
    While a model predicts the rest is longer: until the call has ended, or 20 ms. Where much waits (``is_filling``) it is not, for what
    finds no room would be lost. ``is_hurried``: somebody waits for the end, and there is no rest.
    """

    def __init__(
        self,
        is_hurried: Callable[[], bool],
        is_filling: Callable[[], bool],
        is_predicting: Callable[[], bool],
        clock: Callable[[], float] = time.perf_counter,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._is_hurried = is_hurried
        self._is_filling = is_filling
        self._is_predicting = is_predicting
        self._clock = clock
        self._sleep = sleep
        # As if it had worked: what comes first may be in the midst of a call.
        self._since = float("-inf")

    def step(self) -> None:
        """To be called between small pieces of work."""
        now = self._clock()
        if now - self._since < _longest_work or self._is_hurried():
            return
        self._sleep(_pause)
        until, look = now + _longest_rest, _pause
        while self._is_predicting() and not self._is_filling() and not self._is_hurried():
            left = until - self._clock()
            if left <= 0:
                break
            # Ever less often, for to look takes the interpreter as well.
            look = min(2 * look, _longest_look)
            self._sleep(min(look, left))
        self._since = self._clock()
