"""Reads and writes what is in force, a whole batch in a few statements, and who has read it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_contracts.bus import event_of, headers_of
from samsyn_contracts.envelope import Event
from sqlmodel import col, select

from samsyn_exchange.domain.standing import NetChange, Standing, change_by, without_orphans
from samsyn_exchange.tables import StandingRow, StateReadRow

PASSED = sa.text("""
delete from standing s using unnest(cast(:centres as text[]), cast(:untils as timestamptz[])) as p (centre, until)
where s.centre = p.centre and s.ends_at <= p.until
""")
ENDED = sa.text("delete from standing where thing = any(cast(:things as text[]))")
ANSWERED = sa.text("""
delete from standing s
using unnest(cast(:things as text[]), cast(:capacities as text[]), cast(:sessions as text[]))
  as a (thing, capacity_id, session_id)
where s.thing = a.thing and s.capacity_id = a.capacity_id and (a.session_id = '' or s.session_id = a.session_id)
""")
ASKED_IN_VAIN = sa.text("""
delete from standing s where s.thing = any(cast(:things as text[])) and s.capacity_id is not null and not exists (
  select from unnest(cast(:kept_things as text[]), cast(:capacities as text[]), cast(:sessions as text[]))
    as kept (thing, capacity_id, session_id)
  where kept.thing = s.thing and kept.capacity_id = s.capacity_id and kept.session_id = s.session_id)
""")
# A fact that its sender numbered before one that stands is superseded.
STANDS_COLUMNS = (
    *("abouts", "things", "centres", "sources", "sequences", "ends"),
    *("capacities", "sessions", "headers", "bodies"),
)
STANDS = sa.text("""
insert into standing
  (about, thing, centre, source, sequence, ends_at, capacity_id, session_id, headers, body)
select about, thing, centre, source, sequence, ends_at, capacity_id, session_id, headers, body from unnest(
  cast(:abouts as text[]), cast(:things as text[]), cast(:centres as text[]), cast(:sources as text[]),
  cast(:sequences as bigint[]), cast(:ends as timestamptz[]), cast(:capacities as text[]), cast(:sessions as text[]),
  cast(:headers as text[]), cast(:bodies as bytea[])) with ordinality as
  told (about, thing, centre, source, sequence, ends_at, capacity_id, session_id, headers, body, number)
order by number
on conflict (about) do update set
  number = excluded.number, centre = excluded.centre, source = excluded.source, sequence = excluded.sequence,
  ends_at = excluded.ends_at, capacity_id = excluded.capacity_id, session_id = excluded.session_id,
  headers = excluded.headers, body = excluded.body
where standing.source <> excluded.source or coalesce(excluded.sequence >= standing.sequence, true)
""")


class StandingEvents:
    """What the events of one transaction do to what is in force."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._net = NetChange()

    def note(self, event: Event) -> None:
        """Remember what the event changes; `save` writes it."""
        self._net.add(change_by(event))

    async def save(self) -> None:
        """Write what was noted: first what has ended, then what stands."""
        net, self._net = self._net, NetChange()
        if net.passed:
            await self._execute(PASSED, centres=list(net.passed), untils=list(net.passed.values()))
        if net.ended:
            await self._execute(ENDED, things=sorted(net.ended))
        if net.answered:
            answered = _columns(sorted(net.answered), ("things", "capacities", "sessions"))
            await self._execute(ANSWERED, **answered)
        if net.kept:
            kept = [(thing, *question) for thing, questions in net.kept.items() for question in sorted(questions)]
            columns = _columns(kept, ("kept_things", "capacities", "sessions"))
            await self._execute(ASKED_IN_VAIN, things=list(net.kept), **columns)
        if net.puts:
            await self._execute(STANDS, **_columns([_row(one) for one in net.puts.values()], STANDS_COLUMNS))

    async def of(self, centres: Collection[str], now: datetime) -> list[Standing]:
        """What is in force in some centres, in the order in which it came."""
        ends_at = col(StandingRow.ends_at)
        in_force = col(StandingRow.centre).in_(centres) & (ends_at.is_(None) | (ends_at > now))
        rows = await self._transaction.session.exec(
            select(StandingRow).where(in_force).order_by(col(StandingRow.number))
        )
        return without_orphans(_standing(row) for row in rows)

    async def note_read(self, party: str, centres: Sequence[str], num_events: int, digest: bytes, at: datetime) -> None:
        """Remember that a party read what is in force."""
        told = {"party": party, "centres": list(centres), "num_events": num_events, "digest": digest, "read_at": at}
        await self._transaction.execute(sa.insert(StateReadRow), [told])

    async def _execute(self, statement: sa.TextClause, **columns: list[Any]) -> None:
        await self._transaction.execute(statement, columns)


def _columns(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> dict[str, list[Any]]:
    """The rows as one array per column."""
    return {name: [row[number] for row in rows] for number, name in enumerate(names)}


def _row(standing: Standing) -> tuple[Any, ...]:
    envelope = standing.event.envelope
    headers = json.dumps([[name, value.decode()] for name, value in headers_of(envelope)])
    told = (standing.about, standing.thing, envelope.centre, envelope.source, envelope.sequence, standing.ends_at)
    return (*told, *(standing.question or (None, None)), headers, standing.event.message.body())


def _standing(row: StandingRow) -> Standing:
    event = event_of([(name, value.encode()) for name, value in json.loads(row.headers)], row.body)
    is_question = row.capacity_id is not None and row.session_id is not None
    question = (row.capacity_id or "", row.session_id or "") if is_question else None
    return Standing(row.about, row.thing, event, row.ends_at, question)
