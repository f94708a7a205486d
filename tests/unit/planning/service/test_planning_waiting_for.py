"""Operations that wait for somebody late: for whom, until when, what is told of it, and that it is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled, ParticipationRequested
from samsyn_planning.domain.facts import Cause, Operation, Question, Value
from samsyn_planning.domain.planner import Limit, solve
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.waiting_for import waits

from tests.support.planned_centre import ANY, GIVEN, Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    POLICE,
    SKV,
    a_cause,
    a_compromise,
    a_consent,
    a_participation,
    a_pin,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_operation,
    at,
    coming_late,
    ids_of,
)

P1, P13, OP13 = "polisen:P1", "polisen:P13", "op:polisen:P13"
T1, T2, T13, S13 = f"{AV}:T1", f"{SKV}:T2", f"{AV}:T13", f"{SKV}:T13"
I1, I2 = f"{AV}:I1", f"{AV}:I2"
COORDINATOR: dict[str, Any] = {"skills": ["region_coordinator"]}


def the_first(*more: Value, teams: Sequence[str] = (T1,), **operation: Any) -> Snapshot:
    """The first operation on the 13th from eight to four, with the police and some agencies."""
    parts = [a_participation(own, "accepted") for own in (P1, *teams)]
    own = [a_session(), *(a_team(one) for one in teams), a_wanted()]
    return with_values(a_snapshot(an_operation(teams=tuple(teams), **operation), *parts, *own), *more)


def whom(snapshot: Snapshot, now: datetime | None = None) -> list[tuple[tuple[str, ...], datetime]]:
    """Whom operations wait for, and until when; at seven that day unless told otherwise."""
    found = waits(snapshot.operations, snapshot, now or at(13, 7)).values()
    return [(wait.agencies, wait.from_at) for wait in found]


class TestWhomItWaitsFor:
    """Those by whom a rule is met; anybody else joins late."""

    def test_the_police(self) -> None:
        assert whom(the_first(coming_late(a_session(), 40))) == [((POLICE,), at(13, 8, 40))]

    def test_police_who_take_no_part_in_it_are_not_waited_for(self) -> None:
        alone = the_first(coming_late(a_session(), 40), a_participation(P1, "released"), teams=(T1, T2))

        assert whom(alone) == []

    def test_the_only_other_agency(self) -> None:
        assert whom(the_first(coming_late(a_team(), 40))) == [((AV,), at(13, 8, 40))]

    def test_one_of_two_other_agencies_is_not(self) -> None:
        assert whom(the_first(coming_late(a_team(T2), 40), teams=(T1, T2))) == []

    def test_the_first_of_two_who_are_both_late_is(self) -> None:
        both = the_first(coming_late(a_team(T1), 120), coming_late(a_team(T2), 60), teams=(T1, T2))

        assert whom(both) == [((SKV,), at(13, 9))]

    def test_one_that_a_site_requires_is(self) -> None:
        site = a_wanted(required_agencies=[SKV])

        assert whom(the_first(coming_late(a_team(T2), 40), site, teams=(T1, T2))) == [((SKV,), at(13, 8, 40))]

    def test_unless_the_site_cannot_be_done_any_more_when_it_comes(self) -> None:
        site = a_wanted(required_agencies=[SKV], time_windows=[{"from_at": at(13, 8), "until_at": at(13, 9, 30)}])

        assert whom(the_first(coming_late(a_team(T2), 40), site, teams=(T1, T2))) == []

    @pytest.mark.parametrize(
        ("other", "expected"), [({}, [((SKV,), at(13, 8, 40))]), (COORDINATOR, [])], ids=["alone", "beside another"]
    )
    def test_or_it_alone_brings_the_region_coordinator(self, other: Any, expected: list[Any]) -> None:
        teams = [coming_late(a_team(T2, **COORDINATOR), 40), a_team(T1, **other)]

        assert whom(the_first(*teams, a_wanted(exploitation_indicated=True), teams=(T1, T2))) == expected

    def test_two_that_are_needed_are_waited_for_until_the_later_comes(self) -> None:
        both = the_first(coming_late(a_session(), 40), coming_late(a_team(), 60))

        assert whom(both) == [((AV, POLICE), at(13, 9))]

    def test_who_is_not_needed_is_not_named(self) -> None:
        both = the_first(coming_late(a_session(), 40), coming_late(a_team(T2), 20), teams=(T1, T2))

        assert whom(both) == [((POLICE,), at(13, 8, 40))]

    def test_those_on_the_spot_wait_as_they_see_fit(self) -> None:
        late = coming_late(a_session(), 40)

        assert whom(the_first(late), at(13, 8)) == []
        assert whom(the_first(late, is_over=True)) == []

    def test_what_may_be_compromised_is_held_as_it_stands(self) -> None:
        assert whom(the_first(coming_late(a_session(), 40), a_compromise())) == []


def told_late(before: Snapshot, *capacities: tuple[str, int], now: datetime | None = None) -> Snapshot:
    """Capacities come so many minutes after eight to the operation of the 13th, told at seven unless told otherwise."""
    late = [
        coming_late(before.capacity_by_id[own], minutes, f"d{number}", operation_id=OP13)
        for number, (own, minutes) in enumerate(capacities, 1)
    ]
    return with_values(before, *late, now_at=now or at(13, 7))


def delay(event_id: str = "d1") -> Cause:
    return a_cause(event_id, "ParticipantDelayed", subject=OP13, cause_code="participant_delayed")


def the_13th(snapshot: Snapshot) -> Operation:
    (operation,) = (one for one in snapshot.operations if one.id == OP13)
    return operation


def begins(operation: Operation) -> list[datetime]:
    return [visit.start_at for visit in operation.visits]


def stays(snapshot: Snapshot, *moments: datetime) -> None:
    """Planned again and again nothing is said, and nothing is another."""
    for now in moments:
        again = planned(with_values(snapshot, now_at=now), GIVEN)
        assert again.publication.messages == ()
        assert again.snapshot.operations == snapshot.operations
        snapshot = again.snapshot


@pytest.fixture
def before() -> Snapshot:
    """Two inspections on the 13th, and the 14th to go to."""
    return planned(a_day_of_work(num_inspections=2)).snapshot


class TestThePlan:
    """As little is disturbed as can be, and everybody is told why."""

    def test_where_nobody_is_late_the_problem_is_the_same(self, before: Snapshot) -> None:
        early = told_late(before, (P13, -60), (T13, 0))

        assert problem_of(early, GIVEN, DEFAULT) == problem_of(with_values(before, now_at=at(13, 7)), GIVEN, DEFAULT)

    def test_it_begins_later_with_all_its_sites_and_nobody_is_asked_again(self, before: Snapshot) -> None:
        was = the_13th(before)
        after = replanned(told_late(before, (P13, 40)), delay())
        now = the_13th(after.snapshot)

        told = after.only(OperationRescheduled)
        assert (told.to_slot.start_at, told.to_slot.end_at) == (at(13, 8, 40), at(13, 16))
        assert {visit.id for visit in now.visits} == {visit.id for visit in was.visits}
        assert min(begins(was)) < at(13, 8, 40) < min(begins(now))
        assert (now.teams, now.session_id, now.waits_until) == (was.teams, was.session_id, at(13, 8, 40))
        assert after.said(ParticipationRequested) == []
        assert after.publication.untouched_count == len(before.operations) - 1

    def test_it_is_told_who_is_waited_for_and_the_event_that_said_so(self, before: Snapshot) -> None:
        told = replanned(told_late(before, (P13, 40)), a_cause("c9")).only(OperationRescheduled)

        assert told.cause_event_ids == ("d1",)
        assert (told.reasons[0].code, told.reasons[0].sv, told.reasons[0].en) == (
            "DELAYED",
            "Polismyndigheten kommer senare och kan inte undvaras: insatsen väntar och börjar 08.40.",
            "Swedish Police Authority will be late and cannot be done without: "
            "the operation waits, and begins at 08:40.",
        )
        assert {reason.code for reason in told.reasons} == {"DELAYED", "LADDER", "TIME"}

    def test_published_it_stays_as_it_is_however_often_it_is_planned(self, before: Snapshot) -> None:
        after = replanned(told_late(before, (P13, 40)), delay()).snapshot

        stays(after, at(13, 7, 30), at(13, 8), at(13, 8, 40), at(13, 9), at(13, 15))

    def test_told_days_before_it_stays_too(self, before: Snapshot) -> None:
        after = replanned(told_late(before, (P13, 150), now=at(5, 8)), delay()).snapshot

        stays(after, *(at(day, 7) for day in range(6, 14)))

    def test_the_hours_that_were_told_stay_though_nobody_is_waited_for_any_more(self, before: Snapshot) -> None:
        (team,) = the_13th(before).teams
        after = replanned(told_late(before, (team, 40)), delay()).snapshot
        assert the_13th(after).waits_until == at(13, 8, 40)
        in_time = told_late(after, (team, 5))

        stays(in_time, at(13, 7, 30), at(13, 8, 20))

    def test_nobody_waits_for_a_site_that_can_no_longer_be_done(self) -> None:
        """It goes back to the list, the others begin as told, and it stays so."""
        early = [{"from_at": at(13, 8), "until_at": at(13, 10)}]
        site = a_wanted(I1, required_agencies=[SKV], time_windows=early, interests={AV: 50, SKV: 50}, value=300)
        other = a_wanted(I2, interests={AV: 90}, value=300)
        snapshot = planned(a_day_of_work(site, other, days=(13,), num_inspections=0)).snapshot
        assert len(the_13th(snapshot).visits) == 2

        after = replanned(told_late(snapshot, (S13, 150)), delay()).snapshot

        assert [visit.id for visit in the_13th(after).visits] == [I2]
        assert the_13th(after).start_at == at(13, 8)
        stays(after, at(13, 7, 30), at(13, 9))

    def test_what_no_longer_fits_goes_back_and_the_rest_stays(self, before: Snapshot) -> None:
        after = replanned(told_late(before, (P13, 390)), delay())  # 14.30 to 16: one hour's inspection
        now = the_13th(after.snapshot)

        assert len(the_13th(before).visits) > len(now.visits) == 1
        assert begins(now)[0] >= at(13, 14, 30)
        stays(after.snapshot, at(13, 8), at(13, 15))

    def test_where_nothing_fits_it_waits_and_does_not_get_its_old_hours_back(self) -> None:
        snapshot = planned(a_day_of_work(days=(13,))).snapshot
        after = replanned(told_late(snapshot, (P13, 470)), delay())

        told = after.only(OperationPostponed)
        assert (told.operation_id, told.cause_event_ids) == (OP13, ("d1",))
        assert told.reasons[0].sv.endswith("kan inte undvaras: efter 15.50 hinns insatsen inte med.")
        assert planned(after.snapshot, GIVEN).operation.status == "postponed"
        another = with_values(after.snapshot, a_wanted(f"{AV}:I7"))
        assert all(not one.is_planned for one in planned(another, ANY).snapshot.operations)

    def test_an_agency_that_is_not_needed_joins_late_and_nothing_moves(self) -> None:
        snapshot = planned(a_day_of_work(a_wanted(I1, interests={AV: 90, SKV: 90}), days=(13,))).snapshot
        assert len(the_13th(snapshot).teams) == 2

        stays(told_late(snapshot, (S13, 120)), at(13, 7), at(13, 7, 30), at(13, 9))

    def test_but_is_counted_on_for_no_other_site_before_it_comes(self) -> None:
        snapshot = planned(a_day_of_work(a_wanted(I1, interests={AV: 90, SKV: 90}), days=(13,))).snapshot
        more = a_wanted(f"{AV}:I5", required_agencies=[SKV], interests={AV: 90, SKV: 90})

        for now in (at(6, 8), at(13, 7)):
            after = planned(with_values(told_late(snapshot, (S13, 150)), more, now_at=now), GIVEN).snapshot
            placed = [one.start_at for o in after.operations for one in o.visits if one.id == more.id]
            assert all(start_at >= at(13, 10, 30) for start_at in placed)
            stays(after, now)

    def test_a_late_team_that_is_elsewhere_first_is_there(self, before: Snapshot) -> None:
        """Its shift is not cut short for the operation that it is at until then."""
        earlier = an_operation("op:polisen:P0", "polisen:P0", code_name="Bastås", teams=(T13,), visits=())
        snapshot = with_values(told_late(before, (T13, 120)), a_session("polisen:P0"), earlier)

        (team,) = (row for row in problem_of(snapshot, GIVEN, DEFAULT)["team_sessions"] if row["id"] == T13)
        assert team["start_at"] == "2025-05-13T08:00:00+02:00"


class TestBesideOtherThings:
    """Losses, mistakes, pins, and what may be compromised."""

    def test_police_who_are_late_and_then_cancel_are_not_waited_for(self) -> None:
        agreed = [a_consent(party, "without_police") for party in (AV, SKV)]
        sites = [a_wanted(own, police_need="wanted", interests={AV: 50, SKV: 50}) for own in (I1, I2)]
        snapshot = planned(a_day_of_work(*agreed, *sites, days=(13,), num_inspections=0)).snapshot
        late = told_late(snapshot, (P13, 60))

        told = replanned(without(late, P13), a_cause(subject=P13)).only(OperationRescheduled)
        waited = replanned(late, delay()).snapshot
        after = replanned(without(waited, P13), a_cause(subject=P13))

        assert (told.ladder_step, told.to_slot.start_at) == ("without_police", at(13, 8))
        assert "DELAYED" not in {reason.code for reason in told.reasons}
        assert the_13th(after.snapshot).start_at == at(13, 9)  # as its participants have been told
        stays(after.snapshot, at(13, 7, 30), at(13, 9, 30))

    def test_an_operation_under_way_is_said_nothing_of(self, before: Snapshot) -> None:
        waited = replanned(told_late(before, (P13, 40)), delay()).snapshot
        later = told_late(waited, (P13, 90), now=at(13, 8, 50))

        after = replanned(without(later, "polisen:P14"), a_cause("c9", subject="polisen:P14"))

        assert the_13th(after.snapshot) == the_13th(waited)
        assert all(told.operation_id != OP13 for told in after.said(OperationRescheduled))

    def test_nor_when_its_session_is_offered_anew_with_other_hours(self, before: Snapshot) -> None:
        corrected = a_session(P13, 13, start_at=at(13, 7, 30))

        after = planned(with_values(before, corrected, now_at=at(13, 9)), GIVEN)

        assert the_13th(after.snapshot) == the_13th(before)
        assert after.publication.messages == ()

    def test_a_loss_that_leaves_less_than_the_delay_takes_the_session(self) -> None:
        snapshot = told_late(planned(a_day_of_work(days=(13,))).snapshot, (P13, 60))

        assert problem_of(without(snapshot, P13, available_until=at(13, 9)), GIVEN, DEFAULT)["sessions"] == []

    @pytest.mark.parametrize(("until", "listed"), [(at(13, 11), []), (at(13, 15), [T13])])
    def test_a_shift_offered_anew_that_ends_before_its_team_comes_is_none(
        self, before: Snapshot, until: datetime, listed: list[str]
    ) -> None:
        late = told_late(before, (T13, 240)).capacity_by_id[T13]
        shorter = a_team(T13, 13, end_at=until).model_copy(update={"late": late.late})
        problem = problem_of(with_values(told_late(before), shorter), GIVEN, DEFAULT)

        assert [own for own in ids_of(problem["team_sessions"]) if own == T13] == listed
        solve(problem, Limit(seconds=5, work=None))  # it can be read

    def test_the_police_are_late_for_whatever_is_planned_on_their_session(self) -> None:
        snapshot = planned(a_day_of_work(days=(13,))).snapshot
        gone = snapshot.wanted_by_id[I1].model_copy(update={"is_withdrawn": True, "withdrawn_by": "w"})

        after = planned(with_values(told_late(snapshot, (P13, 150), now=at(6, 8)), gone, a_wanted(f"{AV}:I7")), ANY)

        assert after.operation.start_at == at(13, 10, 30)

    def test_also_where_nothing_stood_on_it(self) -> None:
        nothing_yet = told_late(a_day_of_work(days=(13,)), (P13, 150), now=at(6, 8))

        assert planned(nothing_yet, ANY).operation.start_at == at(13, 10, 30)

    def test_a_mistake_undone_says_one_thing_alone(self, before: Snapshot) -> None:
        late = replanned(told_late(before, (P13, 40), now=at(5, 8)), delay()).snapshot
        lost = replanned(without(with_values(late, now_at=at(6, 8)), P13), a_cause("c1", subject=P13)).snapshot
        back = with_values(lost, late.capacity_by_id[P13], now_at=at(6, 9))
        question = Question(consent="given", standing=late.operations, holds_everything=True)

        after = planned(back, question, causes=[a_cause("r1", "PoliceCancellationRetracted")])

        assert the_13th(after.snapshot).start_at == at(13, 8, 40)
        stays(after.snapshot, at(7, 8), at(13, 7))

    def test_a_pin_waits_as_well(self, before: Snapshot) -> None:
        pinned = with_values(before, a_pin(OP13, code_name=the_13th(before).code_name))
        after = replanned(told_late(pinned, (P13, 10)), delay())

        assert the_13th(after.snapshot).start_at == at(13, 8, 10)
        stays(after.snapshot, at(13, 7, 30))

    def test_what_may_be_compromised_stays_as_it_stands(self, before: Snapshot) -> None:
        operation = the_13th(before)
        inspections = tuple(visit.id for visit in operation.visits)
        feared = a_compromise(OP13, code_name=operation.code_name, inspections=inspections, sites=())

        after = replanned(with_values(told_late(before, (P13, 10), (T13, 50)), feared), delay())

        assert the_13th(after.snapshot) == operation


def test_after_any_delay_the_problem_can_be_read_and_its_plan_stays(before: Snapshot) -> None:
    """Half-hours of the day for police and a team, one and both."""
    moments = range(-30, 480, 85)
    for police in (*moments, None):
        for team in (*moments, None):
            told = [(own, minutes) for own, minutes in ((P13, police), (T13, team)) if minutes is not None]
            after: Planned = replanned(told_late(before, *told), delay())
            stays(after.snapshot, at(13, 7, 30), at(13, 12))
