"""Agencies that take part over HTTPS alone, with the small clients in Java, TypeScript and curl that we give away."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from samsyn_contracts.bus import headers_of
from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.web import structured
from samsyn_exchange.tokens import token_for

from tests.e2e.centre_at_work import AV, SKV, CentreAtWork, centre_at_work
from tests.support.samsyn import Party, Samsyn

CLIENTS = Path(__file__).parents[2] / "contracts" / "clients"
TYRESO = "kommun-tyreso"
DEADLINE_SECONDS, BUILD_SECONDS = 40, 120


def needs(*programs: str) -> pytest.MarkDecorator:
    missing = [name for name in programs if shutil.which(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not here: {', '.join(missing)}")


@dataclass
class Client:
    """A client at work: the answer to what it said, and the events that it has printed since."""

    process: asyncio.subprocess.Process
    answer: dict[str, Any] = field(default_factory=dict)
    told: list[dict[str, Any]] = field(default_factory=list)

    async def hears(self, name: str, where: Callable[[dict[str, Any]], bool] = lambda _facts: True) -> dict[str, Any]:
        """The facts of the first message of that name; waits until the client has printed it."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while True:
                for event in self.told:
                    if event["type"] == f"se.samsyn.{name}.v1" and where(event["data"]):
                        return dict(event["data"])
                shown = json.loads(await self.line())
                self.told += [one["event"] for one in shown.get("events", [shown])]

    async def line(self) -> str:
        assert self.process.stdout is not None
        line = (await self.process.stdout.readline()).decode()
        assert line, "the client has ended"
        return line


@asynccontextmanager
async def at_work(
    command: Sequence[str], party: Party, envelope: Envelope, message: Message, folder: Path
) -> AsyncIterator[Client]:
    """The client says one event and reads the party's inbox from now on, until the block ends."""
    event = folder / "event.json"
    event.write_text(structured(headers_of(envelope), message.body()), "utf-8")
    samsyn = party.samsyn
    exchange, token = samsyn.address("exchange"), token_for(samsyn.secret, party.code)
    state = await samsyn.client.get(f"{exchange}/v1/state", headers={"Authorization": f"Bearer {token}"})
    process = await asyncio.create_subprocess_exec(
        *command,
        str(event),
        str(state.json()["cursor"]),
        env=os.environ | {"SAMSYN_EXCHANGE_URL": exchange, "SAMSYN_TOKEN": token},
        stdout=asyncio.subprocess.PIPE,
        limit=8 * 1024 * 1024,
    )
    try:
        client = Client(process)
        async with asyncio.timeout(DEADLINE_SECONDS):
            client.answer = json.loads(await client.line())
        yield client
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def built(*command: str, folder: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    shown, _ = await asyncio.wait_for(process.communicate(), BUILD_SECONDS)
    if process.returncode and command[:2] == ("npm", "install"):
        pytest.skip(f"npm cannot fetch TypeScript here: {shown.decode()[-200:]}")
    assert process.returncode == 0, shown.decode()


async def planned_with_its_wish(centre: CentreAtWork, agency: str, client: Client, inspection_id: str) -> None:
    """The centre plans an operation with the inspection that the client has proposed, and the client hears of it."""
    assert (client.answer["status"], client.answer["http_status"]) == ("admitted", 201)
    await client.hears("EventAdmitted", lambda facts: facts["admitted_id"] == client.answer["id"])
    session = centre.session("s")
    await centre.tell(session, centre.team("1", AV), centre.team("1", agency))
    await centre.samsyn.quiet()
    wanted = centre.inspection("1", agency)
    assert wanted.inspection_id == inspection_id
    await centre.tell(*centre.readiness([wanted], (AV, agency)))
    await centre.settle()

    operation = await client.hears("OperationScheduled", lambda f: f["operation_id"] == centre.operation(session))
    plan = await client.hears(
        "PlanPublished", lambda f: any(c["operation_id"] == centre.operation(session) for c in f["changes"])
    )
    assert [visit["inspection_id"] for visit in operation["inspections"]] == [inspection_id]
    assert operation["inspections"][0]["site"]["name"] == wanted.site.name
    assert plan["centre"] == centre.code
    await centre.pass_time(session.end_at)  # or the next test's week would have a team to spare


@needs("java", "javac")
async def test_a_client_in_java_proposes_an_inspection_and_hears_the_plan(samsyn: Samsyn, tmp_path: Path) -> None:
    await built("javac", "-Xlint:all", "-Werror", "-d", str(tmp_path), "SayAndHear.java", folder=CLIENTS)
    centre = await centre_at_work(samsyn, "akc-vast")
    party, wanted = centre.party(SKV), centre.inspection("1", SKV)

    command = ["java", "-cp", str(tmp_path), "SayAndHear"]
    async with at_work(command, party, party.envelope(wanted), wanted, tmp_path) as client:
        await planned_with_its_wish(centre, SKV, client, wanted.inspection_id)


@needs("node", "npm")
async def test_a_client_in_typescript_takes_part_in_another_centre(samsyn: Samsyn, tmp_path: Path) -> None:
    folder = tmp_path / "typescript"
    await asyncio.to_thread(shutil.copytree, CLIENTS / "typescript", folder)
    await built("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", folder=folder)
    await built("npm", "run", "build", folder=folder)
    centre = await centre_at_work(samsyn, "akc-stockholm")
    party, wanted = centre.party(TYRESO), centre.inspection("1", TYRESO)

    command = ["node", str(folder / "say_and_hear.js")]
    async with at_work(command, party, party.envelope(wanted), wanted, tmp_path) as client:
        await planned_with_its_wish(centre, TYRESO, client, wanted.inspection_id)


@needs("bash", "curl")
async def test_a_client_of_curl_alone_says_and_hears(samsyn: Samsyn, tmp_path: Path) -> None:
    party = samsyn.party("migrationsverket", "_all")
    beat = AdapterHeartbeat(adapter_id="migrationsverket:adapter", version="curl")
    wrong = beat.model_copy(update={"adapter_id": "skatteverket:adapter"})
    command = ["bash", str(CLIENTS / "say_and_hear.sh")]

    async with at_work(command, party, party.envelope(beat), beat, tmp_path) as client:
        assert client.answer["status"] == "admitted"
        await client.hears("EventAdmitted", lambda facts: facts["admitted_id"] == client.answer["id"])

    async with at_work(command, party, party.envelope(wrong), wrong, tmp_path) as client:
        assert [reason["pointer"] for reason in client.answer["reasons"]] == ["/data/adapter_id"]
        rejected = await client.hears("EventRejected", lambda facts: facts["rejected_id"] == client.answer["id"])
        assert rejected["reasons"][0]["code"] == "not_owner"
