"""What is published when something is lost: each step of the ladder has its message, its cause and its reasons."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.message import Message
from samsyn_contracts.operations import (
    OperationCancelled,
    OperationConfirmed,
    OperationPostponed,
    OperationRescheduled,
    OperationScheduled,
    ParticipationRequested,
)
from samsyn_planning.domain.facts import Value
from samsyn_planning.domain.snapshot import Snapshot

from tests.support.planned_centre import (
    ANY,
    GIVEN,
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
    a_consent,
    a_session,
    a_team,
    a_wanted,
    asking,
    at,
    lost,
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


def other_session(**offer: Any) -> Value:
    return a_session("polisen:P13b", 13, **offer)


def test_another_session_at_the_same_time_of_the_same_day() -> None:
    after = step_after(without(a_planned_day(other_session()), P13))

    told = after.only(OperationRescheduled)
    assert (told.ladder_step, told.from_slot.session_id, told.to_slot.session_id) == (
        "other_police_session",
        P13,
        "polisen:P13b",
    )
    assert told.operation_id == OP
    assert after.operation.status == "confirmed"


def test_the_reasons_call_the_step_what_the_message_calls_it() -> None:
    """The planner knows a lost session by its first inspection alone, which here starts long after the session."""
    after = step_after(without(a_planned_day(other_session()), P13))

    told = next(reason for reason in after.only(OperationRescheduled).reasons if reason.code == "LADDER")
    assert (told.sv, told.en) == (
        "Åtgärd: annat polispass vid samma tid.",
        "Step: another police session at the same time.",
    )


def test_another_session_later_the_same_day() -> None:
    after = step_after(without(a_planned_day(other_session(start_at=at(13, 8, 25))), P13))

    assert after.only(OperationRescheduled).ladder_step == "moved_session"


def test_a_session_on_a_later_day() -> None:
    later = [a_session(P14, 14), a_team(f"{AV}:T14", 14), a_team(f"{SKV}:T14", 14)]

    after = step_after(without(a_planned_day(*later), P13))

    told = after.only(OperationRescheduled)
    assert (told.ladder_step, told.to_slot.session_id, told.notice_minutes) == ("postponed", P14, 9 * 24 * 60)


def test_a_shorter_session_makes_the_operation_smaller() -> None:
    after = step_after(without(a_planned_day(num_inspections=5), P13, available_until=at(13, 12)))

    told = after.only(OperationRescheduled)
    assert (told.ladder_step, told.to_slot.end_at) == ("smaller", at(13, 12))
    assert len(told.inspections) < 5


def test_fewer_officers_leave_the_sites_that_need_more() -> None:
    needs = a_wanted(f"{AV}:I2", min_officers=4)
    before = planned(a_day_of_work(needs, days=(13,), num_inspections=2)).snapshot

    told = step_after(without(before, P13, officers_left=2)).only(OperationRescheduled)

    assert (told.ladder_step, [i.inspection_id for i in told.inspections]) == ("smaller", [f"{AV}:I1"])


def test_a_session_that_is_shorter_where_nothing_happens_changes_hours_alone() -> None:
    told = step_after(without(a_planned_day(), P13, available_until=at(13, 15))).only(OperationRescheduled)

    assert (told.ladder_step, told.to_slot.end_at) == ("unchanged", at(13, 15))
    assert told.reasons[0].code == "TIME"


def without_police(*consents: Value) -> Planned:
    both: dict[str, Any] = {"police_need": "wanted", "required_agencies": (AV, SKV), "time_windows": ON_THE_13TH}
    return step_after(with_values(without(a_planned_day(**both), P13), *consents))


def test_without_police_where_every_party_has_consented() -> None:
    after = without_police(a_consent(AV), a_consent(SKV))

    told = after.only(OperationRescheduled)
    assert (told.ladder_step, told.to_slot.session_id) == ("without_police", P13)
    assert told.released == ("polisen",)
    assert after.only(OperationConfirmed).guard_results.police == "not_needed"


def test_without_police_is_never_published_beyond_consent() -> None:
    after = without_police(a_consent(AV))

    assert [type(m) for m in after.publication.messages] == [OperationPostponed]


def test_an_operation_without_police_stands_at_the_next_replan() -> None:
    after = without_police(a_consent(AV), a_consent(SKV))
    revoked = [c.model_copy(update={"is_revoked": True}) for c in after.snapshot.consents]

    again = replanned(with_values(after.snapshot, *revoked), a_cause("c2"))

    assert again.publication.messages == ()


def test_an_agency_that_has_not_agreed_is_not_called_to_go_without_police() -> None:
    day = a_day_of_work(a_wanted(police_need="wanted", value=20), days=(13,))
    before = with_values(planned(day).snapshot, a_consent(AV))

    after = replanned(without(before, P13), question=ANY)

    unagreed = [p for p in after.snapshot.participations if p.party == SKV and p.status == "accepted"]
    assert (unagreed, after.said(OperationConfirmed)) == ([], [])


def test_police_back_join_the_operation_that_had_to_do_without() -> None:
    after = without_police(a_consent(AV), a_consent(SKV))

    back = replanned(with_values(after.snapshot, a_session(P13)), a_cause("r1", "PoliceRestored"))

    told = back.only(OperationRescheduled)
    assert (told.ladder_step, "polisen" in [p.agency for p in told.participants]) == ("restored", True)


def test_an_operation_without_an_occasion_waits_and_its_participants_are_released() -> None:
    after = step_after(without(a_planned_day(), P13))

    told = after.only(OperationPostponed)
    assert (told.operation_id, told.cause_code) == (OP, "disturbance")
    assert told.released in {(AV, "polisen"), ("polisen", SKV)}
    assert (after.operation.status, after.operation.lost_cause) == ("postponed", "c1")
    assert {part.status for part in after.snapshot.participations} == {"released"}


def test_an_operation_whose_sites_are_closed_for_good_is_cancelled() -> None:
    gone = a_wanted(is_withdrawn=True, withdrawn_by="w1")
    cause = a_cause("w1", "InspectionWithdrawn", subject=gone.id, cause_code="bankrupt")

    after = replanned(with_values(a_planned_day(), gone), cause)

    told = after.only(OperationCancelled)
    assert (told.cause_code, told.cause_event_ids) == ("bankrupt", ("w1",))
    assert after.status_of(OP) == "cancelled"


def test_an_operation_that_waits_is_cancelled_when_its_last_site_is_taken_elsewhere() -> None:
    waits = step_after(without(a_planned_day(), P13)).snapshot
    other = [a_session("polisen:P15", 15), a_team(f"{SKV}:T15", 15)]

    taken = planned(with_values(waits, *other))

    assert isinstance(taken.publication.messages[0], OperationRescheduled | OperationScheduled | OperationCancelled)
    assert [o.session_id for o in taken.snapshot.operations] == ["polisen:P15"]


def test_a_team_that_withdraws_is_replaced_and_hears_nothing_more() -> None:
    before = a_planned_day()
    (operation,) = before.operations
    (team,) = operation.teams
    part = before.part_by_key[OP, team].model_copy(update={"status": "withdrawn", "answered_by": "a1"})

    after = replanned(with_values(before, part), a_cause("a1", "ParticipationWithdrawn", cause_code="illness"))

    told = after.only(OperationRescheduled)
    assert (told.ladder_step, told.cause_event_ids) == ("team_changed", ("a1",))
    assert team not in [p.capacity_id for p in told.participants]


def test_a_team_that_stays_silent_is_no_event_that_could_be_named() -> None:
    asks = a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,))
    before = planned(asks).snapshot
    silent = before.part_by_key[OP, T13].model_copy(update={"status": "silent", "reply_by": None})

    after = replanned(with_values(before, silent), a_cause("t1", "TimePassed", cause_code="no_reply"))

    assert after.only(OperationPostponed).cause_event_ids == ("t1",)


def test_a_new_ask_goes_out_only_to_who_has_not_agreed_to_the_new_session() -> None:
    asks = a_day_of_work(
        a_session("polisen:P13b", 13), a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)
    )
    before = planned(asks).snapshot
    (operation,) = before.operations
    yes = before.part_by_key[operation.id, T13].model_copy(update={"status": "accepted", "accepted_for": P13})

    moved = planned(without(with_values(before, yes), operation.session_id), causes=[a_cause()])

    assert moved.only(ParticipationRequested).slot.session_id != operation.session_id
    assert moved.operation.status == "scheduled"


def test_a_consent_to_another_session_saves_the_new_ask() -> None:
    asks = a_day_of_work(
        a_session("polisen:P13b", 13), a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,)
    )
    before = planned(asks).snapshot
    (operation,) = before.operations
    yes = before.part_by_key[operation.id, T13].model_copy(update={"status": "accepted", "accepted_for": P13})

    moved = replanned(without(with_values(before, yes, a_consent(AV, "other_police_unit")), operation.session_id))

    assert moved.said(ParticipationRequested) == []
    assert moved.operation.status == "confirmed"


@pytest.mark.parametrize("kind", [OperationRescheduled, OperationPostponed, OperationCancelled])
def test_who_has_nothing_to_do_with_a_loss_hears_nothing(kind: type[Message]) -> None:
    own = [
        a_wanted(f"{AV}:I{n}", time_windows=[{"from_at": at(d), "until_at": at(d + 1)}]) for n, d in ((1, 13), (2, 14))
    ]
    before = planned(a_day_of_work(*own)).snapshot

    after = replanned(without(before, P13))

    assert "op:polisen:P14" not in [m.subject for m in after.said(kind)]
    assert [o.id for o in after.snapshot.operations if o.status == "confirmed"] == ["op:polisen:P14"]
    assert after.publication.untouched_count == 1


def test_a_plan_asked_again_after_a_loss_changes_nothing_more() -> None:
    after = step_after(without(a_planned_day(other_session()), P13))

    assert planned(after.snapshot, GIVEN).publication.messages == ()


def test_a_lost_session_that_nobody_used_changes_no_operation() -> None:
    before = a_planned_day()

    after = replanned(with_values(before, lost(a_session("polisen:P20", 20))))

    assert (after.publication.messages, after.publication.untouched_count) == ((), 1)
