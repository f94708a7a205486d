"""What follows from answers to requests, and when an operation is confirmed."""

from __future__ import annotations

from collections.abc import Sequence

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
from samsyn_contracts.told_by_phone import ParticipationAnswerReported

from samsyn_planning.domain.capacity import is_of_another, is_older
from samsyn_planning.domain.facts import Capacity, Centre, Decision, Operation, Participation, refused
from samsyn_planning.domain.parties import agency_of
from samsyn_planning.domain.snapshot import Snapshot

COORDINATOR = "region_coordinator"
OfPolice = PoliceCommitted | PoliceDeclined  # their capacity is the session itself: the former one takes part no more
Answer = ParticipationAccepted | ParticipationDeclined | ParticipationWithdrawn | OfPolice


def take_answer(
    operation: Operation | None, part: Participation | None, answer: Answer, centre: Centre, envelope: Envelope
) -> Decision:
    """An agency accepts, declines or withdraws; only its own words commit it, for the session that they name.

    It is judged when it comes, by the plan as it stands then, however long ago it was given.
    """
    if operation is None or operation.centre != envelope.centre:
        return refused("unknown_id", "/operation_id")
    if part is None or not _is_called(part, operation):
        return refused("not_participant", "/capacity_id")
    if is_of_another(part.party, envelope):
        return refused("not_owner", "/capacity_id")
    if is_older(operation.sequences.get(_subject(part, envelope)), envelope):
        return refused("superseded", "/headers/ce_sequence")
    if centre.now_at is not None and operation.end_at <= centre.now_at:
        return refused("already_past", "/operation_id")
    if not isinstance(answer, OfPolice) and answer.session_id not in (None, part.session_id):
        return refused("superseded", "/session_id")
    heard = operation
    if envelope.sequence is not None:
        sequences = {**operation.sequences, _subject(part, envelope): envelope.sequence}
        heard = operation.model_copy(update={"sequences": sequences})
    return _after(heard, part.model_copy(update={"answered_by": envelope.id}), answer)


def _after(operation: Operation, part: Participation, answer: Answer) -> Decision:
    if isinstance(answer, ParticipationAccepted | PoliceCommitted):
        update = {"status": "accepted", "reply_by": None, "accepted_for": part.session_id}
        return Decision(keep=(operation, part.model_copy(update=update)))
    status = "withdrawn" if isinstance(answer, ParticipationWithdrawn) else "declined"
    gone = part.model_copy(update={"status": status, "reply_by": None})
    is_loss = status == "withdrawn" or part.status == "accepted"
    return Decision(keep=(operation, gone), changed="loss" if is_loss else "period", cause_code=answer.reason_code)


def report_loss(
    operation: Operation | None,
    police: Capacity | None,
    parts: Sequence[Participation],
    reported: PoliceLossReported,
    envelope: Envelope,
) -> Decision:
    """A loss told by phone marks the operation at risk; only the police, or the centre, make it final."""
    if operation is None or police is None or not operation.is_planned or operation.centre != envelope.centre:
        return refused("unknown_id", "/operation_id")
    if envelope.party not in (*_concerned(parts), envelope.centre):
        return refused("not_participant", "/operation_id")
    if reported.session_id not in (None, operation.session_id):
        return refused("superseded", "/session_id")
    if police.loss is not None:
        return refused("already_decided", "/operation_id")
    at_risk = operation.model_copy(update={"at_risk_by": envelope.id})
    told = police.model_copy(update={"reported_by": envelope.id})
    return Decision(keep=(at_risk, told), changed="loss", cause_code=f"told_by_{reported.channel}")


def judge_note(
    operation: Operation | None,
    parts: Sequence[Participation],
    reported: ParticipationAnswerReported,
    centre: Centre,
    envelope: Envelope,
) -> Decision:
    """An answer told by phone is refused where nobody waits for it, and else changes nothing.

    It is for people to see. What is kept of it here could be taken for consent, so nothing is: the part stays asked,
    its time to reply runs on, and only the agency's own words answer it.
    """
    if operation is None or not operation.is_planned or operation.centre != envelope.centre:
        return refused("unknown_id", "/operation_id")
    if envelope.party not in (*_concerned(parts), envelope.centre):
        return refused("not_participant", "/operation_id")
    part = next((part for part in parts if part.capacity_id == reported.capacity_id), None)
    if part is None or not _is_called(part, operation):
        return refused("not_participant", "/capacity_id")
    if centre.now_at is not None and operation.end_at <= centre.now_at:
        return refused("already_past", "/operation_id")
    if part.session_id != reported.session_id:
        return refused("superseded", "/session_id")
    # Accepted, by itself or by standing consent, declined or withdrawn: its own word stands, whatever others heard.
    return Decision() if part.status in ("invited", "silent") else refused("already_decided", "/capacity_id")


def guards(
    operation: Operation, parts: Sequence[Participation], view: Snapshot, has_police: bool
) -> GuardResults | None:
    """The results of the guards at *confirmed*, or None while one of them is not met (events.md, "Life")."""
    wanted = [view.wanted_by_id[visit.id] for visit in operation.visits if visit.id in view.wanted_by_id]
    parties = {part.party for part in parts if part.capacity_id in operation.teams and part.status == "accepted"}
    by_capacity = {part.capacity_id: part.status for part in parts}
    everybody = all(by_capacity.get(team) == "accepted" for team in operation.teams)
    police_met = (
        by_capacity.get(operation.session_id) == "accepted"
        if has_police
        else all(inspection.proposal.police_need != "required" for inspection in wanted)
    )
    enough = len(parties) >= (1 if has_police else 2)
    ready = all(inspection.ready.get(party, False) for inspection in wanted for party in parties)
    indicated = any(inspection.proposal.exploitation_indicated for inspection in wanted)
    coordinated = not indicated or _has_coordinator(operation, view)
    if not (everybody and police_met and enough and ready and coordinated):
        return None
    return GuardResults(
        police="met" if has_police else "not_needed",
        other_agency="met",
        ready="met",
        coordinator="met" if indicated else "not_needed",
    )


def _is_called(part: Participation, operation: Operation) -> bool:
    """Whether the plan counts on it; a part that was answered no, or not at all, stays one until it is replaced."""
    return part.status != "released" and part.capacity_id in (operation.session_id, *operation.teams)


def _concerned(parts: Sequence[Participation]) -> set[str]:
    """The agencies that are asked, or take part."""
    return {agency_of(part.party) for part in parts if part.status in ("invited", "accepted")}


def _has_coordinator(operation: Operation, view: Snapshot) -> bool:
    called = [view.capacity_by_id[team] for team in operation.teams if team in view.capacity_by_id]
    return any(COORDINATOR in capacity.offer.skills for capacity in called)


def _subject(part: Participation, envelope: Envelope) -> str:
    return f"{envelope.source} {part.capacity_id}"
