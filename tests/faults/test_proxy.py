"""The proxy does what it is told to connections, and nothing while it is open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.faults.proxy import Proxies, Proxy


@dataclass
class Echo:
    """A server that answers what it is asked, in capitals."""

    listening: socket.socket

    @property
    def port(self) -> int:
        return int(self.listening.getsockname()[1])

    def serve(self) -> None:
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[client], daemon=True).start()

    def _answer(self, client: socket.socket) -> None:
        with client:
            while told := _received(client):
                client.sendall(told.upper())


@pytest.fixture
def proxies() -> Iterator[Proxies]:
    with Proxies() as opened:
        yield opened


@pytest.fixture
def proxy(proxies: Proxies) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
        free.close()
        echo = Echo(listening)
        threading.Thread(target=echo.serve, daemon=True).start()
        yield proxies.open("echo", port, echo.port)
        listening.shutdown(socket.SHUT_RDWR)


def _received(client: socket.socket) -> bytes:
    try:
        return client.recv(100)
    except OSError:
        return b""


def asked(client: socket.socket, told: bytes, seconds: float = 5.0) -> bytes | None:
    """The answer, empty if the connection is gone, None if there is none in time."""
    client.settimeout(seconds)
    client.sendall(told)
    try:
        return client.recv(100)
    except TimeoutError:
        return None
    except OSError:
        return b""


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds: the proxy counts after it has acted."""
    ends = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < ends, "never counted"
        time.sleep(0.01)


def test_an_open_proxy_changes_nothing(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        assert asked(client, b"one") == b"ONE"
        assert asked(client, b"two") == b"TWO"


def test_what_was_stalled_comes_when_it_is_healed(proxies: Proxies, proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        assert asked(client, b"one") == b"ONE"
        proxies.turn("echo", "stalled")
        assert asked(client, b"two", 0.2) is None
        proxies.turn("echo", "open")
        client.settimeout(5)
        assert client.recv(100) == b"TWO"
    until(lambda: proxy.count.bytes_stalled == len(b"two"))


def test_a_reset_comes_in_the_middle_of_an_answer(proxies: Proxies, proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        proxies.turn("echo", "reset")
        assert asked(client, b"four") in (b"FO", b"")
        assert _received(client) == b""
    until(lambda: proxy.count.cut == 1)


def test_a_half_open_connection_swallows_answers_and_is_reset_when_it_is_healed(proxies: Proxies, proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        proxies.turn("echo", "half_open")
        assert asked(client, b"one", 0.2) is None
        proxies.turn("echo", "open")
        client.settimeout(5)
        assert _received(client) == b""
    until(lambda: proxy.count.bytes_swallowed == len(b"ONE"))


def test_a_partition_cuts_what_is_there_and_refuses_what_comes(proxies: Proxies, proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        assert asked(client, b"one") == b"ONE"
        proxies.turn("echo", "refusing")
        assert _received(client) == b""
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        assert _received(client) == b""
    proxies.turn("echo", "open")
    with socket.create_connection(("127.0.0.1", proxy.port)) as client:
        assert asked(client, b"two") == b"TWO"
    until(lambda: (proxy.count.cut, proxy.count.refused) == (1, 1))
