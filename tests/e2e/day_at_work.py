"""An operation on its day: confirmed, its slot begun, and what the agencies on the spot say of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from samsyn_contracts.capacity import CapacityOffered
from samsyn_contracts.carrying_out import InspectionCompleted, OperationStarted
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import DisclosureAssessed, FindingRecorded
from samsyn_contracts.inspections import InspectionProposed

from tests.e2e.centre_at_work import CentreAtWork

AFTER_START = timedelta(minutes=5)


@dataclass(frozen=True)
class Day:
    """A confirmed operation of some agencies at one site, whose slot has begun."""

    centre: CentreAtWork
    agencies: tuple[str, ...]
    session: CapacityOffered
    inspection: InspectionProposed

    @property
    def operation_id(self) -> str:
        """The operation."""
        return self.centre.operation(self.session)

    @property
    def plan_version(self) -> int:
        """The version in which it was confirmed."""
        return self.centre.confirmed(self.session)[-1].message.plan_version

    async def start(self, agency: str, *, police_present: bool = True) -> Envelope:
        """An agency leads: it has begun."""
        started = OperationStarted(
            operation_id=self.operation_id,
            agency=agency,
            plan_version=self.plan_version,
            police_present=police_present,
        )
        return (await self.centre.tell(started))[0]

    async def hand_in(self, agency: str) -> Envelope:
        """An agency has finished its part of the inspection."""
        completed = InspectionCompleted(
            operation_id=self.operation_id,
            inspection_id=self.inspection.inspection_id,
            agency=agency,
            plan_version=self.plan_version,
            outcome="done",
        )
        return (await self.centre.tell(completed))[0]

    async def find(self, agency: str, category: str, contents: Mapping[str, Any]) -> FindingRecorded:
        """An agency puts what it found in the contents store and says that it found something."""
        ref = f"contents:{agency}:{uuid.uuid4()}"
        body = json.dumps(contents, ensure_ascii=False).encode()
        assert await self.centre.party(agency).put_contents(ref, body, self.operation_id) == 201
        found = FindingRecorded(
            finding_id=f"{agency}:{self.centre.tag}-find-{uuid.uuid4().hex[:8]}",
            operation_id=self.operation_id,
            inspection_id=self.inspection.inspection_id,
            plan_version=self.plan_version,
            category=category,
            subject_kind="organisation",
            payload_ref=ref,
        )
        await self.centre.tell(found)
        return found


async def a_day(centre: CentreAtWork, agencies: Sequence[str], **wanted: Any) -> Day:
    """An operation with a team of each agency, confirmed; it is five minutes after its start."""
    day = await a_planned_day(centre, agencies, **wanted)
    await centre.pass_time(centre.friday_at + AFTER_START)
    return day


async def a_planned_day(centre: CentreAtWork, agencies: Sequence[str], **wanted: Any) -> Day:
    """An operation with a team of each agency, confirmed, some time before its start."""
    session = centre.session("day")
    teams = [centre.team("day", agency) for agency in agencies]
    inspection = centre.inspection("day", agencies[0], required_agencies=tuple(agencies), **wanted)
    await centre.tell(session, *teams, inspection)
    await centre.samsyn.quiet()
    await centre.tell(*centre.readiness([inspection], agencies))
    await centre.settle()
    assert len(centre.confirmed(session)) == 1
    return Day(centre, tuple(agencies), session, inspection)


def assessment(
    centre: CentreAtWork, sender: str, receiver: str, category: str, outcome: str = "weighed", **more: Any
) -> DisclosureAssessed:
    """What a sender has weighed about a receiver; standing, unless `finding_id` is given."""
    told = {
        "assessment_id": f"{sender}:{centre.tag}-{receiver}-{category}".replace("_", "-"),
        "receiver": receiver,
        "category": category,
        "purpose": "follow-up",
        "outcome": outcome,
        "document_ref": "2025/0001",
        "valid_until": centre.friday_at + timedelta(days=365),
    }
    return DisclosureAssessed.model_validate(told | more)
