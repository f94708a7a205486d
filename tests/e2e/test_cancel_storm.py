"""A cancel storm: one disturbance takes six police sessions of one local police area, and it is one replan, not six."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from samsyn_contracts.bus import PLANNING, headers_of
from samsyn_contracts.capacity import CapacityOffered, DisturbanceReported, PoliceCancelled
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled
from samsyn_contracts.plans import PlanPublished, ReplanStarted

from tests.e2e.centre_at_work import AV, BEFORE_START, HOUR, POLICE, SKV, CentreAtWork, centre_at_work
from tests.support.samsyn import Party, Samsyn
from tests.support.trail import Heard, Said

pytestmark = pytest.mark.scenario(2)

IN_ORDER, SHUFFLED = (1, 2, 3, 4, 5, 6), (4, 1, 6, 3, 2, 5)
SPARE = (1, 2)
Outcome = tuple[str, str | None]


@dataclass(frozen=True)
class Storm:
    """A centre after a storm: where the trail stood before it, its sessions and the ids of their cancellations."""

    centre: CentreAtWork
    since: int
    sessions: Sequence[CapacityOffered]
    cancelled_ids: Sequence[str]
    published: Said[PlanPublished]

    @property
    def operations(self) -> list[str]:
        """Ids of the six operations, in the order of their sessions."""
        return [self.centre.operation(session) for session in self.sessions]

    def changes_to(self, agency: str) -> list[OperationRescheduled | OperationPostponed]:
        """What a participant has been told of changed operations in the storm."""
        party = self.centre.party(agency)
        moved = [said.message for said in party.told(OperationRescheduled, self.since)]
        return [*moved, *(said.message for said in party.told(OperationPostponed, self.since))]

    def outcomes(self) -> dict[str, Outcome]:
        """For each session the ladder's name and the session its operation got, without this centre's tag."""
        told: dict[str, Outcome] = {}
        for change in self.changes_to(AV):
            outcome: Outcome = ("postponed", None)
            if isinstance(change, OperationRescheduled):
                outcome = (change.ladder_step, change.to_slot.session_id.replace(self.centre.tag, ""))
            told[change.operation_id.replace(self.centre.tag, "")] = outcome
        return told


async def six_operations(centre: CentreAtWork) -> list[CapacityOffered]:
    """Six confirmed operations of one area with both agencies, one beside them; two sessions to spare; 3 h to go."""
    six = [centre.session(f"storm-{number}", max_inspections=1) for number in IN_ORDER]
    beside = centre.session("beside", area="b")
    teams = [centre.team(f"{number}", agency) for number in range(7) for agency in (AV, SKV)]
    both: dict[str, Any] = {"required_agencies": (AV, SKV)}
    wanted = [centre.inspection(f"{number}", AV, value=400 + 60 * number, **both) for number in IN_ORDER]
    wanted.append(centre.inspection("beside", SKV, area="b", **both))
    await centre.tell(*six, beside, *teams, *wanted)
    await centre.samsyn.quiet()
    await centre.tell(*centre.readiness(wanted, (AV, SKV)))
    await centre.settle()
    await centre.tell(*(centre.session(f"spare-{number}", late=HOUR / 2, max_inspections=1) for number in SPARE))
    await centre.settle()
    await centre.pass_time(centre.friday_at - BEFORE_START)
    assert [len(centre.confirmed(session)) for session in (*six, beside)] == [1] * 7
    return six


async def a_storm(samsyn: Samsyn, code: str, order: Sequence[int]) -> Storm:
    """The police report a shooting and lose all six sessions, said in this order and in one go."""
    centre = await centre_at_work(samsyn, code)
    six, since = await six_operations(centre), len(samsyn.trail.records)
    shooting = {"disturbance_id": f"{POLICE}:{centre.tag}-shooting", "kind": "shooting", "severity": "heavy"}
    await centre.tell(DisturbanceReported.model_validate({**shooting, "municipality": "1480", "verified": True}))
    told = {"cause_code": "shooting", "disturbance_id": shooting["disturbance_id"]}
    lost = [PoliceCancelled.model_validate({**told, "capacity_id": six[number - 1].capacity_id}) for number in order]
    said = [centre.police.envelope(message) for message in lost]
    records = zip(said, lost, strict=True)
    offsets = await asyncio.gather(*(centre.police.say_raw(headers_of(e), message.body()) for e, message in records))
    assert offsets == sorted(offsets)
    plan = await centre.plan_after(said[-1].id)
    await samsyn.quiet()
    by_number = {number: envelope.id for number, envelope in zip(order, said, strict=True)}
    return Storm(centre, since, six, [by_number[number] for number in IN_ORDER], plan)


@pytest.fixture(scope="module")
async def storm(samsyn: Samsyn) -> Storm:
    """The storm as it came."""
    return await a_storm(samsyn, "akc-mitt", IN_ORDER)


def test_six_cancellations_are_one_replan_that_names_them_all(storm: Storm) -> None:
    said = [s for s in storm.centre.published() if s.record in storm.centre.samsyn.trail.records[storm.since :]]

    assert said == [storm.published]
    plan = storm.published.message
    assert plan.cause_event_ids == tuple(sorted(storm.cancelled_ids))
    assert Counter(change.operation_id for change in plan.changes) == Counter(storm.operations)
    assert plan.untouched_count == 1
    started = storm.centre.samsyn.trail.of(ReplanStarted, PLANNING, storm.since)
    assert [set(one.message.trigger_event_ids) for one in started] == [set(storm.cancelled_ids)]


@pytest.mark.parametrize("agency", [AV, SKV])
def test_every_participant_hears_of_each_loss_and_each_change_once(storm: Storm, agency: str) -> None:
    party = storm.centre.party(agency)

    heard = [told.message.capacity_id for told in party.told(PoliceCancelled, storm.since)]
    assert Counter(heard) == Counter(session.capacity_id for session in storm.sessions)
    changes = storm.changes_to(agency)
    assert Counter(change.operation_id for change in changes) == Counter(storm.operations)
    causes = dict(zip(storm.operations, storm.cancelled_ids, strict=True))
    assert {change.operation_id: change.cause_event_ids for change in changes} == {
        operation: (cancelled,) for operation, cancelled in causes.items()
    }
    assert all(reason.sv and reason.en for change in changes for reason in change.reasons)
    assert repeated(party, storm.since) == []


def repeated(party: Party, since: int) -> list[Heard]:
    """Records that the party has been told more than once."""
    times = Counter(record.id for record in party.records(since))
    return [record for record in party.records(since) if times[record.id] > 1]


def test_the_sites_worth_most_have_the_sessions_to_spare_and_the_rest_wait(storm: Storm) -> None:
    steps = Counter(step for step, _ in storm.outcomes().values())
    assert steps == {"moved_session": len(SPARE), "postponed": len(IN_ORDER) - len(SPARE)}
    moved = [change for change in storm.changes_to(AV) if isinstance(change, OperationRescheduled)]
    sites = {inspection.inspection_id.rpartition("-")[2] for change in moved for inspection in change.inspections}
    assert sites == {"5", "6"}


async def test_the_same_storm_in_another_order_ends_the_same(samsyn: Samsyn, storm: Storm) -> None:
    other = await a_storm(samsyn, "akc-ost", SHUFFLED)

    assert len(other.centre.published()) == len(storm.centre.published())
    assert other.outcomes() == storm.outcomes()
