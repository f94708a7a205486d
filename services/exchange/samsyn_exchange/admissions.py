"""What is known of a batch of events before each is settled, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from samsyn_chassis.database import Seen, Transaction, body_hash
from samsyn_contracts.envelope import Event

from samsyn_exchange.domain.admission import Admitted, Refused
from samsyn_exchange.domain.operations import KnownOperation
from samsyn_exchange.store import Key, Store


@dataclass(frozen=True)
class Settled:
    """What became of one event that a party said: what was decided, and the answer that the party is told."""

    outcome: Admitted | Refused
    answer: Event
    is_repeated: bool = False

    @property
    def code(self) -> str:
        """`admitted`, `repeated`, or the code of the first reason why it was refused."""
        if isinstance(self.outcome, Refused):
            return self.outcome.reasons[0].code
        return "repeated" if self.is_repeated else "admitted"

    @property
    def kept(self) -> Admitted | None:
        """The event if it is one that is kept from now on."""
        return self.outcome if isinstance(self.outcome, Admitted) and not self.is_repeated else None


@dataclass
class Admission:
    """Which events of a batch are new, and what they concern."""

    transaction: Transaction
    store: Store
    new: set[Key]
    hashes: Mapping[Key, bytes]
    times: Mapping[Key, datetime]
    known: Sequence[KnownOperation]

    @classmethod
    async def of(cls, transaction: Transaction, store: Store, outcomes: Sequence[Admitted | Refused]) -> Admission:
        """Note the admitted events in the inbox, and find out what is known of them."""
        admitted = [outcome for outcome in outcomes if isinstance(outcome, Admitted)]
        new, hashes = await transaction.first_seen([_seen(one) for one in admitted])
        times = await store.received_at(hashes.keys() - new)
        events = [Event(one.envelope, one.message) for one in admitted]
        return cls(transaction, store, new, hashes, times, await store.operations_about(events))

    @classmethod
    async def imagined(
        cls, transaction: Transaction, store: Store, outcomes: Sequence[Admitted | Refused]
    ) -> Admission:
        """What `of` would find out about events that nobody has said; nothing is noted."""
        admitted = [outcome for outcome in outcomes if isinstance(outcome, Admitted)]
        new, hashes = await transaction.would_be_first_seen([_seen(one) for one in admitted])
        times = await store.received_at(hashes.keys() - new)
        return cls(transaction, store, new, hashes, times, ())

    def is_reused(self, admitted: Admitted) -> bool:
        """Whether its id stands for another event."""
        seen = _seen(admitted)
        return self.hashes[seen.source, seen.id] != seen.body_hash

    def take(self, admitted: Admitted) -> bool:
        """Whether this is the event's first time; it is not any more afterwards."""
        key = (admitted.envelope.source, admitted.envelope.id)
        is_new = key in self.new
        self.new.discard(key)
        return is_new

    def first_at(self, admitted: Admitted, received_at: datetime) -> datetime:
        """When the event came the first time; `received_at` if that is now."""
        return self.times.get((admitted.envelope.source, admitted.envelope.id), received_at)


def _seen(admitted: Admitted) -> Seen:
    envelope = admitted.envelope
    parts = (envelope.type.encode(), envelope.centre.encode(), admitted.message.body())
    return Seen(envelope.source, envelope.id, body_hash(*parts))
