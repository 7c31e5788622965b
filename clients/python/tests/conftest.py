from typing import Any, Callable, Iterator

import pytest
import tocsin
from tocsin import _client

from tests.standin import StandIn

MakeClient = Callable[..., tocsin.Client]


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (
        "TOCSIN_INGEST_URL",
        "TOCSIN_INGEST_KEY",
        "TOCSIN_URL",
        "TOCSIN_KEY",
        "TOCSIN_CA",
        "TOCSIN_DISABLED",
        "http_proxy",
        "HTTP_PROXY",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(_client, "_default", {})
    yield
    default = _client._default.get("client")
    if default is not None:
        default.flush(0.01)
        default.close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.close()


@pytest.fixture
def client(server: StandIn) -> Iterator[MakeClient]:
    """Makes clients of the server, which wait for next to nothing."""
    made = []

    def make(**settings: Any) -> tocsin.Client:
        one = tocsin.Client(**{"url": server.url, "interval": 0.01, "flush_timeout": 0.5, **settings})
        made.append(one)
        return one

    yield make
    server.closing.set()
    for one in made:
        one.close()
