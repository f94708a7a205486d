"""A mail server and an exchange on the own machine, and notify as a process that can be killed between the two."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from time import monotonic
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Session
from aiosmtpd.smtp import Envelope as SmtpEnvelope
from fastapi import FastAPI, Request
from samsyn_contracts.web import structured
from samsyn_demo.agencies.serving import served

from tests.support.answering_exchange import AnsweringExchange
from tests.unit.notify.people_told import DESK, MAIL_FROM, NOW, functions_of

DEADLINE_SECONDS = 120.0


@dataclass
class MailServer:
    """Keeps every mail that it has been handed; `stalls_at` RCPT or DATA it takes it and never answers."""

    taken: list[bytes] = field(default_factory=list)
    stalls_at: str | None = None
    refuses_with: str | None = None
    num_recipients: int = 0

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: SmtpEnvelope, address: str, _options: list[str]
    ) -> str:
        self.num_recipients += 1
        if self.stalls_at == "RCPT":
            await asyncio.sleep(DEADLINE_SECONDS)
        if self.refuses_with is not None:
            return self.refuses_with
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: SmtpEnvelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        if self.stalls_at == "DATA":
            await asyncio.sleep(DEADLINE_SECONDS)
        return "250 taken"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(content, policy=policy.SMTP) for content in self.taken]


@asynccontextmanager
async def a_mail_server() -> AsyncIterator[tuple[MailServer, str]]:
    """Runs while the block does; yields the server and host:port."""
    mails = MailServer()
    controller = Controller(mails, hostname="127.0.0.1", port=free_port(), ready_timeout=60)
    await asyncio.to_thread(controller.start)
    try:
        yield mails, f"127.0.0.1:{controller.port}"
    finally:
        await asyncio.to_thread(controller.stop)


@dataclass
class HttpExchange(AnsweringExchange):
    """In the place of the exchange, over HTTPS alone: with a clock, what is in force, and inboxes in memory."""

    now: datetime = NOW
    in_force: list[str] = field(default_factory=list)

    async def tell_raw(self, party: str, headers: Sequence[tuple[str, bytes]], body: bytes | None) -> None:
        inbox = self.inboxes.setdefault(party, [])
        inbox.append((len(inbox), structured(headers, body)))

    def app(self) -> FastAPI:
        app = super().app()
        app.add_api_route("/v1/clock", self._clock, methods=["GET"])
        app.add_api_route("/v1/state", self._state, methods=["GET"])
        return app

    async def _clock(self) -> dict[str, Any]:
        return {"mode": "driven", "now": self.now.isoformat(), "ticks": 1}

    async def _state(self, request: Request) -> dict[str, Any]:
        assert request.query_params["centre"]
        in_force = [{"id": one} for one in self.in_force]
        return {"as_of": self.now.isoformat(), "cursor": 0, "events": in_force, "acknowledged": {}}


@asynccontextmanager
async def an_exchange() -> AsyncIterator[HttpExchange]:
    """Answers while the block runs."""
    exchange = HttpExchange()
    async with served(exchange.app()) as url:
        exchange.url = url
        yield exchange


@dataclass
class Notify:
    """Notify as a process of its own, with a folder that outlives it."""

    folder: Path
    environment: dict[str, str]
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        command = (sys.executable, "-m", "samsyn_adapter_notify")
        with (self.folder / "log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(*command, env=self.environment, stderr=log, stdout=log)

    async def kill(self) -> None:
        """End it as a crash would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """End it as an operator would; returns its exit code."""
        return await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


@asynccontextmanager
async def notify(
    folder: Path, exchange_url: str, smtp: str, files: Sequence[dict[str, Any]] = (), **more: str
) -> AsyncIterator[Notify]:
    """Notify for the parties of these files of functions, started; killed at the end if it is still there."""
    told = files or [functions_of()]
    parties = [one["party"] for one in told]
    (folder / "functions").mkdir()
    for one in told:
        (folder / "functions" / f"{one['party']}.json").write_text(json.dumps(one), "utf-8")
    tokens = folder / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({party: f"token-{party}" for party in parties}), "utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "SAMSYN_EXCHANGE_URL": exchange_url,
        "SAMSYN_NOTIFY_PARTIES": ",".join(parties),
        "SAMSYN_TOKENS": str(tokens),
        "SAMSYN_STATE_DIR": str(folder / "state"),
        "SAMSYN_RECIPIENTS": str(folder / "functions"),
        "SAMSYN_SMTP": smtp,
        "SAMSYN_MAIL_FROM": MAIL_FROM,
        "SAMSYN_DESK_URL": DESK,
        "SAMSYN_NOTIFY_TICK_SECONDS": "0.2",
    }
    running = Notify(folder, environment | more)
    await running.start()
    try:
        yield running
    finally:
        await running.kill()


async def until(holds: Callable[[], bool], seconds: float = DEADLINE_SECONDS) -> None:
    """Wait until something holds."""
    last = monotonic() + seconds
    while not holds():
        assert monotonic() < last, f"did not happen within {seconds:.0f} s"
        await asyncio.sleep(0.02)


def free_port() -> int:
    """A port of the own machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port
