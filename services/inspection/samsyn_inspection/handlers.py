"""What is done with each message: load, decide, keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from samsyn_chassis.batches import Handler
from samsyn_contracts.carrying_out import (
    EvaluationSubmitted,
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingRecorded
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
)
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.site_information import ParticipantCheckedIn, SiteInformationProvided

from samsyn_inspection.domain.answering import as_heard, refused_answer
from samsyn_inspection.domain.plans import Told
from samsyn_inspection.domain.preparing import Prepared, by_answer, by_time, by_word
from samsyn_inspection.domain.record import Record, later, passed, stated, told
from samsyn_inspection.domain.statements import Statement
from samsyn_inspection.store import Store


async def on_told(message: Told, envelope: Envelope, store: Store) -> None:
    """Note planning's word; what agencies said and what waited for it has its effect, and agencies are asked."""
    record = told(await store.record(message.operation_id, envelope.centre), message)
    store.keep(record)
    answers, lessons = await store.answers(record), await store.lessons(record, envelope.time)
    store.keep_prepared(by_word(record, answers, lessons, envelope))


async def on_stated(statement: Statement, envelope: Envelope, store: Store) -> None:
    """Note what an agency says from the spot; it has its effect once what it depends on is known."""
    record = await store.record(statement.operation_id, envelope.centre)
    store.keep(stated(record, statement, envelope))


async def on_provided(provided: SiteInformationProvided, envelope: Envelope, store: Store) -> None:
    """Note what an agency knows of a site, or refuse it; once nothing is missing, those who take part are told."""
    record = await store.record(provided.operation_id, envelope.centre)
    refused = refused_answer(record, provided, envelope)
    store.keep_prepared(
        await _answered(record, provided, envelope, store) if refused is None else Prepared(record, (refused,))
    )


async def on_evaluated(evaluated: EvaluationSubmitted, envelope: Envelope, store: Store) -> None:
    """Note what an agency that took part says is to be learnt, for the next briefings."""
    record = await store.record(evaluated.operation_id, envelope.centre)
    if record.plan is not None and envelope.party in record.plan.accepted:
        await store.keep_lessons(evaluated, envelope)


async def on_time_passed(time_passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Let the centre's operations begin and end, brief those of tomorrow, and answer what was held for too long."""
    until = later(await store.time_of(envelope.centre), time_passed.until)
    await _pass(store, envelope.centre, until)
    await _brief(store, envelope.centre, until)
    store.keep_time(envelope.centre, until)


async def _answered(record: Record, provided: SiteInformationProvided, envelope: Envelope, store: Store) -> Prepared:
    await store.keep_answer(as_heard(provided, envelope), envelope.centre)
    answers, lessons = await store.answers(record), await store.lessons(record, envelope.time)
    return by_answer(record, answers, lessons, envelope)


async def _pass(store: Store, centre: str, until: datetime) -> None:
    for record in await store.touched(centre, until):
        store.keep(passed(record, until))


async def _brief(store: Store, centre: str, until: datetime) -> None:
    for record in await store.to_be_briefed(centre, until):
        answers, lessons = await store.answers(record), await store.lessons(record, until)
        store.keep_prepared(by_time(record, answers, lessons, until))


HANDLERS: Mapping[type[Message], Handler] = {
    OperationScheduled: on_told,
    OperationConfirmed: on_told,
    OperationRescheduled: on_told,
    OperationPostponed: on_told,
    OperationCancelled: on_told,
    SiteInformationProvided: on_provided,
    ParticipantCheckedIn: on_stated,
    OperationStarted: on_stated,
    InspectionCompleted: on_stated,
    InspectionSuspended: on_stated,
    OperationAborted: on_stated,
    FindingRecorded: on_stated,
    EvaluationSubmitted: on_evaluated,
    TimePassed: on_time_passed,
}
