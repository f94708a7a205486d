"""Participants who come late: which operations wait for them, what is told of it, and what stays as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from samsyn_contracts.carrying_out import ParticipantDelayed
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled, ParticipationRequested
from samsyn_planning.domain.delay import Delay
from samsyn_planning.domain.delayed import note_delay
from samsyn_planning.domain.facts import Decision, Operation, Value
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.waiting_for import waits

from tests.support.planned_centre import GIVEN, Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    OTHER_CENTRE,
    POLICE,
    SKV,
    a_cause,
    a_delay,
    a_participation,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    the_centre,
)

P1, P13, OP13 = "polisen:P1", "polisen:P13", "op:polisen:P13"
T1, T2 = f"{AV}:T1", f"{SKV}:T2"


def late(minutes: int = 40, agency: str = AV, **changed: Any) -> ParticipantDelayed:
    told = {"operation_id": "op:polisen:P1", "agency": agency, "minutes": minutes}
    return ParticipantDelayed.model_validate({**told, **changed})


def a_view(*more: Value, **operation: Any) -> Snapshot:
    """The first operation, with the police and one other agency: it can do without neither."""
    parts = [a_participation(T1, "accepted"), a_participation(P1, "accepted")]
    return a_snapshot(an_operation(**operation), *parts, a_session(), a_team(), a_wanted(), *more)


def noted(
    view: Snapshot | None, known: Delay | None = None, said: ParticipantDelayed | None = None, **told: Any
) -> Decision:
    message = said or late()
    return note_delay(view, known, message, an_envelope(message, **{"party": message.agency, **told}))


def refusal(decision: Decision) -> tuple[str, str] | None:
    return None if decision.refuse is None else (decision.refuse.code, decision.refuse.pointer)


def kept(decision: Decision) -> Delay:
    (value,) = decision.keep
    assert isinstance(value, Delay)
    return value


class TestWhoIsHeard:
    """Whoever takes part tells it of itself."""

    def test_it_is_noted_from_when_it_was_to_begin_and_the_plan_is_made_anew_at_once(self) -> None:
        decision = noted(a_view())

        assert kept(decision) == a_delay(40, AV).model_copy(update={"late": kept(decision).late})
        assert kept(decision).late[AV].from_at == at(13, 8, 40)
        assert (decision.changed, decision.cause_code) == ("loss", "participant_delayed")

    @pytest.mark.parametrize("status", ["declined", "withdrawn", "released", "silent"])
    def test_who_takes_no_part_any_more_is_refused(self, status: str) -> None:
        view = a_snapshot(an_operation(), a_participation(T1, status), a_session(), a_team(), a_wanted())

        assert refusal(noted(view)) == ("not_participant", "/operation_id")

    def test_who_never_did_is_refused(self) -> None:
        assert refusal(noted(a_view(), said=late(agency=SKV))) == ("not_participant", "/operation_id")

    def test_an_unknown_operation_and_one_of_another_centre_are_refused(self) -> None:
        elsewhere = a_view().model_copy(update={"centre": the_centre(code=OTHER_CENTRE)})

        assert refusal(noted(None)) == refusal(noted(elsewhere)) == ("unknown_id", "/operation_id")

    @pytest.mark.parametrize("gone", [{"status": "past"}, {"status": "cancelled"}, {"is_over": True}])
    def test_an_operation_that_is_over_is_refused(self, gone: dict[str, Any]) -> None:
        assert refusal(noted(a_view(**gone))) == ("already_past", "/operation_id")

    def test_one_that_has_no_occasion_is_refused(self) -> None:
        assert refusal(noted(a_view(status="postponed"))) == ("not_participant", "/operation_id")

    @pytest.mark.parametrize(("minutes", "expected"), [(479, None), (480, ("invalid_field", "/minutes"))])
    def test_a_delay_that_outlasts_the_session_is_none(self, minutes: int, expected: tuple[str, str] | None) -> None:
        assert refusal(noted(a_view(), said=late(minutes))) == expected

    def test_an_arrival_given_counts_whatever_the_plan_says_now(self) -> None:
        """Said before it heard that the operation waits for another until nine."""
        decision = noted(a_view(start_at=at(13, 9)), said=late(30, arrives_at=at(13, 8, 30)))
        too_late = noted(a_view(), said=late(30, arrives_at=at(13, 16)))

        assert kept(decision).late[AV].from_at == at(13, 8, 30)
        assert refusal(too_late) == ("invalid_field", "/arrives_at")

    def test_an_older_word_of_the_same_source_is_superseded_and_anothers_is_not(self) -> None:
        known = a_delay(20, AV, sequences={f"urn:samsyn:{AV}": 5})

        assert refusal(noted(a_view(), known, sequence=5)) == ("superseded", "/headers/ce_sequence")
        assert refusal(noted(a_view(), known, said=late(agency=POLICE), sequence=5)) is None


class TestItsLatestWord:
    """A delay grows at once, and does not call anybody earlier than told."""

    def test_the_last_word_of_each_agency_holds(self) -> None:
        known = a_delay(20, AV)

        both = kept(noted(a_view(), known, late(30, POLICE), id_="d2"))
        longer = kept(noted(a_view(), known, late(50), id_="d3"))

        assert {agency: one.from_at for agency, one in both.late.items()} == {AV: at(13, 8, 20), POLICE: at(13, 8, 30)}
        assert {agency: one.from_at for agency, one in longer.late.items()} == {AV: at(13, 8, 50)}

    def test_said_again_nothing_is_planned_anew(self) -> None:
        assert noted(a_view(), a_delay(40, AV)).changed is None

    def test_a_shorter_one_holds_as_long_as_nobody_has_been_told_to_wait(self) -> None:
        assert kept(noted(a_view(), a_delay(60, AV))).late[AV].from_at == at(13, 8, 40)

    def test_nobody_who_was_told_to_wait_is_called_earlier_again(self) -> None:
        decision = noted(a_view(start_at=at(13, 9)), a_delay(60, AV), late(arrives_at=at(13, 8, 40)))

        assert kept(decision).late[AV].from_at == at(13, 9)
        assert decision.changed is None

    def test_a_delay_of_an_earlier_occasion_is_forgotten(self) -> None:
        earlier = a_delay(60, POLICE, session_id="polisen:P0")

        assert set(kept(noted(a_view(), earlier)).late) == {AV}

    def test_told_when_the_operation_has_begun_it_changes_no_plan(self) -> None:
        """Those who are there decide, whatever planning's clock has heard."""
        view = a_view()

        assert noted(view, receivedtime=at(13, 8)).changed is None
        assert noted(view, receivedtime=at(13, 7, 59)).changed == "loss"


def whom(snapshot: Snapshot, now: datetime | None = None) -> list[tuple[str, ...]]:
    """Whom operations wait for, at seven that day unless told otherwise."""
    return [wait.agencies for wait in waits(snapshot, now or at(13, 7)).values()]


class TestWhomItWaitsFor:
    """Those by whom a rule is met; anybody else joins late."""

    def test_the_police(self) -> None:
        assert whom(a_view(a_delay(40))) == [(POLICE,)]

    def test_police_who_take_no_part_in_it_are_not_waited_for(self) -> None:
        without_them = a_view(a_participation(P1, "released"), a_delay(40))
        parts = tuple(
            part for part in without_them.participations if part.status != "accepted" or part.capacity_id == T1
        )

        assert whom(without_them.model_copy(update={"participations": parts})) == []

    def test_the_only_other_agency(self) -> None:
        assert whom(a_view(a_delay(40, AV))) == [(AV,)]

    def test_one_of_two_other_agencies_is_not(self) -> None:
        assert whom(two_agencies(a_delay(40, SKV))) == []

    def test_unless_a_site_requires_it(self) -> None:
        assert whom(two_agencies(a_delay(40, SKV), a_wanted(required_agencies=[SKV]))) == [(SKV,)]

    @pytest.mark.parametrize(("has_other", "expected"), [(False, [(SKV,)]), (True, [])])
    def test_or_it_alone_brings_the_region_coordinator(self, has_other: bool, expected: list[tuple[str, ...]]) -> None:
        coordinator = {"skills": ["region_coordinator"]}
        teams = [a_team(T2, **coordinator), *([a_team(T1, **coordinator)] if has_other else [])]

        assert whom(two_agencies(a_delay(40, SKV), a_wanted(exploitation_indicated=True), *teams)) == expected

    def test_two_are_waited_for_until_the_later_comes(self) -> None:
        two = a_delay(40, POLICE).late | a_delay(60, AV).late
        (wait,) = waits(a_view(a_delay(0, late=two)), at(13, 7)).values()

        assert (wait.agencies, wait.from_at, wait.teams) == ((AV, POLICE), at(13, 9), {T1: at(13, 9)})

    def test_another_occasion_waits_for_nobody(self) -> None:
        assert whom(a_view(a_delay(40), code_name="Bastås")) == []

    def test_those_on_the_spot_wait_as_they_see_fit(self) -> None:
        assert whom(a_view(a_delay(40)), at(13, 8)) == []
        assert whom(a_view(a_delay(40), start_at=at(13, 8, 40)), at(13, 9)) == [(POLICE,)]
        assert whom(a_view(a_delay(40), is_over=True)) == []

    def test_a_loss_that_leaves_less_than_the_delay_decides(self) -> None:
        session = without(a_view(), P1, available_until=at(13, 8, 30))

        assert whom(with_values(session, a_delay(40))) == []


def two_agencies(*more: Value) -> Snapshot:
    """The first operation with two agencies beside the police."""
    parts = [a_participation(own, "accepted") for own in (P1, T1, T2)]
    return with_values(
        a_snapshot(an_operation(teams=(T1, T2)), *parts, a_session(), a_team(), a_team(T2), a_wanted()), *more
    )


def delayed(before: Snapshot, minutes: int, agency: str = POLICE) -> Snapshot:
    """An agency comes late to the operation of the 13th, told when it is seven o'clock that day."""
    (operation,) = (o for o in before.operations if o.id == OP13)
    told = a_delay(minutes, agency, id=OP13, code_name=operation.code_name, session_id=P13)
    return with_values(before, told, now_at=at(13, 7))


def answered(snapshot: Snapshot) -> Planned:
    return replanned(snapshot, a_cause("d1", "ParticipantDelayed", subject=OP13, cause_code="participant_delayed"))


def begins(operation: Operation) -> list[datetime]:
    return [visit.start_at for visit in operation.visits]


class TestThePlan:
    """As little is disturbed as can be, and everybody is told why."""

    @pytest.fixture
    def before(self) -> Snapshot:
        """Two inspections on the 13th, another on the 14th."""
        return planned(a_day_of_work(num_inspections=2)).snapshot

    def test_where_nobody_is_late_the_problem_is_the_same(self, before: Snapshot) -> None:
        gone = with_values(delayed(before, 40), a_delay(40, id=OP13, code_name="Bastås", session_id=P13))

        assert problem_of(gone, GIVEN, DEFAULT) == problem_of(with_values(before, now_at=at(13, 7)), GIVEN, DEFAULT)

    def test_the_operation_begins_later_with_all_its_sites_and_nobody_is_asked_again(self, before: Snapshot) -> None:
        (was,) = (o for o in before.operations if o.id == OP13)
        after = answered(delayed(before, 40))
        (now,) = (o for o in after.snapshot.operations if o.id == OP13)

        told = after.only(OperationRescheduled)
        assert (told.to_slot.start_at, told.to_slot.end_at) == (at(13, 8, 40), at(13, 16))
        assert {visit.id for visit in now.visits} == {visit.id for visit in was.visits}
        assert min(begins(was)) < at(13, 8, 40) < min(begins(now))
        assert (now.teams, now.session_id) == (was.teams, was.session_id)
        assert after.said(ParticipationRequested) == []
        assert after.publication.untouched_count == len(before.operations) - 1

    def test_it_is_told_who_is_waited_for_and_the_event_that_said_so(self, before: Snapshot) -> None:
        told = answered(delayed(before, 40)).only(OperationRescheduled)

        assert told.cause_event_ids == ("d1",)
        assert (told.reasons[0].code, told.reasons[0].sv, told.reasons[0].en) == (
            "DELAYED",
            "Polismyndigheten kommer senare och kan inte undvaras: insatsen väntar och börjar 08.40.",
            "Swedish Police Authority will be late and cannot be done without: "
            "the operation waits, and begins at 08:40.",
        )

    def test_it_is_told_once(self, before: Snapshot) -> None:
        after = answered(delayed(before, 40)).snapshot
        more = with_values(after, a_delay(50, id=OP13, code_name=_name(after), session_id=P13))
        later = replanned(more, a_cause("c9", "PoliceCancelled"))

        assert all(reason.code != "DELAYED" for told in later.said(OperationRescheduled) for reason in told.reasons)

    def test_published_it_stays_as_it_is_when_planned_again(self, before: Snapshot) -> None:
        after = answered(delayed(before, 40)).snapshot

        assert planned(after, GIVEN).snapshot.operations == after.operations
        begun = with_values(after, now_at=at(13, 9))
        assert planned(begun, GIVEN).snapshot.operations == after.operations

    def test_what_no_longer_fits_goes_back_and_the_rest_stays(self, before: Snapshot) -> None:
        (was,) = (o for o in before.operations if o.id == OP13)
        after = answered(delayed(before, 390))  # 14.30 to 16: one hour's inspection
        (now,) = (o for o in after.snapshot.operations if o.id == OP13)

        assert len(was.visits) > len(now.visits) == 1
        assert begins(now)[0] >= at(13, 14, 30)

    def test_where_nothing_fits_it_waits_and_does_not_get_its_old_hours_back(self) -> None:
        before = planned(a_day_of_work(days=(13,))).snapshot
        after = answered(delayed(before, 470))

        assert [told.operation_id for told in after.said(OperationPostponed)] == [OP13]
        again = planned(after.snapshot, GIVEN)
        assert all(o.session_id != P13 for o in again.snapshot.operations if o.is_planned)

    def test_an_agency_that_is_not_needed_joins_late_and_nothing_moves(self) -> None:
        sites = [a_wanted(f"{AV}:I1", interests={AV: 90, SKV: 90})]
        before = planned(a_day_of_work(*sites, days=(13,), num_inspections=0)).snapshot
        assert len(before.operations[0].teams) == 2

        after = answered(delayed(before, 120, SKV))

        assert after.snapshot.operations == before.operations

    def test_the_late_team_is_not_counted_on_earlier_elsewhere(self, before: Snapshot) -> None:
        (operation,) = (o for o in before.operations if o.id == OP13)
        alone = with_values(before, operation.model_copy(update={"teams": (f"{AV}:T13",)}))

        problem = problem_of(delayed(alone, 40, AV), GIVEN, DEFAULT)

        (team,) = (row for row in problem["team_sessions"] if row["id"] == f"{AV}:T13")
        assert team["start_at"] == "2025-05-13T08:40:00+02:00"


def _name(snapshot: Snapshot) -> str:
    return next(o.code_name for o in snapshot.operations if o.id == OP13)
