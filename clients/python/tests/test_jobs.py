"""Heartbeats, changes, labels and trainings."""

import asyncio
import datetime
from pathlib import Path
from typing import Any, List
from urllib.parse import parse_qs

import numpy
import pandas
import polars
import pyarrow
import pytest
import tocsin

from tests.conftest import MakeClient
from tests.standin import Answer, StandIn


def reports(server: StandIn) -> List[str]:
    return [one.path.rsplit("/", 1)[-1] for one in server.received]


def test_a_block_that_ends_is_a_run_that_succeeded(server: StandIn, client: MakeClient) -> None:
    to = client()
    with tocsin.heartbeat("nightly features/ü", client=to) as run:
        for n in range(1000):
            run.progress(n + 1, 1000)
    assert to.flush(10)
    # The first and the last of the progress: those of one second are one.
    assert reports(server) == ["start", "progress", "progress", "success"]
    assert {one.path.rsplit("/", 1)[0] for one in server.received} == {"/v1/heartbeats/nightly%20features%2F%C3%BC"}
    queries = [parse_qs(one.query) for one in server.received]
    assert {query["run"][0] for query in queries} == {run.run}
    assert (queries[2]["done"], queries[2]["total"]) == (["1000"], ["1000"])


def test_an_exception_fails_the_run_and_goes_on(server: StandIn, client: MakeClient) -> None:
    to = client()
    with pytest.raises(ZeroDivisionError):
        with tocsin.heartbeat("nightly", client=to):
            1 / 0
    with pytest.raises(KeyError):
        with tocsin.heartbeat("nightly", details=False, client=to):
            raise KeyError("s3cret")
    with pytest.raises(SystemExit):
        with tocsin.heartbeat("nightly", client=to):
            raise SystemExit(0)
    assert to.flush(10)
    assert reports(server) == ["start", "fail", "start", "fail", "start", "success"]
    assert server.received[1].body.endswith(b"ZeroDivisionError: division by zero\n")
    assert server.received[3].body == b""


def test_each_call_of_a_decorated_job_is_a_run_of_its_own(server: StandIn, client: MakeClient) -> None:
    to = client()

    @tocsin.heartbeat("nightly", client=to)
    def job(depth: int) -> int:
        return depth if depth == 0 else job(depth - 1)

    async def later() -> None:
        async with tocsin.heartbeat("nightly", client=to):
            await asyncio.sleep(0)

    assert job(1) == 0
    asyncio.run(later())
    assert to.flush(10)
    assert reports(server) == ["start", "start", "success", "success", "start", "success"]
    assert len({parse_qs(one.query)["run"][0] for one in server.received}) == 3


def test_the_reports_of_a_job_come_in_their_order_whatever_happens(
    server: StandIn, client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin._lane._first_pause", 0.01)
    to = client()
    server.answers.extend([Answer(503), Answer(503), "cut"])
    with tocsin.heartbeat("nightly", client=to):
        pass
    assert to.flush(10)
    assert reports(server) == ["start", "start", "start", "start", "success"]


def test_a_change_names_what_was_changed_and_counts_once(server: StandIn, client: MakeClient) -> None:
    to = client()
    to.change("deploy", version=8, previous_version="7", by="ana", model="churn", environment="prod", labels={"feature-set": "f"})
    to.change("data", id="run-1", timestamp=datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc), dataset="orders")
    assert to.flush(10)
    first, second = server.records("/v1/changes")
    assert first["labels"] == {"feature-set": "f", "model": "churn", "environment": "prod"}
    assert (first["version"], first["previousVersion"], first["by"]) == ("8", "7", "ana")
    assert first["id"] and first["timestamp"]
    assert (second["id"], second["timestamp"]) == ("run-1", 1767571200000)


def test_labels_take_columns_of_any_library(server: StandIn, client: MakeClient) -> None:
    to = client()
    to.label(numpy.int64(2**62), numpy.bool_(True), model="churn", source="eu", timestamp=1767571200.5)
    to.labels(pandas.Series([1.0, 2.0]), pandas.Series(["a", "b"]))
    to.labels(polars.Series([3]), polars.Series([0.5]))
    to.labels(["x"], [1, 2])
    assert to.flush(10)
    records: List[Any] = server.records("/v1/labels")
    assert {(one["id"], one["label"]) for one in records} == {(str(2**62), True), ("1", "a"), ("2", "b"), ("3", 0.5)}
    (to_source,) = [one for one in server.received if one.query == "source=eu"]
    assert to_source.json() == [{"id": str(2**62), "label": True, "timestamp": 1767571200500, "model": "churn"}]
    assert to.stats().dropped == {"error": 1}


def test_a_training_is_sent_of_any_table(server: StandIn, client: MakeClient, tmp_path: Path) -> None:
    to = client()
    data = {"age": [30, None], "plan": ["a", "b"], "churned": [1, 0]}
    table = pyarrow.table(data)
    polars.DataFrame(data).write_parquet(tmp_path / "train.parquet")
    rows = pandas.DataFrame(data).replace({numpy.nan: None}).to_dict("records")
    for one in (pandas.DataFrame(data), polars.DataFrame(data), table, rows, tmp_path / "train.parquet"):
        tocsin.baseline(one, model="churn", version=7, dataset="2026-01", label="churned", ignore=["plan"], client=to)
    array = numpy.array([[30.0], [numpy.nan]])
    tocsin.baseline(array, columns=["age"], model="churn", version=7, dataset="2026-01", label=[1, 0], client=to)
    assert to.flush(10)
    for one in server.received:
        assert one.json() == {
            "version": "7",
            "dataset": "2026-01",
            "model": "churn",
            "rows": [{"features": {"age": 30}, "label": 1}, {"features": {"age": None}, "label": 0}],
        }
    assert len(server.received) == 6


def test_a_large_training_is_an_even_sample_below_the_limit(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    to = client()
    for data in (
        pandas.DataFrame({"n": numpy.arange(120_000)}),
        [{"n": n, "text": "x" * 1000} for n in range(10_000)],
    ):
        label = list(range(len(data)))
        for _ in range(2):
            tocsin.baseline(data, version=1, dataset="d", label=label, metrics={"accuracy": (0.9, 120_000)}, client=to)
    assert to.flush(60)
    bodies = [one.body for one in server.received]
    assert len(bodies) == 4 and bodies[0] == bodies[1] and bodies[2] == bodies[3]
    for one, total in ((server.received[0], 120_000), (server.received[2], 10_000)):
        rows = one.json()["rows"]
        assert len(one.body) < 5_000_000 and len(rows) <= 100_000
        assert all(row["label"] == row["features"]["n"] for row in rows)
        mean = sum(row["label"] for row in rows) / len(rows)
        assert abs(mean / total - 0.5) < 0.02
        assert one.json()["metrics"] == {"accuracy": {"value": 0.9, "count": 120_000}}
    assert "tocsin baseline push" in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": 3},
        {"data": "train.csv"},
        {"data": [{"a": 1}], "label": [1, 2]},
        {"data": pandas.DataFrame({"a": [1]}), "label": "b"},
    ],
)
def test_a_training_that_cannot_be_read_is_one_warning(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture, wrong: Any
) -> None:
    to = client()
    tocsin.baseline(**wrong, version=1, dataset="d", client=to)
    assert to.flush(10)
    assert server.received == [] and to.stats().dropped == {"error": 1}
    assert "baseline: expected" in caplog.text or "baseline: the table has no column" in caplog.text
