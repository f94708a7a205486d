"""Police back after a while: who waits is offered the first occasion again, and nobody is moved twice the same day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_contracts.operations import OperationRescheduled, ParticipationRequested
from samsyn_planning.domain.facts import Value
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import Planned, a_day_of_work, asked, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    NOW,
    SKV,
    a_cause,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_operation,
    asking,
    at,
)

P13, P14, T13, OP13 = "polisen:P13", "polisen:P14", f"{AV}:T13", "op:polisen:P13"
TWO_HOURS = timedelta(hours=2)


def back(snapshot: Snapshot, *sessions: str, after: timedelta = TWO_HOURS) -> Planned:
    """The police have lost sessions again, a while later."""
    whole = [snapshot.capacity_by_id[s].model_copy(update={"loss": None, "loss_event": None}) for s in sessions]
    now_at = (snapshot.centre.now_at or NOW) + after
    cause = a_cause("r1", "PoliceRestored", cause_code="police_back")
    return replanned(with_values(snapshot, *whole, now_at=now_at), cause)


def a_moved_day() -> Planned:
    """The operation of the 13th moved to the 14th this morning, with two of its four sites."""
    interests = {AV: 90, SKV: 90}
    wanted = [a_wanted(f"{AV}:I{n}", value=500, interests=interests) for n in (1, 2, 3, 4)]
    before = planned(a_day_of_work(*wanted, days=(13,), num_inspections=4)).snapshot
    later = with_values(before, a_session(P14, 14, max_inspections=2), a_team(f"{AV}:T14", 14))
    moved = replanned(without(later, P13))
    assert moved.operation.session_id == P14
    return moved


# The first occasion again


def test_an_operation_that_waits_has_its_first_occasion_again_and_standing_consent_holds() -> None:
    before = planned(a_day_of_work(days=(13,))).snapshot
    waits = replanned(without(before, P13)).snapshot

    after = back(waits, P13)

    assert after.only(OperationRescheduled).ladder_step == "restored"
    assert after.operation.form == before.operations[0].form
    assert after.operation.status == "confirmed"


def test_who_wants_to_be_asked_is_offered_the_first_occasion_again() -> None:
    asks = a_day_of_work(a_team(T13, consent=asking()), a_wanted(required_agencies=(AV,)), days=(13,))
    waits = replanned(without(planned(asks).snapshot, P13)).snapshot

    after = back(waits, P13)

    assert after.only(ParticipationRequested).slot.session_id == P13
    assert (after.operation.status, after.operation.moved_at) == ("scheduled", NOW + TWO_HOURS)


def test_an_operation_that_waits_gets_back_what_is_not_done_elsewhere_by_now() -> None:
    near = at(12, 12)
    waits = an_operation(OP13, P13, status="postponed", visits=visits(1, 2), teams=(T13,), lost_cause="c1")
    other = an_operation("op:polisen:P16", "polisen:P16", day=16, visits=visits(2, day=16), teams=(f"{AV}:T16",))
    values = [a_session(P13), a_session("polisen:P16", 16), a_team(T13), a_team(f"{AV}:T16", 16)]
    wanted = [a_wanted(f"{AV}:I1"), a_wanted(f"{AV}:I2")]

    after = back(with_values(a_snapshot(waits, other, *values, *wanted), now_at=near), P13)

    (told,) = [message for message in after.said(OperationRescheduled) if message.operation_id == OP13]
    assert (told.ladder_step, told.to_slot.session_id) == ("restored", P13)
    assert [inspection.inspection_id for inspection in told.inspections] == [f"{AV}:I1"]
    assert told.reasons


def test_an_operation_that_waits_gets_another_team_where_its_own_is_busy_by_now() -> None:
    waits = an_operation(OP13, P13, status="postponed", visits=visits(1), teams=(T13,), lost_cause="c1")
    other = an_operation("op:polisen:Q13", "polisen:Q13", visits=visits(2), teams=(T13,))
    values = [a_session(P13), a_session("polisen:Q13"), a_team(T13), a_team(f"{SKV}:T13")]
    wanted = [a_wanted(f"{AV}:I1"), a_wanted(f"{AV}:I2")]

    after = back(a_snapshot(waits, other, *values, *wanted), P13)

    assert [o.teams for o in after.snapshot.operations if o.id == OP13] == [(f"{SKV}:T13",)]


def test_two_operations_that_wait_for_the_same_site_do_not_both_get_it() -> None:
    one = an_operation(OP13, P13, status="postponed", visits=visits(1), teams=(T13,), lost_cause="c1")
    two = an_operation("op:polisen:Q13", "polisen:Q13", status="postponed", visits=visits(1), lost_cause="c2")
    values = [a_session(P13), a_session("polisen:Q13"), a_team(T13), a_team(), a_wanted()]

    after = back(with_values(a_snapshot(one, two, *values), now_at=at(12, 12)), P13, "polisen:Q13")

    assert verify(after.replan.problem, after.replan.plan).violations == ()
    assert [o.id for o in after.snapshot.operations if o.is_planned] == [OP13]


def visits(*numbers: int, day: int = 13) -> tuple[dict[str, Any], ...]:
    """A route, two hours apart."""
    hours = [(n, 7 + 2 * n) for n in numbers]
    return tuple({"id": f"{AV}:I{n}", "start_at": at(day, h), "end_at": at(day, h + 1)} for n, h in hours)


# Nobody is moved twice the same day


def test_an_operation_moved_this_morning_stays_where_it_is_when_the_police_are_back() -> None:
    moved = a_moved_day()

    after = back(moved.snapshot, P13)

    assert [o.form for o in after.snapshot.operations if o.id == OP13] == [moved.operation.form]
    assert after.said(OperationRescheduled) == []


def test_an_operation_moved_this_morning_moves_again_if_it_is_hit_again() -> None:
    spare = with_values(a_moved_day().snapshot, a_session("polisen:P15", 15), a_team(f"{AV}:T15", 15))

    after = replanned(without(spare, P14, "c2"), a_cause("c2", subject=P14))

    assert after.only(OperationRescheduled).to_slot.session_id == "polisen:P15"


@pytest.mark.parametrize(
    ("moved_at", "now_at", "is_held"),
    [
        (at(5, 6), at(5, 8), True),
        (at(5, 0, 30), at(5, 23, 30), True),
        (at(4, 23, 30), at(5, 0, 30), False),
        (None, at(5, 8), False),
    ],
)
def test_held_is_what_was_moved_the_same_day_in_sweden(
    moved_at: datetime | None, now_at: datetime, is_held: bool
) -> None:
    moved = an_operation(moved_at=moved_at and moved_at.astimezone(UTC))

    assert (
        asked(a_session(), a_team(), a_wanted(), moved, now_at=now_at.astimezone(UTC))["hold"] == [moved.id] * is_held
    )


def test_an_operation_that_waits_is_not_held() -> None:
    waits = an_operation(status="postponed", moved_at=NOW)

    assert asked(a_session(), a_team(), a_wanted(), waits)["hold"] == []


def test_moved_is_who_gets_another_occasion_and_not_who_gets_another_site() -> None:
    before = planned(a_day_of_work(days=(13,)))
    grown = planned(with_values(before.snapshot, a_wanted(f"{AV}:I2", value=900)))
    waits = replanned(without(grown.snapshot, P13))
    again = back(waits.snapshot, P13)

    assert [p.operation.moved_at for p in (before, grown, waits, again)] == [None, None, None, NOW + TWO_HOURS]


@st.composite
def centres(draw: st.DrawFn) -> Snapshot:
    """Two to four sessions of different size, teams and sites that are worth different things to different parties."""
    values: list[Value] = []
    for number in range(draw(st.integers(2, 4))):
        day, most = draw(st.sampled_from([13, 14, 15])), draw(st.integers(1, 4))
        values.append(a_session(f"polisen:P{number}", day, max_inspections=most))
    for day in (13, 14, 15):
        values += [a_team(f"{agency}:T{day}", day) for agency in draw(st.sets(st.sampled_from([AV, SKV])))]
    for number in range(draw(st.integers(3, 6))):
        interests = {agency: draw(st.integers(0, 90)) for agency in (AV, SKV)}
        values.append(a_wanted(f"{AV}:I{number}", value=draw(st.integers(20, 900)), interests=interests))
    return a_snapshot(*values)


@pytest.mark.scenario(4)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(centres(), st.data())
def test_whoever_was_moved_by_a_loss_is_left_alone_for_the_rest_of_the_day(
    before: Snapshot, data: st.DataObject
) -> None:
    first = planned(before).snapshot
    sessions = [operation.session_id for operation in first.operations]
    gone = data.draw(st.lists(st.sampled_from(sessions), unique=True)) if sessions else []
    hit = first
    for session_id in gone:
        hit = without(hit, session_id, f"c-{session_id[8:]}")
    moved = replanned(hit, *(a_cause(f"c-{session_id[8:]}", subject=session_id) for session_id in gone)).snapshot

    after = {operation.id: operation for operation in back(moved, *gone).snapshot.operations}

    told = [operation for operation in moved.operations if operation.moved_at is not None]
    assert [after[operation.id] for operation in told] == told
