"""What planning does on each message: load, decide, save."""

from __future__ import annotations

from samsyn_chassis.batches import Handler
from samsyn_contracts import capacity, carrying_out, inspections, operations, periods, plans
from samsyn_contracts.cancellation_risk import DisturbanceEnded
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message
from samsyn_contracts.officers import OperationOfficerDesignated, OperationOfficerRetired
from samsyn_contracts.platform import TimePassed
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_planning.domain import capacity as of_capacity
from samsyn_planning.domain import wanted as of_wanted
from samsyn_planning.domain.answers import judge_note, report_loss, take_answer
from samsyn_planning.domain.assessed_risk import reassess
from samsyn_planning.domain.compromised import clear_operation, hold_operation
from samsyn_planning.domain.delayed import note_delay
from samsyn_planning.domain.disturbances import end_disturbance, note_disturbance
from samsyn_planning.domain.officers import designate_officer, retire_officer
from samsyn_planning.domain.on_the_spot import GivenBack, give_back, named_by, on_the_account, take_account
from samsyn_planning.domain.pins import pin_operation
from samsyn_planning.domain.proposals import confirm, decide_proposal
from samsyn_planning.domain.time import pass_time
from samsyn_planning.domain.what_if import ask_what_if
from samsyn_planning.domain.wheel import publish_wheel, turn_wheels
from samsyn_planning.store import Store


async def on_time_passed(passed: TimePassed, envelope: Envelope, store: Store) -> None:
    """Overdue replies, expired proposals, operations past, a planning day begun; periods and disturbances over."""
    centre, code, until = await store.centre(passed.centre), passed.centre, passed.until
    await store.carry_out(pass_time(centre, until, *await store.brought_by(code, until), store.policy), envelope)
    await store.carry_out(turn_wheels(await store.turning(code, until), centre, until, store.policy), envelope)
    await store.carry_out(reassess(await store.disturbed(code), store.policy), envelope)


async def on_capacity_offered(offered: capacity.CapacityOffered, envelope: Envelope, store: Store) -> None:
    """A team or a police session can be used."""
    known, same_id = await store.capacity(offered.capacity_id), await store.wanted(offered.capacity_id)
    same_team = await store.capacities_of_team(of_capacity.team_of(offered, envelope))
    await store.carry_out(of_capacity.offer_capacity(known, same_team, same_id, offered, envelope), envelope)


async def on_capacity_withdrawn(withdrawn: capacity.CapacityWithdrawn, envelope: Envelope, store: Store) -> None:
    """It cannot be used any more."""
    known = await store.capacity(withdrawn.capacity_id)
    await store.carry_out(of_capacity.withdraw_capacity(known, withdrawn, envelope), envelope)


async def on_police_cancelled(cancelled: capacity.PoliceCancelled, envelope: Envelope, store: Store) -> None:
    """Note the loss; the centre's plan is no longer that of its facts."""
    known, centre = await store.capacity(cancelled.capacity_id), await store.centre(envelope.centre)
    await store.carry_out(of_capacity.cancel_police(known, cancelled, centre, envelope), envelope)


async def on_police_cancellation_retracted(
    retracted: capacity.PoliceCancellationRetracted, envelope: Envelope, store: Store
) -> None:
    """The loss was a mistake."""
    known, centre = await store.capacity(retracted.capacity_id), await store.centre(envelope.centre)
    await store.carry_out(of_capacity.retract_cancellation(known, retracted, centre, envelope), envelope)


async def on_police_restored(restored: capacity.PoliceRestored, envelope: Envelope, store: Store) -> None:
    """The police are back."""
    known, centre = await store.capacity(restored.capacity_id), await store.centre(envelope.centre)
    await store.carry_out(of_capacity.restore_police(known, restored, centre, envelope), envelope)


async def on_disturbance_reported(reported: capacity.DisturbanceReported, envelope: Envelope, store: Store) -> None:
    """Something has happened that may take the police."""
    known, centre = await store.disturbance(reported.disturbance_id), await store.centre(envelope.centre)
    await store.carry_out(note_disturbance(known, reported, centre, envelope), envelope)
    await store.carry_out(reassess(await store.disturbed(envelope.centre), store.policy), envelope)


async def on_disturbance_ended(ended: DisturbanceEnded, envelope: Envelope, store: Store) -> None:
    """It takes no police any more."""
    known, centre = await store.disturbance(ended.disturbance_id), await store.centre(envelope.centre)
    await store.carry_out(end_disturbance(known, ended, centre, envelope), envelope)
    await store.carry_out(reassess(await store.disturbed(envelope.centre), store.policy), envelope)


async def on_operation_officer_designated(
    designated: OperationOfficerDesignated, envelope: Envelope, store: Store
) -> None:
    """The police have an officer for joint operations."""
    known = await store.officer_slot(designated.slot_id)
    await store.carry_out(designate_officer(known, designated, envelope), envelope)


async def on_operation_officer_retired(retired: OperationOfficerRetired, envelope: Envelope, store: Store) -> None:
    """They have that one no more."""
    known = await store.officer_slot(retired.slot_id)
    await store.carry_out(retire_officer(known, retired, envelope), envelope)


async def on_consent_given(given: capacity.ConsentGiven, envelope: Envelope, store: Store) -> None:
    """Keep a consent given beforehand."""
    await store.carry_out(of_capacity.give_consent(given, envelope), envelope)


async def on_consent_revoked(revoked: capacity.ConsentRevoked, envelope: Envelope, store: Store) -> None:
    """It holds no longer."""
    known = await store.consent(revoked.consent_id)
    await store.carry_out(of_capacity.revoke_consent(known, revoked, envelope), envelope)


async def on_automation_mode_changed(changed: capacity.AutomationModeChanged, envelope: Envelope, store: Store) -> None:
    """The centre decides what happens by itself."""
    centre = await store.centre(envelope.centre)
    await store.carry_out(of_capacity.change_mode(centre, changed), envelope)


async def on_inspection_proposed(proposed: inspections.InspectionProposed, envelope: Envelope, store: Store) -> None:
    """An inspection joins the list."""
    known, same_id = await store.wanted(proposed.inspection_id), await store.capacity(proposed.inspection_id)
    await store.carry_out(of_wanted.propose_inspection(known, same_id, proposed, envelope), envelope)


async def on_inspection_amended(amended: inspections.InspectionAmended, envelope: Envelope, store: Store) -> None:
    """What was said of it changes."""
    known = await store.wanted(amended.inspection_id)
    await store.carry_out(of_wanted.amend_inspection(known, amended, envelope), envelope)


async def on_inspection_withdrawn(withdrawn: inspections.InspectionWithdrawn, envelope: Envelope, store: Store) -> None:
    """It leaves the list."""
    known = await store.wanted(withdrawn.inspection_id)
    await store.carry_out(of_wanted.withdraw_inspection(known, withdrawn, envelope), envelope)


async def on_interest_declared(declared: inspections.InterestDeclared, envelope: Envelope, store: Store) -> None:
    """How much an agency wants to take part."""
    known = await store.wanted(declared.inspection_id)
    await store.carry_out(of_wanted.declare_interest(known, declared, store.policy, envelope), envelope)


async def on_readiness_declared(declared: inspections.ReadinessDeclared, envelope: Envelope, store: Store) -> None:
    """An agency is prepared; that may be what an operation waited for."""
    known = await store.wanted(declared.inspection_id)
    await store.carry_out(of_wanted.declare_readiness(known, declared, envelope), envelope)
    for view in await store.views_with(declared.inspection_id, envelope.centre):
        await store.carry_out(confirm(view), envelope)


async def on_answer(
    answer: operations.ParticipationAccepted
    | operations.ParticipationDeclined
    | operations.ParticipationWithdrawn
    | operations.PoliceCommitted
    | operations.PoliceDeclined,
    envelope: Envelope,
    store: Store,
) -> None:
    """An agency answers; that may be what the operation waited for."""
    operation, centre = await store.operation(answer.operation_id), await store.centre(envelope.centre)
    part = await store.participation(answer.operation_id, answer.capacity_id)
    await store.carry_out(take_answer(operation, part, answer, centre, envelope), envelope)
    await store.carry_out(confirm(await store.view_of(answer.operation_id)), envelope)


async def on_participation_answer_reported(
    reported: ParticipationAnswerReported, envelope: Envelope, store: Store
) -> None:
    """Another's answer, told by phone: refused where nobody waits for it; nothing follows from it."""
    operation, parts = await store.operation(reported.operation_id), await store.parts_of(reported.operation_id)
    centre = await store.centre(envelope.centre)
    await store.carry_out(judge_note(operation, parts, reported, centre, envelope), envelope)


async def on_police_loss_reported(reported: operations.PoliceLossReported, envelope: Envelope, store: Store) -> None:
    """Told by phone: at risk, prepared and proposed, published only by the police's or the centre's word."""
    operation, police = await store.operation(reported.operation_id), await store.police_of(reported.operation_id)
    parts = await store.parts_of(reported.operation_id)
    await store.carry_out(report_loss(operation, police, parts, reported, envelope), envelope)


async def on_replan_decided(
    decided: plans.ReplanApproved | plans.ReplanRejected, envelope: Envelope, store: Store
) -> None:
    """The centre decides about a plan proposed."""
    proposal = await store.proposal(decided.replan_id)
    await store.carry_out(decide_proposal(proposal, decided, envelope), envelope)


async def on_operation_pinned(
    said: plans.OperationPinned | plans.OperationUnpinned, envelope: Envelope, store: Store
) -> None:
    """The centre pins an operation, or lets go of it."""
    operation, known = await store.operation(said.operation_id), await store.pin(said.operation_id)
    centre = await store.centre(envelope.centre)
    await store.carry_out(pin_operation(operation, known, said, centre, envelope), envelope)


async def on_operation_compromised(said: OperationCompromised, envelope: Envelope, store: Store) -> None:
    """It may be known where the operation is to go."""
    view, known = await store.view_of(said.operation_id), await store.compromise(said.operation_id)
    await store.carry_out(hold_operation(view, known, said, envelope), envelope)


async def on_operation_cleared(said: OperationCleared, envelope: Envelope, store: Store) -> None:
    """The centre has decided: it may be planned again."""
    known = await store.compromise(said.operation_id)
    await store.carry_out(clear_operation(known, said, envelope), envelope)


async def on_what_if_asked(asked: plans.WhatIfAsked, envelope: Envelope, store: Store) -> None:
    """The centre wonders: the question is kept, and answered when no plan is due."""
    known, centre = await store.what_if(asked.question_id), await store.centre(envelope.centre)
    capacities = {capacity_id: await store.capacity(capacity_id) for capacity_id in asked.without}
    num_open = await store.num_open_what_ifs(envelope.centre)
    await store.carry_out(ask_what_if(known, capacities, num_open, asked, centre, envelope), envelope)


async def on_annual_wheel_published(published: periods.AnnualWheelPublished, envelope: Envelope, store: Store) -> None:
    """The centre tells its year: periods, deadlines, themes."""
    known, centre = await store.wheel(published.wheel_id), await store.centre(envelope.centre)
    await store.carry_out(publish_wheel(known, published, centre, store.policy, envelope), envelope)


async def on_participant_delayed(delayed: carrying_out.ParticipantDelayed, envelope: Envelope, store: Store) -> None:
    """Somebody comes late: what cannot do without them waits."""
    await store.carry_out(note_delay(await store.view_of(delayed.operation_id), delayed, envelope), envelope)


async def on_given_back(said: GivenBack, envelope: Envelope, store: Store) -> None:
    """Those on the spot break off or give up: what they name may be planned again."""
    operation, parts = await store.operation(said.operation_id), await store.parts_of(said.operation_id)
    wanted = [await store.wanted(inspection_id) for inspection_id in named_by(said)]
    await store.carry_out(give_back(operation, parts, wanted, said, envelope), envelope)


async def on_operation_completed(completed: carrying_out.OperationCompleted, envelope: Envelope, store: Store) -> None:
    """What was done is done, and what was left is wanted as before."""
    operation = await store.operation(completed.operation_id)
    wanted = [await store.wanted(inspection_id) for inspection_id in on_the_account(operation, completed)]
    await store.carry_out(take_account(operation, wanted, completed, envelope), envelope)


HANDLERS: dict[type[Message], Handler] = {
    TimePassed: on_time_passed,
    capacity.CapacityOffered: on_capacity_offered,
    capacity.CapacityWithdrawn: on_capacity_withdrawn,
    capacity.PoliceCancelled: on_police_cancelled,
    capacity.PoliceCancellationRetracted: on_police_cancellation_retracted,
    capacity.PoliceRestored: on_police_restored,
    capacity.DisturbanceReported: on_disturbance_reported,
    DisturbanceEnded: on_disturbance_ended,
    OperationOfficerDesignated: on_operation_officer_designated,
    OperationOfficerRetired: on_operation_officer_retired,
    capacity.ConsentGiven: on_consent_given,
    capacity.ConsentRevoked: on_consent_revoked,
    capacity.AutomationModeChanged: on_automation_mode_changed,
    inspections.InspectionProposed: on_inspection_proposed,
    inspections.InspectionAmended: on_inspection_amended,
    inspections.InspectionWithdrawn: on_inspection_withdrawn,
    inspections.InterestDeclared: on_interest_declared,
    inspections.ReadinessDeclared: on_readiness_declared,
    operations.ParticipationAccepted: on_answer,
    operations.ParticipationDeclined: on_answer,
    operations.ParticipationWithdrawn: on_answer,
    operations.PoliceCommitted: on_answer,
    operations.PoliceDeclined: on_answer,
    operations.PoliceLossReported: on_police_loss_reported,
    ParticipationAnswerReported: on_participation_answer_reported,
    carrying_out.ParticipantDelayed: on_participant_delayed,
    carrying_out.InspectionSuspended: on_given_back,
    carrying_out.OperationAborted: on_given_back,
    carrying_out.OperationCompleted: on_operation_completed,
    plans.ReplanApproved: on_replan_decided,
    plans.ReplanRejected: on_replan_decided,
    plans.OperationPinned: on_operation_pinned,
    plans.OperationUnpinned: on_operation_pinned,
    OperationCompromised: on_operation_compromised,
    OperationCleared: on_operation_cleared,
    plans.WhatIfAsked: on_what_if_asked,
    periods.AnnualWheelPublished: on_annual_wheel_published,
}
