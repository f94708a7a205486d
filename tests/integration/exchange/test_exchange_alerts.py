"""Heartbeats and acknowledgements through a running exchange: what is said of them, and which alerts stand."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import samsyn_exchange
from samsyn_chassis.database import Database
from samsyn_contracts.bus import PLANNING, from_topic, to_topic
from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import Event, party_source
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.platform import AdapterStatusChanged
from samsyn_contracts.register import load_register
from samsyn_exchange import timekeeping
from samsyn_exchange.alerts import Watching
from samsyn_exchange.border import Border
from samsyn_exchange.domain.clock import Reading
from samsyn_exchange.domain.disclosure import load_rules
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.tokens import OPERATIONS, token_for
from samsyn_local.services import Services

from tests.integration.exchange.conftest import CONTENTS_KEY, SECRET
from tests.integration.exchange.wire import Wire
from tests.support.kafka_and_postgres import FreshDatabase
from tests.unit.exchange.saying import CENTRE, a_service_event, an_envelope

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
STARTS_AT = datetime(2025, 5, 8, 7, tzinfo=UTC)
EVERY = timedelta(minutes=5)
PATIENCE_SECONDS = 120


@pytest.fixture
async def http(exchange: Services) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{exchange.http_port('exchange')}", timeout=20) as client:
        yield client


async def pass_time(http: httpx.AsyncClient, by: timedelta) -> datetime:
    """Drive the clock, and tell the centre; returns what time it is."""
    now = datetime.fromisoformat((await http.get("/v1/clock")).json()["now"]) + by
    answer = await http.post("/v1/clock", json={"now": now.isoformat(), "centres": [CENTRE]})
    assert answer.status_code == 200, answer.text
    return now


async def standing(http: httpx.AsyncClient, name: str) -> list[str]:
    """What an alert is about now; empty when it does not stand."""
    told = (await http.get("/status")).json()["alerts"]
    return [one["about"] for one in told if one["alert"] == name]


async def until_stands(http: httpx.AsyncClient, name: str, about: Sequence[str]) -> None:
    """Wait until an alert is about this and nothing else."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (now := await standing(http, name)) != list(about):
        assert time.monotonic() < deadline, f"{name} is about {now}, not {about}"
        await asyncio.sleep(0.1)


def a_beat(party: str) -> Event:
    return Event(
        an_envelope("AdapterHeartbeat", party_source(party), centre="_all"),
        AdapterHeartbeat(adapter_id=f"{party}:adapter", version="1.2"),
    )


def an_acknowledgement(party: str, operation_id: str, version: int = 3) -> Event:
    return Event(
        an_envelope("NotificationAcknowledged", party_source(party)),
        NotificationAcknowledged(
            operation_id=operation_id, agency=party, plan_version=version, by_function="team_leader"
        ),
    )


async def statuses(
    wire: Wire, party: str, until: Callable[[list[str]], bool] = bool, of_party: str | None = None
) -> list[str]:
    """The statuses that a party has been told of its (or another's) adapter, once they are as wanted and then some."""

    def of(records: list[Any]) -> list[str]:
        told = [r.event.message for r in records if r.headers["ce_type"] == AdapterStatusChanged.type_name()]
        return [message.status for message in told if message.party == (of_party or party)]

    return of(await wire.heard(to_topic(party), lambda records: until(of(records)), quiet=1))


async def test_an_adapter_that_falls_silent_is_said_to_be_late_then_down_and_up_again_each_once(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    await wire.say(from_topic("skatteverket"), a_beat("skatteverket"))
    await wire.say(from_topic("skatteverket"), a_beat("skatteverket"))
    await statuses(wire, "skatteverket", lambda told: told == ["up"])

    for by in (15 * MINUTE, MINUTE, MINUTE, HOUR, HOUR):
        await pass_time(http, by)
    await statuses(wire, "skatteverket", lambda told: told == ["up", "late", "down"])
    await wire.say(from_topic("skatteverket"), a_beat("skatteverket"))

    told = await statuses(wire, "skatteverket", lambda told: len(told) == 4)
    assert told == ["up", "late", "down", "up"]
    assert await statuses(wire, "polisen", lambda _told: True, of_party="skatteverket") == []


async def test_silent_police_stand_until_they_are_heard(http: httpx.AsyncClient, wire: Wire) -> None:
    await wire.say(from_topic("polisen"), a_beat("polisen"))
    await statuses(wire, "polisen")
    await until_stands(http, "police_adapter_silent", [])

    await pass_time(http, 16 * MINUTE)
    await until_stands(http, "police_adapter_silent", ["polisen"])
    measured = (await http.get("/metrics")).text
    await wire.say(from_topic("polisen"), a_beat("polisen"))

    await until_stands(http, "police_adapter_silent", [])
    assert 'samsyn_alert{alert="police_adapter_silent"' in measured
    assert _value(measured, "police_adapter_silent") == "1.0"
    assert _value((await http.get("/metrics")).text, "police_adapter_silent") == "0.0"


def _value(measured: str, alert: str) -> str:
    (line,) = [line for line in measured.splitlines() if line.startswith(f'samsyn_alert{{alert="{alert}"')]
    return line.rpartition(" ")[2]


async def test_status_tells_every_adapter_and_what_time_it_is(http: httpx.AsyncClient, wire: Wire) -> None:
    await wire.say(from_topic("migrationsverket"), a_beat("migrationsverket"))
    await statuses(wire, "migrationsverket")
    now = (await http.get("/v1/clock")).json()["now"]

    status = (await http.get("/status")).json()

    (adapter,) = [one for one in status["adapters"] if one["party"] == "migrationsverket"]
    assert adapter == {
        "adapter": "migrationsverket:adapter",
        "party": "migrationsverket",
        "status": "up",
        "last_seen_at": now,
        "version": "1.2",
    }
    assert status["times"] == {"_all": now}


async def test_a_confirmed_operation_stands_until_every_participant_has_seen_its_newest_version(
    http: httpx.AsyncClient, wire: Wire
) -> None:
    operation_id, name = f"op:polisen:{uuid.uuid4()}", f"Ask {uuid.uuid4()}"
    parties = ("polisen", "arbetsmiljoverket")
    parts = [{"agency": code, "capacity_id": f"{code}:c1", "status": "accepted"} for code in parties]
    told = {"operation_id": operation_id, "code_name": name}
    now = datetime.fromisoformat((await http.get("/v1/clock")).json()["now"])
    await wire.say(PLANNING, a_service_event("OperationConfirmed", **told, participants=parts), CENTRE)
    await pass_time(http, STARTS_AT - DAY - MINUTE - now)
    await _until_known(http, operation_id)
    await until_stands(http, "participant_unacknowledged", [])

    await pass_time(http, 2 * MINUTE)
    await until_stands(http, "participant_unacknowledged", [f"{name} ({CENTRE}): arbetsmiljoverket, polisen"])
    await wire.say(from_topic("polisen"), an_acknowledgement("polisen", operation_id))
    await until_stands(http, "participant_unacknowledged", [f"{name} ({CENTRE}): arbetsmiljoverket"])
    await wire.say(from_topic("arbetsmiljoverket"), an_acknowledgement("arbetsmiljoverket", operation_id))
    await until_stands(http, "participant_unacknowledged", [])

    await wire.say(
        PLANNING, a_service_event("OperationRescheduled", **told, participants=parts, plan_version=4), CENTRE
    )
    await until_stands(http, "participant_unacknowledged", [f"{name} ({CENTRE}): arbetsmiljoverket, polisen"])
    await wire.say(PLANNING, a_service_event("OperationPostponed", **told, plan_version=5), CENTRE)
    await until_stands(http, "participant_unacknowledged", [])


async def _until_known(http: httpx.AsyncClient, operation_id: str) -> None:
    """Wait until the exchange has heard of an operation."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    headers = {"Authorization": f"Bearer {token_for(SECRET, OPERATIONS)}"}
    while (await http.get(f"/v1/why/{operation_id}", headers=headers)).status_code != 200:
        assert time.monotonic() < deadline, f"the exchange does not know {operation_id}"
        await asyncio.sleep(0.05)


@pytest.fixture
async def ticking(fresh_database: FreshDatabase) -> AsyncIterator[tuple[timekeeping.Ticking, Watching, Database]]:
    """An exchange's real clock, and what watches it."""
    told = {"kafka": "127.0.0.1:1", "database": fresh_database("exchange_watch"), "http_port": 1}
    settings = ExchangeSettings.model_validate(
        {**told, "environment": "test", "token_secret": SECRET, "contents_key": CONTENTS_KEY}
    )
    database, clock = Database(settings.async_database), timekeeping.Clock(settings)
    await database.migrate(Path(samsyn_exchange.__file__).parent / "migrations")
    border = Border(load_register(), load_rules(), "test", clock.proposed, moves=True)
    yield timekeeping.Ticking(database, border, clock, EVERY), Watching(clock, EVERY), database
    await database.close()


async def of_clock(watching: Watching, database: Database) -> list[str]:
    async with database.transaction() as transaction:
        return [one.about for one in await watching.standing(transaction) if one.name == "clock_stopped"]


async def test_a_real_clock_that_has_missed_more_than_three_ticks_stands_until_it_ticks(
    ticking: tuple[timekeeping.Ticking, Watching, Database],
) -> None:
    clockwork, watching, database = ticking
    at_first = await of_clock(watching, database)
    watching.clock.started_at -= 4 * EVERY
    missed = await of_clock(watching, database)
    await clockwork.tick()

    assert (at_first, missed) == ([], ["no centre is told the time"])
    assert await of_clock(watching, database) == []


async def test_a_real_clock_that_is_not_believed_stands_until_a_human_has_looked(
    ticking: tuple[timekeeping.Ticking, Watching, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, watching, database = ticking
    lie = datetime.now(UTC) + 2 * HOUR
    with monkeypatch.context() as clocks:
        clocks.setattr(timekeeping, "_read", lambda: Reading(lie, timedelta(seconds=time.monotonic())))
        apart = await of_clock(watching, database)
    still = await of_clock(watching, database)
    watching.clock.confirm()

    assert apart == still == ["wall and monotonic clock are apart"]
    assert await of_clock(watching, database) == []
