"""What the exchange itself does on a message admitted or heard: load, decide, say, and who may fetch by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from samsyn_contracts.capacity import AdapterHeartbeat
from samsyn_contracts.envelope import ALL_CENTRES, Envelope, Event
from samsyn_contracts.findings import DisclosureAssessed, FindingPlaced
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    NotificationAcknowledged,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
)
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.register import load_register

from samsyn_exchange.contents import ContentsStore
from samsyn_exchange.domain.adapters import Adapter, changed, hear
from samsyn_exchange.domain.bases import load_bases
from samsyn_exchange.domain.contents import Grant, GrantPart, owner_of
from samsyn_exchange.domain.findings import Decision, considered, reassessed
from samsyn_exchange.domain.identities import category_of, entitled, parts_behind, references, taken
from samsyn_exchange.domain.operations import Answer, KnownOperation, acknowledge, answered, has_more
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


async def on_answer(answer: Answer, envelope: Envelope, store: Store) -> None:
    """An agency that says no has no part from now on, whatever the plan still says."""
    about = await store.operations_about([Event(envelope, answer)])
    await follow_parts(answered(answer, envelope, store.at, about), about, store)


async def entitled_to(event: Event, parties: Sequence[str], store: Store, at: datetime) -> Mapping[str, frozenset[str]]:
    """The references of class P3 that each participant may have in a message, and may fetch while it takes part."""
    refs = set(references(event.message))
    if not refs or not parties:
        return {}
    grants = await _judged(refs, parties, event.envelope.centre, category_of(event.message), store, at)
    parts, contents = parts_behind(event.message, grants), ContentsStore(store.transaction)
    now_taken = taken(parts, await store.operations_about([event]))
    await contents.note_parts(parts, now_taken, at)
    of_parts, open_ones = _pairs(parts), _pairs(now_taken)
    await contents.give_again(one for one in grants if _pair(one) in open_ones or _pair(one) not in of_parts)
    return {party: frozenset(one.ref for one in grants if one.party == party) for party in parties}


async def follow_parts(after: KnownOperation | None, about: Sequence[KnownOperation], store: Store) -> None:
    """Keep an operation as it is now: what may be fetched for a part ends with it, and begins with a new one."""
    if after is None:
        return
    store.note_operation(after)
    before = next((one for one in about if one.operation_id == after.operation_id), None)
    contents = ContentsStore(store.transaction)
    if has_more(before, after):
        await contents.end_parts(after, store.at)
    if has_more(after, before):
        again = taken(await contents.waiting_parts(after.operation_id), [after])
        for category in sorted({part.category for part in again}):
            await _give_again(category, [part for part in again if part.category == category], after.centre, store)


async def _give_again(category: str, parts: Collection[GrantPart], centre: str, store: Store) -> None:
    """What was told for parts that are taken now may be fetched, if bases and assessments still allow it."""
    refs, parties = {part.ref for part in parts}, sorted({part.party for part in parts})
    grants = await _judged(refs, parties, centre, category, store, store.at)
    allowed = [part for part in parts if _pair(part) in {_pair(grant) for grant in grants}]
    contents = ContentsStore(store.transaction)
    await contents.note_parts(allowed, allowed, store.at)
    await contents.give_again(grant for grant in grants if _pair(grant) in _pairs(allowed))


async def _judged(
    refs: Collection[str], parties: Sequence[str], centre: str, category: str, store: Store, at: datetime
) -> Sequence[Grant]:
    assessments = await FindingsStore(store.transaction).assessments_of({owner_of(ref) for ref in refs})
    return entitled(refs, parties, centre, load_bases(), assessments, load_register(), at, category)


def _pair(one: Grant | GrantPart) -> tuple[str, str]:
    return one.ref, one.party


def _pairs(parts: Collection[GrantPart]) -> set[tuple[str, str]]:
    return {_pair(part) for part in parts}


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
    **dict.fromkeys((ParticipationAccepted, ParticipationDeclined, ParticipationWithdrawn), on_answer),
    **dict.fromkeys((PoliceCommitted, PoliceDeclined), on_answer),
}
