"""Puts a long history behind the services: the rows that real events left, copied by SQL under other ids."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg

COPY = 'insert into "{table}" ({into}) select {values} from "{table}", generate_series({first}, {last}) as copy'
NEW_ID = "{} || '~' || copy"
# By service and table what a copy has of its own; None is left to the database. Chains of hashes do not hold in copies.
COPIED: Mapping[str, Mapping[str, Mapping[str, str | None]]] = {
    "exchange": {
        "inbox": {"id": NEW_ID},
        "message_log": {"id": NEW_ID, "number": "number + copy * (select max(number) from message_log)"},
        "chronicle": {"id": NEW_ID, "number": None, "subject": NEW_ID},
        "disclosure": {"event_id": NEW_ID, "id": None},
        "standing": {"about": NEW_ID, "thing": NEW_ID, "number": None},
        "adapter": {"adapter_id": NEW_ID},
        "outbox": {"id": None},
    },
    "planning": {
        "inbox": {"id": NEW_ID},
        "capacity": {"id": NEW_ID, "value": "jsonb_set(value, '{id}', to_jsonb(id || '~' || copy))"},
        "wanted": {"id": NEW_ID, "value": "jsonb_set(value, '{id}', to_jsonb(id || '~' || copy))"},
        "outbox": {"id": None},
    },
}


async def num_behind(dsn: str) -> int:
    """How many events the exchange has admitted."""
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval("select count(*) from message_log"))
    finally:
        await connection.close()


async def lengthen(service: str, dsn: str, copies: int, mark: int) -> None:
    """Copy what stands so many times; `mark` tells these copies from those made before. Statistics are made anew."""
    connection = await asyncpg.connect(dsn)
    try:
        for table, changed in COPIED[service].items():
            query = (
                "select column_name from information_schema.columns where table_schema = 'public' and table_name = $1"
            )
            names = [row[0] for row in await connection.fetch(query, table)]
            taken = {name: _expression(name, changed) for name in names}
            kept = {name: expression for name, expression in taken.items() if expression is not None}
            into, values = ", ".join(f'"{name}"' for name in kept), ", ".join(kept.values())
            copying = COPY.format(table=table, into=into, values=values, first=mark + 1, last=mark + copies)
            await connection.execute(copying)
        await connection.execute("analyze")
        await connection.execute("checkpoint")
    finally:
        await connection.close()


def _expression(name: str, changed: Mapping[str, str | None]) -> str | None:
    expression = changed.get(name, "{}")
    return None if expression is None else expression.replace("{}", f'"{name}"')
