"""A cancellation that was a mistake: what it brought is undone, where nobody has acted on it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samsyn_contracts.operations import OperationCancelled, OperationConfirmed, OperationRescheduled
from samsyn_planning.domain.facts import Cause, Operation, Value
from samsyn_planning.domain.former import Version, former_of, taken_back
from samsyn_planning.domain.questions import task_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    SKV,
    a_cause,
    a_participation,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_operation,
    asking,
    at,
    the_centre,
)

P13, P14, P15, T13, T14 = "polisen:P13", "polisen:P14", "polisen:P15", f"{AV}:T13", f"{AV}:T14"
OP13, OP14 = "op:polisen:P13", "op:polisen:P14"
ON_THE_13TH = [{"from_at": at(13), "until_at": at(14)}]
ON_THE_14TH = [{"from_at": at(14), "until_at": at(15)}]
DAYS = (13, 14, 15, 16)


def a_mistake(session: str = P13, **overrides: Any) -> Cause:
    """The police take back the cancellation of a session."""
    return a_cause(f"r-{session}", "PoliceCancellationRetracted", subject=session, cause_code="retracted", **overrides)


def version_of(before: Snapshot, after: Planned) -> Version:
    """A publication as it is kept."""
    holds = frozenset(form["id"] for form in after.replan.plan["operations"])
    return Version(number=after.replan.version, causes=after.replan.causes, before=before.operations, holds=holds)


def lost(before: Snapshot, *sessions: str) -> tuple[Planned, Version]:
    """The police lose sessions, all in one storm; what is published then, and as it is kept."""
    hit = before
    for session in sessions:
        hit = without(hit, session, f"c-{session}")
    after = replanned(hit, *(a_cause(f"c-{session}", subject=session) for session in sessions))
    return after, version_of(before, after)


def found_again(snapshot: Snapshot, *sessions: str) -> Snapshot:
    """The sessions are there again, and that is what the centre's plan is to answer."""
    whole = [snapshot.capacity_by_id[s].model_copy(update={"loss": None, "loss_event": None}) for s in sessions]
    after = with_values(snapshot, *whole)
    causes = tuple(a_mistake(session) for session in sessions)
    return after.model_copy(update={"centre": the_centre(now_at=snapshot.centre.now_at, causes=causes)})


def undone(snapshot: Snapshot, *versions: Version) -> tuple[Operation, ...] | None:
    """The operations with the mistakes undone that the centre has heard of."""
    return former_of(snapshot, versions, taken_back(snapshot))


def forms(operations: tuple[Operation, ...] | None) -> dict[str, Any]:
    """What of operations is the plan's."""
    assert operations is not None
    return {operation.id: operation.form for operation in operations}


def restored(snapshot: Snapshot, former: tuple[Operation, ...] | None) -> Planned:
    """What is published when they are undone."""
    return planned(snapshot, task_of(snapshot, former).question, causes=snapshot.centre.causes)


def two_days(*more: Value) -> Snapshot:
    """An operation on each of two days, of a site that is open that day or the 15th; a session to spare on the 15th."""
    days = [ON_THE_13TH, ON_THE_14TH]
    wanted = [
        a_wanted(f"{AV}:I{n + 1}", value=300 - 100 * n, time_windows=[*day, {"from_at": at(15), "until_at": at(16)}])
        for n, day in enumerate(days)
    ]
    before = planned(a_day_of_work(*wanted, num_inspections=2)).snapshot
    spare = [a_session(P15, 15, max_inspections=1), a_team(f"{AV}:T15", 15)]
    return with_values(before, *spare, *more)


# Which retractions are answered by undoing


@pytest.mark.parametrize(
    ("causes", "sessions"),
    [
        ([a_mistake()], {P13}),
        ([a_mistake(), a_mistake(P14)], {P13, P14}),
        ([a_mistake(), a_cause("o1", "CapacityOffered", subject=T14, is_urgent=False)], {P13}),
        ([a_mistake(), a_cause("c2", subject=P14)], set()),
        ([a_cause("o1", "CapacityOffered", is_urgent=False)], set()),
        ([], set()),
    ],
)
def test_only_mistakes_alone_are_undone_whatever_waits_that_is_not_urgent(
    causes: list[Cause], sessions: set[str]
) -> None:
    assert taken_back(a_snapshot(centre=the_centre(causes=tuple(causes)))) == sessions


def test_the_whole_plan_before_a_mistake_stands_again() -> None:
    before = planned(a_day_of_work(num_inspections=3, days=(13, 14))).snapshot
    (operation,) = before.operations
    after, version = lost(before, operation.session_id)
    now = found_again(after.snapshot, operation.session_id)

    back = restored(now, undone(now, version))

    assert forms(after.snapshot.operations) != forms(before.operations)
    assert forms(back.snapshot.operations) == forms(before.operations)
    assert back.only(OperationRescheduled).ladder_step == "restored"
    assert back.operation.status == "confirmed"


def test_the_plan_that_stands_again_is_the_first_to_the_byte() -> None:
    first = planned(a_day_of_work(num_inspections=3, days=(13, 14)))
    after, version = lost(first.snapshot, first.operation.session_id)
    now = found_again(after.snapshot, first.operation.session_id)

    back = restored(now, undone(now, version))

    assert json.dumps(back.replan.plan["operations"]) == json.dumps(first.replan.plan["operations"])


def test_of_a_storm_the_one_mistake_is_undone_and_the_losses_stand() -> None:
    before = two_days()
    after, version = lost(before, P13, P14)
    assert {o.id: o.status for o in after.snapshot.operations} == {OP13: "confirmed", OP14: "postponed"}
    now = found_again(after.snapshot, P13)

    back = restored(now, undone(now, version))

    operations = {operation.id: operation for operation in back.snapshot.operations}
    assert operations[OP13].form == next(o.form for o in before.operations if o.id == OP13)
    # The session that it leaves is there for the operation that is still without one.
    assert operations[OP14].session_id == P15
    steps = {told.operation_id: told.ladder_step for told in back.said(OperationRescheduled)}
    assert steps == {OP13: "restored", OP14: "postponed"}


def test_a_mistake_is_undone_though_ordinary_planning_has_moved_the_operation_on() -> None:
    before = planned(a_day_of_work(days=(13,))).snapshot
    after, version = lost(before, P13)
    later = planned(with_values(after.snapshot, a_session(P14, 14), a_team(T14, 14)))
    assert later.operation.session_id == P14
    now = found_again(later.snapshot, P13)

    assert forms(undone(now, version)) == forms(before.operations)


def test_an_operation_that_took_over_a_site_gives_it_back() -> None:
    beside = a_session("polisen:Q13", areas=("b",))
    own = [a_wanted(f"{AV}:I1", area="a"), a_wanted(f"{AV}:I2", area="b")]
    two = planned(
        a_snapshot(a_session(P13, areas=("a",)), beside, a_team(T13), a_team(f"{AV}:U13", team="lag-2"), *own)
    ).snapshot
    wider = with_values(two, a_session("polisen:Q13", areas=("a", "b")))
    after, version = lost(wider, P13)
    assert [o.id for o in after.snapshot.operations] == ["op:polisen:Q13"]
    assert len(after.only(OperationCancelled).released) == 2
    now = found_again(after.snapshot, P13)

    back = restored(now, undone(now, version))

    assert forms(back.snapshot.operations) == forms(two.operations)
    assert {o.id: o.code_name for o in back.snapshot.operations} == {o.id: o.code_name for o in two.operations}
    assert [told.ladder_step for told in back.said(OperationRescheduled)] == ["restored", "restored"]
    assert len(back.said(OperationConfirmed)) == 2


def test_an_operation_that_gave_up_a_team_has_it_back() -> None:
    wanted = [
        a_wanted(f"{AV}:I1", area="a", value=900, required_agencies=(AV,)),
        a_wanted(f"{AV}:I2", area="b", interests={AV: 90, SKV: 90}, time_windows=ON_THE_14TH),
    ]
    sessions = [a_session(P13, areas=("a",)), a_session(P14, 14, areas=("b",))]
    teams = [a_team(T13), a_team(T14, 14), a_team(f"{SKV}:T14", 14)]
    before = planned(a_snapshot(*sessions, *teams, *wanted)).snapshot
    assert {o.id: o.teams for o in before.operations} == {OP13: (T13,), OP14: (T14, f"{SKV}:T14")}
    after, version = lost(with_values(before, a_session("polisen:Q14", 14, areas=("a",))), P13)
    assert {o.id: o.teams for o in after.snapshot.operations} == {OP13: (T14,), OP14: (f"{SKV}:T14",)}
    now = found_again(after.snapshot, P13)

    back = restored(now, undone(now, version))

    assert forms(back.snapshot.operations) == forms(before.operations)


@cache
def a_fortnight() -> Planned:
    """Four operations on four days, with sites of different worth; the police offer two more sessions afterwards."""
    values: list[Value] = []
    for day in DAYS:
        values += [a_session(f"polisen:P{day}", day, max_inspections=2), a_team(f"{AV}:T{day}", day)]
        values.append(a_team(f"{SKV}:T{day}", day))
    for number in range(7):
        values.append(a_wanted(f"{AV}:I{number}", value=200 + 90 * number, interests={AV: 10 * number, SKV: 60}))
    first = planned(a_snapshot(*values))
    assert len(first.snapshot.operations) == len(DAYS)
    spare = [a_session(f"polisen:Q{day}", day, max_inspections=1) for day in DAYS[:2]]
    later = [a_session("polisen:Q20", 20), a_team(f"{AV}:T20", 20)]
    return Planned(with_values(first.snapshot, *spare, *later), first.replan, first.publication)


@pytest.mark.scenario(4)
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(DAYS), min_size=1), st.data())
def test_whatever_was_a_mistake_of_a_storm_is_undone_exactly(days: set[int], data: st.DataObject) -> None:
    first, gone = a_fortnight(), sorted(f"polisen:P{day}" for day in days)
    mistaken = data.draw(st.sets(st.sampled_from(gone), min_size=1))
    after, version = lost(first.snapshot, *gone)
    now = found_again(after.snapshot, *sorted(mistaken))

    back = restored(now, undone(now, version))

    assert verify(back.replan.problem, back.replan.plan).violations == ()
    stands = {operation.id: operation.form for operation in back.snapshot.operations}
    for operation in first.snapshot.operations:
        assert operation.session_id not in mistaken or stands[operation.id] == operation.form
    if mistaken == set(gone):
        assert json.dumps(back.replan.plan["operations"]) == json.dumps(first.replan.plan["operations"])


def test_what_a_real_loss_had_of_a_mistake_is_planned_anew_and_told_as_its_participants_know_it() -> None:
    first = a_fortnight()
    after, version = lost(first.snapshot, "polisen:P15", "polisen:P16")
    now = found_again(after.snapshot, "polisen:P16")

    back = restored(now, undone(now, version))

    again, lost_still = back.said(OperationRescheduled)
    assert (again.operation_id, again.ladder_step) == ("op:polisen:P16", "restored")
    assert [reason.code for reason in again.reasons] == ["RETRACTED"]
    assert (lost_still.operation_id, lost_still.ladder_step) == ("op:polisen:P15", "smaller")
    assert lost_still.from_slot == lost_still.to_slot
    assert lost_still.cause_event_ids == ("c-polisen:P15",)


def test_an_operation_that_came_instead_is_cancelled_and_told_why() -> None:
    first = a_fortnight()
    after, version = lost(first.snapshot, P13, P14)
    now = found_again(after.snapshot, P13, P14)
    (came,) = {o.id for o in after.snapshot.operations} - {o.id for o in first.snapshot.operations}

    told = restored(now, undone(now, version)).only(OperationCancelled)

    assert (told.operation_id, told.cause_code) == (came, "retracted")
    assert [reason.code for reason in told.reasons] == ["RETRACTED"]


# What is left as it has become


def test_nothing_is_undone_where_no_plan_has_answered_the_cancellation() -> None:
    before = found_again(without(planned(a_day_of_work(days=(13,))).snapshot, P13), P13)

    assert undone(before) is None


def test_nothing_is_undone_that_a_later_plan_has_built_upon() -> None:
    before = planned(a_day_of_work(days=(13,))).snapshot
    after, version = lost(before, P13)
    other = an_operation("op:polisen:Q13", "polisen:Q13", teams=(T13,), plan_version=version.number + 1)
    now = found_again(with_values(after.snapshot, a_session("polisen:Q13"), other), P13)

    assert undone(now, version) is None


def test_nothing_is_undone_if_a_team_of_the_former_plan_is_gone() -> None:
    before = planned(a_day_of_work(days=(13,), num_inspections=1)).snapshot
    (team,) = before.operations[0].teams
    after, version = lost(before, P13)
    gone = after.snapshot.capacity_by_id[team].model_copy(update={"gone_by": "w1"})
    now = found_again(with_values(after.snapshot, gone), P13)

    assert undone(now, version) is None


def test_nothing_is_undone_if_a_team_of_the_former_plan_has_said_no_since() -> None:
    before = planned(a_day_of_work(days=(13,), num_inspections=1)).snapshot
    (team,) = before.operations[0].teams
    after, version = lost(before, P13)
    no = a_participation(team, "declined", session_id=P14, answered_by="a2")
    now = found_again(with_values(after.snapshot, no), P13)

    assert undone(now, version) is None


def test_a_mistake_that_somebody_has_acted_on_is_not_undone() -> None:
    before = planned(a_day_of_work(days=(13,))).snapshot
    after, version = lost(before, P13)
    later = planned(with_values(after.snapshot, a_session(P14, 14), a_team(T14, 14, consent=asking()))).snapshot
    yes = later.part_by_key[OP13, T14].model_copy(update={"status": "accepted", "answered_by": "a2"})
    now = found_again(with_values(later, yes), P13)

    assert undone(now, version) is None
    assert not task_of(now, undone(now, version)).restores
