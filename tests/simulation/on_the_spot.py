"""Those on the spot: they come late, begin what is confirmed, hand in, find something, break off, give up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from samsyn_contracts import carrying_out, findings
from samsyn_contracts.bus import event_of, to_topic
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
)

from tests.simulation.agencies import AGENCIES, POLICE, Agencies
from tests.simulation.bus import Record

# Whoever has not handed in by then never will.
REMEMBERED = timedelta(hours=20)
# Who comes late knows it in the hours before, as a rule.
SOON = timedelta(hours=6)


@dataclass
class Occasion:
    """An operation as those who take part have heard of it, and what they have said of it since."""

    centre: str
    version: int
    start_at: datetime
    end_at: datetime
    parts: tuple[str, ...]
    route: tuple[str, ...]
    has_begun: bool = False
    handed_in: set[tuple[str, str]] = field(default_factory=set)
    forgetful: set[str] = field(default_factory=set)


@dataclass
class OnTheSpot:
    """Everybody who is out; what they say goes the way of all that agencies say."""

    agencies: Agencies
    _occasions: dict[str, Occasion] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._topics = {to_topic(party) for party in AGENCIES}
        self._kinds = {kind.type_name() for kind in (OperationConfirmed, OperationRescheduled, *GONE)}
        self.agencies.bus.watchers.append(self._hear)

    def work(self) -> None:
        """An hour or two on the spot."""
        now = self.agencies.now()
        for operation_id, occasion in list(self._occasions.items()):
            if now > occasion.end_at + REMEMBERED:
                del self._occasions[operation_id]
            elif now >= occasion.start_at:
                self._carry_out(operation_id, occasion)
            elif self._draws(0.003):
                self._begin(operation_id, occasion)
            elif self._draws(0.15 if now >= occasion.start_at - SOON else 0.002):
                self._come_late(operation_id, occasion)

    def _hear(self, record: Record) -> None:
        if record.topic not in self._topics or record.header("ce_type") not in self._kinds:
            return
        event = event_of(record.headers, record.value)
        told: Any = event.message
        known = self._occasions.get(told.operation_id)
        if known is not None and told.plan_version < known.version:
            return
        if isinstance(told, GONE):
            self._occasions.pop(told.operation_id, None)
        elif known is not None or isinstance(told, OperationConfirmed):
            slot = told.slot if isinstance(told, OperationConfirmed) else told.to_slot
            self._occasions[told.operation_id] = Occasion(
                centre=event.envelope.centre,
                version=told.plan_version,
                start_at=slot.start_at,
                end_at=slot.end_at,
                parts=tuple(sorted({part.agency for part in told.participants if part.status == "accepted"})),
                route=tuple(one.inspection_id for one in told.inspections),
                has_begun=known is not None and known.has_begun,
                handed_in=set() if known is None else known.handed_in,
                forgetful=set() if known is None else known.forgetful,
            )

    def _carry_out(self, operation_id: str, occasion: Occasion) -> None:
        if not occasion.has_begun:
            if self._draws(0.6):
                self._begin(operation_id, occasion)
                occasion.has_begun = True
                occasion.forgetful = {one for one in occasion.parts if self._draws(0.25)}
            return
        for agency in (one for one in occasion.parts if one != POLICE and one not in occasion.forgetful):
            for inspection_id in occasion.route:
                if (agency, inspection_id) not in occasion.handed_in and self._draws(0.3):
                    self._hand_in(operation_id, occasion, agency, inspection_id)
        if self._draws(0.04):
            self._break_off(operation_id, occasion)

    def _begin(self, operation_id: str, occasion: Occasion) -> None:
        """Somebody begins it; too early, or by one who has no part in it, it is refused."""
        agency = self._one_of(occasion.parts if self._draws(0.97) else AGENCIES)
        told = {"police_present": self._draws(0.9)}
        self._say(operation_id, occasion, agency, carrying_out.OperationStarted, told)

    def _come_late(self, operation_id: str, occasion: Occasion) -> None:
        """Somebody tells to be late, by what it has heard of the plan; too late for the session it is refused."""
        agency, minutes = self._one_of(occasion.parts or AGENCIES), self._one_of((10, 25, 40, 90, 200, 590))
        told = {"operation_id": operation_id, "agency": agency, "minutes": minutes}
        if self._draws(0.5):
            told["arrives_at"] = occasion.start_at + timedelta(minutes=minutes)
        late = carrying_out.ParticipantDelayed.model_validate(told)
        self.agencies.say(agency, occasion.centre, late, self._moment())

    def _hand_in(self, operation_id: str, occasion: Occasion, agency: str, inspection_id: str) -> None:
        occasion.handed_in.add((agency, inspection_id))
        if self._draws(0.3):
            self._find(operation_id, occasion, agency, inspection_id)
        told = {"inspection_id": inspection_id, "outcome": self._one_of(("done", "done", "closed", "not_found"))}
        self._say(operation_id, occasion, agency, carrying_out.InspectionCompleted, told)

    def _find(self, operation_id: str, occasion: Occasion, agency: str, inspection_id: str) -> None:
        number = UUID(int=self.agencies.random.getrandbits(128), version=4)
        told = {
            "finding_id": f"{agency}:F{number.hex[:12]}",
            "operation_id": operation_id,
            "inspection_id": inspection_id,
            "plan_version": occasion.version,
            "category": self._one_of(("undeclared_work", "work_environment")),
            "subject_kind": self._one_of(("organisation", "person", "site")),
            "payload_ref": f"contents:{agency}:{number}",
        }
        self.agencies.say(agency, occasion.centre, findings.FindingRecorded.model_validate(told), self._moment())

    def _break_off(self, operation_id: str, occasion: Occasion) -> None:
        agency, done = self._one_of(occasion.parts or AGENCIES), {one for _, one in occasion.handed_in}
        left = [one for one in occasion.route if one not in done]
        told: Mapping[str, Any] = {"cause_code": "threat"}
        if left and self._draws(0.5):
            kind: type[Message] = carrying_out.InspectionSuspended
            told = {**told, "remaining_inspection_ids": left}
        else:
            kind = carrying_out.OperationAborted
            told = {**told, "left_inspection_ids": left}
        self._say(operation_id, occasion, agency, kind, told)

    def _say(
        self, operation_id: str, occasion: Occasion, agency: str, kind: type[Message], told: Mapping[str, Any]
    ) -> None:
        whole = {"operation_id": operation_id, "agency": agency, "plan_version": occasion.version, **told}
        self.agencies.say(agency, occasion.centre, kind.model_validate(whole), self._moment())

    def _moment(self) -> float:
        return self.agencies.random.choice((0.0, 0.0, 0.01, 0.1, 0.5))

    def _draws(self, often: float) -> bool:
        return self.agencies.random.random() < often

    def _one_of(self, several: Any) -> Any:
        return self.agencies.random.choice(several)


GONE = (OperationPostponed, OperationCancelled)
