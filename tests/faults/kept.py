"""What the databases hold when all is quiet, read straight from PostgreSQL."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
from samsyn_local.infrastructure import SERVICES

from tests.faults.system import System

LOG = "select centre, number, source, id, headers, body, hash from message_log order by centre, number"
OUTBOX = "select id, topic, key, headers, body, sent_at is not null as sent, parked_reason from outbox order by id"
INBOX = "select source, id from inbox"
VERSIONS = "select centre, version, hash_prev, hash, problem, plan from plan_version order by centre, version"


@dataclass(frozen=True)
class Row:
    """A row of an outbox."""

    number: int
    topic: str
    key: str
    headers: Mapping[str, str]
    body_hash: str
    is_sent: bool
    parked: str | None

    @property
    def id(self) -> str:
        """The event's id."""
        return self.headers.get("ce_id", "")

    @property
    def name(self) -> str:
        """The message's name."""
        parts = self.headers.get("ce_type", "").split(".")
        return parts[-2] if len(parts) > 2 else ""


@dataclass(frozen=True)
class Kept:
    """The rows of all databases that the promises are about."""

    log: Sequence[Mapping[str, Any]]
    outboxes: Mapping[str, Sequence[Row]]
    inboxes: Mapping[str, frozenset[tuple[str, str]]]
    versions: Sequence[Mapping[str, Any]]


async def kept_by(system: System) -> Kept:
    """Read all of it."""
    outboxes, inboxes = {}, {}
    for name in SERVICES:
        outboxes[name] = [_row(one) for one in await _rows(system, name, OUTBOX)]
        inboxes[name] = frozenset((one[0], one[1]) for one in await _rows(system, name, INBOX))
    versions = [dict(one) for one in await _rows(system, "planning", VERSIONS)]
    return Kept([dict(one) for one in await _rows(system, "exchange", LOG)], outboxes, inboxes, versions)


def _row(told: Mapping[str, Any]) -> Row:
    headers = dict(json.loads(told["headers"]))
    digest = hashlib.sha256(told["body"]).hexdigest()
    return Row(told["id"], told["topic"], told["key"], headers, digest, told["sent"], told["parked_reason"])


async def _rows(system: System, service: str, query: str) -> list[Any]:
    connection = await asyncpg.connect(system.database(service))
    try:
        rows: list[Any] = await connection.fetch(query)
        return rows
    finally:
        await connection.close()
