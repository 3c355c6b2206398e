"""An HTTP server that cloud flows call: it remembers which action called, and answers as a test likes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """Runs while it is entered.

    Args:
        answer: Returns the answer to a call, given its text; by default that text.

    Attributes:
        calls: The calls in the order in which they came: the calling action's tracking id, and the text.
    """

    def __init__(self, answer: Callable[[str], str] = str) -> None:
        self.calls: list[tuple[str, str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                receiver.calls.append((self.headers["x-ms-action-tracking-id"].replace("-", ""), text))
                content = answer(text).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.send_header("Content-Type", "text/plain")
                self.end_headers()
                self.wfile.write(content)

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):  # whoever called has been killed
                    super().handle()

            def log_message(self, *_: object) -> None:
                """Say nothing; the calls are kept."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
