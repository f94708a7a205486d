"""The reporting service at work over real topics, and a log in which everything happens that it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from httpx import AsyncClient
from samsyn_chassis.app import Service
from samsyn_chassis.settings import Settings
from samsyn_contracts.audience import audience_of
from samsyn_contracts.bus import ADMITTED, INSPECTION, PLANNING
from samsyn_contracts.envelope import service_source
from samsyn_contracts.message import Message
from samsyn_reporting.app import build

from tests.support.in_process import Positions, Said, a_centre, running, settings_for, until_heard
from tests.support.told_days import (
    REF,
    acknowledged,
    aimed_at,
    completed,
    evaluated,
    found,
    handed_in,
    offered,
    proposed,
    shared,
    started,
    suspended,
    withheld,
)
from tests.support.told_operations import (
    INSPECTIONS,
    START_AT,
    cancelled,
    confirmed,
    envelope,
    police_cancelled,
    postponed,
    rescheduled,
    scheduled,
    time_passed,
)

SAID_AT = START_AT - timedelta(days=7)
WRITES = {"planning": PLANNING, "inspection": INSPECTION}
MIDNIGHT = datetime(2025, 5, 19, 22, 0, tzinfo=UTC)  # the end of 19 May in Sweden


PARTITIONS = 24  # of each of the topics that the service reads: deploy/topics.yaml


async def everything_said(kafka: str) -> Positions:
    """The ends of all partitions that the service reads, whoever has written there."""
    places = [TopicPartition(topic, number) for topic in (ADMITTED, *WRITES.values()) for number in range(PARTITIONS)]
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    try:
        ends = await consumer.end_offsets(places)
    finally:
        await consumer.stop()
    return {(place.topic, place.partition): end for place, end in ends.items() if end}


@dataclass(frozen=True)
class Reporting:
    """The service, and what a test asks of it; `name` gives it a group of its own."""

    client: AsyncClient
    service: Service
    settings: Settings

    @property
    def name(self) -> str:
        return self.service.name

    async def heard(self, positions: Positions) -> None:
        await until_heard(self.service, positions)

    async def ledger(self, centre: str, from_day: str = "2025-05-01", to_day: str = "2025-05-31") -> dict[str, Any]:
        response = await self.client.get("/v1/ledger", params={"centre": centre, "from": from_day, "to": to_day})
        assert response.status_code == 200, response.text
        page: dict[str, Any] = response.json()
        return page

    async def table(self, *centres: str) -> str:
        """The indicators of May as CSV."""
        asked = {"centre": list(centres), "from": "2025-05-01", "to": "2025-05-31", "format": "csv"}
        response = await self.client.get("/v1/indicators", params=asked)
        assert response.status_code == 200, response.text
        return response.text

    async def sql(self, statement: str, *values: object) -> Any:
        """Run a statement in the service's database, as somebody with access to it could; its first value."""
        connection = await asyncpg.connect(self.settings.database)
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()


@asynccontextmanager
async def reporting_on(kafka: str, database: str) -> AsyncIterator[Reporting]:
    """The service over an empty database; a name of its own lets it read the topics from their beginning."""
    settings = settings_for(kafka, database)
    service = replace(build(settings), name=f"reporting-{a_centre()}")
    async with running(service, settings) as client:
        yield Reporting(client, service, settings)


def said(message: Message, id_: str, centre: str, *, party: str | None = None, minute: int = 0) -> Said:
    """A message on the topic of who says it."""
    said_by = audience_of(type(message)).said_by
    told = envelope(message, id_, party=party or message.owner, centre=centre, at=SAID_AT + timedelta(minutes=minute))
    if said_by is None:
        return ADMITTED, told, message
    return WRITES.get(said_by, ADMITTED), told.model_copy(update={"source": service_source(said_by)}), message


def a_day_ends(centre: str, number: int = 0) -> Said:
    """19 May ends at the centre, or a day so many days later."""
    until = MIDNIGHT + timedelta(days=number)
    message = time_passed(until, centre)
    told = envelope(message, f"{centre}-day-{number}", centre=centre, at=until)
    return ADMITTED, told.model_copy(update={"source": service_source("exchange")}), message


def a_log(centre: str) -> Sequence[Said]:
    """Four operations: rescued and carried out, lost, waiting, and broken off."""
    done, lost, waits, broken = (f"op:{centre}:{number}" for number in (1, 2, 3, 4))
    loss, other_loss = f"{centre}-loss-1", f"{centre}-loss-2"
    messages: Sequence[Message] = (
        proposed(INSPECTIONS[0], organisation_number="459871-2349"),
        proposed(INSPECTIONS[1], identity_ref=REF),
        offered(staff=3),
        offered("polisen:K1", staff=6),
        scheduled(done),
        confirmed(done),
        scheduled(lost, inspections=["polisen:A9"]),
        scheduled(waits, inspections=["polisen:A8"]),
        confirmed(broken, inspections=["polisen:A7"]),
        rescheduled(done, step="smaller", inspections=INSPECTIONS[:1], causes=[loss]),
        confirmed(done, version=2, inspections=INSPECTIONS[:1], start_at=START_AT + timedelta(days=1)),
        cancelled(lost, causes=[other_loss], notice_minutes=45),
        postponed(waits, causes=[loss]),
        acknowledged(done, version=2),
        started(done, version=2),
        handed_in(operation_id=done),
        found(f"arbetsmiljoverket:{centre}-1", operation_id=done, subject_kind="person"),
        found(f"arbetsmiljoverket:{centre}-2", operation_id=done),
        shared(f"arbetsmiljoverket:{centre}-2", operation_id=done),
        withheld(f"arbetsmiljoverket:{centre}-2", operation_id=done),
        completed(done, version=2, done=INSPECTIONS[:1], missing_from=["polisen"]),
        started(broken),
        suspended(broken, remaining=["polisen:A7"]),
        evaluated(done),
        aimed_at(6, centre=centre),
    )
    numbered = [said(message, f"{centre}-{n}", centre, minute=n) for n, message in enumerate(messages)]
    # The losses come after their answers, as they may: topics are read side by side.
    return (
        *numbered,
        said(police_cancelled("polisen:K1"), loss, centre),
        said(police_cancelled("polisen:K1", "fire"), other_loss, centre),
    )
