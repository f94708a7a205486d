"""The rows of one party as they come about: what it hears, what that changes in what it knows, what it says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from samsyn_contracts.envelope import Envelope, Environment, derived_id, party_source
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from sqlalchemy.ext.asyncio import AsyncConnection

from samsyn_adapter_desk.database import Database
from samsyn_adapter_desk.domain import hearing, own_words, refusals
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards import CARDS
from samsyn_adapter_desk.domain.known import Known, Needs
from samsyn_adapter_desk.sayings import Said, Speech, said_in

CHANNEL = "samsyn_desk"

INTO_HEARD = sa.text("""
insert into heard
  (party, event_id, type, source, subject, centre, happened_at, causationid, correlationid, traceparent, body)
values (:party, :event_id, :type, :source, :subject, :centre, :happened_at, :causationid, :correlationid,
  :traceparent, cast(:body as jsonb))
on conflict do nothing returning number
""")
INTO_CARD = sa.text("""
insert into card (party, kind, id, centre, state, at, session_id, body)
values (:party, :kind, :id, :centre, :state, :at, :session_id, cast(:body as jsonb))
on conflict (party, kind, id) do update set centre = excluded.centre, state = excluded.state, at = excluded.at,
  session_id = excluded.session_id, body = excluded.body
""")
NEEDED = sa.text("""
select kind, body from card where party = :party and (
  (kind, id) in (select * from unnest(cast(:kinds as text[]), cast(:ids as text[])))
  or id = :operation_id or starts_with(id, :of_operation) or session_id = :session_id
  or (kind = 'replan' and state = 'open' and centre = :replans_of)
) for update
""")
# Two statements of a party never become visible out of order: who reads on from a number misses none.
ONE_AT_A_TIME = sa.text("select pg_advisory_xact_lock(hashtext('samsyn_desk_saying:' || :party))")
INTO_SAYING = sa.text("""
insert into saying
  (party, event_id, key, type, body, centre, actorrole, occurred_at, causationid, by_subject, by_function, state,
   reasons, undo)
values (:party, :event_id, :key, :type, cast(:body as jsonb), :centre, :actorrole, :occurred_at, :causationid,
  :by_subject, :by_function, 'waiting', '[]', '[]')
on conflict (party, key) do nothing returning number
""")
UNDO = sa.text("update saying set undo = cast(:undo as jsonb) where party = :party and event_id = :event_id")
THIS_DATABASE = sa.text("select id from this_database")
THESE = sa.text("""
select kind, id, body from card where party = :party
  and (kind, id) in (select * from unnest(cast(:kinds as text[]), cast(:ids as text[]))) for update
""")
SAYINGS_AFTER = sa.text("select * from saying where party = :party and number > :number order by number limit 100")
SETTLE = sa.text("""
update saying set state = :state, reasons = cast(:reasons as jsonb)
where party = :party and event_id = :event_id and state = any(:before) returning number, undo
""")
WAITING = sa.text("select event_id from saying where party = :party and state = 'waiting' order by number")
TELL = sa.text("select pg_notify(:channel, :party)")


class Store:
    """Everything of one party, in transactions of its own."""

    def __init__(self, database: Database, party: str, environment: Environment) -> None:
        self.party = party
        self._database = database
        self._environment = environment

    async def hear(self, message: Message, envelope: Envelope) -> None:
        """Take in an event, once: the record, the cards it changes, and word to those who look."""
        async with self._database.as_party(self.party) as connection:
            if not await self._is_news(connection, message, envelope):
                return
            if isinstance(message, EventRejected):
                await self._refused(connection, message)
            known = await self._known(connection, hearing.needs_of(message, envelope))
            await self._keep(connection, hearing.hear(message, envelope, known))
            await connection.execute(TELL, {"channel": CHANNEL, "party": self.party})

    async def say(self, speech: Speech) -> str:
        """Put a statement on its way and show what it changes; the event's id. A second time the same: nothing."""
        event_id = derived_id(self.party, speech.key)
        envelope = self._envelope(speech, event_id)
        async with self._database.as_party(self.party) as connection:
            await connection.execute(ONE_AT_A_TIME, {"party": self.party})
            row = {
                "party": self.party,
                "event_id": event_id,
                "key": speech.key,
                "type": speech.message.type_name(),
                "body": speech.message.body().decode(),
                "centre": speech.centre,
                "actorrole": speech.actorrole,
                "occurred_at": speech.occurred_at,
                "causationid": speech.causationid,
                "by_subject": speech.by_subject,
                "by_function": speech.by_function,
            }
            if (await connection.execute(INTO_SAYING, row)).first() is None:
                return event_id
            known = await self._known(connection, own_words.needs_of(speech.message, envelope))
            changed = list(own_words.say(speech.message, envelope, known))
            await self._keep(connection, changed)
            undo = json.dumps([_undone(known, card) for card in changed])
            await connection.execute(UNDO, {"party": self.party, "event_id": event_id, "undo": undo})
            await connection.execute(TELL, {"channel": CHANNEL, "party": self.party})
        return event_id

    async def database_id(self) -> str:
        """Which database this is."""
        async with self._database.as_party(self.party) as connection:
            return str((await connection.execute(THIS_DATABASE)).scalar_one())

    async def sayings_after(self, number: int) -> list[Said]:
        """Statements from a number on, in the order said."""
        async with self._database.as_party(self.party) as connection:
            rows = await connection.execute(SAYINGS_AFTER, {"party": self.party, "number": number})
            return [said_in(row) for row in rows.mappings()]

    async def waiting(self) -> list[str]:
        """Ids of statements that nobody has answered yet."""
        async with self._database.as_party(self.party) as connection:
            return [row.event_id for row in await connection.execute(WAITING, {"party": self.party})]

    async def admitted(self, event_ids: Sequence[str]) -> None:
        """Note that Samsyn keeps these statements."""
        async with self._database.as_party(self.party) as connection:
            for event_id in event_ids:
                # What was refused meanwhile stays refused.
                row: dict[str, Any] = {"party": self.party, "event_id": event_id, "state": "admitted", "reasons": "[]"}
                row |= {"before": ["waiting"]}
                await connection.execute(SETTLE, row)
            await connection.execute(TELL, {"channel": CHANNEL, "party": self.party})

    async def _is_news(self, connection: AsyncConnection, message: Message, envelope: Envelope) -> bool:
        row = {
            "party": self.party,
            "event_id": envelope.id,
            "type": envelope.type,
            "source": envelope.source,
            "subject": envelope.subject,
            "centre": envelope.centre,
            "happened_at": envelope.time,
            "causationid": envelope.causationid,
            "correlationid": envelope.correlationid,
            "traceparent": envelope.traceparent,
            "body": message.body().decode(),
        }
        return (await connection.execute(INTO_HEARD, row)).first() is not None

    async def _refused(self, connection: AsyncConnection, refused: EventRejected) -> None:
        reasons = json.dumps([reason.model_dump(mode="json") for reason in refused.reasons])
        settled: dict[str, Any] = {
            "party": self.party,
            "event_id": refused.rejected_id,
            "state": "rejected",
            "reasons": reasons,
        }
        settled |= {"before": ["waiting", "admitted"]}
        row = (await connection.execute(SETTLE, settled)).first()
        if row is None:
            return
        steps = {(step["kind"], step["id"]): step for step in row.undo}
        named = {"kinds": [kind for kind, _ in steps], "ids": [card_id for _, card_id in steps]}
        rows = await connection.execute(THESE, {"party": self.party, **named})
        back = [_taken_back(found, steps[found.kind, found.id], refused.rejected_id) for found in rows]
        await self._keep(connection, back)

    async def _known(self, connection: AsyncConnection, needs: Needs) -> Known:
        asked = {
            "party": self.party,
            "kinds": [kind for kind, _ in needs.keys],
            "ids": [card_id for _, card_id in needs.keys],
            "operation_id": needs.operation_id or "",
            "of_operation": f"{needs.operation_id}|" if needs.operation_id else "|",
            "session_id": needs.session_id,
            "replans_of": needs.replans_of,
        }
        rows = await connection.execute(NEEDED, asked)
        cards = [CARDS[row.kind].model_validate(row.body) for row in rows]
        return Known(self.party, {(card.kind, card.id): card for card in cards})

    async def _keep(self, connection: AsyncConnection, cards: Iterable[Card]) -> None:
        rows = [
            {
                "party": self.party,
                "kind": card.kind,
                "id": card.id,
                "centre": card.centre,
                "state": card.status,
                "at": card.at,
                "session_id": card.session_id,
                "body": card.model_dump_json(exclude_none=True),
            }
            for card in cards
        ]
        if rows:
            await connection.execute(INTO_CARD, rows)

    def _envelope(self, speech: Speech, event_id: str) -> Envelope:
        return Envelope(
            id=event_id,
            source=party_source(self.party),
            type=speech.message.type_name(),
            time=speech.occurred_at,
            centre=speech.centre,
            environment=self._environment,
            subject=speech.message.subject,
            actorrole=speech.actorrole,
        )


def _body(card: Card) -> Any:
    """A card as its row holds it."""
    return card.model_dump(mode="json", exclude_none=True)


def _undone(known: Known, card: Card) -> dict[str, Any]:
    """What a refusal needs: the card as the statement left it, and as it was before (None: there was none)."""
    before = known.cards.get((card.kind, card.id))
    return {"kind": card.kind, "id": card.id, "after": _body(card), "before": before and _body(before)}


def _taken_back(row: Any, step: dict[str, Any], refused_id: str) -> Card:
    """The card as it was, where nothing has changed it since; else without what the statement had put there."""
    kind = CARDS[row.kind]
    if step["before"] is not None and row.body == step["after"]:
        return kind.model_validate(step["before"])
    return refusals.refuse(kind.model_validate(row.body), refused_id)
