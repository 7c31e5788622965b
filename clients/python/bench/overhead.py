"""What watching a model costs beside the bare call: ``python bench/overhead.py``. Needs numpy and scikit-learn.

Both are measured in turns, in one run, with a receiver in a process of its own that takes everything. ``added``: to calls with pauses,
ten a second of 1,000 rows and a hundred of one, while the other thread works. ``processor``: the part of it that this thread computes.
``without a pause``: added to calls one after another, with which the other thread does not keep up.
"""

import argparse
import json
import multiprocessing
import statistics
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from multiprocessing.connection import Connection
from typing import Any, Callable, List, Tuple

import numpy
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tocsin

features = 20


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = json.dumps({"accepted": 0, "rejected": 0, "rejections": []}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


def receive(to: Connection) -> None:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    to.send(server.server_port)
    server.serve_forever()


def seconds(call: Callable[[], Any]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


def processor_seconds(call: Callable[[], Any]) -> float:
    """Of this thread alone: what else the machine or the process does is not in it."""
    before = time.thread_time()
    call()
    return time.thread_time() - before


def beside(
    bare: Callable[[], Any],
    watched: Callable[[], Any],
    blocks: int,
    calls: int,
    pause: float,
    measure: Callable[[Callable[[], Any]], float],
) -> Tuple[float, float]:
    """Lower quartiles of the seconds of both: blocks of calls in turns, each with pauses, while the other thread does the work of the
    watched ones. A median would be that of what else a shared machine does."""
    times: Tuple[List[float], List[float]] = ([], [])
    for turn in range(2 * blocks):
        # Each is first in every second pair, so that what else the machine does is in both.
        kind = (turn + turn // 2) % 2
        tocsin.flush(60)
        call = (bare, watched)[kind]
        call()
        for _ in range(calls):
            time.sleep(pause)
            times[kind].append(measure(call))
    first, second = (statistics.quantiles(some, n=4)[0] for some in times)
    return first, second


def at_once(bare: Callable[[], Any], watched: Callable[[], Any], calls: int) -> Tuple[float, float]:
    """Mean seconds of a call, one after another."""

    def run(call: Callable[[], Any]) -> float:
        return seconds(lambda: [call() for _ in range(calls)]) / calls

    tocsin.flush(60)
    alone = run(bare)
    together = run(watched)
    tocsin.flush(60)
    return alone, together


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=10)
    blocks = parser.parse_args().blocks
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    receiver = multiprocessing.get_context("spawn").Process(target=receive, args=(theirs,), daemon=True)
    receiver.start()
    tocsin.configure(f"http://127.0.0.1:{ours.recv()}")
    chosen = numpy.random.default_rng(0)
    X = chosen.normal(size=(4000, features))
    y = (X[:, 0] + chosen.normal(size=4000) > 0).astype(int)
    models = [
        ("random forest, 100 trees", RandomForestClassifier(n_estimators=100, random_state=0)),
        ("gradient boosting, 100 trees", GradientBoostingClassifier(n_estimators=100, random_state=0)),
        ("scaled logistic regression", make_pipeline(StandardScaler(), LogisticRegression())),
    ]
    print(f"{'':29} {'rows':>5} {'bare':>11} {'added':>11} {'':>7} {'processor':>11} {'':>7}   {'without a pause':>15}")
    for name, model in models:
        model.fit(X, y)
        watched = tocsin.watch(model, name="bench", version="1")
        for rows in (1000, 1):
            some = X[:rows]
            calls, pause = (10, 0.1) if rows > 1 else (100, 0.01)
            both = (lambda: model.predict(some), lambda: watched.predict(some))
            bare, beside_it = beside(*both, blocks, calls, pause, seconds)
            alone_busy, busy = beside(*both, blocks, calls, pause, processor_seconds)
            alone, together = at_once(*both, 50 if rows > 1 else 500)
            added, of_thread = beside_it - bare, busy - alone_busy
            times = f"{bare * 1e6:8.0f} µs {added * 1e6:8.1f} µs {added / bare:7.1%} {of_thread * 1e6:8.1f} µs {of_thread / alone_busy:7.1%}"
            print(f"{name:29} {rows:5} {times}   {together / alone - 1:15.1%}", flush=True)
    tocsin.flush(60)
    print(tocsin.stats())
    receiver.terminate()


if __name__ == "__main__":
    main()
