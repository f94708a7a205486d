"""The border itself: what parties say is admitted and answered, what concerns others is disclosed to them."""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.batches import Record, dispatching
from samsyn_chassis.database import Transaction
from samsyn_chassis.failures import where
from samsyn_chassis.telemetry import METER, SpanKind, handled, repeated, span, traceparent
from samsyn_contracts.audience import audience_of
from samsyn_contracts.bus import ADMITTED, REPLAY_FOR, from_topic, headers_of, resaid_as, to_topic
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.envelope import ALL_CENTRES, Envelope, Environment, Event
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.register import Register
from samsyn_contracts.rejection import rejection

from samsyn_exchange.admissions import Admission, Settled
from samsyn_exchange.domain.admission import Admitted, Refused, Said, admit, is_answered, local_day, refusal
from samsyn_exchange.domain.answers import answer_admitted, answer_rejected, time_passed
from samsyn_exchange.domain.disclosure import (
    Disclosure,
    Rule,
    UnsayableError,
    View,
    disclosed,
    redacted,
    redacted_envelope,
)
from samsyn_exchange.domain.identities import references
from samsyn_exchange.domain.operations import KnownOperation, noted
from samsyn_exchange.domain.standing import Shown
from samsyn_exchange.handlers import HANDLERS, entitled_to, follow_parts
from samsyn_exchange.refused import keep_refused
from samsyn_exchange.store import Refusals, Store

logger = logging.getLogger(__name__)
READ_ONLY = sa.text("set transaction read only")
TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
refused_events = METER.create_counter("samsyn_events_refused", description="events answered EventRejected, by code")
unsayable = METER.create_counter("samsyn_disclosures_failed", description="messages that redaction left invalid: a bug")


@dataclass(frozen=True)
class Border:
    """What the exchange decides by, and its clock: `proposed` reads it; `moves` tells if it runs by itself.

    `sealed_to` is the public key (hex) that refused records are sealed to.
    """

    register: Register
    rules: Sequence[Rule]
    environment: Environment
    proposed: Callable[[], datetime]
    moves: bool
    sealed_to: str | None = None

    async def receive(self, transaction: Transaction, records: Sequence[Record]) -> None:
        """Answer every record of the parties' topics."""
        parties = {from_topic(party.code): party.code for party in self.register.parties}
        said = [_said(record, parties) for record in records]
        # Said again from a journal: a refusal stands as it was told, whatever would be decided today.
        await self.take(transaction, [one for one in said if resaid_as(one.headers) != "rejected"])

    async def take(self, transaction: Transaction, said: Sequence[Said]) -> list[Settled]:
        """Answer what parties say, however it came; what is admitted is kept, published and disclosed."""
        store = Store(transaction)
        await transaction.lock({one.centre for one in said if one.centre is not None} & self.places)
        received_at = await self.now(store)
        outcomes = [admit(one, self.register, self.environment, received_at) for one in said]
        await store.load(Event(one.envelope, one.message) for one in outcomes if isinstance(one, Admitted))
        admission = await Admission.of(transaction, store, said, outcomes)
        settled: list[Settled] = []
        for one, outcome in zip(said, outcomes, strict=True):
            with span(_name(outcome), _traceparent(one), SpanKind.CONSUMER, **_told(one)) as opened:
                settled.append(await self._settle(admission, one, outcome, received_at))
                opened.set_attribute("samsyn.outcome", settled[-1].code)
        await store.save()
        _count(settled)
        both = zip(said, settled, strict=True)
        refused = [(one, was.outcome, was.answer) for one, was in both if isinstance(was.outcome, Refused)]
        await keep_refused(transaction, refused, self.sealed_to, received_at)
        return settled

    async def weigh(self, transaction: Transaction, said: Sequence[Said]) -> list[Settled]:
        """What `take` would answer; nothing is done about it, and the database would refuse to."""
        await transaction.execute(READ_ONLY)
        store = Store(transaction)
        at = await self.shown_now(store)
        outcomes = [admit(one, self.register, self.environment, at) for one in said]
        admission = await Admission.imagined(transaction, store, outcomes)
        return [self._weighed(admission, one, outcome, at) for one, outcome in zip(said, outcomes, strict=True)]

    async def on_said_by_service(self, message: Any, envelope: Envelope, store: Store) -> None:
        """Remember what planning tells of an operation, and let what a service says be known."""
        event = Event(envelope, message)
        about = await store.operations_about([event])
        await self.now(store)
        await follow_parts(noted(event, about), about, store)
        await self._make_known(store, event, about)

    async def shown_to(self, party: str, store: Store, events: Sequence[Event], at: datetime) -> list[Shown]:
        """What a party may know today of events that were said before, by the rules that disclose what is said now.

        What may be fetched by it is given anew: nobody may end their part meanwhile, so that their no is not undone.
        """
        await store.transaction.lock({one.envelope.centre for one in events if any(references(one.message))})
        known, day, shown = await store.operations_about(events), local_day(at), list[Shown]()
        for event in events:
            told = [one for one in disclosed(event, self.register, known, self.rules, day) if one.party == party]
            envelope = redacted_envelope(event.envelope)
            shown += [Shown(envelope, *found) for found in await self._bodies(store, event, told, at)]
        return shown

    async def say_time(self, store: Store, centres: Iterable[str], until: datetime) -> None:
        """Tell some centres what time it is."""
        for centre in sorted(centres):
            event = time_passed(centre, until, self.environment)
            _publish(store.transaction, event)
            await self._make_known(store, event, ())

    async def now(self, store: Store) -> datetime:
        """The exchange's time in this transaction; the clock is held until it commits."""
        return await store.now(self.proposed(), moves=self.moves)

    async def shown_now(self, store: Store) -> datetime:
        """The exchange's time for who only reads: the clock is not held."""
        return await store.shown_now(self.proposed(), moves=self.moves)

    @property
    def places(self) -> frozenset[str]:
        """What an event can be about, each with an order of its own: every centre, and all of them."""
        return frozenset((*self.register.centres, ALL_CENTRES))

    async def _make_known(self, store: Store, event: Event, known: Sequence[KnownOperation]) -> None:
        """Disclose an event, act on it, and let what the exchange itself says of it be known in turn."""
        await self._disclose(store, event, known, await self.now(store))
        store.note_known(event)
        store.standing.note(event)
        handler = HANDLERS.get(type(event.message))
        if handler is not None:
            await handler(event.message, event.envelope, store)
        for own in store.take_said():
            _publish(store.transaction, own)
            await self._make_known(store, own, known)

    async def _disclose(self, store: Store, event: Event, known: Sequence[KnownOperation], at: datetime) -> None:
        """Tell each party that a rule names what it may know of the event."""
        told = disclosed(event, self.register, known, self.rules, local_day(at))
        if not told:
            return
        envelope = redacted_envelope(event.envelope).model_copy(update={"traceparent": traceparent()})
        headers = headers_of(envelope)
        for disclosure, body in await self._bodies(store, event, told, at):
            store.transaction.say_raw(to_topic(disclosure.party), envelope.centre, headers, body)
            store.note_disclosed(envelope, disclosure, at)

    async def _bodies(
        self, store: Store, event: Event, told: Sequence[Disclosure], at: datetime
    ) -> list[tuple[Disclosure, bytes]]:
        """What each party may know of the event."""
        refs = await entitled_to(event, [one.party for one in told if one.view == "accepted"], store, at)
        shown = {one.party: (one.view, refs.get(one.party, frozenset())) for one in told}
        bodies = {what: _body(event.message, *what) for what in set(shown.values())}
        return [(one, body) for one in told if (body := bodies[shown[one.party]]) is not None]

    async def _settle(self, admission: Admission, said: Said, outcome: Admitted | Refused, at: datetime) -> Settled:
        """Give one event its effect and its answer."""
        settled = self._weighed(admission, said, outcome, at)
        if settled.kept is not None:
            await self._keep(admission, said, settled.kept, at)
        if settled.is_repeated and is_answered(said):
            return settled  # the answer was said again as well, from our own outbox
        if settled.is_repeated and isinstance(outcome, Admitted):
            _publish_again(admission.transaction, outcome, admission.taken_up_again(outcome))
        answer = settled.answer
        admission.transaction.say(to_topic(said.party), answer.envelope.centre, answer.envelope, answer.message)
        return settled

    def _weighed(self, admission: Admission, said: Said, outcome: Admitted | Refused, at: datetime) -> Settled:
        """What becomes of one event; the same one is new only once in a batch."""
        if isinstance(outcome, Admitted) and admission.is_reused(outcome):
            outcome = refusal(said, self.register, rejection("id_reused", "/headers/ce_id"))
        if isinstance(outcome, Refused):
            return Settled(outcome, answer_rejected(outcome, said.party, _digest(said), self.environment, at))
        is_new = admission.take(outcome)
        first_at = at if is_new else admission.first_at(outcome, at)
        return Settled(outcome, answer_admitted(outcome.envelope, first_at), is_repeated=not is_new)

    async def _keep(self, admission: Admission, said: Said, admitted: Admitted, received_at: datetime) -> None:
        event = Event(admitted.envelope, admitted.message)
        admission.store.note_admitted(said, admitted, received_at)
        _publish(admission.transaction, event)
        await self._make_known(admission.store, event, admission.known)


def receive_from_services(border: Border) -> Callable[[Transaction, Sequence[Record]], Any]:
    """What is done with the services' own topics."""
    return dispatching(dict.fromkeys(_said_by_services(), border.on_said_by_service), Store)


def _said_by_services() -> list[type[Message]]:
    """What other services say; EventRejected is every service's answer."""
    others = [cls for cls in MESSAGES.values() if audience_of(cls).said_by not in (None, "exchange")]
    return [*others, EventRejected]


def _said(record: Record, parties: Mapping[str, str]) -> Said:
    party = parties[record.topic]
    place = (record.topic, record.partition, record.offset)
    return Said(*place, party, tuple(record.headers), record.value, record.key)


def _body(message: Message, view: View, refs: frozenset[str]) -> bytes | None:
    """What of a message may be said in a view; None, with an alert, if that is no message any more."""
    try:
        return redacted(message, view, refs)
    except UnsayableError as error:
        _count_unsayable(message, view, error)
        return None


def _count_unsayable(message: Message, view: View, error: UnsayableError) -> None:
    unsayable.add(1, {"type": type(message).__name__})
    told = (type(message).__name__, view, where(error))
    logger.error("%s is disclosed in the view %s and cannot be said in it: %s", *told)


def _publish(transaction: Transaction, event: Event) -> None:
    """Put an event on `samsyn.admitted.v1`, keyed by its centre, with the wall clock for measurements."""
    committed_ms = str(time.time_ns() // 1_000_000)
    transaction.say(ADMITTED, event.envelope.centre, event.envelope, event.message, committed_ms=committed_ms)


def _publish_again(transaction: Transaction, admitted: Admitted, refusals: Refusals) -> None:
    """Let services that refused an event as too early have it once more, in consequence of their refusal."""
    for service, refused_by in sorted(refusals.items()):
        envelope = admitted.envelope.model_copy(update={"causationid": refused_by})
        transaction.say(ADMITTED, envelope.centre, envelope, admitted.message, **{REPLAY_FOR: service})


def _count(settled: Iterable[Settled]) -> None:
    """Count a whole batch at once: what an event costs is mostly such small things."""
    codes, types = Counter[str](), Counter[tuple[bool, str]]()
    for one in settled:
        if isinstance(one.outcome, Refused):
            codes.update(reason.code for reason in one.outcome.reasons)
        else:
            types[one.is_repeated, type(one.outcome.message).__name__] += 1
    for code, num in codes.items():
        refused_events.add(num, {"code": code})
    for (is_repeated, name), num in types.items():
        (repeated if is_repeated else handled).add(num, {"type": name})


def _digest(said: Said) -> str:
    """A hash of what the sender controls, but for the trace, which differs between tries of the same event."""
    told = [part for key, value in said.headers if key != "traceparent" for part in (key.encode(), value or b"")]
    return hashlib.sha256(b"\x1f".join([*told, said.body or b""])).hexdigest()


def _traceparent(said: Said) -> str | None:
    values = [value for key, value in said.headers if key == "traceparent" and value is not None]
    return values[-1].decode() if values and TRACEPARENT.fullmatch(values[-1]) else None


def _name(outcome: Admitted | Refused) -> str:
    type_ = outcome.envelope.type if isinstance(outcome, Admitted) else outcome.rejected_type
    return f"admit {MESSAGES[type_].__name__}" if type_ in MESSAGES else "admit"


def _told(said: Said) -> dict[str, str]:
    return {"id": said.event_id or said.place, "party": said.party, "centre": said.centre or "_all"}
