"""What follows from answers to requests, and when an operation is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from samsyn_contracts.envelope import Envelope
from samsyn_contracts.operations import (
    GuardResults,
    ParticipationAccepted,
    ParticipationDeclined,
    ParticipationWithdrawn,
    PoliceCommitted,
    PoliceDeclined,
    PoliceLossReported,
)

from samsyn_planning.domain.capacity import is_older
from samsyn_planning.domain.facts import Capacity, Centre, Decision, Operation, Participation, Wanted, refused

Answer = ParticipationAccepted | ParticipationDeclined | ParticipationWithdrawn | PoliceCommitted | PoliceDeclined


def take_answer(
    operation: Operation | None, part: Participation | None, answer: Answer, centre: Centre, envelope: Envelope
) -> Decision:
    """An agency accepts, declines or withdraws; only its own words commit it."""
    if operation is None:
        return refused("unknown_id", "/operation_id")
    if part is None or part.status == "released":
        return refused("not_participant", "/capacity_id")
    if is_older(operation.sequences.get(_subject(part, envelope)), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if centre.now_at is not None and operation.end_at <= centre.now_at:
        return refused("already_past", "/operation_id")
    heard = operation
    if envelope.sequence is not None:
        sequences = {**operation.sequences, _subject(part, envelope): envelope.sequence}
        heard = operation.model_copy(update={"sequences": sequences})
    return _after(heard, part.model_copy(update={"answered_by": envelope.id}), answer)


def _after(operation: Operation, part: Participation, answer: Answer) -> Decision:
    if isinstance(answer, ParticipationAccepted | PoliceCommitted):
        update = {"status": "accepted", "reply_by": None, "accepted_for": part.session_id}
        return Decision(keep=(operation, part.model_copy(update=update)))
    if isinstance(answer, ParticipationWithdrawn):
        gone = part.model_copy(update={"status": "withdrawn", "reply_by": None})
        return Decision(keep=(operation, gone), changed="loss", cause_code=answer.reason_code)
    gone = part.model_copy(update={"status": "declined", "reply_by": None})
    return Decision(keep=(operation, gone), changed="period", cause_code=answer.reason_code)


def report_loss(
    operation: Operation | None, police: Capacity | None, reported: PoliceLossReported, envelope: Envelope
) -> Decision:
    """A loss told by phone marks the operation at risk; only the police, or the centre, make it final."""
    if operation is None or police is None or not operation.is_planned:
        return refused("unknown_id", "/operation_id")
    if police.loss is not None:
        return refused("already_decided", "/operation_id")
    at_risk = operation.model_copy(update={"at_risk_by": envelope.id})
    told = police.model_copy(update={"reported_by": envelope.id})
    return Decision(keep=(at_risk, told), changed="loss", cause_code=f"told_by_{reported.channel}")


def guards(
    operation: Operation, parts: Sequence[Participation], wanted: Mapping[str, Wanted], is_police: bool
) -> GuardResults | None:
    """The results of the guards at *confirmed*, or None while one of them is not met (events.md, "Life")."""
    parties = {part.party for part in parts if part.capacity_id in operation.teams and part.status == "accepted"}
    by_capacity = {part.capacity_id: part.status for part in parts}
    everybody = all(by_capacity.get(team) == "accepted" for team in operation.teams)
    police_met = (
        by_capacity.get(operation.session_id) == "accepted" if is_police else _may_go_without(operation, wanted)
    )
    enough = len(parties) >= (1 if is_police else 2)
    ready = all(wanted[v.id].ready.get(party, False) for v in operation.visits if v.id in wanted for party in parties)
    if not (everybody and police_met and enough and ready):
        return None
    indicated = any(wanted[v.id].proposal.exploitation_indicated for v in operation.visits if v.id in wanted)
    return GuardResults(
        police="met" if is_police else "not_needed",
        other_agency="met",
        ready="met",
        coordinator="met" if indicated else "not_needed",
    )


def _may_go_without(operation: Operation, wanted: Mapping[str, Wanted]) -> bool:
    return all(wanted[v.id].proposal.police_need != "required" for v in operation.visits if v.id in wanted)


def _subject(part: Participation, envelope: Envelope) -> str:
    return f"{envelope.source} {part.capacity_id}"
