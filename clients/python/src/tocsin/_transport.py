"""Requests over HTTP, by the standard library: proxies of the environment, certificates checked, redirects not followed."""

import http.client
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import IO, Any, Dict, Mapping, Optional

from tocsin._settings import Settings

_longest_answer = 1024 * 1024


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class _NotFollowed(urllib.request.HTTPRedirectHandler):
    """Whoever is redirected to would be given the key."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> Optional[urllib.request.Request]:
        return None


class Transport:
    """Made where the client is made, and used by the children of a fork as well: OpenSSL reads certificates under a lock, which a thread of
    the parent may hold for ever in a child."""

    def __init__(self, settings: Settings, version: str) -> None:
        self._base = settings.url.rstrip("/")
        self._timeout = settings.timeout
        self._headers: Dict[str, str] = {"User-Agent": f"tocsin-python/{version}"}
        if settings.key is not None:
            self._headers["Authorization"] = f"Bearer {settings.key}"
        secure = [urllib.request.HTTPSHandler(context=settings.tls())] if settings.url.startswith("https:") else []
        self._opener = urllib.request.build_opener(_NotFollowed(), *secure)

    def post(self, path: str, body: bytes, content_type: str, idempotency_key: str) -> Answer:
        """Sends and reads the answer, whatever its status. Raises OSError or HTTPException when there is none."""
        headers = {**self._headers, "Content-Type": content_type, "Idempotency-Key": idempotency_key}
        request = urllib.request.Request(self._base + path, data=body, headers=headers, method="POST")
        until = time.monotonic() + 2 * self._timeout
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                return Answer(response.status, dict(response.headers.items()), _read(response, until))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers.items()), _read(error, until))


def _read(response: Any, until: float) -> bytes:
    """At most a megabyte, and not for ever from one who sends it byte by byte."""
    parts = []
    length = 0
    while length < _longest_answer:
        part = response.read1(64 * 1024)
        if not part:
            break
        parts.append(part)
        length += len(part)
        if time.monotonic() > until:
            raise http.client.HTTPException("the answer did not end in time")
    return b"".join(parts)
