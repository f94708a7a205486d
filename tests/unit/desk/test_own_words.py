"""What somebody says at the desk shows at once, and what Samsyn refuses of it is taken back, exactly that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards import CARDS
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard
from samsyn_adapter_desk.domain.cards_of_plans import ReplanCard, WhatIfCard
from samsyn_adapter_desk.domain.cards_of_the_year import ContactCard, RoleCard, WheelCard
from samsyn_adapter_desk.domain.cards_of_wishes import (
    CapacityCard,
    ConsentCard,
    InspectionCard,
    LostSessionCard,
    OfficerCard,
)
from samsyn_adapter_desk.domain.hearing import hear
from samsyn_adapter_desk.domain.known import Needs
from samsyn_adapter_desk.domain.own_words import needs_of, say
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_contracts import capacity, inspections, operations, plans
from samsyn_contracts.message import Message

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
    a_question,
    a_replan,
    a_slot,
    a_told,
    an_envelope,
    an_inspection,
    an_operation,
    by_name,
    known,
    the,
)

WISH = f"{OWN}:wish-1"
REASON = {"reason_code": "no_resources"}
ANSWER = {"capacity_id": TEAM, "session_id": SESSION, "unit": "local_police", **REASON}
DECISION = {"replan_id": f"replan:{CENTRE}:0001-1", "by_function": "samordnare", **REASON}
SEEN = {"agency": OWN, "by_function": "samordnare"}
LOST = capacity.PoliceCancelled(capacity_id=SESSION, cause_code="shooting")
BACK = capacity.PoliceRestored(capacity_id=SESSION)
MISTAKE = capacity.PoliceCancellationRetracted(capacity_id=SESSION, cancelled_event="e2")


def said(message: Message, *cards: Card, event_id: str = "s1", party: str = OWN) -> dict[str, Card]:
    """The cards that an own statement changes, by kind and id."""
    return by_name(say(message, an_envelope(event_id, party=party), known(*cards, party=party)))


def a_capacity(capacity_id: str = SESSION, **changed: Any) -> CapacityCard:
    own = {"centre": CENTRE, "at": NOW, "capacity_id": capacity_id, "unit": "local_police", "staff": 4, "said": "s0"}
    return CapacityCard.model_validate({**own, "end_at": NOW + timedelta(hours=4), **changed})


def an_officer(**changed: Any) -> OfficerCard:
    own = {"centre": CENTRE, "at": NOW, "slot_id": f"{POLICE}:city-1", "area": "lpo-goteborg-city", "said": "s0"}
    return OfficerCard.model_validate({**own, "experience_band": "4+", "valid_from": "2026-06-01", **changed})


def a_consent(**changed: Any) -> ConsentCard:
    own = {"centre": CENTRE, "at": NOW, "consent_id": f"{OWN}:c1", "covers": ("time",), "said": "s0"}
    return ConsentCard.model_validate({**own, **changed})


class TestAnswers:
    @pytest.mark.parametrize(
        ("kind", "answer"),
        [
            (operations.ParticipationAccepted, "accepted"),
            (operations.PoliceCommitted, "accepted"),
            (operations.ParticipationDeclined, "declined"),
            (operations.PoliceDeclined, "declined"),
        ],
    )
    def test_an_answer_shows_at_once_and_its_refusal_asks_again(self, kind: type[Message], answer: str) -> None:
        before = a_question()
        card = the(QuestionCard, said(a_told(kind, **ANSWER), before))
        assert (card.answer, card.answer_said, card.status) == (answer, "s1", "answered")
        assert refuse(card, "s1") == before

    def test_it_answers_for_its_own_team_alone(self) -> None:
        both = (a_question(), a_question(f"{OWN}:lag-2"))
        assert list(said(a_told(operations.ParticipationAccepted, **ANSWER), *both)) == [f"question {OPERATION}|{TEAM}"]

    @pytest.mark.parametrize("kind", [operations.ParticipationAccepted, operations.ParticipationDeclined])
    def test_an_answer_to_the_former_session_is_none_to_the_question_about_the_new_one(
        self, kind: type[Message]
    ) -> None:
        moved = (an_operation(slot=a_slot("p2")), a_question(slot=a_slot("p2")))
        assert said(a_told(kind, **ANSWER), *moved) == {}
        assert the(QuestionCard, said(a_told(kind, **ANSWER | {"session_id": f"{POLICE}:p2"}), *moved)).answer

    def test_a_no_that_names_no_session_is_to_the_present_one(self) -> None:
        told = a_told(operations.ParticipationDeclined, **{**ANSWER, "session_id": None})
        assert the(QuestionCard, said(told, a_question(slot=a_slot("p2")))).answer == "declined"

    def test_a_question_that_is_gone_is_not_answered(self) -> None:
        assert said(a_told(operations.ParticipationAccepted, **ANSWER), a_question(is_gone=True)) == {}

    def test_what_the_list_of_participants_tells_no_refusal_takes_back(self) -> None:
        card = the(QuestionCard, said(a_told(operations.ParticipationAccepted, **ANSWER), a_question()))
        told = hear(a_told(operations.OperationScheduled), an_envelope(), known(an_operation(), card))
        settled = the(QuestionCard, by_name(told))
        assert refuse(settled, "s1").status == "answered"


class TestAcknowledgements:
    def test_one_shows_at_once_and_its_refusal_brings_back_the_version_before(self) -> None:
        before = an_operation(acknowledged_version=2, is_pinned=True)
        card = the(OperationCard, said(a_told(operations.NotificationAcknowledged, **SEEN), before))
        assert (card.acknowledged_version, card.acknowledged_said) == (4, "s1")
        back = refuse(card, "s1")
        assert back == before.model_copy(update={"acknowledged_before": 2})

    def test_an_older_version_is_no_news(self) -> None:
        told = a_told(operations.NotificationAcknowledged, **SEEN, plan_version=3)
        assert said(told, an_operation(acknowledged_version=3)) == {}

    def test_an_earlier_one_that_is_refused_late_takes_the_later_one_not_back(self) -> None:
        first = the(OperationCard, said(a_told(operations.NotificationAcknowledged, **SEEN), an_operation()))
        later = a_told(operations.NotificationAcknowledged, **SEEN, plan_version=5)
        second = the(OperationCard, said(later, first, event_id="s2"))
        assert refuse(second, "s1") == second
        back = refuse(second, "s2")
        assert isinstance(back, OperationCard)
        assert back.acknowledged_version == 4


class TestDecisions:
    @pytest.mark.parametrize(
        ("kind", "decision"), [(plans.ReplanApproved, "approved"), (plans.ReplanRejected, "rejected")]
    )
    def test_one_shows_at_once_and_its_refusal_opens_the_proposal_again(
        self, kind: type[Message], decision: str
    ) -> None:
        before = a_replan()
        card = the(ReplanCard, said(a_told(kind, **DECISION), before, party=CENTRE))
        assert (card.status, card.decision_said) == (decision, "s1")
        assert refuse(card, "s1") == before

    @pytest.mark.parametrize("decision", ["approved", "rejected", "overtaken"])
    def test_what_is_decided_stays_decided(self, decision: str) -> None:
        assert said(a_told(plans.ReplanApproved, **DECISION), a_replan(decision=decision), party=CENTRE) == {}


class TestCapacity:
    @pytest.mark.parametrize("mode", ["ask", "standing"])
    def test_an_offer_shows_at_once_and_its_refusal_says_so(self, mode: str) -> None:
        told = {"capacity_id": TEAM, "unit": "team", "team": "lag-1", "staff": 2, "consent": {"mode": mode}}
        slot = {"start_at": NOW, "end_at": NOW + timedelta(hours=4)}
        card = the(CapacityCard, said(capacity.CapacityOffered.model_validate({**told, **slot})))
        assert (card.status, card.said, card.team, card.is_standing) == ("offered", "s1", "lag-1", mode == "standing")
        assert refuse(card, "s1") == card.model_copy(update={"state": "refused"})

    def test_a_withdrawal_shows_at_once_and_its_refusal_gives_the_capacity_back(self) -> None:
        before = a_capacity(TEAM, unit="team", team="lag-1")
        card = the(CapacityCard, said(capacity.CapacityWithdrawn(capacity_id=TEAM, **REASON), before))
        assert (card.status, card.lost_by) == ("withdrawn", "s1")
        assert refuse(card, "s1") == before

    @pytest.mark.parametrize("state", ["withdrawn", "lost", "refused"])
    def test_what_is_gone_is_gone_by_the_first_word_and_a_second_that_is_refused_gives_nothing_back(
        self, state: str
    ) -> None:
        before = a_capacity(state=state, lost_by="s0")
        assert said(capacity.CapacityWithdrawn(capacity_id=SESSION, **REASON), before) == {}
        assert said(LOST, before, party=POLICE) == {}

    def test_a_cancelled_session_and_its_operations_loss_show_at_once_and_go_with_the_refusal(self) -> None:
        session, operation = a_capacity(), an_operation()
        cards = said(LOST, session, operation, party=POLICE)
        lost, hit = the(CapacityCard, cards), the(OperationCard, cards)
        assert (lost.status, lost.lost_by) == ("lost", "s1")
        assert hit.loss is not None
        assert (hit.loss.event_id, hit.loss.cause_code, hit.loss.by_party) == ("s1", "shooting", POLICE)
        assert [refuse(lost, "s1"), refuse(hit, "s1")] == [session, operation]

    def test_what_is_lost_in_part_says_so(self) -> None:
        some = LOST.model_copy(update={"officers_left": 3})
        cards = said(some, a_capacity(), an_operation(), party=POLICE)
        loss = the(OperationCard, cards).loss
        assert loss is not None
        assert (loss.is_partial, loss.officers_left, the(CapacityCard, cards).is_partly_lost) == (True, 3, True)
        assert refuse(the(CapacityCard, cards), "s1") == a_capacity()
        assert the(LostSessionCard, said(some, an_operation(), party=POLICE)).is_partly_lost

    def test_what_is_lost_in_part_can_be_lost_whole(self) -> None:
        some = LOST.model_copy(update={"officers_left": 3})
        offered = the(CapacityCard, said(some, a_capacity(), party=POLICE))
        elsewhere = the(LostSessionCard, said(some, an_operation(), party=POLICE))
        whole = said(LOST, offered, event_id="s2", party=POLICE)
        assert (the(CapacityCard, whole).lost_by, the(CapacityCard, whole).is_partly_lost) == ("s2", False)
        moved = the(LostSessionCard, said(LOST, elsewhere, event_id="s2", party=POLICE))
        assert (moved.lost_by, moved.is_partly_lost) == ("s2", False)
        assert said(LOST, the(CapacityCard, whole), event_id="s3", party=POLICE) == {}
        # Whichever is refused first: what is refused leaves nothing, what is not stays.
        for card, first in ((the(CapacityCard, whole), offered), (moved, elsewhere)):
            assert refuse(card, "s2") == first
            assert refuse(refuse(card, "s1"), "s2").status == refuse(first, "s1").status
            assert refuse(card, "s1").status == "lost"

    def test_an_operation_that_is_over_is_not_hit(self) -> None:
        assert said(LOST, an_operation(state="completed"), party=POLICE) == {}

    def test_a_second_cancellation_that_is_refused_leaves_the_first(self) -> None:
        first = an_operation(loss=a_loss("s0"))
        second = the(OperationCard, said(LOST, first, party=POLICE))
        assert second.loss is not None
        assert second.loss.event_id == "s1"
        assert refuse(second, "s1") == first

    @pytest.mark.parametrize("message", [BACK, MISTAKE])
    def test_police_that_are_back_show_at_once(self, message: Message) -> None:
        lost = a_capacity(state="lost", lost_by="s0")
        cards = said(message, lost, an_operation(loss=a_loss()), party=POLICE)
        assert the(CapacityCard, cards) == a_capacity()
        assert the(OperationCard, cards).loss is None

    def test_a_session_that_was_offered_elsewhere_stays_known_when_it_is_lost_and_goes_with_the_refusal(self) -> None:
        lost = the(LostSessionCard, said(LOST, an_operation(), party=POLICE))
        assert (lost.capacity_id, lost.code_name, lost.lost_by, lost.status) == (SESSION, "Granit", "s1", "lost")
        assert (lost.at, lost.end_at) == (an_operation().slot.start_at, an_operation().slot.end_at)
        assert refuse(lost, "s1").status == "back"
        assert "lost_session" not in {
            card.kind for card in said(LOST, an_operation(), a_capacity(), party=POLICE).values()
        }

    @pytest.mark.parametrize("message", [BACK, MISTAKE])
    def test_it_is_taken_back_though_the_plan_has_moved_its_operation(self, message: Message) -> None:
        lost = the(LostSessionCard, said(LOST, an_operation(), party=POLICE))
        back = the(LostSessionCard, said(message, lost, event_id="s2", party=POLICE))
        assert back.status == "back"
        assert refuse(back, "s2") == lost

    def test_a_second_cancellation_of_it_leaves_the_first(self) -> None:
        first = the(LostSessionCard, said(LOST, an_operation(), party=POLICE))
        again = said(LOST, first, an_operation(), event_id="s2", party=POLICE)
        assert "lost_session" not in {card.kind for card in again.values()}
        back = first.model_copy(update={"back_by": "s2"})
        assert the(LostSessionCard, said(LOST, back, an_operation(), event_id="s3", party=POLICE)).lost_by == "s3"

    @pytest.mark.parametrize("state", ["withdrawn", "refused"])
    def test_a_session_that_was_not_lost_is_not_back(self, state: str) -> None:
        assert said(BACK, a_capacity(state=state, lost_by="s0"), party=POLICE) == {}


class TestConsent:
    def test_one_shows_at_once_and_its_refusal_says_so(self) -> None:
        told = {"consent_id": f"{OWN}:c1", "given_by_function": "samordnare", "covers": ("time",), "valid_until": NOW}
        card = the(ConsentCard, said(capacity.ConsentGiven.model_validate(told)))
        assert card == a_consent(said="s1")
        assert refuse(card, "s1").status == "refused"

    def test_to_take_it_back_shows_at_once_and_its_refusal_gives_it_again(self) -> None:
        card = the(ConsentCard, said(capacity.ConsentRevoked(consent_id=f"{OWN}:c1"), a_consent()))
        assert (card.status, card.revoked_by) == ("revoked", "s1")
        assert refuse(card, "s1").status == "given"

    @pytest.mark.parametrize("state", ["revoked", "refused"])
    def test_what_is_taken_back_or_refused_is_not_taken_back_again(self, state: str) -> None:
        assert said(capacity.ConsentRevoked(consent_id=f"{OWN}:c1"), a_consent(state=state)) == {}


class TestLosses:
    def test_a_reported_loss_shows_at_once_and_goes_with_the_refusal(self) -> None:
        before = an_operation(acknowledged_version=4, acknowledged_said="s0")
        told = {**SEEN, "told_by_function": "befal", "channel": "phone", "told_at": NOW}
        card = the(OperationCard, said(a_told(operations.PoliceLossReported, **told), before))
        assert card.loss is not None
        assert (card.loss.event_id, card.loss.is_reported) == ("s1", True)
        assert refuse(card, "s1") == before

    def test_a_loss_that_others_told_of_stays(self) -> None:
        card = an_operation(loss=a_loss("e2"), acknowledged_version=4, acknowledged_said="s1")
        back = refuse(card, "s1")
        assert isinstance(back, OperationCard)
        assert (back.loss, back.acknowledged_version) == (card.loss, 0)


class TestInspections:
    def test_a_wish_shows_at_once_and_its_refusal_says_so(self) -> None:
        told = inspections.InspectionProposed.model_validate(
            {
                "inspection_id": WISH,
                "site": {"site_id": f"{OWN}:s1", "municipality": "1480"},
                "indications": ("undeclared_wages",),
                "police_need": "wanted",
                "value": 500,
                "programme": "a-krim",
                "duration_minutes": 60,
                "time_windows": ({"from_at": NOW, "until_at": NOW + timedelta(days=9)},),
            }
        )
        card = the(InspectionCard, said(told))
        assert (card.status, card.said, card.is_own) == ("wanted", "s1", True)
        assert refuse(card, "s1").status == "refused"

    def test_a_withdrawal_shows_at_once_and_its_refusal_brings_the_wish_back(self) -> None:
        withdrawn = inspections.InspectionWithdrawn(inspection_id=WISH, **REASON)
        before = an_inspection(said="s0")
        card = the(InspectionCard, said(withdrawn, before))
        assert (card.status, card.withdrawn_by) == ("withdrawn", "s1")
        assert refuse(card, "s1") == before

    @pytest.mark.parametrize("state", ["withdrawn", "done", "refused"])
    def test_what_is_wanted_no_longer_is_not_withdrawn_again(self, state: str) -> None:
        withdrawn = inspections.InspectionWithdrawn(inspection_id=WISH, **REASON)
        assert said(withdrawn, an_inspection(state=state)) == {}

    @pytest.mark.parametrize("ready", [True, False])
    def test_interest_and_readiness_show_at_once(self, ready: bool) -> None:
        interested = inspections.InterestDeclared(inspection_id=WISH, agency=OWN, interest="high")
        assert the(InspectionCard, said(interested, an_inspection())).interest == "high"
        prepared = inspections.ReadinessDeclared(inspection_id=WISH, agency=OWN, ready=ready)
        assert the(InspectionCard, said(prepared, an_inspection())).is_ready is ready


class TestWondering:
    def test_a_question_shows_at_once_and_its_refusal_says_so(self) -> None:
        told = plans.WhatIfAsked(question_id=f"{CENTRE}:q1", centre=CENTRE, without=(SESSION,), by_function="f")
        card = the(WhatIfCard, said(told, party=CENTRE))
        assert (card.status, card.without) == ("open", (SESSION,))
        assert refuse(card, "s1").status == "refused"


TOUCHED: tuple[Card, ...] = (
    a_question(answer="accepted", answer_said="s1"),
    a_replan(decision="approved", decision_said="s1"),
    an_operation(acknowledged_version=4, acknowledged_said="s1", loss=a_loss("s1")),
    a_capacity(said="s1"),
    a_capacity(state="lost", lost_by="s1"),
    LostSessionCard(centre=CENTRE, at=NOW, capacity_id=SESSION, end_at=NOW, code_name="Granit", lost_by="s1"),
    an_officer(said="s1"),
    an_officer(valid_to="2026-12-01", retired_by="s1"),
    a_consent(said="s1"),
    a_consent(state="revoked", revoked_by="s1"),
    an_inspection(said="s1"),
    an_inspection(state="withdrawn", withdrawn_by="s1"),
    WheelCard(centre=CENTRE, at=NOW, wheel_id=f"{CENTRE}:wheel-2026", year=2026, version=1, periods=(), said="s1"),
    WhatIfCard(centre=CENTRE, at=NOW, question_id=f"{CENTRE}:q1", without=(SESSION,), said="s1"),
    ContactCard(centre=CENTRE, at=NOW, function_id=f"{OWN}:jour", agency=OWN, role_code="on_call", said="s1"),
    RoleCard(
        centre=CENTRE, at=NOW, agency=OWN, role_code="jour", mandate_text_sv="x", valid_from=NOW.date(), said="s1"
    ),
)


@pytest.mark.parametrize("card", TOUCHED, ids=lambda card: card.kind)
def test_a_refusal_of_another_statement_takes_nothing_back(card: Card) -> None:
    assert refuse(card, "s2") == card
    assert refuse(card, "s1") != card


@pytest.mark.parametrize("kind", [kind for kind in CARDS.values() if kind not in {type(card) for card in TOUCHED}])
def test_a_kind_of_card_that_shows_no_own_words_keeps_no_statement_to_refuse(kind: type[Card]) -> None:
    kept = [name for name in kind.model_fields if name == "said" or name.endswith(("_said", "_by"))]
    assert kept == []


@pytest.mark.parametrize(
    ("message", "needs"),
    [
        (a_told(plans.ReplanApproved, **DECISION), Needs(keys=(("replan", f"replan:{CENTRE}:0001-1"),))),
        (
            capacity.CapacityWithdrawn(capacity_id=SESSION, **REASON),
            Needs(keys=(("capacity", SESSION),), session_id=SESSION),
        ),
        (capacity.ConsentRevoked(consent_id=f"{OWN}:c1"), Needs(keys=(("consent", f"{OWN}:c1"),))),
        (
            inspections.ReadinessDeclared(inspection_id=WISH, agency=OWN, ready=True),
            Needs(keys=(("inspection", WISH),)),
        ),
        (a_told(operations.ParticipationAccepted, **ANSWER), Needs(operation_id=OPERATION)),
        (LOST, Needs(session_id=SESSION)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_own_statement_needs_the_cards_that_it_changes(message: Message, needs: Needs) -> None:
    assert needs_of(message, an_envelope(party=OWN)) == needs


def test_what_another_says_is_heard_and_not_said() -> None:
    told = a_told(operations.NotificationAcknowledged, agency=OTHER, by_function="samordnare")
    cards = by_name(hear(told, an_envelope(party=OTHER), known(an_operation(slot=a_slot()))))
    assert the(OperationCard, cards).acknowledged_version == 0
