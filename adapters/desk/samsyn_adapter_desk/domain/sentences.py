"""What changed, in sentences: from and to, why, caused by what, who is affected, with how much notice."""

from __future__ import annotations

from collections.abc import Sequence

from samsyn_contracts import capacity, operations, plans
from samsyn_contracts.message import Message
from samsyn_contracts.operations import Participant
from samsyn_contracts.plans import PlanChange

from samsyn_adapter_desk.domain.cards_of_operations import Change, OperationCard, ToldAnswer
from samsyn_adapter_desk.domain.cards_of_plans import BackupCard, PlanCard
from samsyn_adapter_desk.domain.reader import Reader
from samsyn_adapter_desk.marks import msgid


def change_of_operation(card: OperationCard, change: Change, reader: Reader) -> list[str]:
    """What one change did with an operation, in a few sentences."""
    told = [_headline(card, change, reader)]
    told += [reader.reason(reason) for reason in change.reasons]
    if change.cause_code:
        told.append(reader.text(msgid("Cause: %(cause)s."), cause=reader.cause(change.cause_code)))
    if change.released:
        told.append(reader.text(msgid("Released: %(parties)s."), parties=reader.parties(change.released)))
    if change.notice_minutes is not None and change.notice_minutes >= 0:
        told.append(reader.text(msgid("Notice time: %(length)s."), length=reader.length(change.notice_minutes)))
    return told


def _headline(card: OperationCard, change: Change, reader: Reader) -> str:
    named = {"name": card.code_name}
    if change.ladder_step == "cancelled":
        return reader.text(msgid("%(name)s is cancelled; its inspections are back on the list."), **named)
    if change.ladder_step == "postponed":
        return reader.text(msgid("%(name)s is postponed and waits for a later occasion."), **named)
    if change.from_slot and change.to_slot and change.from_slot != change.to_slot:
        told = {**named, "before": reader.span(change.from_slot), "after": reader.span(change.to_slot)}
        return reader.text(msgid("%(name)s moves from %(before)s to %(after)s."), **told)
    if change.ladder_step:
        return reader.text(msgid("%(name)s: %(step)s."), **named, step=reader.step(change.ladder_step))
    return reader.text(msgid("%(name)s has its place in the plan: %(span)s."), **named, span=reader.span(card.slot))


def change_in_plan(change: PlanChange, reader: Reader) -> list[str]:
    """What a version of the plan does with an operation, as far as everybody at the centre may know."""
    step = reader.step(change.ladder_step) if change.ladder_step else ", ".join(kind_names(change.kinds, reader))
    return [f"{change.code_name}: {step}.", *(reader.reason(reason) for reason in change.reasons)]


def kind_names(kinds: Sequence[str], reader: Reader) -> list[str]:
    """The names of kinds of change; one that is not known as it is."""
    return [reader.text(KINDS[kind]) if kind in KINDS else kind for kind in kinds]


def left_alone(plan: PlanCard, reader: Reader) -> str:
    """How many operations were deliberately left as they were."""
    if plan.untouched_count == 0:
        return reader.text(msgid("There was no other operation in the plan."))
    one = msgid("%(count)d other operation was left as it was.")
    many = msgid("%(count)d other operations were left as they were.")
    return reader.plural(one, many, plan.untouched_count)


def cause(message: Message, party: str, reader: Reader) -> str:
    """The event that caused something, in a sentence."""
    who = reader.party(party)
    if isinstance(message, capacity.PoliceCancelled):
        told = msgid("The police cancelled a session (%(cause)s).")
        return reader.text(told, cause=reader.cause(message.cause_code))
    if isinstance(message, operations.PoliceLossReported):
        return reader.text(msgid("%(who)s was told that the police do not come."), who=who)
    if isinstance(message, operations.ParticipationDeclined | operations.ParticipationWithdrawn):
        told = msgid("%(who)s does not take part (%(cause)s).")
        return reader.text(told, who=who, cause=reader.cause(message.reason_code))
    if isinstance(message, plans.ReplanApproved):
        return reader.text(msgid("The centre approved a proposal."))
    name = type(message).__name__
    return reader.text(msgid("%(who)s: %(what)s."), who=who, what=reader.message(name))


def told_answer(told: ToldAnswer, reader: Reader) -> str:
    """How a participant answers: its own answer, or what somebody was told, which it has not confirmed."""
    if told.channel is None:
        return reader.state("accepted" if told.answer == "accept" else "declined")
    said = {"answer": reader.answer(told.answer), "how": reader.channel(told.channel)}
    return reader.text(msgid("%(answer)s %(how)s, not confirmed"), **said)


def part(card: OperationCard, participant: Participant, reader: Reader) -> str:
    """How far a participant has come: asked, as somebody was told, or taking part."""
    told = card.answers.get(participant.capacity_id)
    is_asked = participant.status == "invited"
    return told_answer(told, reader) if told is not None and is_asked else reader.state(participant.status)


def note(told: ToldAnswer, reader: Reader) -> str:
    """What the agency that was spoken for is told of the note."""
    heard = msgid("%(who)s has noted what %(function)s told: %(answer)s. It counts only once you have answered here.")
    values = {"who": reader.party(told.by_party), "function": told.by_function, "answer": told_answer(told, reader)}
    return reader.text(heard, **values)


def backup(card: BackupCard, reader: Reader) -> list[str]:
    """What would follow at once if the operation lost its police."""
    step = reader.step(card.ladder_step)
    if card.to_slot is not None:
        told = msgid("If the police are lost now: %(step)s, %(span)s.")
        sentences = [reader.text(told, step=step, span=reader.span(card.to_slot))]
    else:
        sentences = [reader.text(msgid("If the police are lost now: %(step)s."), step=step)]
    for missing in card.needs_consent:
        told = msgid("%(who)s has not agreed beforehand.")
        if missing.kind == "readiness":
            told = msgid("%(who)s is not ready for a site.")
        sentences.append(reader.text(told, who=reader.party(missing.agency)))
    sentences.append(reader.text(msgid("Holds until %(at)s."), at=reader.moment(card.at)))
    return list(dict.fromkeys(sentences))


KINDS = {
    "new": msgid("new in the plan"),
    "added": msgid("new in the plan"),
    "removed": msgid("taken out of the plan"),
    "shifted": msgid("other times"),
    "team_added": msgid("a team more"),
    "team_removed": msgid("a team less"),
    "changed": msgid("changed"),
    "moved": msgid("other times"),
    "kept": msgid("unchanged"),
    "reordered": msgid("in another order"),
    "moved_session": msgid("moved to another session"),
    "postponed": msgid("postponed"),
    "team_changed": msgid("another team"),
    "shrunk": msgid("smaller"),
    "grown": msgid("grown"),
    "dropped": msgid("taken out of the plan"),
    "without_police": msgid("without police"),
}
