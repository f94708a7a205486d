"""Operations that may be compromised: who may hold one, and that nothing is planned there until the centre lets go."""

from __future__ import annotations

from typing import Any

import pytest
from samsyn_contracts.compromised import OperationCleared, OperationCompromised
from samsyn_contracts.operations import OperationPostponed, OperationRescheduled
from samsyn_planning.domain.backups import chosen, frozen_operations
from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.compromised import clear_operation, hold_operation
from samsyn_planning.domain.facts import Decision, Operation, Question, Value
from samsyn_planning.domain.former import Version, former_of
from samsyn_planning.domain.own_reasons import STOPPED
from samsyn_planning.domain.planner import is_hit
from samsyn_planning.domain.policy import DEFAULT
from samsyn_planning.domain.problem import posed_of, problem_of
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.domain.verifier import verify

from tests.support.planned_centre import ANY, GIVEN, Planned, a_day_of_work, planned, replanned, with_values, without
from tests.support.planning_facts import (
    AV,
    CENTRE,
    OTHER_CENTRE,
    SKV,
    a_cause,
    a_compromise,
    a_participation,
    a_pin,
    a_proposal,
    a_session,
    a_snapshot,
    a_team,
    a_wanted,
    an_envelope,
    an_operation,
    at,
    ids_of,
    the_centre,
)

P13, P14, P20 = "polisen:P13", "polisen:P14", "polisen:P20"
OP13, I1, I2 = f"op:{P13}", f"{AV}:I1", f"{AV}:I2"


def feared(**changed: Any) -> OperationCompromised:
    told = {"operation_id": "op:polisen:P1", "told_by": AV, "how": "leaked", "by_function": "coordinator"}
    return OperationCompromised.model_validate({**told, **changed})


def cleared(**changed: Any) -> OperationCleared:
    told = {
        "operation_id": "op:polisen:P1",
        "centre": CENTRE,
        "by_function": "coordinator",
        "reason_code": "goes_ahead",
    }
    return OperationCleared.model_validate({**told, **changed})


def a_view(*more: Value, **operation: Any) -> Snapshot:
    return a_snapshot(an_operation(**operation), a_participation(), a_wanted(), *more)


def held(view: Snapshot | None, known: Compromise | None = None, **envelope: Any) -> Decision:
    message = feared()
    return hold_operation(view, known, message, an_envelope(message, **envelope))


def let_go(known: Compromise | None, message: OperationCleared | None = None, **envelope: Any) -> Decision:
    message = message or cleared()
    return clear_operation(known, message, an_envelope(message, **envelope))


def refusal(decision: Decision) -> tuple[str, str] | None:
    return None if decision.refuse is None else (decision.refuse.code, decision.refuse.pointer)


class TestWhoHolds:
    """Whoever takes part may hold an operation, and the centre."""

    @pytest.mark.parametrize("speaker", [AV, CENTRE])
    def test_a_participant_or_the_centre_holds_it_with_its_sites_and_the_plan_is_made_anew(self, speaker: str) -> None:
        decision = held(a_view(), party=speaker)

        (kept,) = decision.keep
        assert isinstance(kept, Compromise)
        assert kept == a_compromise(said_by="e1", sequences=kept.sequences)
        assert (decision.changed, decision.cause_code) == ("period", "site_compromised")

    def test_how_it_is_feared_to_be_known_is_not_kept_with_the_plan(self) -> None:
        assert "leaked" not in held(a_view()).model_dump_json()

    def test_who_takes_no_part_is_refused(self) -> None:
        assert refusal(held(a_view(), party=SKV)) == ("not_participant", "/operation_id")

    def test_who_took_part_until_it_lost_its_occasion_may_still_tell(self) -> None:
        view = a_snapshot(an_operation(status="postponed"), a_participation(status="released"), a_wanted())

        assert refusal(held(view)) is None

    @pytest.mark.parametrize("status", ["declined", "withdrawn", "released"])
    def test_who_has_left_it_is_refused(self, status: str) -> None:
        view = a_snapshot(an_operation(), a_participation(status=status), a_wanted())

        assert refusal(held(view)) == ("not_participant", "/operation_id")

    def test_said_twice_by_two_it_is_held_once_and_by_the_first(self) -> None:
        decision = held(a_view(), a_compromise(said_by="first"), id_="second")

        assert decision.changed is None
        (kept,) = decision.keep
        assert isinstance(kept, Compromise)
        assert kept.said_by == "first"

    def test_an_unknown_operation_and_one_of_another_centre_are_refused(self) -> None:
        elsewhere = a_view().model_copy(update={"centre": the_centre(code=OTHER_CENTRE)})

        assert refusal(held(None)) == refusal(held(elsewhere)) == ("unknown_id", "/operation_id")

    @pytest.mark.parametrize("gone", [{"status": "past"}, {"status": "cancelled"}, {"is_over": True}])
    def test_an_operation_that_is_over_is_refused(self, gone: dict[str, Any]) -> None:
        assert refusal(held(a_view(**gone))) == ("already_past", "/operation_id")

    def test_an_older_word_of_the_same_source_is_superseded_and_anothers_is_not(self) -> None:
        known = a_compromise(sequences={f"urn:samsyn:{AV}": 5})

        assert refusal(held(a_view(), known, sequence=5)) == ("superseded", "/headers/ce_sequence")
        assert refusal(held(a_view(), known, party=CENTRE, sequence=5)) is None


class TestWhoLetsGo:
    """The centre alone, whatever has become of the operation."""

    def test_let_go_it_may_be_planned_again(self) -> None:
        decision = let_go(a_compromise())

        assert (decision.changed, decision.cause_code) == ("period", "goes_ahead")
        assert decision.keep == (a_compromise(is_held=False, sequences={}),)

    def test_let_go_twice_it_is_let_go_once(self) -> None:
        assert let_go(a_compromise(is_held=False)).changed is None

    def test_where_nothing_is_held_nothing_follows(self) -> None:
        assert let_go(None) == Decision()

    def test_what_another_centre_holds_is_refused(self) -> None:
        assert refusal(let_go(a_compromise(centre=OTHER_CENTRE))) == ("unknown_id", "/operation_id")

    def test_a_centre_speaks_for_itself_alone(self) -> None:
        assert refusal(let_go(a_compromise(), cleared(centre=OTHER_CENTRE))) == ("unknown_id", "/centre")

    def test_an_older_word_is_superseded(self) -> None:
        known = a_compromise(sequences={f"urn:samsyn:{CENTRE}": 5})

        assert refusal(let_go(known, sequence=4)) == ("superseded", "/headers/ce_sequence")


def compromised(snapshot: Snapshot, operation_id: str = OP13) -> Snapshot:
    """The operation with all its sites held."""
    (operation,) = (o for o in snapshot.operations if o.id == operation_id)
    ids = tuple(visit.id for visit in operation.visits)
    sites = tuple(snapshot.wanted_by_id[own].proposal.site.site_id for own in ids)
    told = a_compromise(operation_id, code_name=operation.code_name, inspections=ids, sites=sites)
    return with_values(snapshot, told)


def at_the_same_site(inspection_id: str = I2, **more: Any) -> Value:
    """Another inspection at the site of the first."""
    return a_wanted(inspection_id, site=a_proposal(I1).site, **more)


def listed(snapshot: Snapshot, question: Question = ANY) -> list[str]:
    return ids_of(problem_of(snapshot, question, DEFAULT)["inspections"])


class TestTheProblem:
    """What the planner is told."""

    def test_where_nothing_is_compromised_the_problem_is_the_same(self) -> None:
        before = planned(a_day_of_work()).snapshot
        gone = with_values(before, a_compromise(OP13, code_name="Bastås", inspections=(), sites=()))

        assert problem_of(gone, GIVEN, DEFAULT) == problem_of(before, GIVEN, DEFAULT)

    def test_it_is_held_where_it_stands_and_its_inspection_is_listed_for_it_alone(self) -> None:
        snapshot = compromised(planned(a_day_of_work()).snapshot)
        problem = problem_of(with_values(snapshot, at_the_same_site()), ANY, DEFAULT)

        assert (problem["hold"], ids_of(problem["inspections"])) == ([OP13], [I1])

    def test_an_improvement_does_not_touch_it_nor_place_another_inspection_of_the_site(self) -> None:
        before = planned(a_day_of_work(days=(13,))).snapshot
        better = with_values(before, a_wanted(I2, value=900), at_the_same_site(f"{AV}:I3", value=900))

        assert len(planned(better).operation.visits) > 1
        assert planned(compromised(better)).operation == before.operations[0]

    def test_a_plan_that_moves_it_is_refused_by_the_verifier(self) -> None:
        better = with_values(planned(a_day_of_work(days=(13,))).snapshot, a_wanted(I2, value=900))
        grown = planned(better).replan.plan

        assert not verify(problem_of(compromised(better), ANY, DEFAULT), grown).is_accepted

    def test_an_approved_plan_that_would_move_it_is_not_what_the_planner_now_answers(self) -> None:
        better = with_values(planned(a_day_of_work(days=(13,))).snapshot, a_wanted(I2, value=900))
        proposed = planned(better).replan.plan["operations"]

        assert planned(compromised(better)).replan.plan["operations"] != proposed

    def test_what_stands_at_the_site_on_another_operation_is_taken_from_it_and_it_is_told_why(self) -> None:
        """Each day one site: the second day's is that of the first."""
        days = [[{"from_at": at(day), "until_at": at(day + 1)}] for day in (13, 14)]
        sites = [a_wanted(I1, time_windows=days[0]), at_the_same_site(time_windows=days[1])]
        before = planned(a_day_of_work(*sites, num_inspections=0)).snapshot

        after = planned(compromised(before), causes=[a_cause("r1", "OperationCompromised", is_urgent=False)])

        assert after.status_of(f"op:{P14}") == "postponed"
        told = after.only(OperationPostponed)
        assert (told.operation_id, told.reasons[0]) == (f"op:{P14}", STOPPED)
        assert [o.form for o in after.snapshot.operations if o.id == OP13] == [
            o.form for o in before.operations if o.id == OP13
        ]

    def test_those_who_are_at_the_site_already_are_left_alone(self) -> None:
        days = [[{"from_at": at(day), "until_at": at(day + 1)}] for day in (13, 14)]
        sites = [a_wanted(I1, time_windows=days[1]), at_the_same_site(time_windows=days[0])]
        snapshot = compromised(planned(a_day_of_work(*sites, num_inspections=0)).snapshot, f"op:{P14}")

        assert listed(snapshot) == [I1]
        assert listed(with_values(snapshot, now_at=at(13, 8))) == [I1, I2]


class TestWhenItIsHit:
    """It gets no new occasion by itself."""

    @pytest.fixture
    def before(self) -> Snapshot:
        return compromised(planned(a_day_of_work(days=(13, 20))).snapshot)

    def test_without_its_police_it_waits_and_the_reason_is_told(self, before: Snapshot) -> None:
        assert replanned(without(with_values(before, *_not_compromised(before)), P13)).operation.session_id == P20

        after = replanned(without(before, P13))

        told = after.only(OperationPostponed)
        assert (told.operation_id, told.reasons[0]) == (OP13, STOPPED)
        assert {"sv": told.reasons[0].sv, "en": told.reasons[0].en} == {
            "sv": "Stoppad: platsen kan vara röjd; samordnaren avgör.",
            "en": "Stopped: the site may be compromised; the coordinator decides.",
        }
        assert after.operation.status == "postponed"

    def test_a_loss_that_leaves_it_room_enough_does_not_hit_it(self, before: Snapshot) -> None:
        after = replanned(without(before, P13, available_until=at(13, 15)))

        assert after.operation.is_planned
        assert after.operation.visits == before.operations[0].visits

    def test_a_team_lost_it_waits_as_well(self, before: Snapshot) -> None:
        (team,) = (c for c in before.capacities if c.id == before.operations[0].teams[0])
        gone = with_values(before, team.model_copy(update={"gone_by": "w1"}))

        assert replanned(gone).operation.status == "postponed"

    def test_it_waits_on_though_the_police_are_there_again(self, before: Snapshot) -> None:
        waits = replanned(without(before, P13)).snapshot
        back = with_values(waits, *(c for c in before.capacities if c.id == P13))

        assert planned(back).operation.status == "postponed"
        assert (listed(back), problem_of(back, ANY, DEFAULT)["published"]) == ([], None)

    def test_let_go_it_is_planned_again(self, before: Snapshot) -> None:
        waits = replanned(without(before, P13)).snapshot

        after = planned(with_values(waits, *_not_compromised(before)), GIVEN)

        assert after.only(OperationRescheduled).operation_id == OP13
        assert after.operation.session_id == P20

    def test_one_that_cannot_stand_beside_what_is_held_is_not_moved_but_waits(self) -> None:
        """One team two nights running: the rest between is too short since the sessions' hours changed."""
        hours = {"start_at": at(14, 0), "end_at": at(14, 8)}
        late = a_session(P13, 13, start_at=at(13, 15), end_at=at(13, 23))
        early = a_session(P14, 14, **hours)
        teams = [
            a_team(f"{AV}:T13", 13, start_at=at(13, 15), end_at=at(13, 23), team="lag"),
            a_team(f"{AV}:T14", 14, team="lag", **hours),
        ]
        visits = [(13, I1, at(13, 20)), (14, I2, at(14, 2))]
        operations = [_standing(day, own, begins) for day, own, begins in visits]
        snapshot = a_snapshot(late, early, *teams, a_wanted(I1), a_wanted(I2), *operations)
        both = with_values(
            snapshot,
            *(a_compromise(o.id, code_name=o.code_name, inspections=(o.visits[0].id,), sites=()) for o in operations),
        )

        posed = posed_of(both, ANY, DEFAULT)

        assert posed.let_go == ()
        assert posed.problem["hold"] == [OP13]
        assert ids_of(posed.problem["inspections"]) == [I1]

    def test_one_that_shares_its_inspection_with_another_is_given_up_once(self) -> None:
        sessions = [a_session(P13, 13), a_session(P14, 14)]
        teams = [a_team(f"{AV}:T13", 13), a_team(f"{AV}:T14", 14)]
        operations = [_standing(13, I1, at(13, 10)), _standing(14, I1, at(14, 10))]
        near = the_centre(now_at=at(12, 8))
        snapshot = a_snapshot(*sessions, *teams, a_wanted(I1), *operations, centre=near)
        both = with_values(
            snapshot, *(a_compromise(o.id, code_name=o.code_name, inspections=(I1,), sites=()) for o in operations)
        )

        posed = posed_of(both, ANY, DEFAULT)

        assert [(one.operation_id, one.rule) for one in posed.let_go] == [("op:polisen:P14", "H1")]
        assert posed.problem["hold"] == [OP13]

    def test_in_a_problem_that_cannot_be_read_nothing_is_hit(self) -> None:
        assert not is_hit({}, OP13)

    def test_a_pin_beside_it_gives_way_first(self) -> None:
        snapshot = compromised(planned(a_day_of_work()).snapshot)
        (operation,) = snapshot.operations

        problem = problem_of(with_values(snapshot, a_pin(OP13, code_name=operation.code_name)), ANY, DEFAULT)

        assert (problem["pinned"], problem["hold"]) == ([OP13], [OP13])


class TestBackupsAndMistakes:
    """Nothing made beforehand, and nothing undone, moves it."""

    def test_it_has_no_backup(self) -> None:
        before = with_values(planned(a_day_of_work()).snapshot, now_at=at(11))
        (operation,) = before.operations
        snapshot = compromised(before, operation.id)

        assert [o.id for o in frozen_operations(before, DEFAULT)] == [operation.id]
        assert frozen_operations(snapshot, DEFAULT) == []
        lost = without(snapshot, operation.session_id)
        lost = lost.model_copy(
            update={"centre": the_centre(causes=(a_cause(subject=operation.session_id),), now_at=at(11))}
        )
        assert chosen([], problem_of(lost, GIVEN, DEFAULT), lost, DEFAULT) == ("missing", None)

    def test_a_mistake_undone_does_not_bring_it_back_to_where_it_was(self) -> None:
        before = planned(a_day_of_work(days=(13, 20))).snapshot
        moved = replanned(without(before, P13))
        assert moved.operation.session_id == P20
        back = with_values(moved.snapshot, *(c for c in before.capacities if c.id == P13))

        assert _undone(back, before, moved) is not None
        assert _undone(compromised(back), before, moved) is None

    def test_what_would_be_brought_back_to_where_it_stands_stays_where_it_is(self) -> None:
        """The second operation has taken the lost one's place; it may be compromised there."""
        before = planned(a_day_of_work(days=(13, 20))).snapshot
        moved = replanned(without(before, P13))
        there = with_values(
            moved.snapshot,
            *(c for c in before.capacities if c.id == P13),
            an_operation("op:other", P13, code_name="Bastås", plan_version=moved.replan.version, teams=()),
        )
        other = with_values(there, a_compromise("op:other", code_name="Bastås", sites=(), inspections=()))

        assert _undone(there, before, moved) is not None
        assert _undone(other, before, moved) is None


def _undone(snapshot: Snapshot, before: Snapshot, after: Planned) -> tuple[Operation, ...] | None:
    holds = frozenset(ids_of(after.replan.plan["operations"]))
    version = Version(number=after.replan.version, causes=after.replan.causes, before=before.operations, holds=holds)
    return former_of(snapshot, [version], frozenset({P13, "polisen:P1"}))


def _not_compromised(snapshot: Snapshot) -> list[Value]:
    return [one.model_copy(update={"sites": (), "inspections": (), "code_name": "-"}) for one in snapshot.compromises]


def _standing(day: int, inspection: str, begins: Any) -> Operation:
    visit = {"id": inspection, "start_at": begins, "end_at": begins.replace(hour=begins.hour + 1)}
    own = {"visits": (visit,), "teams": (f"{AV}:T{day}",), "code_name": f"Namn {day}"}
    hours = {13: (at(13, 15), at(13, 23)), 14: (at(14, 0), at(14, 8))}[day]
    return an_operation(f"op:polisen:P{day}", f"polisen:P{day}", start_at=hours[0], end_at=hours[1], **own)
