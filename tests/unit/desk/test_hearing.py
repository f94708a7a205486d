"""What a message changes in what a party knows: cards before, a message, cards after."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, ModeCard, PlanCard, ReplanCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.domain.hearing import hear, needs_of
from samsyn_adapter_desk.domain.known import Needs
from samsyn_contracts import capacity, carrying_out, inspections, operations, plans
from samsyn_contracts.catalogue import MESSAGES
from samsyn_contracts.message import Message
from samsyn_contracts.site_information import ParticipantCheckedIn

from tests.unit.desk.told import (
    CENTRE,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    POLICE,
    SESSION,
    TEAM,
    a_backup,
    a_loss,
    a_part,
    a_question,
    a_replan,
    a_slot,
    a_told,
    after,
    an_envelope,
    an_inspection,
    an_operation,
    known,
    the,
)

SCHEDULED, CONFIRMED = operations.OperationScheduled, operations.OperationConfirmed
RESCHEDULED, POSTPONED = operations.OperationRescheduled, operations.OperationPostponed
CANCELLED = operations.OperationCancelled
NEWS: tuple[type[Message], ...] = (SCHEDULED, CONFIRMED, RESCHEDULED, POSTPONED, CANCELLED)
WITH_STATES = list(zip(NEWS, ("scheduled", "confirmed", "scheduled", "postponed", "cancelled"), strict=True))
OVER = ("cancelled", "completed", "aborted")
EXAMPLES = sorted((Path(__file__).parents[3] / "contracts" / "examples").glob("*.json"))
POLICE_LOST = capacity.PoliceCancelled(capacity_id=SESSION, cause_code="shooting")


def operation_after(message: Message, *cards: Card, **told: Any) -> OperationCard:
    return the(OperationCard, after(message, *cards, **told))


def question_after(message: Message, question: QuestionCard, *others: Card) -> QuestionCard | None:
    """The question as it is afterwards, or None where nothing changed it."""
    found = [card for card in after(message, question, *others).values() if isinstance(card, QuestionCard)]
    return found[0] if found else None


def published(version: int = 5, replan: int = 9) -> plans.PlanPublished:
    return plans.PlanPublished.model_validate(
        {
            "centre": CENTRE,
            "plan_version": version,
            "previous_version": version - 1,
            "hash_prev": "",
            "hash": "",
            "replan_id": f"replan:{CENTRE}:0001-{replan}",
            "cause_event_ids": ("e1",),
            "changes": (),
            "untouched_count": 2,
        }
    )


class TestOperations:
    @pytest.mark.parametrize(("kind", "state"), WITH_STATES)
    def test_an_operation_that_is_new_to_the_party_is_known_with_its_state(
        self, kind: type[Message], state: str
    ) -> None:
        card = operation_after(a_told(kind))
        assert (card.state, card.status, card.plan_version, card.code_name) == (state, state, 4, "Granit")
        assert (card.told_event, card.session_id, card.centre) == ("e9", SESSION, CENTRE)
        assert card.change is not None
        assert (card.change.event_id, card.change.plan_version) == ("e9", 4)

    @pytest.mark.parametrize(("kind", "state"), WITH_STATES)
    def test_a_newer_word_takes_the_place_of_the_older(self, kind: type[Message], state: str) -> None:
        card = operation_after(a_told(kind, plan_version=5), an_operation(state="confirmed"))
        assert (card.state, card.plan_version, card.told_event) == (state, 5, "e9")

    @pytest.mark.parametrize("kind", NEWS)
    def test_an_older_word_that_comes_late_changes_nothing(self, kind: type[Message]) -> None:
        assert after(a_told(kind, plan_version=3), an_operation(), a_question()) == {}

    @pytest.mark.parametrize("state", OVER)
    @pytest.mark.parametrize("kind", NEWS)
    def test_after_its_end_no_plan_changes_an_operation(self, kind: type[Message], state: str) -> None:
        assert after(a_told(kind, plan_version=9), an_operation(state=state)) == {}

    def test_who_had_accepted_and_is_let_go_is_known_for_as_long_as_that_word_is_the_newest(self) -> None:
        before = an_operation(participants=(a_part(SESSION), a_part(TEAM), a_part(f"{OTHER}:lag-1", "invited")))
        told = {"released": (OWN, OTHER), "plan_version": 5, "participants": (a_part(SESSION),)}
        moved = operation_after(a_told(RESCHEDULED, **told), before)
        assert moved.let_go == (OWN,)
        confirmed = a_told(operations.OperationConfirmed, plan_version=5, participants=(a_part(SESSION),))
        assert operation_after(confirmed, moved).let_go == (OWN,)
        later = a_told(RESCHEDULED, plan_version=6, participants=(a_part(SESSION),))
        assert operation_after(later, moved).let_go == ()
        told_by_itself = {
            f"{OTHER}:lag-1": {"event_id": "e3", "answer": "accept", "session_id": SESSION, "by_party": OTHER}
        }
        answered = before.model_copy(update={"answers": an_operation(answers=told_by_itself).answers})
        assert operation_after(a_told(RESCHEDULED, **told), answered).let_go == (OWN, OTHER)

    def test_a_move_tells_from_where_to_where_why_and_with_how_much_notice(self) -> None:
        told = {"to_slot": a_slot("p2", day=10), "released": (OTHER,), "left_alone": 2, "plan_version": 5}
        card = operation_after(a_told(RESCHEDULED, **told), an_operation())
        assert (card.session_id, card.slot.start_at.day, card.at) == ("polisen:p2", 10, card.slot.start_at)
        change = card.change
        assert change is not None
        assert change.from_slot is not None
        assert change.to_slot is not None
        assert (change.from_slot.session_id, change.to_slot.session_id) == (SESSION, "polisen:p2")
        assert (change.ladder_step, change.released, change.notice_minutes) == ("other_police_session", (OTHER,), 180)
        assert (change.left_alone, change.cause_event_ids, len(change.reasons)) == (2, ("e1",), 1)

    def test_what_is_postponed_keeps_its_participants_and_tells_its_cause(self) -> None:
        card = operation_after(a_told(POSTPONED, plan_version=5, released=(OWN,)), an_operation())
        assert len(card.participants) == 2
        assert card.change is not None
        assert (card.change.cause_code, card.change.released, card.change.to_slot) == ("shooting", (OWN,), None)

    def test_a_confirmation_keeps_the_change_that_was_told_before_it(self) -> None:
        moved = operation_after(a_told(RESCHEDULED), an_operation())
        confirmed = operation_after(a_told(CONFIRMED), moved, event_id="e10")
        assert (confirmed.state, confirmed.told_event) == ("confirmed", "e10")
        assert confirmed.change == moved.change

    @pytest.mark.parametrize("kind", [SCHEDULED, CONFIRMED, RESCHEDULED])
    def test_a_started_operation_stays_started_whatever_its_version_tells_late(self, kind: type[Message]) -> None:
        card = operation_after(a_told(kind), an_operation(state="started"))
        assert card.state == "started"

    @pytest.mark.parametrize(("session", "state"), [("p1", "started"), ("p2", "scheduled")])
    def test_what_moves_to_another_session_has_not_begun(self, session: str, state: str) -> None:
        moved = a_told(RESCHEDULED, plan_version=5, to_slot=a_slot(session))
        assert operation_after(moved, an_operation(state="started")).state == state

    def test_what_the_party_itself_noted_outlives_a_newer_word(self) -> None:
        noted = {
            "acknowledged_version": 4,
            "acknowledged_before": 3,
            "acknowledged_said": "e4",
            "acknowledged_by": {OTHER: 4},
            "is_pinned": True,
            "arrivals": {OTHER: NOW},
        }
        card = operation_after(a_told(RESCHEDULED, plan_version=5), an_operation(**noted))
        assert {name: getattr(card, name) for name in noted} == noted


class TestQuestions:
    @pytest.mark.parametrize(
        ("kind", "is_to_police"), [(operations.ParticipationRequested, False), (operations.PoliceRequested, True)]
    )
    def test_who_is_asked_has_a_question(self, kind: type[Message], is_to_police: bool) -> None:
        told = {"agency": OWN, "capacity_id": TEAM, "reply_by": NOW, "officers": 4}
        card = the(QuestionCard, after(a_told(kind, **told)))
        assert (card.id, card.status, card.at, card.asked_by) == (f"{OPERATION}|{TEAM}", "open", NOW, "e9")
        assert (card.is_to_police, card.officers) == (is_to_police, 4 if is_to_police else None)

    def test_the_list_of_participants_answers_it(self) -> None:
        card = question_after(a_told(SCHEDULED), a_question())
        assert card is not None
        assert (card.status, card.answer) == ("answered", "accepted")

    def test_it_stays_open_while_the_party_is_only_invited(self) -> None:
        invited = {"participants": (a_part(SESSION), a_part(TEAM, "invited"))}
        assert question_after(a_told(SCHEDULED, **invited), a_question()) is None

    def test_another_team_that_accepts_does_not_answer_it(self) -> None:
        others = {"participants": (a_part(f"{OWN}:lag-2"), a_part(TEAM, "invited"))}
        assert question_after(a_told(SCHEDULED, **others), a_question()) is None

    def test_it_is_gone_when_the_operation_has_another_session(self) -> None:
        moved = {"participants": (a_part(TEAM, "invited"),), "to_slot": a_slot("p2")}
        card = question_after(a_told(RESCHEDULED, **moved), a_question())
        assert card is not None
        assert card.status == "gone"

    def test_it_is_gone_when_a_newer_plan_does_without_the_team(self) -> None:
        without = {"participants": (a_part(SESSION), a_part(f"{OTHER}:lag-2")), "plan_version": 5}
        card = question_after(a_told(RESCHEDULED, **without), a_question())
        assert card is not None
        assert card.status == "gone"

    @pytest.mark.parametrize("kind", [POSTPONED, CANCELLED])
    def test_it_is_gone_with_the_operation(self, kind: type[Message]) -> None:
        card = question_after(a_told(kind), a_question())
        assert card is not None
        assert card.status == "gone"


class TestPolice:
    def test_a_cancelled_session_is_a_loss_of_its_operations(self) -> None:
        loss = operation_after(POLICE_LOST, an_operation(state="confirmed"), by=POLICE).loss
        assert loss is not None
        assert (loss.event_id, loss.cause_code, loss.is_reported, loss.by_party) == ("e9", "shooting", False, POLICE)

    @pytest.mark.parametrize("state", OVER)
    def test_an_operation_that_is_over_loses_nothing(self, state: str) -> None:
        assert after(POLICE_LOST, an_operation(state=state)) == {}

    @pytest.mark.parametrize(
        "back",
        [
            capacity.PoliceRestored(capacity_id=SESSION),
            capacity.PoliceCancellationRetracted(capacity_id=SESSION, cancelled_event="e2"),
        ],
    )
    def test_police_that_are_back_are_no_loss(self, back: Message) -> None:
        assert operation_after(back, an_operation(loss=a_loss())).loss is None
        assert after(back, an_operation()) == {}

    def test_a_loss_is_over_when_the_operation_has_another_session_or_a_newer_plan(self) -> None:
        lost = an_operation(loss=a_loss())
        assert operation_after(a_told(RESCHEDULED, to_slot=a_slot("p2")), lost).loss is None
        assert operation_after(a_told(RESCHEDULED, plan_version=5), lost).loss is None
        assert operation_after(a_told(CONFIRMED), lost).loss == lost.loss

    def test_a_loss_lasts_when_it_has_taken_the_operation_off_the_plan(self) -> None:
        lost = an_operation(loss=a_loss())
        assert operation_after(a_told(POSTPONED, plan_version=5), lost).loss == lost.loss

    def test_a_loss_told_by_phone_is_only_reported(self) -> None:
        told = {"agency": OTHER, "told_by_function": "befal", "channel": "phone", "told_at": NOW}
        loss = operation_after(a_told(operations.PoliceLossReported, **told), an_operation(), by=OTHER).loss
        assert loss is not None
        assert (loss.is_reported, loss.by_party, loss.told_at, loss.cause_code) == (True, OTHER, NOW, None)

    @pytest.mark.parametrize("before", [{"loss": a_loss()}, {"state": "completed"}])
    def test_a_report_says_nothing_new_of_a_loss_that_is_known_or_an_operation_that_is_over(
        self, before: dict[str, Any]
    ) -> None:
        told = {"agency": OTHER, "told_by_function": "befal", "channel": "phone", "told_at": NOW}
        assert after(a_told(operations.PoliceLossReported, **told), an_operation(**before)) == {}

    def test_a_report_about_the_session_that_an_operation_has_left_is_no_loss_of_its_new_one(self) -> None:
        told = {"agency": OTHER, "told_by_function": "befal", "channel": "phone", "told_at": NOW}
        report, moved = (
            a_told(operations.PoliceLossReported, **told, session_id=SESSION),
            an_operation(slot=a_slot("p2")),
        )
        assert after(report, moved) == {}
        assert operation_after(report, an_operation(), by=OTHER).loss is not None

    def test_the_polices_own_word_takes_the_place_of_a_report(self) -> None:
        loss = operation_after(POLICE_LOST, an_operation(loss=a_loss(is_reported=True)), by=POLICE).loss
        assert loss is not None
        assert (loss.is_reported, loss.event_id) == (False, "e9")


class TestAcknowledgements:
    def test_the_centre_hears_who_has_seen_which_version(self) -> None:
        told = {"agency": OTHER, "by_function": "samordnare"}
        seen = a_told(operations.NotificationAcknowledged, **told)
        card = operation_after(seen, an_operation(acknowledged_by={OWN: 3}), by=OTHER)
        assert card.acknowledged_by == {OWN: 3, OTHER: 4}

    def test_an_older_one_that_comes_late_takes_nothing_back(self) -> None:
        told = {"agency": OTHER, "by_function": "samordnare", "plan_version": 2}
        seen = a_told(operations.NotificationAcknowledged, **told)
        assert operation_after(seen, an_operation(acknowledged_by={OTHER: 4})).acknowledged_by == {OTHER: 4}


class TestTheDay:
    @pytest.mark.parametrize("state", ["scheduled", "confirmed", "postponed"])
    def test_an_operation_starts(self, state: str) -> None:
        started = a_told(carrying_out.OperationStarted, agency=OWN, police_present=True)
        assert operation_after(started, an_operation(state=state)).state == "started"

    @pytest.mark.parametrize("state", OVER)
    def test_what_is_over_does_not_start(self, state: str) -> None:
        started = a_told(carrying_out.OperationStarted, agency=OWN, police_present=True)
        assert after(started, an_operation(state=state)) == {}

    @pytest.mark.parametrize(
        ("outcome", "state"), [("completed", "completed"), ("in_part", "completed"), ("aborted", "aborted")]
    )
    def test_a_completed_operation_tells_what_was_done(self, outcome: str, state: str) -> None:
        done = a_told(
            carrying_out.OperationCompleted,
            outcome=outcome,
            started_at=NOW,
            ended_at=NOW,
            done_inspection_ids=(f"{OWN}:wish-1",),
            left_inspection_ids=(f"{OWN}:wish-2",),
            handed_in_by=(OWN,),
            missing_from=(),
            police_present=True,
            counts_as_operation=True,
        )
        cards = after(done, an_operation(state="started"), an_inspection())
        operation = the(OperationCard, cards)
        assert (operation.state, operation.counts_as_operation) == (state, True)
        assert operation.done_inspection_ids == (f"{OWN}:wish-1",)
        assert the(InspectionCard, cards).state == "done"

    def test_who_comes_late_is_noted_by_party(self) -> None:
        told = a_told(carrying_out.ParticipantDelayed, agency=OTHER, minutes=20)
        known = an_operation(arrivals={OWN: NOW})
        begins_at = known.slot.start_at
        exact = a_told(carrying_out.ParticipantDelayed, agency=OTHER, minutes=20, arrives_at=begins_at)
        assert operation_after(told, known).arrivals == {OWN: NOW, OTHER: begins_at + timedelta(minutes=20)}
        assert operation_after(exact, known).arrivals[OTHER] == begins_at

    def test_who_has_come_is_late_no_more(self) -> None:
        come = a_told(ParticipantCheckedIn, agency=OTHER)
        assert operation_after(come, an_operation(arrivals={OTHER: NOW, OWN: NOW})).arrivals == {OWN: NOW}

    def test_who_was_late_for_another_session_is_not_late_for_this(self) -> None:
        moved = a_told(RESCHEDULED, plan_version=5, to_slot=a_slot("p9"))
        assert operation_after(moved, an_operation(arrivals={OTHER: NOW})).arrivals == {}


def proposed() -> plans.ReplanProposed:
    return a_told(
        plans.ReplanProposed,
        replan_id=f"replan:{CENTRE}:0001-1",
        base_plan_version=4,
        changes=(),
        untouched_count=3,
        score_delta=40,
        decide_by=NOW,
        if_unanswered="old_plan_stands",
    )


class TestPlans:
    def test_a_proposal_waits_for_the_centre(self) -> None:
        (card,) = hear(proposed(), an_envelope(causationid="e2"), known())
        assert isinstance(card, ReplanCard)
        assert (card.status, card.at, card.proposed_event, card.cause_event) == ("open", NOW, "e9", "e2")

    def test_a_newer_proposal_overtakes_those_that_wait_and_no_others(self) -> None:
        before = (a_replan(1), a_replan(2), a_replan(3, decision="rejected"))
        cards = after(proposed(), *before)
        found = {card.id[-1]: card.status for card in cards.values() if isinstance(card, ReplanCard)}
        assert found == {"1": "open", "2": "overtaken"}

    def test_a_published_plan_is_kept_by_its_version(self) -> None:
        card = the(PlanCard, after(published(5)))
        assert (card.id, card.plan_version, card.previous_version, card.event_id) == (f"{CENTRE}/5", 5, 4, "e9")

    def test_an_open_proposal_is_approved_by_its_own_plan_and_overtaken_by_another(self) -> None:
        cards = after(published(5, replan=1), a_replan(1), a_replan(2))
        found = {card.id: card.status for card in cards.values() if isinstance(card, ReplanCard)}
        assert found == {f"replan:{CENTRE}:0001-1": "approved", f"replan:{CENTRE}:0001-2": "overtaken"}

    @pytest.mark.parametrize("before", [{"decision": "rejected"}, {"base_plan_version": 5}])
    def test_a_proposal_that_is_decided_or_made_from_that_plan_stands(self, before: dict[str, Any]) -> None:
        assert list(after(published(5), a_replan(**before))) == [f"plan {CENTRE}/5"]

    def test_a_backup_holds_until_it_is_invalidated(self) -> None:
        told = {"against": SESSION, "consent_complete": False, "value_loss": 9, "valid_until": NOW, "to_slot": a_slot()}
        ready = the(BackupCard, after(a_told(plans.BackupPlanPrepared, **told)))
        assert (ready.status, ready.is_consent_complete, ready.at) == ("ready", False, NOW)
        gone = a_told(plans.BackupPlanInvalidated, reason_code="facts_changed")
        assert the(BackupCard, after(gone, a_backup())).status == "invalid"
        assert after(gone) == {}

    def test_a_pin_is_set_and_taken_away(self) -> None:
        told = {"by_function": "samordnare", "reason_code": "agreed"}
        assert operation_after(a_told(plans.OperationPinned, **told), an_operation()).is_pinned
        assert not operation_after(a_told(plans.OperationUnpinned, **told), an_operation(is_pinned=True)).is_pinned

    def test_a_centres_mode_is_known_with_who_and_why(self) -> None:
        told = capacity.AutomationModeChanged(
            centre=CENTRE, mode="propose", by_function="samordnare", reason_code="exercise"
        )
        card = the(ModeCard, after(told))
        assert (card.id, card.status, card.by_function, card.at) == (CENTRE, "propose", "samordnare", NOW)


class TestInspections:
    def proposed(self, party: str) -> inspections.InspectionProposed:
        return inspections.InspectionProposed.model_validate(
            {
                "inspection_id": f"{party}:wish-1",
                "site": {"site_id": f"{party}:s1", "municipality": "1480", "name": "Exempel AB"},
                "indications": ("undeclared_wages",),
                "police_need": "wanted",
                "value": 500,
                "programme": "a-krim",
                "duration_minutes": 60,
                "time_windows": ({"from_at": NOW, "until_at": NOW.replace(month=6)},),
            }
        )

    @pytest.mark.parametrize(("party", "is_own"), [(OWN, True), (OTHER, False)])
    def test_a_wanted_inspection_is_known_as_own_or_anothers(self, party: str, is_own: bool) -> None:
        card = the(InspectionCard, after(self.proposed(party)))
        assert (card.is_own, card.status, card.municipality, card.site_name) == (is_own, "wanted", "1480", "Exempel AB")

    def test_what_is_amended_is_changed_and_nothing_else(self) -> None:
        changes = {"duration_minutes": 90, "police_need": "required", "value": 7}
        told = inspections.InspectionAmended.model_validate({"inspection_id": f"{OWN}:wish-1", "changes": changes})
        before = an_inspection(interest="high", duration_minutes=60)
        card = the(InspectionCard, after(told, before))
        assert card == before.model_copy(update={"duration_minutes": 90, "police_need": "required"})

    def test_a_withdrawn_one_is_wanted_no_longer(self) -> None:
        told = inspections.InspectionWithdrawn(inspection_id=f"{OWN}:wish-1", reason_code="solved")
        assert the(InspectionCard, after(told, an_inspection())).status == "withdrawn"
        assert after(told) == {}


OF_OPERATIONS = (
    operations.NotificationAcknowledged,
    operations.PoliceLossReported,
    carrying_out.OperationStarted,
    carrying_out.OperationAborted,
    carrying_out.ParticipantDelayed,
    plans.OperationPinned,
    plans.OperationUnpinned,
)
MORE = {
    "agency": OTHER,
    "by_function": "f",
    "told_by_function": "f",
    "channel": "phone",
    "told_at": NOW,
    "police_present": True,
    "minutes": 5,
    "reason_code": "r",
}


@pytest.mark.parametrize("kind", OF_OPERATIONS)
def test_what_is_told_of_an_operation_that_the_party_does_not_know_changes_nothing(kind: type[Message]) -> None:
    assert after(a_told(kind, **MORE)) == {}


@pytest.mark.parametrize("kind", OF_OPERATIONS + NEWS)
def test_what_is_told_of_an_operation_needs_what_is_known_of_it(kind: type[Message]) -> None:
    assert needs_of(a_told(kind, **MORE), an_envelope()) == Needs(operation_id=OPERATION)


def test_what_is_told_of_a_session_needs_what_rests_on_it() -> None:
    assert needs_of(POLICE_LOST, an_envelope()) == Needs(session_id=SESSION)


@pytest.mark.parametrize("message", [published(), proposed()], ids=lambda message: type(message).__name__)
def test_a_plan_or_a_proposal_needs_the_centres_open_proposals(message: Message) -> None:
    assert needs_of(message, an_envelope()) == Needs(replans_of=CENTRE)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_example_of_the_contract_is_taken_in_and_its_cards_can_be_kept(path: Path) -> None:
    example = json.loads(path.read_bytes())
    message = MESSAGES[example["headers"]["ce_type"]].model_validate(example["body"])
    needs_of(message, an_envelope())
    for card in hear(message, an_envelope(), known()):
        assert type(card).model_validate_json(card.model_dump_json(exclude_none=True)) == card
