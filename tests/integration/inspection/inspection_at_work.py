"""The inspection service on real Kafka and PostgreSQL, and what a test asks of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import asyncpg
from httpx import AsyncClient
from samsyn_chassis.app import Service
from samsyn_contracts.bus import ADMITTED, PLANNING
from samsyn_contracts.envelope import service_source
from samsyn_contracts.message import Message
from samsyn_inspection.domain.statements import Statement
from samsyn_inspection.tables import CentreTimeRow, HeardRow, HeldRow, OperationRow, SiteAnswerRow
from sqlalchemy import inspect
from sqlmodel import select

from tests.support.day_of_operation import as_said
from tests.support.in_process import Said, say, until_heard
from tests.support.told_operations import envelope, time_passed

BEFORE_THE_DAY = ("SiteInformationRequested", "SiteInformationCompleted", "BriefingPublished")
SAID = "select headers, body from outbox where key = $1 order by id"


class Inspection:
    """The service within the test's process."""

    def __init__(self, service: Service, client: AsyncClient, kafka: str) -> None:
        self._service, self._kafka, self.client = service, kafka, client

    async def hear(self, *records: Said) -> None:
        """Say records and wait until the service has committed them."""
        await until_heard(self._service, await say(self._kafka, *records))

    async def rows(self, centre: str) -> list[dict[str, Any]]:
        """Every row about the centre, as JSON would show it."""
        async with self._service.database.transaction() as transaction:
            found: list[dict[str, Any]] = []
            for table in (OperationRow, HeldRow, HeardRow, SiteAnswerRow, CentreTimeRow):
                rows = await transaction.session.exec(
                    select(table).where(table.centre == centre).order_by(*inspect(table).primary_key)
                )
                found += [row.model_dump(mode="json") for row in rows.all()]
        return found

    async def lives(self, centre: str) -> dict[str, str]:
        """Where each operation of the centre is in its life."""
        return {row["operation_id"]: row["life"] for row in await self.rows(centre) if "life" in row}

    async def held(self, centre: str) -> int:
        """How many statements about the centre's operations wait; /status counts those of all centres."""
        return sum(row.get("is_held", False) for row in await self.rows(centre))

    async def page(self, path: str, **asked: str) -> Any:
        """What the service's pages tell."""
        answer = await self.client.get(path, params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def said_about(dsn: str, centre: str) -> list[tuple[str, dict[str, str], dict[str, Any]]]:
    """What the service has said of the day itself, in order: name, headers and body."""
    return [one for one in await all_said_about(dsn, centre) if one[0] not in BEFORE_THE_DAY]


async def all_said_about(dsn: str, centre: str) -> list[tuple[str, dict[str, str], dict[str, Any]]]:
    """What the service has said about a centre, in order: name, headers and body."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(SAID, centre)
    finally:
        await connection.close()
    told = [(dict(json.loads(row["headers"])), json.loads(row["body"])) for row in rows]
    return [(headers["ce_type"].split(".")[2], headers, body) for headers, body in told]


def told(message: Message, id_: str, centre: str) -> Said:
    """A word of planning's about an operation of the centre."""
    return PLANNING, envelope(message, f"{centre}-{id_}", centre=centre), message


def admitted(statement: Statement, id_: str, centre: str, at: datetime, **more: Any) -> Said:
    """An agency's statement about an operation of the centre, admitted then."""
    return ADMITTED, as_said(statement, f"{centre}-{id_}", at, centre=centre, **more), statement


def ticked(until: datetime, id_: str, centre: str) -> Said:
    """Time passes at the centre."""
    message = time_passed(until, centre)
    said = envelope(message, f"{centre}-{id_}", centre=centre)
    told = {"source": service_source("exchange"), "time": until, "receivedtime": until}
    return ADMITTED, said.model_copy(update=told), message
