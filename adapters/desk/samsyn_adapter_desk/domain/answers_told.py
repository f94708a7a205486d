"""How participants have answered: by themselves, or as somebody was told by phone, which counts as no answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from samsyn_contracts.operations import (
    Participant,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
)
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_operations import OperationCard, QuestionCard, ToldAnswer

Answer = ParticipationAccepted | ParticipationDeclined | ParticipationWithdrawn | PoliceCommitted | PoliceDeclined


def noted(
    message: ParticipationAnswerReported, event_id: str, operation: OperationCard | None, questions: list[QuestionCard]
) -> Iterable[Card]:
    """The cards with the note: the operation's, and with the agency spoken for the question that it can answer."""
    told = ToldAnswer(
        event_id=event_id,
        answer=message.answer,
        session_id=message.session_id,
        by_party=message.noted_by,
        by_function=message.told_by_function,
        channel=message.channel,
    )
    if operation is not None and _waits_for(operation, message):
        yield from _with(operation, message.capacity_id, told)
    for question in questions:
        is_asked = (question.capacity_id, question.status) == (message.capacity_id, "open")
        if is_asked and question.slot.session_id == message.session_id:
            yield question.model_copy(update={"told": told})


def answered(message: Answer, event_id: str, party: str, operation: OperationCard | None) -> Iterable[Card]:
    """The operation's card with what an agency has answered itself; it takes the place of what others noted."""
    if operation is None or message.capacity_id not in _asked(operation):
        return
    is_yes, session_id = isinstance(message, ParticipationAccepted | PoliceCommitted), operation.slot.session_id
    if not is_about(message, session_id):
        return
    answer: Literal["accept", "decline"] = "accept" if is_yes else "decline"
    told = ToldAnswer(event_id=event_id, answer=answer, session_id=session_id, by_party=party)
    yield from _with(operation, message.capacity_id, told)


def is_about(message: Answer, session_id: str) -> bool:
    """Whether an answer is to what is asked for a session: one to the former session is none, neither yes nor no.

    A no that names none is to the present one; the police's capacity is the session itself.
    """
    return isinstance(message, PoliceCommitted | PoliceDeclined) or message.session_id in (None, session_id)


def still_told(before: OperationCard, fresh: OperationCard) -> Mapping[str, ToldAnswer]:
    """The answers that a new word of the plan leaves: of who is asked as before, for the very same session."""
    asked, session_id = _asked(fresh), fresh.slot.session_id
    return {key: told for key, told in before.answers.items() if key in asked and told.session_id == session_id}


def without(operation: OperationCard, refused_id: str) -> Mapping[str, ToldAnswer]:
    """The answers without that of a statement that was refused."""
    return {key: told for key, told in operation.answers.items() if told.event_id != refused_id}


def open_to_notes(operation: OperationCard, party: str) -> frozenset[str]:
    """The capacities of others whose answer the centre, or another participant, may note; none for anybody else."""
    if party != operation.centre and not operation.part_of(party):
        return frozenset()
    return frozenset(part.capacity_id for part in _unanswered(operation) if part.agency != party)


def _unanswered(operation: OperationCard) -> list[Participant]:
    """Who is asked and has not answered itself."""
    own = {key for key, told in operation.answers.items() if told.channel is None}
    return [part for key, part in _asked(operation).items() if key not in own]


def _waits_for(operation: OperationCard, message: ParticipationAnswerReported) -> bool:
    is_open = message.capacity_id in {part.capacity_id for part in _unanswered(operation)}
    return is_open and operation.slot.session_id == message.session_id


def _asked(operation: OperationCard) -> Mapping[str, Participant]:
    """Whose answer an operation that has an occasion waits for."""
    if operation.state not in ("scheduled", "confirmed"):
        return {}
    return {part.capacity_id: part for part in operation.participants if part.status == "invited"}


def _with(operation: OperationCard, capacity_id: str, told: ToldAnswer) -> Iterable[Card]:
    yield operation.model_copy(update={"answers": {**operation.answers, capacity_id: told}})
