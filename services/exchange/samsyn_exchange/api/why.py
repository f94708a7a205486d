"""Why things are as they are, for people who run Samsyn: P0 and P1 alone, with the token of `operations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from samsyn_chassis.database import Database

from samsyn_exchange.api.errors import refused
from samsyn_exchange.chronicle import Chronicle, Found, Told
from samsyn_exchange.domain.chronicle import Line, account, causes_beyond
from samsyn_exchange.tokens import OPERATIONS, bearer_of


@dataclass(frozen=True)
class WhyDesk:
    """The chronicle over HTTP."""

    database: Database
    token_secret: str

    async def show(self, request: Request) -> Response:
        """What happened to an operation (by id or code name), or what is behind an event (or a thing) and followed."""
        if bearer_of(self.token_secret, request.headers.get("authorization"), [OPERATIONS]) is None:
            return refused("not_known")
        asked, centre = request.path_params["asked"], request.query_params.get("centre")
        async with self.database.transaction() as transaction:
            chronicle = Chronicle(transaction)
            operations = await chronicle.operations(asked, centre)
            if len(operations) > 1:
                return refused("several_centres")
            operation = operations[0] if operations else None
            found = await chronicle.of_operation(*operation) if operation else await chronicle.of_event(asked, centre)
            if not found.asked:
                return refused("nothing_noted")
            return JSONResponse(await _told(chronicle, operation[0] if operation else None, found))


async def _told(chronicle: Chronicle, operation_id: str | None, found: Found) -> Mapping[str, Any]:
    entries = list(found.by_key.values())
    kept = await chronicle.kept(causes_beyond(entries), found.centre)
    told = await chronicle.told(found.by_key)
    names = await chronicle.code_names({entry.operation_id for entry in entries if entry.operation_id is not None})
    return {
        "operation_id": operation_id,
        "asked": [entry.id for entry in found.asked],
        "code_names": names,
        "is_cut": found.is_cut,
        "events": [_event(line, told.get(line.entry.key, ())) for line in account(entries, kept)],
    }


def _event(line: Line, told: Sequence[Told]) -> Mapping[str, Any]:
    entry = line.entry
    return {
        "id": entry.id,
        "source": entry.source,
        "name": entry.name,
        "centre": entry.centre,
        "subject": entry.subject,
        "operation_id": entry.operation_id,
        "said_at": entry.said_at.isoformat(),
        "received_at": entry.received_at.isoformat(),
        "trace_id": entry.trace_id,
        "body": entry.body,
        "causes": entry.causes,
        "chain": line.chain,
        "others": line.others,
        "missing": line.missing,
        "is_by_time": line.is_by_time,
        "told": [{"party": party, "view": view, "at": at.isoformat()} for party, view, at in told],
        "acknowledged": [{"party": party, "at": at.isoformat()} for party, at in line.seen],
    }
