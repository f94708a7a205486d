"""What is published when what was lost comes back: police, or a cancellation that was a mistake."""

from __future__ import annotations

from typing import Any

from samsyn_contracts.operations import (
    OperationCancelled,
    OperationPostponed,
    OperationRescheduled,
    ParticipationRequested,
)
from samsyn_planning.domain.facts import Question, Value
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planned_centre import (
    Planned,
    a_day_of_work,
    planned,
    replanned,
    with_values,
    without,
)
from tests.support.planning_facts import (
    AV,
    SKV,
    a_cause,
    a_session,
    a_team,
    a_wanted,
    asking,
    at,
)

P13, P14, T13 = "polisen:P13", "polisen:P14", f"{AV}:T13"
OP = "op:polisen:P13"
ON_THE_13TH = [{"from_at": at(13), "until_at": at(14)}]


def a_planned_day(*more: Value, num_inspections: int = 1, **proposal: Any) -> Snapshot:
    """One confirmed operation on the 13th; `more` is known from the next replan on."""
    wanted = [a_wanted(f"{AV}:I{n + 1}", **proposal) for n in range(num_inspections)]
    return with_values(planned(a_day_of_work(*wanted, days=(13,), num_inspections=num_inspections)).snapshot, *more)


def step_after(snapshot: Snapshot) -> Planned:
    """The replan after the loss of the 13th's session; its one change carries cause and reasons."""
    after = replanned(snapshot)
    for message in after.publication.messages:
        if isinstance(message, OperationRescheduled | OperationPostponed | OperationCancelled):
            assert message.cause_event_ids == ("c1",)
            assert message.reasons
            assert all(reason.sv and reason.en for reason in message.reasons)
    return after


def test_police_back_give_the_waiting_operation_its_occasion() -> None:
    waits = step_after(without(a_planned_day(), P13)).snapshot

    back = replanned(with_values(waits, a_session(P13)), a_cause("r1", "PoliceRestored", cause_code="police_back"))

    told = back.only(OperationRescheduled)
    assert (told.ladder_step, told.to_slot.session_id, told.reasons[0].code) == ("restored", P13, "RESTORED")
    assert back.operation.status == "confirmed"


def test_a_retraction_gives_back_the_exact_former_plan_and_every_yes_given_to_it() -> None:
    later = [a_session(P14, 14), a_team(f"{AV}:T14", 14, consent=asking()), a_team(f"{SKV}:T14", 14)]
    asks = a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), *later, days=(13,))
    first = planned(asks).snapshot
    yes = {"status": "accepted", "accepted_for": P13, "answered_by": "a1"}
    accepted = [p.model_copy(update=yes) if p.capacity_id == T13 else p for p in first.participations]
    former = with_values(first, *accepted, *(o.model_copy(update={"status": "confirmed"}) for o in first.operations))
    hit = planned(without(former, P13), causes=[a_cause()])

    question = Question(consent="given", standing=former.operations, holds_everything=True)
    whole = with_values(hit.snapshot, former.capacity_by_id[P13])
    back = planned(whole, question, causes=[a_cause("r1", "PoliceCancellationRetracted")])

    assert hit.operation.session_id == P14
    assert back.said(ParticipationRequested) == []
    assert back.operation.visits == former.operations[0].visits
    assert (back.operation.session_id, back.operation.teams, back.operation.status) == (P13, (T13,), "confirmed")


def test_a_team_moved_to_another_session_and_back_need_not_answer_again() -> None:
    asks = a_day_of_work(
        a_session("polisen:P13b", 13), a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)
    )
    first = planned(asks).snapshot
    (operation,) = first.operations
    held = operation.session_id
    yes = first.part_by_key[operation.id, T13].model_copy(update={"status": "accepted", "accepted_for": held})
    former = with_values(first, yes, operation.model_copy(update={"status": "confirmed"}))
    moved = planned(without(former, held), causes=[a_cause()])

    question = Question(consent="given", standing=former.operations, holds_everything=True)
    whole = with_values(moved.snapshot, former.capacity_by_id[held])
    back = planned(whole, question, causes=[a_cause("r1", "PoliceCancellationRetracted")])

    assert moved.snapshot.part_by_key[operation.id, T13].status == "invited"
    assert (back.said(ParticipationRequested), back.operation.status) == ([], "confirmed")
