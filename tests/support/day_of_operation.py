"""Builders of an operation on the day, each with defaults: what planning said of it, what agencies say of it.

The default world: Björk, 08:00 to 12:00 on 12 May 2025, with the police, arbetsmiljoverket and skatteverket, at two
sites in turn; confirmed at version 1. Statements are heard ten minutes apart from when it begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from samsyn_contracts.carrying_out import (
    InspectionCompleted,
    InspectionSuspended,
    OperationAborted,
    OperationCompleted,
    OperationStarted,
)
from samsyn_contracts.envelope import Envelope, party_source
from samsyn_contracts.findings import FindingPlaced, FindingRecorded
from samsyn_contracts.message import Message
from samsyn_contracts.operations import OperationConfirmed, OperationRescheduled, OperationScheduled, Participant
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.site_information import ParticipantCheckedIn
from samsyn_inspection.domain.counting import CountingRule, load_counting_rules
from samsyn_inspection.domain.day import Day
from samsyn_inspection.domain.plans import Told
from samsyn_inspection.domain.record import Record, news, passed, stated, told
from samsyn_inspection.domain.sayings import Saying
from samsyn_inspection.domain.statements import Statement

from tests.support.told_operations import CENTRE, HOURS, INSPECTIONS, OPERATION, START_AT, a_slot, confirmed, planned
from tests.support.told_operations import rescheduled as moved
from tests.support.told_operations import scheduled as announced

POLICE, AV, SKV, MIGRATION = "polisen", "arbetsmiljoverket", "skatteverket", "migrationsverket"
FIRST, SECOND = INSPECTIONS
PAUSE = timedelta(minutes=10)
END_AT = START_AT + HOURS
M = TypeVar("M", bound=Message)


def parts(*agencies: str, invited: Sequence[str] = (), session_id: str = "polisen:P1") -> tuple[Participant, ...]:
    """Who takes part; the police's own part has the session as capacity."""
    named = agencies or (POLICE, AV, SKV)
    own = {agency: session_id if agency == POLICE else f"{agency}:T1" for agency in (*named, *invited)}
    return (
        *(Participant(agency=agency, capacity_id=own[agency], status="accepted") for agency in named),
        *(Participant(agency=agency, capacity_id=own[agency], status="invited") for agency in invited),
    )


def scheduled(version: int = 1, **changes: Any) -> OperationScheduled:
    """Planning gives the operation a place; nobody has answered yet."""
    plain = announced(version=version).model_copy(update={"participants": parts(POLICE, invited=(AV, SKV))})
    return plain.model_copy(update=changes)


def takes_place(version: int = 1, **changes: Any) -> OperationConfirmed:
    """Planning confirms it."""
    return confirmed(version=version).model_copy(update={"participants": parts(), **changes})


def rescheduled(version: int = 2, **changes: Any) -> OperationRescheduled:
    """Planning changes it within its session."""
    plain = moved(version=version, to_start_at=START_AT).model_copy(
        update={"to_slot": a_slot(), "participants": parts()}
    )
    return plain.model_copy(update=changes)


def route(*inspection_ids: str, start_at: datetime = START_AT) -> Any:
    """A route as planning gives it."""
    return planned(inspection_ids, start_at)


def checked_in(agency: str = SKV, *, head_count: int | None = 3, version: int = 1) -> ParticipantCheckedIn:
    """An agency has come."""
    told = {"operation_id": OPERATION, "agency": agency, "plan_version": version, "head_count": head_count}
    return ParticipantCheckedIn.model_validate({name: value for name, value in told.items() if value is not None})


def started(agency: str = AV, *, police_present: bool = True, version: int = 1) -> OperationStarted:
    """An agency has begun."""
    return OperationStarted(operation_id=OPERATION, agency=agency, plan_version=version, police_present=police_present)


def handed_in(agency: str = AV, inspection_id: str = FIRST, *, version: int = 1) -> InspectionCompleted:
    """An agency has finished its part of an inspection."""
    return InspectionCompleted(
        operation_id=OPERATION, inspection_id=inspection_id, agency=agency, plan_version=version, outcome="done"
    )


def broken_off(agency: str = AV, remaining: Sequence[str] = (SECOND,), *, version: int = 1) -> InspectionSuspended:
    """An agency breaks off."""
    return InspectionSuspended(
        operation_id=OPERATION,
        agency=agency,
        plan_version=version,
        cause_code="police_called_away",
        remaining_inspection_ids=tuple(remaining),
    )


def given_up(agency: str = AV, left: Sequence[str] = (), *, version: int = 1) -> OperationAborted:
    """An agency gives the operation up."""
    return OperationAborted(
        operation_id=OPERATION,
        agency=agency,
        plan_version=version,
        cause_code="threat",
        left_inspection_ids=tuple(left),
    )


def found(agency: str = SKV, inspection_id: str = FIRST, *, version: int = 1, **more: Any) -> FindingRecorded:
    """An agency has found something."""
    own = {
        "finding_id": f"{agency}:F1",
        "operation_id": OPERATION,
        "inspection_id": inspection_id,
        "plan_version": version,
        "category": "staff_ledger",
        "subject_kind": "organisation",
        "payload_ref": f"contents:{agency}:0196a1b2-0000-4000-8000-00000000f088",
    }
    return FindingRecorded.model_validate({**own, **more})


def as_said(statement: Message, id_: str, at: datetime, **more: Any) -> Envelope:
    """How an agency says it: in its own name, admitted when it happened unless told otherwise."""
    own = {
        "id": id_,
        "source": party_source(more.pop("party", None) or str(statement.owner)),
        "type": statement.type_name(),
        "subject": statement.subject,
        "time": at,
        "receivedtime": at,
        "centre": CENTRE,
        "environment": "test",
    }
    return Envelope.model_validate({**own, **more})


class Story:
    """An operation as inspection hears of it, message by message, and everything that it says."""

    def __init__(self, *words: Told, rules: Sequence[CountingRule] | None = None) -> None:
        self.record = Record(OPERATION, CENTRE)
        self.sayings: list[Saying] = []
        self._rules = load_counting_rules() if rules is None else rules
        self._num_heard = 0
        self.plans(*words)

    def plans(self, *words: Told) -> Story:
        """Planning says something."""
        for word in words:
            self._keep(told(self.record, word))
        return self

    def says(self, *statements: Statement, at: datetime | None = None, **envelope: Any) -> Story:
        """Agencies say something, each in its own name; ids s1, s2 … in order."""
        for statement in statements:
            self._num_heard += 1
            when = START_AT + self._num_heard * PAUSE if at is None else at
            self.hears(statement, as_said(statement, f"s{self._num_heard}", when, **envelope))
        return self

    def hears(self, statement: Statement, envelope: Envelope) -> None:
        """An agency says something in an envelope of the test's own."""
        self._keep(stated(self.record, statement, envelope))

    def passes(self, until: datetime) -> Story:
        """Time passes."""
        self._keep(passed(self.record, until))
        return self

    def said(self, kind: type[M]) -> list[M]:
        """The messages of one kind, in order."""
        return [saying.message for saying in self.sayings if isinstance(saying.message, kind)]

    @property
    def refusals(self) -> dict[str, tuple[str, str]]:
        """Code and pointer by the id of the event refused."""
        return {
            message.rejected_id: (message.reasons[0].code, message.reasons[0].pointer)
            for message in self.said(EventRejected)
        }

    @property
    def completed(self) -> OperationCompleted:
        """The one account of the operation's end."""
        (message,) = self.said(OperationCompleted)
        return message

    @property
    def placed(self) -> FindingPlaced:
        """The one finding that has its place."""
        (message,) = self.said(FindingPlaced)
        return message

    @property
    def day(self) -> Day:
        """What those on the spot have said."""
        assert self.record.course.day is not None
        return self.record.course.day

    @property
    def life(self) -> str | None:
        """Where the operation is in its life."""
        return self.record.life

    @property
    def num_held(self) -> int:
        """How many statements wait."""
        return self.record.course.num_held

    def _keep(self, record: Record) -> None:
        self.sayings += news(self.record, record, self._rules)
        self.record = record


def on_the_day(*words: Told, **more: Any) -> Story:
    """An operation that takes place, and further words of planning's."""
    return Story(scheduled(), takes_place(), *words, **more)


def under_way(*words: Told, **more: Any) -> Story:
    """An operation that arbetsmiljoverket has begun, with the police (statement s1)."""
    return on_the_day(*words, **more).says(started())
