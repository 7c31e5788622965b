"""What happens at the end of a process, and in its children."""

import os
import subprocess
import sys
from pathlib import Path
from typing import List

import pytest

from tests.standin import StandIn

begin = """
import os, sys
import tocsin
tocsin.configure(sys.argv[1], interval=float(sys.argv[2]), flush_timeout=2, timeout=600)
"""


def run(server: StandIn, script: str, interval: float = 60) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", begin + script, server.url, str(interval)],
        capture_output=True,
        text=True,
        timeout=60,
    )


def ids(server: StandIn) -> List[str]:
    return sorted(one["id"] for one in server.records("/v1/labels"))


def test_what_waits_at_the_end_is_sent(server: StandIn) -> None:
    assert run(server, "tocsin.label('a', 1)").returncode == 0
    assert ids(server) == ["a"]


def test_what_a_forgotten_client_has_is_sent_at_the_end(server: StandIn) -> None:
    assert run(server, "tocsin.Client(sys.argv[1], interval=60).label('a', 1)\nimport gc\ngc.collect()").returncode == 0
    assert ids(server) == ["a"]


def test_the_end_does_not_wait_for_a_server_that_hangs(server: StandIn) -> None:
    server.always = "hang"
    ended = run(server, "tocsin.label('a', 1)", 0.01)
    assert ended.returncode == 0
    assert "1 not sent at exit" in ended.stderr


def test_an_error_of_the_program_is_still_its_own(server: StandIn) -> None:
    ended = run(server, "tocsin.label('a', 1)\nraise SystemExit(3)")
    assert (ended.returncode, ids(server)) == (3, ["a"])


def test_what_is_handed_over_at_the_end_without_a_thread_is_sent(server: StandIn) -> None:
    # In newer Pythons no thread can begin any more.
    assert run(server, "import atexit\natexit.register(lambda: tocsin.label('late', 1))").returncode == 0
    assert ids(server) == ["late"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_parent_and_children_of_a_fork_each_send_their_own(server: StandIn) -> None:
    ended = run(
        server,
        """
tocsin.label("parent-before", 1)
for n in range(3):
    if os.fork() == 0:
        assert tocsin.stats().queued == 0
        tocsin.label(f"child-{n}", 1)
        assert tocsin.flush(10)
        os._exit(0)
for n in range(3):
    assert os.wait()[1] == 0
tocsin.label("parent-after", 1)
""",
        0.01,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ids(server) == ["child-0", "child-1", "child-2", "parent-after", "parent-before"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_fork_in_the_midst_of_sending_leaves_no_lock_behind(server: StandIn) -> None:
    ended = run(
        server,
        """
import threading
ends = threading.Event()
def busy():
    n = 0
    while not ends.is_set():
        tocsin.label(f"busy-{n}", 1)
        n += 1
threads = [threading.Thread(target=busy) for _ in range(3)]
for thread in threads: thread.start()
children = []
for n in range(10):
    child = os.fork()
    if child == 0:
        tocsin.label(f"child-{n}", 1)
        os._exit(0 if tocsin.flush(20) else 1)
    children.append(child)
ends.set()
assert [os.waitpid(child, 0)[1] for child in children] == [0] * 10
""",
        0.001,
    )
    assert ended.returncode == 0, ended.stderr
    assert [one for one in ids(server) if one.startswith("child")] == [f"child-{n}" for n in range(10)]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_multiprocessing_send_before_they_end(server: StandIn, tmp_path: Path, method: str) -> None:
    script = tmp_path / "job.py"
    script.write_text(
        begin
        + f"""
import multiprocessing
def work(n):
    tocsin.label(f"worker-{{n}}", 1)
if __name__ == "__main__":
    tocsin.label("parent", 1)
    processes = [multiprocessing.get_context({method!r}).Process(target=work, args=(n,)) for n in range(2)]
    for process in processes: process.start()
    for process in processes: process.join()
    assert [process.exitcode for process in processes] == [0, 0]
"""
    )
    ended = subprocess.run([sys.executable, str(script), server.url, "60"], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0, ended.stderr
    assert ids(server) == ["parent", "worker-0", "worker-1"]


def test_the_core_needs_nothing_but_the_standard_library() -> None:
    script = (
        "import sys, tocsin; sys.exit(any(name in sys.modules for name in ('numpy', 'pandas', 'polars', 'sklearn', 'mlflow')))"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=60).returncode == 0
