"""TCP proxies between clients and servers: they stall, reset in mid-answer, swallow answers or refuse, when told to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Self, TypeVar

Mode = Literal["open", "stalled", "half_open", "reset", "refusing"]
Result = TypeVar("Result")
CHUNK = 64 * 1024
# Zero seconds: a closed connection is reset, and what was not yet sent is gone.
LINGER_NOT = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class Line:
    """One connection through a proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    has_lost: bool = False

    def cut(self) -> None:
        """Reset both ends."""
        for writer in (self.client, self.server):
            held = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                if held is not None:
                    held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            writer.transport.abort()


@dataclass
class Count:
    """What a proxy has done to connections."""

    opened: int = 0
    cut: int = 0
    refused: int = 0
    bytes_stalled: int = 0
    bytes_swallowed: int = 0


@dataclass(eq=False)
class Proxy:
    """One port in front of one server; clients and server notice nothing while it is open."""

    port: int
    target: int
    mode: Mode = "open"
    count: Count = field(default_factory=Count)
    lines: set[Line] = field(default_factory=set)
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self) -> asyncio.Server:
        """Listen."""
        self._flowing.set()
        return await asyncio.start_server(self._take, "127.0.0.1", self.port)

    async def turn(self, mode: Mode) -> None:
        """From now on do this to every connection; `open` heals, and resets those whose bytes are lost."""
        self.mode = mode
        if mode == "refusing":
            for line in list(self.lines):
                self.count.cut += 1
                line.cut()
        if mode == "stalled":
            self._flowing.clear()
        else:
            self._flowing.set()
        if mode == "open":
            for line in [line for line in self.lines if line.has_lost]:
                line.cut()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.mode == "refusing":
            self.count.refused += 1
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self.count.opened += 1
        line = Line(writer, far_writer)
        self.lines.add(line)
        with contextlib.suppress(asyncio.CancelledError):  # of the end: asyncio would tell it as an error
            await asyncio.gather(self._ask(reader, line), self._answer(far_reader, line))
        self.lines.discard(line)
        line.client.transport.abort()
        line.server.transport.abort()

    async def _ask(self, reader: asyncio.StreamReader, line: Line) -> None:
        """From the client to the server."""
        with contextlib.suppress(OSError):
            while told := await reader.read(CHUNK):
                await self._wait(told)
                line.server.write(told)
                await line.server.drain()
        with contextlib.suppress(OSError):
            line.server.close()

    async def _answer(self, reader: asyncio.StreamReader, line: Line) -> None:
        """From the server to the client."""
        with contextlib.suppress(OSError):
            while told := await reader.read(CHUNK):
                await self._wait(told)
                if self.mode == "half_open":
                    self.count.bytes_swallowed += len(told)
                    line.has_lost = True
                elif self.mode == "reset":
                    await self._reset(line, told)
                else:
                    line.client.write(told)
                    await line.client.drain()
        with contextlib.suppress(OSError):
            line.client.close()

    async def _reset(self, line: Line, told: bytes) -> None:
        """Half an answer, and then nothing any more."""
        line.client.write(told[: len(told) // 2])
        with contextlib.suppress(OSError):
            await line.client.drain()
        self.count.cut += 1
        line.cut()

    async def _wait(self, told: bytes) -> None:
        if not self._flowing.is_set():
            self.count.bytes_stalled += len(told)
            await self._flowing.wait()


class Proxies:
    """Proxies by name, on an event loop of their own: a busy driver slows nobody's connection."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)
        self._by_name: dict[str, Proxy] = {}
        self._servers: list[asyncio.Server] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _end(self) -> None:
        """Let go of every connection; nothing is left pending."""
        for server in self._servers:
            server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.sleep(0)  # in which transports close

    def __getitem__(self, name: str) -> Proxy:
        return self._by_name[name]

    def open(self, name: str, port: int, target: int) -> Proxy:
        """A proxy at a port."""
        return self._do(self._opened(name, port, target))

    def turn(self, name: str, mode: Mode) -> None:
        """Tell one of them what to do."""
        self._do(self._by_name[name].turn(mode))

    async def _opened(self, name: str, port: int, target: int) -> Proxy:
        self._by_name[name] = proxy = Proxy(port, target)
        self._servers.append(await proxy.serve())
        return proxy

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)
