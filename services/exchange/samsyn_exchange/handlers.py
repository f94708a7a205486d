"""What the exchange itself does on a message admitted or heard: load, decide, say; whom to tell is the border's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import ALL_CENTRES, Envelope, Event
from samsyn_contracts.findings import DisclosureAssessed, FindingPlaced
from samsyn_contracts.message import Message
from samsyn_contracts.operations import NotificationAcknowledged
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.register import load_register

from samsyn_exchange.contents import ContentsStore
from samsyn_exchange.domain.adapters import Adapter, changed, hear
from samsyn_exchange.domain.bases import load_bases
from samsyn_exchange.domain.findings import Decision, considered, reassessed
from samsyn_exchange.domain.operations import acknowledge
from samsyn_exchange.findings import FindingsStore
from samsyn_exchange.store import Store


async def on_finding_placed(placed: FindingPlaced, envelope: Envelope, store: Store) -> None:
    """Carry out what the bases and the sender's assessments say of a finding, for each who might receive it."""
    known = await FindingsStore(store.transaction).known(placed.sender, placed.finding_id, store.at)
    decision = considered(placed, envelope.centre, known, load_bases(), load_register(), store.at)
    await _carry_out(decision, envelope, store)


async def on_disclosure_assessed(assessed: DisclosureAssessed, envelope: Envelope, store: Store) -> None:
    """Keep what an agency has weighed; if it is about one finding, consider that finding anew."""
    findings, finding_id = FindingsStore(store.transaction), assessed.finding_id
    known = await findings.known(envelope.party, finding_id, store.at, assessed.assessment_id)
    decision = reassessed(assessed, envelope, known, load_bases(), load_register(), store.at)
    await _carry_out(decision, envelope, store)


async def on_adapter_heartbeat(heartbeat: AdapterHeartbeat, envelope: Envelope, store: Store) -> None:
    """The adapter is alive; that is said if it was not known, or had been silent."""
    known = await store.adapters.of(heartbeat.adapter_id)
    _keep_adapters(store, envelope, known, [hear(known, heartbeat, envelope.party, store.at)])


async def on_time_passed(passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Adapters that have been silent for too long are late, or down."""
    known = await store.adapters.known()
    _keep_adapters(store, envelope, known, [adapter.at(passed.until) for adapter in known])


async def on_notification_acknowledged(
    acknowledged: NotificationAcknowledged, envelope: Envelope, store: Store
) -> None:
    """A participant has seen a version of an operation."""
    about = await store.operations_about([Event(envelope, acknowledged)])
    store.note_operation(acknowledge(acknowledged, envelope.centre, about))


def _keep_adapters(store: Store, cause: Envelope, before: Sequence[Adapter], after: Sequence[Adapter]) -> None:
    """Keep adapters as they are now, and say whose status has changed: to its party, about all centres."""
    store.adapters.keep(adapter for adapter in after if adapter not in before)
    for told in changed(before, after):
        store.say(told, cause.model_copy(update={"centre": ALL_CENTRES}))


async def _carry_out(decision: Decision, cause: Envelope, store: Store) -> None:
    contents = ContentsStore(store.transaction)
    await FindingsStore(store.transaction).save(decision, store.at)
    await contents.give(decision.grants)
    await contents.end_by(decision.taken_back, store.at)
    for ref, party in decision.ended:
        await contents.end(ref, party, store.at)
    for message in decision.messages:
        store.say(message, cause)


HANDLERS: Mapping[type[Message], Callable[[Any, Envelope, Store], Awaitable[None]]] = {
    FindingPlaced: on_finding_placed,
    DisclosureAssessed: on_disclosure_assessed,
    AdapterHeartbeat: on_adapter_heartbeat,
    TimePassed: on_time_passed,
    NotificationAcknowledged: on_notification_acknowledged,
}
