from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from deskhand.server import serve
from deskhand.server.binding import Binding

NO_SERVICES: Any = None


def web_server(monkeypatch: pytest.MonkeyPatch, run: Any, ended: threading.Event) -> serve.WebServer:
    monkeypatch.setattr(serve, "create_app", lambda services: None)
    monkeypatch.setattr(serve.uvicorn.Server, "run", run)
    return serve.WebServer(NO_SERVICES, socket.socket(), Binding(), ended.set)


def fail(server: Any, sockets: Any) -> None:
    for one in sockets:
        one.close()
    raise RuntimeError


def leave(server: Any, sockets: Any) -> None:
    """As uvicorn does when its application cannot start."""
    for one in sockets:
        one.close()
    raise SystemExit(3)


@pytest.mark.parametrize("run", [fail, leave])
def test_a_web_server_that_ends_by_itself_is_noticed(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    ended = threading.Event()
    web = web_server(monkeypatch, run, ended)
    before = web.has_failed
    web.start()
    assert ended.wait(30)

    assert (before, web.has_failed) == (False, True)
    web.stop()


def test_a_web_server_that_is_told_to_end_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    def run(server: Any, sockets: Any) -> None:
        told.wait(30)
        for one in sockets:
            one.close()

    ended = threading.Event()
    web = web_server(monkeypatch, run, ended)
    web.start()
    told.set()
    web.stop()

    assert (ended.is_set(), web.has_failed) == (True, False)


def test_a_wish_to_stop_may_be_made_any_number_of_times() -> None:
    stop = serve.Stop()
    for _ in range(3):
        stop.set()
    stop.wait()
    stop.wait()
    stop.close()
