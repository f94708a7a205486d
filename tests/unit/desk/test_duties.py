"""What needs whom: each kind of duty for the roles that may act, the most urgent first, and none that is past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args

import pytest
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import ModeCard
from samsyn_adapter_desk.domain.duties import ORDER, Duty, Kind, Knowledge, duties, not_acknowledged_by
from samsyn_adapter_desk.people import Role, Seat

from tests.unit.desk.told import (
    CENTRE,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    POLICE,
    SESSION,
    TEAM,
    a_loss,
    a_part,
    a_question,
    a_replan,
    a_slot,
    an_inspection,
    an_operation,
)

ROLES: tuple[Role, ...] = get_args(Role)
ANSWERING = {"centre_coordinator", "agency_coordinator", "operational_coordinator"}
ACKNOWLEDGING = set(ROLES) - {"reader"}
DECLARING = {"agency_coordinator", "operational_coordinator", "region_coordinator"}
START = an_operation().slot.start_at
SEEN = {"acknowledged_version": 4}
CHANGE = {"event_id": "e1", "plan_version": 4, "told_at": NOW}


def a_seat(role: Role = "agency_coordinator", party: str = OWN) -> Seat:
    return Seat(party, role, "samordnare")


def kinds(known: Knowledge, *, role: Role = "agency_coordinator", party: str = OWN, now: datetime = NOW) -> list[Kind]:
    return [duty.kind for duty in duties(a_seat(role, party), known, now)]


def roles_with(kind: Kind, known: Knowledge, party: str = OWN) -> set[Role]:
    return {role for role in ROLES if kind in kinds(known, role=role, party=party)}


def of_operation(**changed: Any) -> Knowledge:
    return Knowledge(operations=(an_operation(**changed),))


def seen_by(*parties: str, **changed: Any) -> OperationCard:
    parts = (a_part(SESSION), a_part(TEAM), a_part(f"{OTHER}:lag-2", "invited"))
    return an_operation(state="confirmed", participants=parts, acknowledged_by=dict.fromkeys(parties, 4), **changed)


def test_nothing_known_is_nothing_to_do() -> None:
    assert duties(a_seat(), Knowledge(), NOW) == []


class TestWhoSees:
    def test_everybody_sees_an_operation_without_police(self) -> None:
        assert roles_with("at_risk", of_operation(loss=a_loss(), **SEEN)) == set(ROLES)

    def test_who_may_decide_sees_a_proposal(self) -> None:
        assert roles_with("decide", Knowledge(replans=(a_replan(),)), CENTRE) == {"centre_coordinator"}

    def test_the_centre_decides_of_what_may_be_compromised_though_its_day_has_passed(self) -> None:
        told = {"event_id": "e1", "told_at": NOW, "by_party": OWN, "how": "leaked"}
        known = of_operation(compromise=told, slot=a_slot(day=1), **SEEN)

        assert roles_with("compromised", known, CENTRE) == {"centre_coordinator"}
        assert roles_with("compromised", of_operation(compromise={**told, "cleared_by": "e2"}), CENTRE) == set()

    def test_who_may_answer_sees_a_question(self) -> None:
        assert roles_with("answer", Knowledge(questions=(a_question(),))) == ANSWERING

    def test_who_may_acknowledge_sees_a_change(self) -> None:
        assert roles_with("acknowledge", of_operation()) == ACKNOWLEDGING

    def test_who_may_declare_sees_what_nobody_is_ready_for(self) -> None:
        known = Knowledge(operations=(an_operation(),), inspections=(an_inspection(),))
        assert roles_with("ready", known) == DECLARING

    def test_the_centre_sees_who_has_not_acknowledged(self) -> None:
        known = Knowledge(operations=(seen_by(slot=a_slot(day=8, hour=18)),))
        assert roles_with("unacknowledged", known, CENTRE) == {"centre_coordinator"}

    def test_a_reader_has_nothing_to_do_where_no_police_are_lost(self) -> None:
        known = Knowledge((an_operation(),), (a_question(),), (a_replan(),), (an_inspection(),))
        assert kinds(known, role="reader") == []


class TestAcknowledging:
    def acknowledges(self, party: str = OWN, now: datetime = NOW, **changed: Any) -> bool:
        return "acknowledge" in kinds(of_operation(**changed), party=party, now=now)

    @pytest.mark.parametrize(("version", "is_asked"), [(0, True), (3, True), (4, False), (5, False)])
    def test_the_newest_version_is_asked_for_until_it_has_been_seen(self, version: int, is_asked: bool) -> None:
        assert self.acknowledges(acknowledged_version=version) == is_asked

    @pytest.mark.parametrize(
        ("state", "is_asked"),
        [(state, True) for state in ("scheduled", "confirmed", "postponed", "cancelled")]
        + [(state, False) for state in ("started", "completed", "aborted")],
    )
    def test_what_has_begun_asks_for_nothing(self, state: str, is_asked: bool) -> None:
        assert self.acknowledges(state=state) == is_asked

    def test_the_owner_of_the_session_is_asked_though_it_is_no_participant(self) -> None:
        assert self.acknowledges(POLICE, participants=(a_part(TEAM),))

    def test_who_takes_no_part_is_not_asked(self) -> None:
        assert not self.acknowledges(OTHER)
        assert not self.acknowledges(CENTRE)

    def test_who_is_released_is_asked_once_more(self) -> None:
        assert self.acknowledges(OTHER, change={**CHANGE, "released": (OTHER,)})
        assert not self.acknowledges(OTHER, change={**CHANGE, "released": (OWN,)})

    def test_twelve_hours_after_the_start_nobody_is_asked(self) -> None:
        twelve = START + timedelta(hours=12)
        assert self.acknowledges(now=twelve - timedelta(seconds=1))
        assert not self.acknowledges(now=twelve)


class TestTheCentre:
    def missing(self, operation: OperationCard, now: datetime = NOW) -> list[tuple[str, ...]]:
        found = duties(a_seat("centre_coordinator", CENTRE), Knowledge(operations=(operation,)), now)
        return [duty.parties for duty in found if duty.kind == "unacknowledged"]

    def test_it_sees_who_takes_part_within_a_day_and_has_not_seen_the_newest_word(self) -> None:
        assert self.missing(seen_by(), START - timedelta(hours=23)) == [(OWN, POLICE)]
        assert self.missing(seen_by(POLICE), START - timedelta(hours=23)) == [(OWN,)]

    def test_who_has_seen_an_older_word_has_not_seen_the_newest(self) -> None:
        assert not_acknowledged_by(an_operation(acknowledged_by={OWN: 3, POLICE: 4})) == (OWN,)

    def test_it_sees_nobody_who_is_only_invited(self) -> None:
        assert self.missing(seen_by(OWN, POLICE), START - timedelta(hours=1)) == []

    @pytest.mark.parametrize(("before", "is_told"), [(24, False), (23.9, True), (0, True), (-3.9, True), (-4, False)])
    def test_it_sees_that_from_a_day_before_until_the_end(self, before: float, is_told: bool) -> None:
        assert bool(self.missing(seen_by(), START - timedelta(hours=before))) == is_told

    @pytest.mark.parametrize("state", ["postponed", "cancelled"])
    def test_it_sees_who_may_come_within_a_day_to_what_is_off(self, state: str) -> None:
        off = {**CHANGE, "from_slot": a_slot(), "released": (OTHER, "migrationsverket")}
        operation = seen_by(POLICE, change=off, let_go=(OTHER,)).model_copy(update={"state": state})
        assert self.missing(operation, START - timedelta(hours=1)) == [(OWN, OTHER)]
        assert self.missing(operation, START - timedelta(hours=25)) == []
        assert self.missing(operation, START + timedelta(hours=4)) == []

    def test_it_sees_who_may_come_to_the_time_before_when_that_is_soon_and_the_new_far_off(self) -> None:
        moved = seen_by(POLICE, change={**CHANGE, "from_slot": a_slot()}, slot=a_slot("p2", day=16))
        found = duties(a_seat("centre_coordinator", CENTRE), Knowledge(operations=(moved,)), NOW)
        assert [(duty.due_at, duty.parties) for duty in found if duty.kind == "unacknowledged"] == [(START, (OWN,))]
        later = moved.model_copy(update={"plan_version": 5, "acknowledged_by": {POLICE: 5}})
        assert self.missing(later) == []

    def test_it_sees_that_of_what_takes_place_alone(self) -> None:
        near = START - timedelta(hours=1)
        assert self.missing(seen_by().model_copy(update={"state": "scheduled"}), near) == []


class TestWhatIsPast:
    @pytest.mark.parametrize("state", ["scheduled", "confirmed"])
    def test_an_operation_without_police_is_at_risk_until_its_end(self, state: str) -> None:
        known = of_operation(loss=a_loss(), state=state, **SEEN)
        end = START + timedelta(hours=4)
        assert (kinds(known, now=end - timedelta(seconds=1)), kinds(known, now=end)) == (["at_risk"], [])

    @pytest.mark.parametrize("state", ["postponed", "cancelled", "started", "completed", "aborted"])
    def test_what_does_not_wait_for_police_is_not_at_risk(self, state: str) -> None:
        assert kinds(of_operation(loss=a_loss(), state=state, **SEEN)) == []

    @pytest.mark.parametrize("decision", ["approved", "rejected", "overtaken"])
    def test_what_is_decided_needs_no_decision(self, decision: str) -> None:
        assert kinds(Knowledge(replans=(a_replan(decision=decision),)), role="centre_coordinator") == []

    def test_after_its_time_a_proposal_cannot_be_decided(self) -> None:
        known, until = Knowledge(replans=(a_replan(),)), a_replan().at
        assert kinds(known, role="centre_coordinator", now=until - timedelta(seconds=1)) == ["decide"]
        assert kinds(known, role="centre_coordinator", now=until) == []

    @pytest.mark.parametrize("told", [{"answer": "accepted"}, {"is_gone": True}])
    def test_what_is_answered_or_gone_needs_no_answer(self, told: dict[str, Any]) -> None:
        assert kinds(Knowledge(questions=(a_question(**told),))) == []

    def test_an_overdue_question_is_asked_until_the_operation_is_over(self) -> None:
        known, end = Knowledge(questions=(a_question(),)), a_question().slot.end_at
        assert a_question().at < end
        assert kinds(known, now=end - timedelta(seconds=1)) == ["answer"]
        assert kinds(known, now=end) == []

    @pytest.mark.parametrize("is_ready", [True, False])
    def test_who_has_told_whether_it_is_ready_is_not_asked(self, is_ready: bool) -> None:
        known = Knowledge((an_operation(**SEEN),), inspections=(an_inspection(is_ready=is_ready),))
        assert kinds(known) == []

    @pytest.mark.parametrize("state", ["confirmed", "postponed", "cancelled", "started"])
    def test_readiness_is_asked_for_while_an_operation_is_scheduled(self, state: str) -> None:
        known = Knowledge((an_operation(state=state, **SEEN),), inspections=(an_inspection(),))
        assert kinds(known) == []

    def test_readiness_is_asked_for_before_an_operations_end(self) -> None:
        known = Knowledge((an_operation(**SEEN),), inspections=(an_inspection(),))
        assert (kinds(known, now=START), kinds(known, now=START + timedelta(hours=4))) == (["ready"], [])

    def test_readiness_is_asked_of_those_who_take_part(self) -> None:
        known = Knowledge((an_operation(**SEEN),), inspections=(an_inspection(),))
        assert kinds(known, party=OTHER) == []


class TestOrder:
    def test_what_is_due_first_comes_first(self) -> None:
        soon = {"slot": a_slot("p2", day=8, hour=14), "operation_id": "op:polisen:p2"}
        known = Knowledge(
            operations=(an_operation(), an_operation(**soon)),
            questions=(a_question(at=NOW + timedelta(days=9), slot=a_slot(day=20)),),
        )
        found = duties(a_seat(), known, NOW)
        assert [duty.kind for duty in found] == ["acknowledge", "acknowledge", "answer"]
        assert [duty.operation.operation_id for duty in found if duty.operation] == ["op:polisen:p2", "op:polisen:p1"]

    def test_of_what_is_due_at_once_the_gravest_comes_first(self) -> None:
        known = Knowledge(
            operations=(an_operation(loss=a_loss()),),
            questions=(a_question(at=START),),
            replans=(a_replan(at=START),),
            inspections=(an_inspection(),),
        )
        assert kinds(known) == ["at_risk", "answer", "acknowledge", "ready"]
        assert kinds(known, role="centre_coordinator") == ["at_risk", "decide", "answer", "acknowledge"]

    def test_two_things_to_do_are_told_apart_and_stay_the_same_when_they_change(self) -> None:
        second = an_inspection(inspection_id=f"{OWN}:wish-2")
        planned = an_operation().inspections[0]
        route = (planned, planned.model_copy(update={"inspection_id": second.inspection_id}))
        known = Knowledge(operations=(an_operation(inspections=route),), inspections=(an_inspection(), second))
        found = duties(a_seat(), known, NOW)
        assert [duty.place for duty in found] == [None, 1, 2]
        assert len({duty.key for duty in found}) == 3
        lost = Knowledge(operations=(an_operation(inspections=route, loss=a_loss()),), replans=(a_replan(),))
        without = Knowledge(operations=lost.operations)
        keys = {duty.key for each in (lost, without) for duty in duties(a_seat(), each, NOW) if duty.kind == "at_risk"}
        assert len(keys) == 1

    def test_what_is_lost_knows_the_proposal_that_answers_it(self) -> None:
        lost = an_operation(loss=a_loss())
        change = {"operation_id": lost.operation_id, "code_name": "Granit", "kinds": ("postponed",)}
        answer, beside = a_replan(2, changes=(change,)), a_replan(1)
        known = Knowledge(operations=(lost,), replans=(beside, answer))
        assert [duty.replan for duty in duties(a_seat(), known, NOW) if duty.kind == "at_risk"] == [answer]
        late = NOW + timedelta(hours=3)
        assert [duty.replan for duty in duties(a_seat(), known, late) if duty.kind == "at_risk"] == [None]

    def outlook(self, now: datetime = NOW, **known: Any) -> list[str]:
        lost = an_operation(loss=a_loss(told_at=NOW - timedelta(hours=1)))
        found = duties(a_seat(), Knowledge(operations=(lost,), **known), now)
        return [duty.outlook for duty in found if duty.kind == "at_risk"]

    def test_whether_a_plan_comes_by_itself_is_told(self) -> None:
        change = {"operation_id": OPERATION, "code_name": "Granit", "kinds": ("postponed",)}
        waiting = a_replan(changes=(change,))
        rejected = a_replan(changes=(change,), decision="rejected")
        before = NOW - timedelta(hours=2)
        earlier = a_replan(changes=(change,), decision="rejected", proposed_at=before)
        off = ModeCard(centre=CENTRE, at=NOW, mode="off")
        assert self.outlook() == self.outlook(replans=(earlier,)) == self.outlook(replans=(a_replan(),)) == ["coming"]
        assert self.outlook(replans=(waiting, rejected)) == ["coming"]
        assert self.outlook(replans=(rejected,)) == ["stands"]
        assert self.outlook(replans=(waiting,), now=NOW + timedelta(hours=3)) == ["stands"]
        assert self.outlook(modes=(off,)) == ["off"]
        assert self.outlook(modes=(off.model_copy(update={"centre": "akc-nord"}),)) == ["coming"]

    def test_what_is_lost_in_part_is_not_at_risk(self) -> None:
        assert kinds(of_operation(loss=a_loss(is_partial=True, officers_left=3), **SEEN)) == []

    def test_every_kind_has_its_place(self) -> None:
        assert sorted(ORDER) == sorted(get_args(Kind))

    @pytest.mark.parametrize(("hours", "is_urgent"), [(-1, True), (23.9, True), (24, False)])
    def test_what_is_due_within_a_day_or_overdue_is_urgent(self, hours: float, is_urgent: bool) -> None:
        assert Duty("answer", NOW + timedelta(hours=hours)).is_urgent(NOW) == is_urgent

    def test_what_has_no_time_is_not_urgent(self) -> None:
        assert not Duty("ready", None).is_urgent(NOW)
