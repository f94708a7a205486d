"""Reads and writes what the exchange remembers, a whole batch per statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_chassis.telemetry import traceparent
from samsyn_contracts.bus import headers_of
from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import Envelope, Event, party_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from sqlalchemy.dialects import postgresql
from sqlmodel import col, select

from samsyn_exchange.adapters import Adapters
from samsyn_exchange.domain.admission import Admitted, Said, place_of
from samsyn_exchange.domain.answers import said_because
from samsyn_exchange.domain.chain import START, appended, canonical_headers
from samsyn_exchange.domain.chronicle import entry_of
from samsyn_exchange.domain.disclosure import Disclosure
from samsyn_exchange.domain.operations import KnownOperation
from samsyn_exchange.rows import row_of_entry
from samsyn_exchange.standing import StandingEvents
from samsyn_exchange.tables import ChronicleRow, ClockRow, DisclosureRow, MessageLogRow, OperationRow

THE_CLOCK = 1
Key = tuple[str, str]
# By service the id of its refusal.
Refusals = Mapping[str, str]
NOW = sa.text("""
insert into clock (id, now_at) values (:id, :proposed_at)
on conflict (id) do update set
  now_at = case when cast(:moves as boolean) then greatest(clock.now_at, excluded.now_at) else clock.now_at end
returning now_at
""")
# A step down the index for each centre: `distinct on` would read the whole log of a centre.
LAST_ENTRIES = sa.text("""
select asked.centre, last.number, last.hash from unnest(cast(:centres as text[])) as asked (centre)
cross join lateral (
  select number, hash from message_log l where l.centre = asked.centre order by number desc limit 1
) as last
""")
_TEXTS = sa.ARRAY(sa.Text)
ABOUT = sa.select(*(col(getattr(OperationRow, name)) for name in OperationRow.model_fields)).where(
    sa.or_(
        col(OperationRow.operation_id) == sa.any_(sa.bindparam("operation_ids", type_=_TEXTS)),
        col(OperationRow.capacity_id) == sa.any_(sa.bindparam("capacity_ids", type_=_TEXTS)),
    )
)
# Without rows in them, made once: their text is the same for one row and for hundreds.
INTO_LOG, INTO_DISCLOSURE = sa.insert(MessageLogRow), sa.insert(DisclosureRow)
INTO_CHRONICLE = postgresql.insert(ChronicleRow).on_conflict_do_nothing(index_elements=["source", "id"])
_OPERATION = postgresql.insert(OperationRow)
_NEWER = {name: _OPERATION.excluded[name] for name in OperationRow.model_fields if name != "operation_id"}
INTO_OPERATION = _OPERATION.on_conflict_do_update(index_elements=["operation_id"], set_=_NEWER)


class Store:
    """The rows of one transaction; `save` writes what was noted."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self._now: datetime | None = None
        self._logged: list[tuple[Said, Admitted, datetime]] = []
        self._disclosed: list[dict[str, object]] = []
        self._operations: dict[str, KnownOperation] = {}
        self._said: list[Event] = []
        self._chronicle: list[dict[str, object]] = []
        self.standing = StandingEvents(transaction)
        self.adapters = Adapters(transaction)

    async def load(self, events: Iterable[Event]) -> None:
        """Read what the handlers of these events will ask for, in one statement and not one per event."""
        heard = [event.message for event in events]
        await self.adapters.read({one.adapter_id for one in heard if isinstance(one, AdapterHeartbeat)})

    @property
    def at(self) -> datetime:
        """The time of this transaction, once it is known."""
        if self._now is None:
            raise ValueError("the time of this transaction is not known yet")
        return self._now

    def say(self, message: Message, cause: Envelope) -> None:
        """Say a message in the exchange's own name, in consequence of an event."""
        self._said.append(said_because(message, cause, self.at))

    def take_said(self) -> list[Event]:
        """What was said since this was last asked."""
        taken, self._said = self._said, []
        return taken

    async def now(self, proposed_at: datetime, *, moves: bool) -> datetime:
        """The time of this transaction, never before another's: what was proposed if that is later and the clock moves.

        The clock is held until the commit. Take the locks of centres first, or two transactions wait for each other.
        """
        if self._now is None:
            told = {"id": THE_CLOCK, "proposed_at": proposed_at, "moves": moves}
            self._now = (await self.transaction.execute(NOW, told)).scalar_one()
        return self._now

    async def shown_now(self, proposed_at: datetime, *, moves: bool) -> datetime:
        """The time that `now` would give, without holding the clock or moving it."""
        kept: datetime | None = (await self.transaction.execute(sa.select(col(ClockRow.now_at)))).scalar_one_or_none()
        return proposed_at if kept is None else max(kept, proposed_at) if moves else kept

    async def set_clock(self, now_at: datetime) -> None:
        """Give a driven clock another time."""
        await self.transaction.execute(sa.update(ClockRow).values(now_at=now_at))
        self._now = now_at

    async def ticked_at(self) -> datetime | None:
        """When the time was last told to all centres."""
        return (await self.transaction.execute(sa.select(col(ClockRow.ticked_at)))).scalar_one_or_none()

    async def note_tick(self, at: datetime) -> None:
        """The time has been told to all centres."""
        await self.transaction.execute(sa.update(ClockRow).values(ticked_at=at))

    async def received_at(self, keys: Collection[Key]) -> dict[Key, datetime]:
        """When events that were admitted before came the first time, by source and id."""
        if not keys:
            return {}
        source, id_ = col(MessageLogRow.source), col(MessageLogRow.id)
        wanted = sa.select(source, id_, col(MessageLogRow.received_at)).where(sa.tuple_(source, id_).in_(list(keys)))
        return {(row[0], row[1]): row[2] for row in await self.transaction.execute(wanted)}

    async def first_places(self, keys: Collection[Key]) -> dict[Key, str]:
        """Where events that were admitted before stood the first time, by source and id."""
        if not keys:
            return {}
        row = MessageLogRow
        columns = (col(row.source), col(row.id), col(row.topic), col(row.partition), col(row.record_offset))
        wanted = sa.select(*columns).where(sa.tuple_(col(row.source), col(row.id)).in_(list(keys)))
        found = await self.transaction.execute(wanted)
        return {(source, id_): place_of(topic, partition, offset) for source, id_, topic, partition, offset in found}

    async def refused_too_early(self, keys: Collection[Key]) -> Mapping[Key, Refusals]:
        """Of events admitted before those that services could not take yet, as their last word stands."""
        if not keys:
            return {}
        is_refusal, id_ = col(ChronicleRow.name) == EventRejected.__name__, col(ChronicleRow.subject)
        ids = sorted({id_ for _, id_ in keys})
        wanted = select(ChronicleRow).where(is_refusal, id_.in_(ids)).order_by(col(ChronicleRow.number))
        found: defaultdict[Key, dict[str, str]] = defaultdict(dict)
        for row in await self.transaction.session.exec(wanted):
            told, service = row.body or {}, row.source.rpartition(":")[2]
            key = (party_source(told.get("party", "")), row.subject or "")
            found[key].pop(service, None)
            if told.get("replayable"):
                found[key][service] = row.id
        return {key: found[key] for key in keys if found.get(key)}

    async def operations_about(self, events: Iterable[Event]) -> Sequence[KnownOperation]:
        """Operations that the events name, themselves or by the capacity they stand on."""
        messages = [event.message for event in events]
        operation_ids = {value for m in messages if (value := getattr(m, "operation_id", None)) is not None}
        capacity_ids = {value for m in messages if (value := getattr(m, "capacity_id", None)) is not None}
        if not operation_ids and not capacity_ids:
            return []
        asked = {"operation_ids": sorted(operation_ids), "capacity_ids": sorted(capacity_ids)}
        known = {row.operation_id: _operation(row) for row in await self.transaction.execute(ABOUT, asked)}
        return list((known | self._operations).values())

    async def confirmed_between(self, after: datetime, until: datetime) -> Sequence[KnownOperation]:
        """Confirmed operations that start later than one instant and not later than another."""
        starts = col(OperationRow.start_at)
        wanted = select(OperationRow).where(col(OperationRow.is_confirmed), starts > after, starts <= until)
        return [_operation(row) for row in await self.transaction.session.exec(wanted)]

    async def operations_to_come(self, centres: Collection[str], after: datetime) -> Sequence[KnownOperation]:
        """Operations of some centres that were to end after an instant, also those that are off."""
        wanted = col(OperationRow.centre).in_(centres) & (col(OperationRow.end_at) > after)
        return [_operation(row) for row in await self.transaction.session.exec(select(OperationRow).where(wanted))]

    def note_operation(self, operation: KnownOperation | None) -> None:
        """Remember an operation as it is now, if there is something new to know."""
        if operation is not None:
            self._operations[operation.operation_id] = operation

    def note_admitted(self, said: Said, admitted: Admitted, received_at: datetime) -> None:
        """Put an event at the end of its centre's chain."""
        self._logged.append((said, admitted, received_at))

    def note_known(self, event: Event) -> None:
        """Put an event in the chronicle, under the current trace."""
        entry = entry_of(event, self.at, traceparent())
        if entry is not None:
            self._chronicle.append(row_of_entry(entry))

    def note_disclosed(self, envelope: Envelope, disclosure: Disclosure, at: datetime) -> None:
        """Remember that a party was told of an event."""
        self._disclosed.append(
            {
                "source": envelope.source,
                "event_id": envelope.id,
                "receiver": disclosure.party,
                "view": disclosure.view,
                "rule_id": disclosure.rule_id,
                "disclosed_at": at,
            }
        )

    async def save(self) -> None:
        """Write everything that was noted."""
        await self._save_log()
        await self.standing.save()
        await self.adapters.save()
        if self._disclosed:
            await self.transaction.execute(INTO_DISCLOSURE, self._disclosed)
        if self._operations:
            rows = [_operation_row(operation) for operation in self._operations.values()]
            await self.transaction.execute(INTO_OPERATION, rows)
        if self._chronicle:
            await self.transaction.execute(INTO_CHRONICLE, self._chronicle)
        self._logged, self._disclosed, self._operations, self._chronicle = [], [], {}, []

    async def _save_log(self) -> None:
        last = await self._last_entries({admitted.envelope.centre for _, admitted, _ in self._logged})
        rows: list[dict[str, object]] = []
        for centre, (number, hash_) in last.items():
            noted = [one for one in self._logged if one[1].envelope.centre == centre]
            texts = [(canonical_headers(headers_of(a.envelope)), a.body) for _, a, _ in noted]
            for (said, admitted, received_at), entry in zip(noted, appended(number, hash_, texts), strict=True):
                rows.append(
                    {
                        "centre": centre,
                        "number": entry.number,
                        "source": admitted.envelope.source,
                        "id": admitted.envelope.id,
                        "received_at": received_at,
                        "topic": said.topic,
                        "partition": said.partition,
                        "record_offset": said.offset,
                        "headers": entry.headers,
                        "body": entry.body,
                        "hash": entry.hash,
                    }
                )
        if rows:
            await self.transaction.execute(INTO_LOG, rows)

    async def _last_entries(self, centres: Collection[str]) -> dict[str, tuple[int, bytes]]:
        if not centres:
            return {}
        last = await self.transaction.execute(LAST_ENTRIES, {"centres": sorted(centres)})
        found = {row[0]: (row[1], row[2]) for row in last}
        return {name: found.get(name, (0, START)) for name in sorted(centres)}


def _operation(row: OperationRow | sa.Row[*tuple[Any, ...]]) -> KnownOperation:
    participants = tuple((agency, status) for agency, status in row.participants)
    return KnownOperation(
        operation_id=row.operation_id,
        centre=row.centre,
        code_name=row.code_name,
        capacity_id=row.capacity_id,
        participants=participants,
        plan_version=row.plan_version,
        start_at=row.start_at,
        end_at=row.end_at,
        is_confirmed=row.is_confirmed,
        told_at=row.told_at,
        acknowledged=tuple((party, version) for party, version in row.acknowledged),
        accepted=tuple((party, capacity_id) for party, capacity_id in row.accepted),
        withdrawn=tuple(row.withdrawn),
        route=tuple(row.route),
        numbers=tuple((subject, number) for subject, number in row.numbers),
    )


def _operation_row(operation: KnownOperation) -> dict[str, object]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(operation).items()}
