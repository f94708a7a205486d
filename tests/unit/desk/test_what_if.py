"""What if, at the desk: a question is shown at once, answered once it is told, and taken back if it is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from samsyn_adapter_desk.domain import what_if
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards import CARDS
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard
from samsyn_adapter_desk.domain.cards_of_plans import Thought, WhatIfCard
from samsyn_adapter_desk.domain.every_form import FORMS
from samsyn_adapter_desk.domain.forms import Asked, FormError, draft
from samsyn_adapter_desk.domain.hearing import hear, needs_of
from samsyn_adapter_desk.domain.known import Known
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_adapter_desk.people import Seat, may
from samsyn_adapter_desk.rendering import PLACES, reader
from samsyn_contracts.envelope import Envelope, party_source, service_source
from samsyn_contracts.message import Message
from samsyn_contracts.plans import MOST_TAKEN_AWAY, WhatIfAnswered, WhatIfAsked

CENTRE, POLICE, AV = "akc-vast", "polisen", "arbetsmiljoverket"
NOW = datetime(2025, 5, 5, 6, tzinfo=UTC)
P13, T13 = f"{POLICE}:P13", f"{AV}:T13"
ENGLISH: Reader = reader("en")
REASON = {"code": "LOST", "sv": "Polisen kan inte komma.", "en": "The police cannot come."}


def envelope(message: Message, source: str, at: datetime = NOW, id_: str = "e1") -> Envelope:
    return Envelope(
        id=id_,
        source=source,
        type=message.type_name(),
        time=at,
        centre=CENTRE,
        environment="test",
        subject=message.subject,
    )


def asked(**changed: Any) -> WhatIfAsked:
    own = {"question_id": f"{CENTRE}:q1", "centre": CENTRE, "without": [P13], "by_function": "samordnare"}
    return WhatIfAsked.model_validate({**own, **changed})


def answered(**changed: Any) -> WhatIfAnswered:
    change = {
        "operation_id": "op:polisen:P13",
        "code_name": "Askås",
        "kinds": ["postponed"],
        "ladder_step": "postponed",
    }
    own = {"question_id": f"{CENTRE}:q1", "centre": CENTRE, "without": [P13], "plan_version": 3}
    counts = {"untouched_count": 4, "kept_count": 1, "returned_count": 2, "score_delta": -120}
    told = {**own, **counts, "outcome": "worked_out", "changes": [{**change, "reasons": [REASON]}]}
    return WhatIfAnswered.model_validate({**told, **changed})


def known(*cards: Card) -> Known:
    return Known(CENTRE, {(card.kind, card.id): card for card in cards})


def when_asked() -> WhatIfCard:
    (card,) = say(asked(), envelope(asked(), party_source(CENTRE)), known())
    assert isinstance(card, WhatIfCard)
    return card


def when_answered(*before: Card, message: WhatIfAnswered | None = None) -> WhatIfCard:
    told = message or answered()
    heard = envelope(told, service_source("planning"), NOW + timedelta(minutes=1), "e2")
    (card,) = hear(told, heard, known(*before))
    assert isinstance(card, WhatIfCard)
    return card


def an_operation(**changed: Any) -> OperationCard:
    slot = {"session_id": P13, "start_at": NOW + timedelta(days=8), "end_at": NOW + timedelta(days=8, hours=8)}
    parts = [
        {"agency": AV, "capacity_id": T13, "status": "accepted"},
        {"agency": POLICE, "capacity_id": P13, "status": "accepted"},
    ]
    own = {"centre": CENTRE, "at": slot["start_at"], "operation_id": "op:polisen:P13", "code_name": "Askås"}
    told = {"state": "confirmed", "slot": slot, "plan_version": 3, "participants": parts, "told_event": "e0"}
    return OperationCard.model_validate({**own, **told, **changed})


class TestCard:
    """The card of a question."""

    def test_a_question_is_open_when_it_is_asked(self) -> None:
        card = when_asked()

        assert (card.id, card.status, card.without, card.at) == (f"{CENTRE}:q1", "open", (P13,), NOW)

    def test_it_is_answered_when_that_is_told_and_stands_where_it_was_asked(self) -> None:
        card = when_answered(when_asked())

        assert (card.status, card.at) == ("answered", NOW)
        assert card.thought is not None
        assert (card.thought.plan_version, card.thought.kept_count, card.thought.score_delta) == (3, 1, -120)
        assert card.thought.changes == answered().changes

    def test_hearing_the_answer_asks_for_the_question(self) -> None:
        told = answered()

        assert needs_of(told, envelope(told, service_source("planning"))).keys == (("what_if", f"{CENTRE}:q1"),)

    def test_an_answer_to_a_question_asked_elsewhere_is_shown_too(self) -> None:
        card = when_answered()

        assert (card.status, card.without, card.said) == ("answered", (P13,), None)

    def test_a_refused_question_is_refused_and_another_statement_leaves_it(self) -> None:
        card = when_asked()

        assert refuse(card, "e1").status == "refused"
        assert refuse(card, "e9") == card

    def test_the_card_is_kept_and_read_as_it_is(self) -> None:
        card = when_answered(when_asked())

        assert CARDS["what_if"].model_validate_json(card.model_dump_json(exclude_none=True)) == card


class TestForm:
    """The form by which it is asked."""

    def ask(self, without: str, once: str = "once-1") -> Message:
        return draft(FORMS["what_if"], {"without": without}, Asked(CENTRE, CENTRE, "samordnare", NOW, once)).message

    def test_choices_make_a_question_of_the_centre_s_own(self) -> None:
        assert self.ask(f"{P13},{T13},{P13}") == asked(question_id=f"{CENTRE}:what-if-once-1", without=[P13, T13])

    def test_sent_twice_it_is_the_same_question(self) -> None:
        assert self.ask(P13).subject == self.ask(P13).subject != self.ask(P13, "once-2").subject

    @pytest.mark.parametrize("num", [0, MOST_TAKEN_AWAY + 1])
    def test_nothing_and_too_much_are_refused(self, num: int) -> None:
        with pytest.raises(FormError):
            self.ask(",".join(f"{POLICE}:P{number}" for number in range(num)))

    def test_only_the_centre_s_coordinator_may_ask(self) -> None:
        roles = ("centre_coordinator", "agency_coordinator", "operational_coordinator", "duty_officer", "reader")

        assert [role for role in roles if may(Seat(CENTRE, role, "f"), "ask")] == ["centre_coordinator"]  # type: ignore[arg-type]
        assert FORMS["what_if"].act == "ask"
        assert [act for to, _, act in PLACES if to == "/what-if"] == ["ask"]


class TestChoices:
    """What can be taken away: what the operations to come rest on."""

    def test_the_police_come_first_then_the_teams(self) -> None:
        (occasion,) = what_if.occasions([an_operation()], NOW)

        assert [choice.capacity_id for choice in occasion.choices] == [P13, T13]
        assert [choice.named(ENGLISH) for choice in occasion.choices] == [
            "Police session P13",
            "Swedish Work Environment Authority, team T13",
        ]

    @pytest.mark.parametrize("state", ["postponed", "cancelled", "started", "completed", "aborted"])
    def test_of_what_does_not_lie_ahead_nothing_can_be_taken(self, state: str) -> None:
        assert what_if.occasions([an_operation(state=state)], NOW) == []

    def test_of_what_has_begun_by_the_clock_nothing_can_be_taken(self) -> None:
        assert what_if.occasions([an_operation()], NOW + timedelta(days=8)) == []

    def test_an_operation_without_police_offers_its_teams_alone(self) -> None:
        parts = an_operation().participants[:1]

        (occasion,) = what_if.occasions([an_operation(participants=parts)], NOW)

        assert [choice.capacity_id for choice in occasion.choices] == [T13]

    def test_what_is_known_no_longer_is_named_by_its_own_id(self) -> None:
        told = what_if.taken_away((P13, f"{POLICE}:gone"), [an_operation(state="completed")], ENGLISH)

        assert told == ["Police session P13 (Askås)", "gone"]


class TestSentences:
    """The answer in words."""

    def thought(self, **changed: Any) -> Thought:
        thought = when_answered(message=answered(**changed)).thought
        assert thought is not None
        return thought

    def test_counts_that_are_nought_are_not_told(self) -> None:
        assert what_if.summary(self.thought(), ENGLISH) == [
            "1 operation would change and still take place.",
            "2 inspections would go back to the list.",
            "4 other operations would stay as they are.",
            "Worth -120 points against the plan that stands.",
        ]

    def test_that_nothing_would_change_is_told(self) -> None:
        assert what_if.summary(self.thought(changes=[]), ENGLISH) == ["Nothing in the plan would change."]

    def test_that_there_is_no_plan_is_told(self) -> None:
        thought = self.thought(outcome="no_plan", changes=[])

        assert what_if.summary(thought, ENGLISH)[0].startswith("No plan without them")

    def test_each_change_has_its_step_and_its_reasons(self) -> None:
        ((change, said),) = what_if.changes(self.thought(), ENGLISH)

        assert (change.code_name, said) == ("Askås", ["Askås: postponed.", "The police cannot come."])

    @pytest.mark.parametrize(("language", "word"), [("sv", "ny i planen"), ("en", "new in the plan")])
    def test_a_new_operation_is_called_so(self, language: Any, word: str) -> None:
        new = {"operation_id": "op:polisen:P14", "code_name": "Ekö", "kinds": ["new"]}
        ((_, said),) = what_if.changes(self.thought(changes=[new]), reader(language))

        assert said == [f"Ekö: {word}."]
