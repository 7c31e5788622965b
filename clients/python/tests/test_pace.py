"""When the thread that sends leaves the interpreter to a model that predicts."""

import os
import subprocess
import sys
from typing import Any, List

import numpy
import pytest
import tocsin
from tocsin._jobs import Records
from tocsin._pace import Pace
from tocsin._queue import Queue
from tocsin._under_way import under_way

from tests.conftest import MakeClient


class Machine:
    """A clock that only sleep and work move, and calls that are under way until a time."""

    def __init__(self) -> None:
        self.now = 100.0
        self.predicts_until = 0.0
        self.is_filling = False
        self.is_hurried = False
        self.pace = Pace(
            lambda: self.is_hurried,
            lambda: self.is_filling,
            lambda: self.now < self.predicts_until,
            clock=lambda: self.now,
            sleep=self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds

    def rest(self) -> float:
        """Milliseconds of rest before the next piece of work."""
        before = self.now
        self.pace.step()
        return (self.now - before) * 1000

    def rest_after_work(self) -> float:
        self.now += 0.0006
        return self.rest()


def test_work_beside_no_call_rests_for_a_millisecond_between_pieces() -> None:
    machine = Machine()
    assert machine.rest() == pytest.approx(1)
    assert machine.rest() == 0
    assert machine.rest_after_work() == pytest.approx(1)


def test_work_waits_for_the_end_of_a_call_and_looks_again_soon() -> None:
    machine = Machine()
    machine.predicts_until = machine.now + 0.012
    assert 12 <= machine.rest() <= 17
    assert machine.rest_after_work() == pytest.approx(1)


def test_a_call_that_takes_long_gives_half_a_millisecond_in_twenty() -> None:
    machine = Machine()
    machine.predicts_until = machine.now + 10
    assert [machine.rest_after_work() for _ in range(3)] == [pytest.approx(20)] * 3


def test_where_much_waits_a_call_is_not_waited_for() -> None:
    machine = Machine()
    machine.predicts_until = machine.now + 10
    machine.is_filling = True
    assert machine.rest_after_work() == pytest.approx(1)


def test_nobody_who_waits_for_the_end_waits_for_a_call() -> None:
    machine = Machine()
    machine.predicts_until = machine.now + 10
    machine.is_hurried = True
    assert machine.rest_after_work() == 0


def test_a_queue_fills_from_a_quarter_of_its_records_or_bytes() -> None:
    def put(rows: int, nbytes: int) -> Queue:
        queue = Queue(max_records=100, max_bytes=1000)
        assert queue.put(Records("/v1/predictions", rows, nbytes, lambda: iter(())))
        return queue

    assert not put(25, 250).is_filling
    assert put(26, 0).is_filling
    assert put(1, 251).is_filling


def test_a_call_is_under_way_while_the_model_predicts_and_not_after_it_failed(client: MakeClient) -> None:
    seen: List[bool] = []

    class Fails:
        def predict(self, X: Any) -> Any:
            seen.append(bool(under_way))
            if len(X) > 1:
                raise ValueError("two")
            return [1]

    model = tocsin.watch(Fails(), name="m", client=client())

    @tocsin.predictions(model="m", client=client())
    def function(x: float) -> float:
        seen.append(bool(under_way))
        return x

    model.predict(numpy.ones((1, 1)))
    assert not under_way
    with pytest.raises(ValueError, match="two"):
        model.predict(numpy.ones((2, 1)))
    assert not under_way
    model.predict_with_ids(numpy.ones((1, 1)))
    function(1.0)
    assert not under_way
    assert seen == [True] * 4


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_calls_of_the_parent_are_not_under_way_in_the_child_and_one_that_forks_ends_in_both() -> None:
    script = """
import os, threading
from tocsin._under_way import under_way
inside, ends = threading.Event(), threading.Event()
def other():
    with under_way:
        inside.set()
        ends.wait(20)
thread = threading.Thread(target=other)
thread.start()
inside.wait(20)
with under_way:
    child = os.fork()
    if child == 0:
        assert not under_way
if child == 0:
    os._exit(1 if under_way else 0)
assert under_way
ends.set()
thread.join()
assert not under_way
assert os.waitpid(child, 0)[1] == 0
"""
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
