"""An answer told by phone is shown as not confirmed, until the agency answers itself or is asked something else."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from samsyn_adapter_desk.domain import sentences
from samsyn_adapter_desk.domain.answers_told import open_to_notes
from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, ToldAnswer
from samsyn_adapter_desk.domain.own_words import say
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.domain.refusals import refuse
from samsyn_contracts import operations
from samsyn_contracts.message import Message
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from tests.unit.desk.told import (
    CENTRE,
    ENGLISH,
    NOW,
    OPERATION,
    OTHER,
    OWN,
    POLICE,
    SESSION,
    SWEDISH,
    TEAM,
    a_part,
    a_question,
    a_slot,
    a_told,
    after,
    an_envelope,
    an_operation,
    by_name,
    known,
    the,
)

THEIRS = f"{OTHER}:lag-2"
ASKED = (a_part(SESSION), a_part(TEAM, "invited"), a_part(THEIRS))


def a_note(answer: str = "accept", *, by: str = OTHER, **changed: Any) -> ParticipationAnswerReported:
    """What somebody heard of how the city answers for its team."""
    told: dict[str, Any] = {
        "operation_id": OPERATION,
        "noted_by": by,
        "agency": OWN,
        "capacity_id": TEAM,
        "session_id": SESSION,
    }
    told |= {"answer": answer, "reason_code": "illness" if answer == "decline" else None}
    told |= {"told_by_function": "jour", "channel": "phone", "told_at": NOW, "by_function": "samordnare"}
    return ParticipationAnswerReported.model_validate({**told, **changed})


def an_asked(**changed: Any) -> OperationCard:
    """An operation that waits for the city's answer."""
    return an_operation(**{"participants": ASKED, **changed})


def noted(answer: str = "accept", card: OperationCard | None = None, event_id: str = "n1") -> OperationCard:
    """The centre's card with a note."""
    return the(OperationCard, after(a_note(answer), card or an_asked(), event_id=event_id, by=OTHER))


def states(card: OperationCard, reader: Reader = SWEDISH) -> list[str]:
    """How far each participant has come, as the operation's page tells it."""
    return [sentences.part(card, part, reader) for part in card.participants]


@pytest.mark.parametrize(
    ("answer", "swedish", "english"),
    [
        ("accept", "ja per telefon, ej bekräftat", "yes by phone, not confirmed"),
        ("decline", "nej per telefon, ej bekräftat", "no by phone, not confirmed"),
    ],
)
def test_a_note_is_told_as_not_confirmed_and_the_part_stays_asked(answer: str, swedish: str, english: str) -> None:
    card = noted(answer)

    assert states(card) == ["deltar", swedish, "deltar"]
    assert states(card, ENGLISH)[1] == english
    assert card.participants == an_asked().participants


def test_the_newest_note_is_the_one_that_is_shown() -> None:
    assert states(noted("decline", noted("accept"), "n2"))[1] == "nej per telefon, ej bekräftat"


@pytest.mark.parametrize(
    "card",
    [
        an_asked(slot=a_slot("p2")),
        an_operation(),
        an_operation(participants=(a_part(SESSION),)),
        an_asked(state="postponed"),
    ],
    ids=["another session", "has accepted", "takes no part", "without an occasion"],
)
def test_a_note_that_nobody_waits_for_is_not_shown(card: OperationCard) -> None:
    assert after(a_note(), card) == {}


class TestOwnAnswers:
    """The agency's own word takes the place of what others heard, whichever of the two comes first."""

    @pytest.mark.parametrize(
        ("kind", "state"),
        [(operations.ParticipationAccepted, "takes part"), (operations.ParticipationDeclined, "declined")],
    )
    @pytest.mark.parametrize("told", ["accept", "decline"])
    def test_it_confirms_or_contradicts_the_note_and_is_told_alone(
        self, kind: type[Message], state: str, told: str
    ) -> None:
        own = a_told(kind, capacity_id=TEAM, session_id=SESSION, reason_code="illness")

        assert states(the(OperationCard, after(own, noted(told), by=OWN)), ENGLISH)[1] == state

    @pytest.mark.parametrize("kind", [operations.PoliceCommitted, operations.PoliceDeclined])
    def test_the_polices_own_word_counts_as_well(self, kind: type[Message]) -> None:
        before = an_operation(participants=(a_part(SESSION, "invited"), a_part(TEAM)))
        own = a_told(kind, capacity_id=SESSION, unit="local_police", reason_code="other")

        assert the(OperationCard, after(own, before, by=POLICE)).answers[SESSION].channel is None

    @pytest.mark.parametrize(
        "kind",
        [operations.ParticipationAccepted, operations.ParticipationDeclined, operations.ParticipationWithdrawn],
    )
    def test_a_word_about_another_session_is_no_answer_to_this_one(self, kind: type[Message]) -> None:
        own = a_told(kind, capacity_id=TEAM, session_id=f"{POLICE}:p2", reason_code="illness")

        assert after(own, noted(), by=OWN) == {}

    def test_who_has_withdrawn_takes_part_no_longer(self) -> None:
        yes = a_told(operations.ParticipationAccepted, capacity_id=TEAM, session_id=SESSION)
        card = the(OperationCard, after(yes, an_asked(), by=OWN))
        gone = a_told(operations.ParticipationWithdrawn, capacity_id=TEAM, reason_code="illness")

        assert (states(card, ENGLISH)[1], states(the(OperationCard, after(gone, card, by=OWN)), ENGLISH)[1]) == (
            "takes part",
            "declined",
        )

    def test_a_note_that_comes_after_it_is_not_shown(self) -> None:
        own = a_told(operations.ParticipationDeclined, capacity_id=TEAM, reason_code="illness")
        card = the(OperationCard, after(own, an_asked(), by=OWN))

        assert after(a_note(), card) == {}

    def test_at_its_own_desk_it_shows_at_once_and_its_refusal_takes_it_back(self) -> None:
        own = a_told(operations.ParticipationAccepted, capacity_id=TEAM, session_id=SESSION)
        card = the(OperationCard, by_name(say(own, an_envelope("s1", party=OWN), known(an_asked()))))

        assert states(card)[1] == "deltar"
        assert refuse(card, "s1") == an_asked()


class TestNewPlans:
    """A note is about one request: it goes with the request."""

    def told_anew(self, card: OperationCard, **changed: Any) -> OperationCard:
        facts = {"participants": ASKED, "plan_version": 5, **changed}
        return the(OperationCard, after(a_told(operations.OperationRescheduled, **facts), card))

    def test_it_stays_while_the_same_is_asked_for_the_same_session(self) -> None:
        assert self.told_anew(noted()).answers == noted().answers

    def test_another_session_voids_it(self) -> None:
        assert self.told_anew(noted(), to_slot=a_slot("p2")).answers == {}

    @pytest.mark.parametrize("parts", [(a_part(SESSION), a_part(TEAM)), (a_part(SESSION), a_part(THEIRS))])
    def test_it_goes_when_the_part_is_accepted_or_gone(self, parts: tuple[dict[str, str], ...]) -> None:
        assert self.told_anew(noted(), participants=parts).answers == {}

    def test_it_goes_with_the_operations_occasion_and_does_not_come_back_with_it(self) -> None:
        gone = the(OperationCard, after(a_told(operations.OperationPostponed, plan_version=5), noted()))

        assert gone.answers == {}
        assert self.told_anew(gone, plan_version=6).answers == {}


class TestTheAgencySpokenFor:
    def question(self, *cards: Card, **changed: Any) -> QuestionCard:
        return the(QuestionCard, after(a_note(**changed), *(cards or (a_question(),)), by=OTHER))

    def test_its_question_stays_open_and_tells_what_was_noted(self) -> None:
        card = self.question()
        assert card.told is not None

        assert (card.status, card.told.answer) == ("open", "accept")
        assert sentences.note(card.told, SWEDISH) == (
            "Skatteverket har antecknat ett svar från er funktion jour: ja per telefon, ej bekräftat. "
            "Det gäller först när ni själva har svarat här."
        )

    @pytest.mark.parametrize(
        "card",
        [
            a_question(f"{OWN}:lag-9"),
            a_question(slot=a_slot("p2")),
            a_question(answer="declined"),
            a_question(is_gone=True),
        ],
        ids=["another team", "another session", "answered", "gone"],
    )
    def test_no_other_question_does(self, card: QuestionCard) -> None:
        assert after(a_note(), card) == {}

    def test_a_request_for_another_session_asks_anew_and_without_the_note(self) -> None:
        asked = a_told(operations.ParticipationRequested, agency=OWN, capacity_id=TEAM, slot=a_slot("p2"), reply_by=NOW)
        assert the(QuestionCard, after(asked, self.question())).told is None


class TestWhoNotes:
    def test_the_note_shows_at_once_with_who_made_it_and_its_refusal_takes_it_back(self) -> None:
        own = say(a_note(by=CENTRE), an_envelope("s1", party=CENTRE), known(an_asked(), party=CENTRE))
        card = the(OperationCard, by_name(own))

        assert card.answers[TEAM].by_party == CENTRE
        assert refuse(card, "s1") == an_asked()
        assert refuse(card, "s2") == card

    @pytest.mark.parametrize(
        ("party", "found"),
        [(CENTRE, {TEAM}), (OTHER, {TEAM}), (OWN, set()), ("migrationsverket", set())],
    )
    def test_the_centre_and_who_takes_part_may_note_what_others_answer(self, party: str, found: set[str]) -> None:
        assert open_to_notes(an_asked(), party) == found

    @pytest.mark.parametrize(("channel", "found"), [("phone", {TEAM}), (None, set())])
    def test_a_note_may_be_noted_again_and_an_own_answer_not(
        self, channel: Literal["phone"] | None, found: set[str]
    ) -> None:
        told = ToldAnswer(event_id="e1", answer="accept", session_id=SESSION, by_party=OWN, channel=channel)
        assert open_to_notes(an_asked(answers={TEAM: told}), CENTRE) == found
