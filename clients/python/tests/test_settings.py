import logging
from typing import Any, Dict

import numpy
import pytest
import tocsin

from tests.standin import StandIn
from tests.test_watch import Doubles


def everything() -> None:
    """Each call of the package."""
    assert list(tocsin.watch(Doubles(), name="m").predict(numpy.ones((1, 1)))) == [2]
    assert tocsin.watch(Doubles(), name="m").predict_with_ids(numpy.ones((1, 1))).ids
    assert tocsin.predictions(lambda n: n)(3) == 3
    tocsin.label("a", 1)
    tocsin.labels(["a"], [1])
    tocsin.change("deploy", model="m")
    tocsin.baseline([{"age": 1}], version=1, dataset="d")
    with tocsin.heartbeat("nightly") as run:
        run.progress(0.5)
    assert tocsin.flush()
    assert tocsin.stats() == tocsin.Stats()


def said(caplog: pytest.LogCaptureFixture) -> str:
    (one,) = [one for one in caplog.records if one.levelno >= logging.WARNING]
    return one.getMessage()


def test_without_a_url_everything_does_nothing_after_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    everything()
    everything()
    assert "TOCSIN_INGEST_URL" in said(caplog)


def test_it_can_be_switched_off_without_a_word(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_INGEST_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("TOCSIN_DISABLED", "1")
    everything()
    assert caplog.records == []


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "127.0.0.1:4319"},
        {"url": "ftp://127.0.0.1"},
        {"url": "http://"},
        {"url": "http://user:s3cret@host"},
        {"url": "http://host?key=s3cret"},
        {"url": "http://host:99999"},
        {"url": "http://ho st"},
        {"url": "http://host", "key": "s3cret\nX-Other: 1"},
        {"url": "http://host", "key": "s3crét"},
        {"url": "http://host", "key": ""},
        {"url": "http://host", "timeout": 0},
        {"url": "http://host", "max_records": "many"},
        {"url": "https://host", "ca": "/nowhere/s.pem", "key": "k"},
        {"url": "http://host", "intervall": 3},
        {"url": 4319},
    ],
)
def test_a_wrong_setting_is_one_warning_without_secrets(settings: Dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    client = tocsin.configure(**settings)
    everything()
    everything()
    assert "Nothing is sent" in said(caplog)
    assert "s3cr" not in caplog.text + repr(client)


def test_settings_come_from_the_environment(server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("TOCSIN_INGEST_URL", server.url + "/")
    monkeypatch.setenv("TOCSIN_KEY", "k-1")
    tocsin.label("a", 1)
    assert tocsin.flush(10)
    (one,) = server.received
    assert (one.path, one.headers["Authorization"]) == ("/v1/labels", "Bearer k-1")
    assert one.headers["User-Agent"] == f"tocsin-python/{tocsin.__version__}"


def test_a_key_in_clear_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    tocsin.Client("http://tocsin.example", "s3cret").close()
    assert "use https" in said(caplog)


def test_a_new_configuration_leaves_what_waits_to_the_old(server: StandIn) -> None:
    other = StandIn()
    try:
        before = tocsin.configure(server.url, interval=0.01)
        tocsin.label("a", 1)
        tocsin.configure(other.url, interval=0.01)
        tocsin.label("b", 1)
        assert tocsin.flush(10) and before.flush(10)
        assert [one["id"] for one in server.records("/v1/labels") + other.records("/v1/labels")] == ["a", "b"]
    finally:
        other.close()
