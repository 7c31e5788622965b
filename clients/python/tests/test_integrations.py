import logging
import os
from typing import Any, Dict, Iterator
from urllib.parse import parse_qs

import pytest
from tocsin.integrations.logging import CountingHandler
from tocsin.integrations.mlflow import _metrics_of

from tests.conftest import MakeClient
from tests.standin import StandIn
from tests.test_processes import run


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    logger = logging.getLogger("app.of.a.test")
    yield logger
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


def test_logged_errors_are_counted_by_logger_and_level_and_never_quoted(
    server: StandIn, client: MakeClient, logger: logging.Logger
) -> None:
    to = client()
    handler = CountingHandler(source="app-logs", labels={"service": "churn"}, interval=3600, client=to)
    logger.addHandler(handler)
    for n in range(3):
        logger.error("password %s", "s3cret")
    logger.getChild("db").warning("slow")
    logger.info("nothing to count")
    logging.getLogger("tocsin").addHandler(handler)
    logging.getLogger("tocsin").warning("of the client itself")
    logging.getLogger("tocsin").removeHandler(handler)
    handler.flush()
    handler.flush()
    assert to.flush(10)
    samples = [(one["metric"], one["value"], one["labels"]) for one in server.records("/v1/samples")]
    assert samples == [
        ("log_records", 3, {"service": "churn", "logger": "app.of.a.test", "level": "ERROR"}),
        ("log_records", 1, {"service": "churn", "logger": "app.of.a.test.db", "level": "WARNING"}),
    ]
    assert {tuple(parse_qs(one.query)["source"]) for one in server.received} == {("app-logs",)}
    assert all(b"s3cret" not in one.body for one in server.received)


def test_counts_go_by_themselves_after_a_while(server: StandIn, client: MakeClient, logger: logging.Logger) -> None:
    to = client()
    handler = CountingHandler(interval=0.01, client=to)
    logger.addHandler(handler)
    logger.error("once")
    timer = handler._timer
    if timer is not None:
        timer.join(10)
    logger.error("again")
    handler.flush()
    assert to.flush(10)
    assert sum(one["value"] for one in server.records("/v1/samples")) == 2


def test_a_hundred_loggers_are_told_apart(server: StandIn, client: MakeClient, logger: logging.Logger) -> None:
    to = client()
    handler = CountingHandler(interval=3600, client=to)
    logger.addHandler(handler)
    for n in range(150):
        logger.getChild(str(n)).error("of one of many")
    handler.flush()
    assert to.flush(10)
    counts: Dict[str, int] = {one["labels"]["logger"]: one["value"] for one in server.records("/v1/samples")}
    assert len(counts) == 101 and counts["other"] == 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_counts_are_sent_at_the_end_by_the_process_that_counted(server: StandIn) -> None:
    ended = run(
        server,
        """
import logging
from tocsin.integrations.logging import CountingHandler
logging.getLogger("app").addHandler(CountingHandler(interval=3600))
logging.getLogger("app").error("of the parent")
if os.fork() == 0:
    logging.getLogger("app").critical("of the child")
    sys.exit()
os.wait()
""",
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert sorted((one["labels"]["level"], one["value"]) for one in server.records("/v1/samples")) == [
        ("CRITICAL", 1),
        ("ERROR", 1),
    ]


@pytest.mark.parametrize(
    "given, names, found",
    [
        ({"training_accuracy_score": 0.9, "training_roc_auc": 0.8, "loss": 3}, None, {"accuracy": 0.9, "auc": 0.8}),
        ({"val_f1": 0.7, "training_f1_score": 0.9, "eval_log_loss": 0.2}, None, {"f1": 0.7, "log_loss": 0.2}),
        ({"acc": 0.5, "accuracy": 0.6}, {"acc": "accuracy", "missing": "auc"}, {"accuracy": 0.5}),
    ],
)
def test_metrics_of_a_run_get_the_names_of_tocsin(given: Dict[str, float], names: Any, found: Dict[str, float]) -> None:
    assert _metrics_of(given, 10, names) == {name: (value, 10) for name, value in found.items()}
