import logging
import random
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
import tocsin
from tocsin._answers import Refused, Retry, Taken, outcome_of
from tocsin._jobs import Records
from tocsin._lane import Lane, most_bytes, most_records
from tocsin._queue import Queue
from tocsin._warnings import Warnings

from tests.conftest import MakeClient
from tests.standin import Answer, Said, StandIn


def warnings_in(caplog: pytest.LogCaptureFixture) -> List[str]:
    return [one.getMessage() for one in caplog.records if one.name == "tocsin" and one.levelno >= logging.WARNING]


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin._lane._first_pause", 0.01)
    monkeypatch.setattr("tocsin._lane._longest_pause", 0.02)


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500, "oops"),
        Answer(503, {"error": "the store cannot accept records now"}, (("Retry-After", "0"),)),
        Answer(429, {"error": "too often"}, (("Retry-After", "Tue, 01 Jan 2019 00:00:00 GMT"),)),
        Answer(200, "<html>please sign in</html>"),
        Answer(200, "[1]"),
        Answer(502, b"\xff\xfe\x00"),
        "cut",
        "half",
    ],
)
def test_trouble_is_tried_again_with_the_same_body_under_the_same_key(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture, trouble: Said
) -> None:
    to = client(key="s3cret")
    server.answers.extend([trouble, trouble])
    to.label("a", 1)
    assert to.flush(10)
    first, *others = server.received
    assert len(others) == 2
    assert {(one.headers["Idempotency-Key"], one.body) for one in others} == {(first.headers["Idempotency-Key"], first.body)}
    assert first.headers["Authorization"] == "Bearer s3cret"
    assert to.stats() == tocsin.Stats(queued=1, sent=1, retries=2)
    assert len(warnings_in(caplog)) == 1


def test_each_batch_has_a_key_of_its_own(server: StandIn, client: MakeClient) -> None:
    to = client()
    for n in range(3):
        to.label(n, 1)
        assert to.flush(10)
    assert len({one.headers["Idempotency-Key"] for one in server.received}) == 3


def test_the_server_says_how_long_to_wait() -> None:
    asked = []

    def post(_: Any, request: Any) -> Retry:
        asked.append(request.key)
        return Retry("busy", 30.0)

    queue = Queue(10, 1000)
    lane = Lane("/v1/labels", queue, Warnings())
    job = Records("/v1/labels", 1, 10, lambda: iter([{"id": "a", "label": 1}]))
    assert queue.put(job)
    lane.add(job)
    lane.step(None, post)  # type: ignore[arg-type]
    assert 29.0 < lane.not_before - time.monotonic() <= 31.0
    lane.step(None, post)  # type: ignore[arg-type]
    assert len(asked) == 1 and not lane.is_done


def test_pauses_grow_to_a_minute_and_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin._lane._first_pause", 1.0)
    monkeypatch.setattr("tocsin._lane._longest_pause", 60.0)
    queue = Queue(10, 1000)
    lane = Lane("/v1/labels", queue, Warnings())
    job = Records("/v1/labels", 1, 10, lambda: iter([{"id": "a", "label": 1}]))
    queue.put(job)
    lane.add(job)
    pauses = []
    for _ in range(12):
        lane.not_before = 0.0
        lane.step(None, lambda *_: Retry("busy"))  # type: ignore[arg-type]
        pauses.append(lane.not_before - time.monotonic())
    for n, pause in enumerate(pauses):
        longest = min(60.0, 2.0**n)
        assert longest * 0.5 - 0.1 <= pause <= longest
    assert len({round(pause, 6) for pause in pauses[6:]}) == 6


def test_a_batch_that_nobody_takes_for_a_quarter_of_an_hour_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    queue = Queue(10, 1000)
    lane = Lane("/v1/labels", queue, Warnings())
    job = Records("/v1/labels", 1, 10, lambda: iter([{"id": "a", "label": 1}]))
    queue.put(job)
    lane.add(job)
    lane.step(None, lambda *_: Retry("busy"))  # type: ignore[arg-type]
    lane.not_before = 0.0
    monkeypatch.setattr("tocsin._lane._oldest", -1.0)
    lane.step(None, lambda *_: Retry("busy"))  # type: ignore[arg-type]
    assert queue.counts().dropped == {"too old": 1} and queue.counts().pending == 0 and lane.is_done


@pytest.mark.parametrize("status", [400, 404, 405, 413, 415, 422])
def test_a_refused_batch_is_lost_and_said_once(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    to = client()
    server.always = Answer(status, {"error": "expected another\nthing; received \x1b[31m1"})
    for n in range(3):
        to.label(n, 1)
        assert to.flush(10)
    assert to.stats() == tocsin.Stats(queued=3, dropped={"refused": 3})
    said = [one for one in warnings_in(caplog) if "refused 1 records" in one]
    assert said == [f"Tocsin refused 1 records of /v1/labels: {status}: expected another thing; received [31m1"]
    assert len(server.received) == 3


def test_records_that_are_refused_alone_are_counted_with_the_first_reason(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    to = client()
    rejections = [{"index": 0, "reason": "timestamp: is ahead of the clock"}]
    server.answers.append(Answer(200, {"accepted": 2, "rejected": 1, "rejections": rejections}))
    server.answers.append(Answer(400, {"accepted": 0, "rejected": 3, "rejections": rejections}))
    to.labels(["a", "b", "c"], [1, 1, 1])
    assert to.flush(10)
    to.labels(["d", "e", "f"], [1, 1, 1])
    assert to.flush(10)
    assert to.stats() == tocsin.Stats(queued=6, sent=2, rejected=4)
    assert warnings_in(caplog) == ["Tocsin refused 1 of 3 records of /v1/labels; the first: timestamp: is ahead of the clock"]


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_is_one_warning_and_nothing_piles_up(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    to = client(key="s3cret")
    # A server that repeats what it was sent.
    server.always = Answer(status, {"error": "the key s3cret is not one of ours"})
    for n in range(50):
        to.label(n, 1)
        assert to.flush(10)
    assert len(server.received) == 1
    assert to.stats() == tocsin.Stats(queued=50, dropped={"refused": 50})
    assert len([one for one in warnings_in(caplog) if "refuses the key" in one]) == 1
    assert "s3cret" not in caplog.text and "s3cret" not in repr(to)


def test_nobody_who_is_redirected_to_gets_the_key(server: StandIn, client: MakeClient) -> None:
    elsewhere = StandIn()
    try:
        for status in (301, 302, 303, 307, 308):
            server.answers.append(Answer(status, "", (("Location", elsewhere.url + "/v1/labels"),)))
        to = client(key="s3cret")
        for n in range(5):
            to.label(n, 1)
            assert to.flush(10)
        assert elsewhere.received == [] and to.stats().dropped == {"refused": 5}
    finally:
        elsewhere.close()


def test_a_server_that_hangs_holds_up_neither_the_model_nor_the_end(
    server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.always = "hang"
    to = client(flush_timeout=0.1, timeout=600)
    for n in range(100):
        to.label(n, 1)
    assert not to.flush(0.05)
    to.close()
    assert to.stats() == tocsin.Stats(queued=100, dropped={"not sent at exit": 100})
    to.label("late", 1)
    assert to.stats().dropped == {"not sent at exit": 100, "closed": 1}
    assert any("100 records for Tocsin were lost: 100 not sent at exit" in one for one in warnings_in(caplog))


def test_what_does_not_fit_is_dropped_and_counted(server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    server.always = "hang"
    to = client(max_records=10, timeout=600, flush_timeout=0.05)
    for n in range(12):
        to.label(n, 1)
    to.labels(range(100, 111), [1] * 11)
    assert to.stats().pending == 10 and to.stats().dropped == {"queue full": 13}
    by_bytes = client(max_bytes=1000, interval=60)
    by_bytes.labels(range(7), [1] * 7)
    by_bytes.label("one more", 1)
    assert by_bytes.stats().dropped == {"queue full": 1}
    to.close()
    assert any("13 queue full" in one for one in warnings_in(caplog))


def test_requests_stay_below_the_limits_and_hold_every_record_once(server: StandIn, client: MakeClient) -> None:
    to = client(interval=60)
    to.labels(range(12_000), ["x" * 30] * 12_000)
    to.labels(range(12_000, 12_040), ["y" * 50_000] * 40)
    assert to.flush(30)
    assert all(len(one.body) <= most_bytes and len(one.json()) <= most_records for one in server.received)
    assert [one["id"] for one in server.records("/v1/labels")] == [str(n) for n in range(12_040)]


def test_a_record_that_is_too_long_or_cannot_be_read_is_refused_alone(server: StandIn, client: MakeClient) -> None:
    to = client()
    loop: List[Any] = []
    loop.append(loop)
    to.labels(["a", "b", "c", "d"], [1, "x" * 300_000, object(), 0])
    to.change("deploy", summary=loop)  # type: ignore[arg-type]
    assert to.flush(10)
    # What comes after one that raises is of the same reading, and lost with it.
    assert [one["id"] for one in server.records("/v1/labels")] == ["a"]
    stats = to.stats()
    assert (stats.sent, stats.rejected, stats.pending) == (1, 4, 0)


@pytest.mark.parametrize("seed", range(15))
def test_whatever_the_server_does_each_record_ends_once(server: StandIn, client: MakeClient, seed: int) -> None:
    chosen = random.Random(seed)
    kinds: List[Said] = [
        Answer(),
        Answer(500),
        Answer(429, None, (("Retry-After", "0"),)),
        Answer(400, {"error": "no"}),
        Answer(200, "?"),
        "cut",
        "half",
    ]
    server.answers.extend(chosen.choice(kinds) for _ in range(chosen.randrange(30)))
    to = client(max_records=chosen.choice([20, 100_000]))
    given = 0
    for _ in range(chosen.randrange(1, 30)):
        rows = chosen.randrange(1, 9)
        to.labels(
            range(given, given + rows),
            [1 if chosen.random() < 0.9 else float("nan") for _ in range(rows)],
            source=chosen.choice([None, "other"]),
        )
        given += rows
        if chosen.random() < 0.2:
            to.flush(0.01)
    assert to.flush(30)
    stats = to.stats()
    assert stats.queued == given and stats.pending == 0
    assert stats.sent + stats.rejected + stats.lost == given
    ids = [one["id"] for one in server.records("/v1/labels")]
    assert len(ids) == len(set(ids)) >= stats.sent


@pytest.mark.parametrize(
    "status, headers, body, outcome",
    [
        (200, {}, b'{"accepted": 3, "rejected": 0}', Taken()),
        (200, {}, b'{"rejected": 99}', Taken(3)),
        (200, {}, b'{"rejected": -1, "rejections": 7}', Taken()),
        (200, {}, b'{"rejected": true}', Taken()),
        (429, {"retry-after": "7"}, b"{}", Retry("429: no reason is given", 7.0)),
        (503, {"Retry-After": "1e9"}, b"", Retry("503: no reason is given", 300.0)),
        (503, {"Retry-After": "nan"}, b"", Retry("503: no reason is given", None)),
        (503, {"Retry-After": "-5"}, b"", Retry("503: no reason is given", 0.0)),
        (503, {"Retry-After": "soon"}, b"", Retry("503: no reason is given", None)),
        (400, {}, b'{"error": "bad"}', Refused("400: bad")),
        (403, {}, b'{"error": "scope"}', Refused("403: scope", is_key=True)),
        (200, {}, b"[" * 100_000, Retry("it answered with something that is not JSON, so perhaps it is not Tocsin")),
    ],
)
def test_what_an_answer_means(status: int, headers: Dict[str, str], body: bytes, outcome: Any) -> None:
    assert outcome_of(status, headers, body, 3) == outcome


def test_a_certificate_of_its_own_is_trusted_where_it_is_named(
    tmp_path: Path, server: StandIn, client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    import ssl

    certificate, key = tmp_path / "ca.pem", tmp_path / "key.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        "-days",
        "2",
    ]
    subprocess.run(
        [*command, "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
    url = server.url.replace("http:", "https:")
    trusting = client(url=url, ca=str(certificate))
    trusting.label("a", 1)
    assert trusting.flush(10) and trusting.stats().sent == 1
    strict = client(url=url)
    strict.label("a", 1)
    assert not strict.flush(0.3)
    assert any("CERTIFICATE_VERIFY_FAILED" in one for one in warnings_in(caplog))


def test_a_proxy_of_the_environment_is_used(server: StandIn, client: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    to = client(url="http://tocsin.example")
    to.label("a", 1)
    assert to.flush(10) and to.stats().sent == 1


def test_nobody_at_the_address_is_one_warning(client: MakeClient, caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        to = client(url=f"http://127.0.0.1:{taken.getsockname()[1]}", flush_timeout=0.05)
        for n in range(20):
            to.label(n, 1)
            to.flush(0.01)
    assert len(warnings_in(caplog)) == 1 and to.stats().pending == 20
