"""Kafka away, or a caller that goes away: events are taken all the same, and nobody who has gone is waited for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import samsyn_exchange
import sqlalchemy as sa
from fastapi import FastAPI
from samsyn_chassis.database import Database
from samsyn_contracts.bus import ADMITTED
from samsyn_contracts.register import load_register
from samsyn_demo.agencies.serving import served
from samsyn_exchange.api.catalogue import Catalogue
from samsyn_exchange.api.events import Events
from samsyn_exchange.api.inbox import InboxDesk
from samsyn_exchange.api.requests import Callers
from samsyn_exchange.api.routes import profile
from samsyn_exchange.api.state import StateDesk
from samsyn_exchange.border import Border
from samsyn_exchange.domain.disclosure import load_rules
from samsyn_exchange.inbox import Inbox

from tests.integration.exchange.asking import as_party
from tests.integration.exchange.conftest import SECRET
from tests.integration.exchange.over_https import VALIDATE, post
from tests.support.answering_exchange import until
from tests.support.kafka_and_postgres import FreshDatabase
from tests.unit.exchange.saying import RECEIVED_AT, an_event

NOWHERE = "127.0.0.1:1"
WAITING = sa.text("select count(*) from outbox where topic = :topic and sent_at is null")


@asynccontextmanager
async def a_profile(dsn: str, kafka: str) -> AsyncIterator[tuple[httpx.AsyncClient, Inbox, Database]]:
    """The HTTPS profile alone, without relay and subscriptions."""
    database = Database(dsn.replace("postgresql://", "postgresql+asyncpg://", 1))
    await database.migrate(Path(samsyn_exchange.__file__).parent / "migrations")
    register = load_register()
    border = Border(register, load_rules(), "test", lambda: RECEIVED_AT, moves=False)
    callers, inbox = Callers(register, SECRET), Inbox({"bootstrap_servers": kafka})
    application = FastAPI()
    desks = (InboxDesk(inbox, callers), StateDesk(database, border, inbox, callers))
    application.include_router(profile(Events(database, border, callers), *desks, Catalogue(register)))
    keeping = asyncio.create_task(inbox.run())
    try:
        async with served(application) as url, httpx.AsyncClient(base_url=f"{url}/v1", timeout=70) as client:
            yield client, inbox, database
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await database.close()


@pytest.fixture
def dsn(fresh_database: FreshDatabase) -> str:
    return fresh_database("exchange_profile")


async def test_while_kafka_is_away_events_are_taken_and_wait_in_the_outbox(dsn: str) -> None:
    event = an_event("PoliceCancelled")
    async with a_profile(dsn, NOWHERE) as (client, _, database):
        judged, taken, again = [await post(client, event, path=path) for path in (VALIDATE, "/events", "/events")]

        async with database.transaction() as transaction:
            num_waiting = (await transaction.execute(WAITING, {"topic": ADMITTED})).scalar_one()

    assert [answer.status_code for answer in (judged, taken, again)] == [201, 201, 200]
    assert num_waiting == 1


@pytest.mark.parametrize("path", ["/inbox?wait=30", "/state"])
async def test_while_kafka_is_away_who_asks_for_more_is_told_to_come_again(dsn: str, path: str) -> None:
    began = time.monotonic()
    async with a_profile(dsn, NOWHERE) as (client, _, _):
        answer = await client.get(path, headers=as_party("polisen"))

    assert (answer.status_code, answer.json()["code"], "retry-after" in answer.headers) == (503, "away", True)
    assert time.monotonic() - began < 20


async def test_who_has_gone_is_not_waited_for(dsn: str, kafka: str) -> None:
    async with a_profile(dsn, kafka) as (client, inbox, _):
        cursor = (await client.get("/state", headers=as_party("akc-nord"))).json()["cursor"]
        query = {"cursor": cursor, "wait": 60}
        polls = [
            asyncio.create_task(client.get("/inbox", params=query, headers=as_party("akc-nord"))) for _ in range(3)
        ]
        await until(lambda: inbox.num_waits == 3)

        for poll in polls:
            poll.cancel()

        await until(lambda: inbox.num_waits == 0)


async def test_reference_data_is_open_to_everybody(dsn: str) -> None:
    async with a_profile(dsn, NOWHERE) as (client, _, _):
        codes = (await client.get("/codes")).json()
        contracts = (await client.get("/contracts")).json()["contracts"]
        schemas = [await client.get(one["schema_url"].removeprefix("/v1")) for one in contracts]
        asyncapi = (await client.get("/contracts/asyncapi")).json()
        missing = await client.get("/contracts/PoliceVanished.v1")
        described = (await client.get(str(client.base_url).removesuffix("v1/") + "openapi.json")).json()

    assert {"polisen", "akc-vast"} <= {party["code"] for party in codes["parties"]}
    assert {"away", "id_reused"} <= {error["code"] for error in codes["errors"]}
    named = ("causes", "categories", "programmes", "site_sections", "checklist", "lessons")
    assert all(codes[kind] and name["sv"] and name["en"] for kind in named for name in codes[kind])
    assert [answer.json()["x-type"] for answer in schemas] == [one["type"] for one in contracts]
    assert "InspectionProposed" in asyncapi["components"]["messages"]
    assert (missing.status_code, missing.json()["code"]) == (404, "no_contract")
    assert {"/v1/events", "/v1/events:validate", "/v1/inbox", "/v1/state", "/v1/codes"} <= described["paths"].keys()
    assert described["paths"]["/v1/events"]["post"]["security"] == [{"HTTPBearer": []}]
