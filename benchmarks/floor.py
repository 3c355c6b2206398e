"""The least that any system must do for one run: the floor that the dispatch benchmark is held against.

One process takes the POST, commits the request, commits the assignment, forks, commits the
confirmation, lets the child reach its first statement, commits the end, posts the callback and commits
that. Same SQLite, same durability (WAL, ``synchronous=FULL``). Deskhand assigns and confirms in one commit,
where an agent waits in that of the request; ``joined`` makes a floor that does the same. Nothing is parsed,
checked, authorised or recovered here: that is what the ratio to Deskhand shows.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import sqlite3
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


class Floor:
    """A SQLite file, an HTTP socket, and one worker.

    Args:
        path: The file.
        joined: Whether the request's commit assigns and confirms as well.
    """

    def __init__(self, path: Path, *, joined: bool) -> None:
        self.path = path
        self.joined = joined
        self.work: queue.Queue[dict[str, Any]] = queue.Queue()
        self.lock = threading.Lock()
        self.database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        self.database.execute(
            "CREATE TABLE run (id TEXT PRIMARY KEY, status INTEGER, began REAL, content TEXT)"
        )

    def commit(self, sql: str, *values: object) -> None:
        with self.lock:
            self.database.execute("BEGIN IMMEDIATE")
            self.database.execute(sql, values)
            self.database.execute("COMMIT")

    def request(self, content: dict[str, Any]) -> str:
        run_id = str(uuid.uuid4())
        status = 2 if self.joined else 3
        text = json.dumps(content)
        self.commit("INSERT INTO run (id, status, content) VALUES (?, ?, ?)", run_id, status, text)
        self.work.put({"id": run_id, **content})
        return run_id

    def work_for_ever(self) -> None:
        while True:
            self.execute(self.work.get())

    def execute(self, run: dict[str, Any]) -> None:
        if not self.joined:
            self.commit("UPDATE run SET content = content WHERE id = ? AND status = 3", run["id"])
        go_read, go_write = os.pipe()
        began_read, began_write = os.pipe()
        child = os.fork()
        if child == 0:
            os.read(go_read, 1)
            os.write(began_write, repr(time.time()).encode())
            os._exit(0)
        if not self.joined:
            self.commit("UPDATE run SET status = 2 WHERE id = ? AND status = 3", run["id"])
        os.write(go_write, b"!")
        began = float(os.read(began_read, 64))
        os.waitpid(child, 0)
        for descriptor in (go_read, go_write, began_read, began_write):
            os.close(descriptor)
        self.commit("UPDATE run SET status = 4, began = ? WHERE id = ? AND status = 2", began, run["id"])
        self.call_back(run["callbackUrl"], run["id"])
        self.commit("UPDATE run SET content = NULL WHERE id = ?", run["id"])

    def call_back(self, url: str, run_id: str) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(str(parts.hostname), parts.port)
        connection.request("POST", parts.path, json.dumps({"flowsessionid": run_id, "statuscode": 4}))
        connection.getresponse().read()
        connection.close()

    def began(self, run_id: str) -> float:
        with self.lock:
            row = self.database.execute("SELECT began FROM run WHERE id = ?", (run_id,)).fetchone()
        return float(row[0])


def serve(path: Path, *, joined: bool) -> None:
    """Print the port, then work until killed."""
    floor = Floor(path, joined=joined)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer({"flowsessionId": floor.request(body)})

        def do_GET(self) -> None:
            self.answer({"began": floor.began(self.path.rpartition("/")[2])})

        def answer(self, content: dict[str, Any]) -> None:
            text = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    threading.Thread(target=floor.work_for_ever, daemon=True).start()
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), joined="joined" in sys.argv[2:])
