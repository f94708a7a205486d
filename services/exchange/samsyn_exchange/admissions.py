"""What is known of a batch of events before each is settled, and what became of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from samsyn_chassis.database import Seen, Transaction, body_hash
from samsyn_contracts.envelope import Event

from samsyn_exchange.domain.admission import Admitted, Refused, Said, is_answered
from samsyn_exchange.domain.operations import KnownOperation
from samsyn_exchange.store import Key, Refusals, Store


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
    again: dict[Key, Refusals] = field(default_factory=dict)

    @classmethod
    async def of(
        cls, transaction: Transaction, store: Store, said: Sequence[Said], outcomes: Sequence[Admitted | Refused]
    ) -> Admission:
        """Note the admitted events in the inbox, and find out what is known of them."""
        admitted = [outcome for outcome in outcomes if isinstance(outcome, Admitted)]
        new, hashes = await transaction.first_seen([_seen(one) for one in admitted])
        times = await store.received_at(hashes.keys() - new)
        events = [Event(one.envelope, one.message) for one in admitted]
        about = await store.operations_about(events)
        repeats = await _said_anew(transaction, store, _repeats(said, outcomes, new, hashes))
        again = await _taken_up(transaction, await store.refused_too_early(repeats))
        return cls(transaction, store, new, hashes, times, about, again)

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

    def taken_up_again(self, admitted: Admitted) -> Refusals:
        """The services that refused the event as too early, and are to hear it once more; once in a batch."""
        return self.again.pop((admitted.envelope.source, admitted.envelope.id), {})

    def first_at(self, admitted: Admitted, received_at: datetime) -> datetime:
        """When the event came the first time; `received_at` if that is now."""
        return self.times.get((admitted.envelope.source, admitted.envelope.id), received_at)


def _repeats(
    said: Sequence[Said], outcomes: Sequence[Admitted | Refused], new: set[Key], hashes: Mapping[Key, bytes]
) -> Mapping[Key, set[str]]:
    """Where events stand that were said before, in this batch or earlier; nowhere for what came over HTTPS."""
    first, places = set(new), defaultdict[Key, set[str]](set)
    for one, outcome in zip(said, outcomes, strict=True):
        if not isinstance(outcome, Admitted):
            continue
        seen = _seen(outcome)
        key = (seen.source, seen.id)
        if key in first:
            first.discard(key)
        elif hashes[key] == seen.body_hash and not is_answered(one):
            places[key].add(one.place if one.offset >= 0 else "")
    return places


async def _said_anew(transaction: Transaction, store: Store, repeats: Mapping[Key, set[str]]) -> set[Key]:
    """Which of these events were said again: a record that is only read again stands where it has stood before."""
    places = await store.first_places(repeats.keys())
    asked = {
        (source, f"{id_}@{place}"): (source, id_)
        for (source, id_), found in repeats.items()
        for place in found - {"", places.get((source, id_))}
    }
    first, _ = await transaction.first_seen([Seen(source, id_, body_hash()) for source, id_ in sorted(asked)])
    over_https = {key for key, found in repeats.items() if "" in found}
    return over_https | {key for name, key in asked.items() if name in first}


async def _taken_up(transaction: Transaction, refused: Mapping[Key, Refusals]) -> dict[Key, Refusals]:
    """Of events refused as too early and said again those that have not been, since that refusal."""
    asked = {(source, f"{id_}#{refusal}") for (source, id_), by in refused.items() for refusal in by.values()}
    first, _ = await transaction.first_seen([Seen(source, id_, body_hash()) for source, id_ in sorted(asked)])
    return {
        (source, id_): {service: refusal for service, refusal in by.items() if (source, f"{id_}#{refusal}") in first}
        for (source, id_), by in refused.items()
    }


def _seen(admitted: Admitted) -> Seen:
    envelope = admitted.envelope
    parts = (envelope.type.encode(), envelope.centre.encode(), admitted.body)
    return Seen(envelope.source, envelope.id, body_hash(*parts))
