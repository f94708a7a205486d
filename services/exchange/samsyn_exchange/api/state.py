"""The state over HTTP: what is in force today, for a party that joins late or has lost its place in the inbox."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from pydantic import AwareDatetime, BaseModel
from samsyn_chassis.batches import is_transient
from samsyn_chassis.database import Database
from samsyn_contracts.bus import headers_of
from samsyn_contracts.web import structured

from samsyn_exchange.api.errors import refused
from samsyn_exchange.api.requests import Callers
from samsyn_exchange.border import Border
from samsyn_exchange.domain.admission import local_day
from samsyn_exchange.domain.operations import seen_by
from samsyn_exchange.domain.standing import digest_of
from samsyn_exchange.inbox import Inbox
from samsyn_exchange.store import Store


class State(BaseModel):
    """Events in force, in CloudEvents' structured form and in the order told; `cursor` is where the inbox goes on.

    `acknowledged` is what the caller itself has said that it has seen: of each operation not over yet, in force or
    off, the newest plan version, by operation id.
    """

    as_of: AwareDatetime
    cursor: int
    events: list[dict[str, Any]]
    acknowledged: dict[str, int]


@dataclass(frozen=True)
class StateDesk:
    """What each party may know today of what is in force; who read it is noted."""

    database: Database
    border: Border
    inbox: Inbox
    callers: Callers

    async def read(self, request: Request) -> Response:
        """What is in force in the caller's centres, or in one of them."""
        caller, centre = self.callers.of(request), request.query_params.get("centre")
        if caller is None:
            return refused("not_known")
        if centre is not None and centre not in self.border.register.centres:
            return refused("unknown_centre")
        try:
            return await self._read(caller, centre)
        except Exception as error:
            if is_transient(error):
                return refused("away")
            raise

    async def _read(self, party: str, centre: str | None) -> Response:
        # Before all else: what is told from here on stands behind the cursor.
        cursor = await self.inbox.end(party)
        async with self.database.transaction() as transaction:
            store = Store(transaction)
            at = await self.border.shown_now(store)
            centres = self._centres_of(party, local_day(at), centre)
            if centre is not None and not centres:
                return refused("not_member")
            standing = await store.standing.of(centres, at)
            seen = seen_by(party, await store.operations_to_come(centres, at))
            shown = await self.border.shown_to(party, store, [one.event for one in standing], at)
            await store.standing.note_read(party, centres, len(shown), digest_of(shown), at)
        events = [structured(headers_of(one.envelope), one.body) for one in shown]
        told = f'"as_of":{json.dumps(at.isoformat())},"cursor":{cursor},"events":[{",".join(events)}]'
        told += f',"acknowledged":{json.dumps(seen)}'
        return Response(f"{{{told}}}", media_type="application/json")

    def _centres_of(self, party: str, day: date, centre: str | None) -> list[str]:
        wanted = self.border.register.centres if centre is None else (centre,)
        known = self.border.register.by_code[party]
        return [code for code in wanted if code == party or known.is_member(code, day)]
