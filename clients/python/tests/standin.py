"""A server in the place of Tocsin, which answers as badly as a test wants."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Deque, Dict, List, NamedTuple, Optional, Tuple, Union
from urllib.parse import urlsplit


class Received(NamedTuple):
    method: str
    path: str
    query: str
    headers: Dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Answer(NamedTuple):
    status: int = 200
    body: Union[bytes, str, Dict[str, Any], None] = None
    """Left out: what Tocsin answers when all is well."""
    headers: Tuple[Tuple[str, str], ...] = ()


# `hang` answers when the server is closed, `cut` ends the connection, `half` does so within the body.
Said = Union[Answer, str]


class StandIn:
    def __init__(self) -> None:
        self.received: List[Received] = []
        self.answers: Deque[Said] = deque()
        self.always: Optional[Said] = None
        self.closing = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                parts = urlsplit(self.path)
                outer.received.append(Received("POST", parts.path, parts.query, dict(self.headers.items()), body))
                said = outer.answers.popleft() if outer.answers else outer.always or Answer()
                outer.answer(self, said, body)

            do_GET = do_POST

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def server(self) -> ThreadingHTTPServer:
        return self._server

    def answer(self, handler: BaseHTTPRequestHandler, said: Said, body: bytes) -> None:
        handler.close_connection = True
        if said == "hang":
            self.closing.wait()
            return
        if said == "cut":
            return
        assert isinstance(said, Answer) or said == "half"
        status, given, headers = said if isinstance(said, Answer) else Answer()
        content = (
            given
            if isinstance(given, bytes)
            else given.encode()
            if isinstance(given, str)
            else json.dumps(given or _taken(body)).encode()
        )
        handler.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(content)))):
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content[: len(content) // 2] if said == "half" else content)

    def records(self, path: str = "/v1/predictions") -> List[Dict[str, Any]]:
        """Each record of this path, as often as its request came with another key."""
        by_key = {one.headers["Idempotency-Key"]: one.json() for one in self.received if one.path == path}
        return [record for batch in by_key.values() for record in (batch if isinstance(batch, list) else [batch])]

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _taken(body: bytes) -> Dict[str, Any]:
    try:
        batch = json.loads(body)
    except ValueError:
        batch = []
    return {"accepted": len(batch) if isinstance(batch, list) else 1, "duplicates": 0, "rejected": 0, "rejections": []}
