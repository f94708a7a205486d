"""Loads what a message speaks of, keeps what follows, and says it: set-based, once per batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_chassis.telemetry import traceparent
from samsyn_contracts.bus import PLANNING
from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.capacity import CapacityOffered, DisturbanceReported
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.envelope import Envelope, Environment, Event
from samsyn_contracts.inspections import ReadinessDeclared
from samsyn_contracts.message import Message
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired
from samsyn_contracts.plans import OperationPinned, OperationUnpinned, WhatIfAsked
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import col, select

from samsyn_planning.domain.cancellation_risk import REACH_BEFORE_START
from samsyn_planning.domain.capacity import team_of
from samsyn_planning.domain.change import change
from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import (
    Capacity,
    Cause,
    Centre,
    Consent,
    Decision,
    Disturbance,
    Operation,
    Participation,
    Pin,
    Proposal,
    Value,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.fairness import year_began
from samsyn_planning.domain.officers import OfficerSlot
from samsyn_planning.domain.policy import DEFAULT, Policy
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.time import Ended
from samsyn_planning.domain.what_if import WhatIf
from samsyn_planning.domain.wheel import Turning
from samsyn_planning.kept_backups import Backups
from samsyn_planning.plan_versions import PlanVersions
from samsyn_planning.rows import Values, text_of, value_of
from samsyn_planning.saying import envelope_of, own_key, refusal_of, time_of
from samsyn_planning.snapshots import read_disturbances, read_snapshot
from samsyn_planning.tables import (
    CapacityRow,
    CentreRow,
    OperationRow,
    ParticipationRow,
    ProposalRow,
    WhatIfRow,
    WheelRow,
)

FACTS_CHANNEL = "samsyn_facts"
# What only a plan needs of a centre, which is most of it, is left there.
_CENTRES = sa.select(sa.cast(sa.cast(col(CentreRow.value).op("-")("causes"), JSONB), sa.Text)).order_by(
    col(CentreRow.id)
)
BEHIND = _CENTRES.where(col(CentreRow.facts_version) > col(CentreRow.planned_version))
SETTLED = _CENTRES.where(col(CentreRow.facts_version) == col(CentreRow.planned_version))
OPEN_WHAT_IFS = (
    sa.select(text_of(WhatIf))
    .where(col(WhatIfRow.status) == "open")
    .order_by(col(WhatIfRow.asked_at), col(WhatIfRow.id))
)
NOTIFY = sa.text(f"notify {FACTS_CHANNEL}")


class Store:
    """The values of planning within one transaction; plans under `versions`, those for losses under `backups`."""

    def __init__(self, transaction: Transaction, environment: Environment, policy: Policy = DEFAULT) -> None:
        self._transaction = transaction
        self._environment = environment
        self._values = Values(transaction)
        self.versions, self.backups = PlanVersions(transaction), Backups(transaction)
        self.policy = policy

    async def load(self, events: Sequence[Event]) -> None:
        """Read what the handlers of these events will ask for, a statement per table and not one per event."""
        messages = [event.message for event in events]
        capacity_ids, inspection_ids = _named(messages, "capacity_id"), _named(messages, "inspection_id")
        operation_ids = _named(messages, "operation_id")
        await self._values.read(Centre, {(event.envelope.centre,) for event in events})
        await self._values.read(Operation, operation_ids)
        await self._values.read_groups(Participation, {key[0] for key in operation_ids})
        offers = [(e.message, e.envelope) for e in events if isinstance(e.message, CapacityOffered)]
        if offers:
            # Shifts that ended before all of these begin overlap none of them, and there are more every year.
            is_past = col(CapacityRow.end_at) <= min(offered.start_at for offered, _ in offers)
            await self._values.read_groups(Capacity, {team_of(*offer) for offer in offers} - {""}, is_past)
        if any(isinstance(message, ReadinessDeclared) for message in messages):
            await self._values.read_groups(Operation, {event.envelope.centre for event in events})
        pinning = [one for one in messages if isinstance(one, OperationPinned | OperationUnpinned)]
        await self._values.read(Pin, _named(pinning, "operation_id"))
        feared = [one for one in messages if isinstance(one, OperationCompromised | OperationCleared)]
        await self._values.read(Compromise, _named(feared, "operation_id"))
        await self._values.read(Wheel, _named(messages, "wheel_id"))
        disturbed = [one for one in messages if isinstance(one, DisturbanceReported | DisturbanceEnded)]
        await self._values.read(Disturbance, _named(disturbed, "disturbance_id"))
        await self._values.read(WhatIf, _named(messages, "question_id"))
        rostered = [one for one in messages if isinstance(one, OperationOfficerDesignated | OperationOfficerRetired)]
        await self._values.read(OfficerSlot, _named(rostered, "slot_id"))
        capacity_ids |= {(own_id,) for one in messages if isinstance(one, WhatIfAsked) for own_id in one.without}
        operations = [one for key in operation_ids if (one := self._values.known(Operation, key)) is not None]
        parts = [part for operation in operations for part in await self.parts_of(operation.id)]
        # An id is a capacity's or an inspection's, never both: the handlers look for either under the same id.
        named = capacity_ids | inspection_ids
        await self._values.read(Wanted, named | {(visit.id,) for one in operations for visit in one.visits})
        standing = {(part.capacity_id,) for part in parts} | {(one.session_id,) for one in operations}
        await self._values.read(Capacity, named | standing)

    async def centre(self, code: str) -> Centre:
        """The centre, new if nothing was ever heard of it."""
        return await self._values.get(Centre, (code,)) or Centre(code=code)

    async def capacity(self, capacity_id: str) -> Capacity | None:
        """A capacity offered."""
        return await self._values.get(Capacity, (capacity_id,))

    async def capacities_of_team(self, team: str) -> list[Capacity]:
        """Every capacity that a team has offered; none for the empty team of police sessions."""
        return await self._values.group(Capacity, team) if team else []

    async def wanted(self, inspection_id: str) -> Wanted | None:
        """A wanted inspection."""
        return await self._values.get(Wanted, (inspection_id,))

    async def operation(self, operation_id: str) -> Operation | None:
        """An operation."""
        return await self._values.get(Operation, (operation_id,))

    async def participation(self, operation_id: str, capacity_id: str) -> Participation | None:
        """A capacity's part in an operation."""
        return await self._values.get(Participation, (operation_id, capacity_id))

    async def consent(self, consent_id: str) -> Consent | None:
        """A consent given beforehand."""
        return await self._values.get(Consent, (consent_id,))

    async def proposal(self, replan_id: str) -> Proposal | None:
        """A plan proposed."""
        return await self._values.get(Proposal, (replan_id,))

    async def pin(self, operation_id: str) -> Pin | None:
        """What a centre last said of pinning an operation."""
        return await self._values.get(Pin, (operation_id,))

    async def disturbance(self, disturbance_id: str) -> Disturbance | None:
        """A disturbance told of."""
        return await self._values.get(Disturbance, (disturbance_id,))

    async def officer_slot(self, slot_id: str) -> OfficerSlot | None:
        """A designated operation officer."""
        return await self._values.get(OfficerSlot, (slot_id,))

    async def compromise(self, operation_id: str) -> Compromise | None:
        """What was last said of an operation's being compromised."""
        return await self._values.get(Compromise, (operation_id,))

    async def wheel(self, wheel_id: str) -> Wheel | None:
        """An annual wheel."""
        return await self._values.get(Wheel, (wheel_id,))

    async def what_if(self, question_id: str) -> WhatIf | None:
        """A question of a centre's."""
        return await self._values.get(WhatIf, (question_id,))

    async def num_open_what_ifs(self, centre: str) -> int:
        """How many questions of a centre wait for their answer."""
        await self.save()
        return sum(question.centre == centre for question in await self.open_what_ifs())

    async def open_what_ifs(self) -> list[WhatIf]:
        """Questions of all centres that wait for their answer, in the order asked."""
        return [value_of(WhatIf, row[0]) for row in await self._transaction.execute(OPEN_WHAT_IFS)]

    async def police_of(self, operation_id: str) -> Capacity | None:
        """The police session of an operation."""
        operation = await self.operation(operation_id)
        return None if operation is None else await self.capacity(operation.session_id)

    async def parts_of(self, operation_id: str) -> list[Participation]:
        """Everybody's part in an operation."""
        return await self._values.group(Participation, operation_id)

    async def view_of(self, operation_id: str) -> Snapshot | None:
        """What concerns one operation alone: its participants, inspections and police session."""
        operation = await self.operation(operation_id)
        if operation is None:
            return None
        parts = await self.parts_of(operation_id)
        await self._values.read(Capacity, {(operation.session_id,), *((part.capacity_id,) for part in parts)})
        await self._values.read(Wanted, {(visit.id,) for visit in operation.visits})
        capacities = [await self.capacity(part.capacity_id) for part in parts]
        police = await self.capacity(operation.session_id)
        wanted = [await self.wanted(visit.id) for visit in operation.visits]
        return Snapshot(
            centre=await self.centre(operation.centre),
            capacities=tuple(c for c in (police, *capacities) if c is not None),
            wanted=tuple(w for w in wanted if w is not None),
            operations=(operation,),
            participations=tuple(parts),
            consents=(),
            proposals=(),
        )

    async def views_with(self, inspection_id: str, centre: str) -> list[Snapshot]:
        """Views of scheduled operations that have an inspection on their route."""
        scheduled = await self._values.group(Operation, centre)
        having = [one.id for one in scheduled if any(visit.id == inspection_id for visit in one.visits)]
        views = [await self.view_of(operation_id) for operation_id in having]
        return [view for view in views if view is not None]

    async def brought_by(self, centre: str, until: datetime) -> tuple[list[Participation], list[Proposal], list[Ended]]:
        """What that time brings: requests overdue, plans that wait for a decision, operations whose session is over."""
        return await self.overdue(centre, until), await self.open_proposals(centre), await self.ended(centre, until)

    async def overdue(self, centre: str, until: datetime) -> list[Participation]:
        """Requests whose reply is overdue."""
        await self.save()
        rows = await self._transaction.session.exec(
            select(ParticipationRow).where(
                ParticipationRow.centre == centre,
                ParticipationRow.status == "invited",
                col(ParticipationRow.reply_by) <= until,
            )
        )
        return [Participation.model_validate(row.value) for row in rows]

    async def open_proposals(self, centre: str) -> list[Proposal]:
        """Plans that wait for a decision."""
        await self.save()
        rows = await self._transaction.session.exec(
            select(ProposalRow).where(ProposalRow.centre == centre, ProposalRow.status == "open")
        )
        return [Proposal.model_validate(row.value) for row in rows]

    async def ended(self, centre: str, until: datetime) -> list[Ended]:
        """Operations whose session is over, with their inspections and police."""
        await self.save()
        rows = await self._transaction.session.exec(
            select(OperationRow).where(
                OperationRow.centre == centre,
                col(OperationRow.status).in_(("draft", "scheduled", "confirmed")),
                col(OperationRow.end_at) <= until,
            )
        )
        return [await self._ended(Operation.model_validate(row.value)) for row in rows]

    async def turning(self, centre: str, until: datetime) -> list[Turning]:
        """Wheels of which something is to be told, with the operations that their participants know of."""
        await self.save()
        rows = await self._transaction.session.exec(
            select(WheelRow).where(WheelRow.centre == centre, col(WheelRow.due_at) <= until)
        )
        wheels = [Wheel.model_validate(row.value) for row in rows]
        operations = await self._announced(centre) if wheels else ()
        return [Turning(wheel=wheel, operations=operations) for wheel in sorted(wheels, key=lambda wheel: wheel.id)]

    async def _announced(self, centre: str) -> tuple[Operation, ...]:
        rows = await self._transaction.session.exec(
            select(OperationRow).where(
                OperationRow.centre == centre, col(OperationRow.status).in_(("scheduled", "confirmed"))
            )
        )
        return tuple(Operation.model_validate(row.value) for row in rows)

    async def _ended(self, operation: Operation) -> Ended:
        wanted = [await self.wanted(visit.id) for visit in operation.visits]
        return Ended(
            operation=operation,
            wanted=tuple(inspection for inspection in wanted if inspection is not None),
            police=await self.capacity(operation.session_id),
            part=await self.participation(operation.id, operation.session_id),
        )

    async def snapshot(self, code: str) -> Snapshot:
        """All that is known of a centre."""
        await self.save()
        centre = await self.centre(code)
        now, policy = centre.now_at, self.policy
        done_since = year_began(now) if policy.fairness_cap and now else None
        disturbed_since = now - REACH_BEFORE_START if policy.risk and now else None
        return await read_snapshot(self._transaction, centre, done_since, disturbed_since)

    async def disturbances(self, centre: Centre) -> tuple[Disturbance, ...]:
        """What has happened of late, as far back as a session to come can feel it."""
        await self.save()
        now = centre.now_at
        return () if now is None else await read_disturbances(self._transaction, centre.code, now - REACH_BEFORE_START)

    async def disturbed(self, code: str) -> Snapshot | None:
        """All that is known of a centre whose risks are due, with what has happened of late; None where none are."""
        centre = await self.centre(code)
        if centre.now_at is None or centre.risk_due_at is None or centre.risk_due_at > centre.now_at:
            return None
        snapshot = await self.snapshot(code)
        return snapshot.model_copy(update={"disturbances": await self.disturbances(centre)})

    async def centres_behind(self) -> list[Centre]:
        """Centres whose facts are ahead of their plan, without the causes."""
        return await self._centres(BEHIND)

    async def centres_settled(self) -> list[Centre]:
        """Centres with a plan that is that of their facts, and with automation on, without the causes."""
        centres = await self._centres(SETTLED)
        return [one for one in centres if one.plan_version > 0 and one.mode != "off" and one.now_at is not None]

    async def _centres(self, statement: sa.Executable) -> list[Centre]:
        return [value_of(Centre, row[0]) for row in await self._transaction.execute(statement)]

    async def lock(self, centre: str) -> None:
        """Take the centre's lock: nobody else decides about it until the end of the transaction."""
        await self._transaction.lock([centre])

    async def carry_out(self, decision: Decision, envelope: Envelope) -> None:
        """Keep and say what was decided; a change of facts raises the centre's version and notes its cause."""
        if decision.refuse is not None:
            said = (envelope.source, envelope.id, envelope.causationid)  # said again, it is refused under another id
            key = "/".join(part for part in said if part)
            self.say(refusal_of(decision.refuse, envelope), envelope.centre, envelope, key)
        for value in decision.keep:
            self.keep(value)
        for number, message in enumerate(decision.say):
            self.say(message, envelope.centre, envelope, f"{envelope.source}/{envelope.id}/{number}")
        if decision.changed is not None:
            self.keep(change(await self.centre(envelope.centre), decision, envelope, traceparent(), self.policy))

    def keep(self, value: Value) -> None:
        """Note a value to be written."""
        self._values.keep(value)

    def say(self, message: Message, centre: str, cause: Envelope | Cause | None, key: str) -> None:
        """Say a message of planning's about a centre; the same key gives the same event id."""
        known = self._values.known(Centre, (centre,))
        at = time_of(known, cause)
        envelope = envelope_of(message, centre, cause, own_key(known, key), at, self._environment)
        self._transaction.say(PLANNING, centre, envelope, message)

    async def save(self) -> None:
        """Write every changed value, one statement per table; facts and questions wake the planner."""
        if await self._values.write() & {Centre, WhatIf}:
            await self._transaction.execute(NOTIFY)


def _named(messages: Sequence[Message], field: str) -> set[tuple[str]]:
    return {(value,) for message in messages if (value := getattr(message, field, None)) is not None}
