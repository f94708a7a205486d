"""What becomes of a finding for each receiver: shared or withheld when it is placed, and again when it is assessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from samsyn_contracts.envelope import ALL_CENTRES, Envelope
from samsyn_contracts.findings import DisclosureAssessed, FindingPlaced, FindingShared, FindingWithheld, Purpose
from samsyn_contracts.message import Message
from samsyn_contracts.platform import RejectionReason
from samsyn_contracts.register import Register
from samsyn_contracts.rejection import rejection

from samsyn_exchange.domain.answers import rejected_afterwards
from samsyn_exchange.domain.bases import Assessment, Basis, Matter, Shared, Verdict, Withheld, judged
from samsyn_exchange.domain.contents import Grant, a_grant

# What is found while carrying out is for carrying out and following up; a weighing for planning says nothing of it.
PURPOSES: tuple[Purpose, ...] = ("execute", "follow-up")
SHARED = "shared"


@dataclass(frozen=True)
class Finding:
    """A finding as inspection placed it."""

    finding_id: str
    centre: str
    operation_id: str
    inspection_id: str
    sender: str
    candidates: tuple[str, ...]
    category: str
    payload_ref: str | None

    @property
    def matter(self) -> Matter:
        """What others may get to know of it."""
        return Matter(self.sender, self.centre, self.category, PURPOSES, self.finding_id)


@dataclass(frozen=True)
class Told:
    """What was last decided of a finding for a receiver: `shared` or why not; `is_open` while it may be fetched."""

    outcome: str
    is_open: bool


@dataclass(frozen=True)
class Known:
    """What is remembered when something is said of a finding or of an assessment.

    `told` is by receiver; `assessments` are those of the agency that may be about the finding; `earlier` is what the
    assessment now said takes the place of.
    """

    finding: Finding | None = None
    told: Mapping[str, Told] | None = None
    assessments: Sequence[Assessment] = ()
    earlier: Assessment | None = None


@dataclass(frozen=True)
class Decision:
    """What follows: what to remember, whom to tell, and whose right to fetch begins or ends.

    `finding` is what the verdicts are about, `ended` are references and parties; `taken_back` is an assessment by which
    nobody may fetch any more.
    """

    finding: Finding | None = None
    assessment: Assessment | None = None
    verdicts: tuple[Verdict, ...] = ()
    messages: tuple[Message, ...] = ()
    grants: tuple[Grant, ...] = ()
    ended: tuple[tuple[str, str], ...] = ()
    taken_back: str | None = None


def considered(
    placed: FindingPlaced, centre: str, known: Known, bases: Sequence[Basis], register: Register, at: datetime
) -> Decision:
    """Share a finding with whom it may be shared; one that was placed before has had its effect."""
    if known.finding is not None:
        return Decision()
    finding = Finding(
        finding_id=placed.finding_id,
        centre=centre,
        operation_id=placed.operation_id,
        inspection_id=placed.inspection_id,
        sender=placed.sender,
        candidates=placed.candidates,
        category=placed.category,
        payload_ref=placed.payload_ref,
    )
    receivers = _receivers(finding, known.assessments)
    verdicts = judged(finding.matter, receivers, bases, known.assessments, register, at)
    return _carried_out(finding, verdicts, {}, at)


def reassessed(
    assessed: DisclosureAssessed,
    envelope: Envelope,
    known: Known,
    bases: Sequence[Basis],
    register: Register,
    at: datetime,
) -> Decision:
    """Keep an assessment; one of a finding that has its place considers that finding anew for its receiver."""
    fault = _fault(assessed, envelope, known)
    if fault is not None:
        return Decision(messages=(rejected_afterwards(envelope, fault),))
    assessment = _assessment(assessed, envelope, known.earlier)
    finding = known.finding
    if finding is None or assessed.finding_id is None:
        taken_back = assessment.assessment_id if assessment.outcome == "deny" else None
        return Decision(assessment=assessment, taken_back=taken_back)
    told = known.told or {}
    others = [one for one in known.assessments if one.assessment_id != assessment.assessment_id]
    concerned = {assessed.receiver} & (_receivers(finding, [assessment]) | told.keys())
    verdicts = judged(finding.matter, concerned, bases, [*others, assessment], register, at)
    news = [one for one in verdicts if _is_news(one, told.get(one.receiver), is_no=assessed.outcome == "deny")]
    return replace(_carried_out(finding, news, told, at), assessment=assessment)


def _receivers(finding: Finding, assessments: Iterable[Assessment]) -> set[str]:
    """Whom inspection named, and whom the sender itself has named by saying yes to this finding."""
    named = {one.receiver for one in assessments if one.finding_id == finding.finding_id and one.outcome != "deny"}
    return {*finding.candidates, *named}


def _fault(assessed: DisclosureAssessed, envelope: Envelope, known: Known) -> RejectionReason | None:
    """Why an assessment has no effect: of a finding only its sender speaks, and about its own centre."""
    earlier, finding_id = known.earlier, assessed.finding_id
    if finding_id is not None and finding_id.partition(":")[0] != assessed.owner:
        return rejection("not_owner", "/finding_id")
    is_elsewhere = known.finding is not None and known.finding.centre != envelope.centre
    if finding_id is not None and (envelope.centre == ALL_CENTRES or is_elsewhere):
        return rejection("unknown_id", "/finding_id")
    if earlier is not None and earlier.sequence is not None and envelope.sequence is not None:
        return rejection("superseded", "/headers/ce_sequence") if envelope.sequence <= earlier.sequence else None
    return None


def _assessment(assessed: DisclosureAssessed, envelope: Envelope, earlier: Assessment | None) -> Assessment:
    """As it is kept; a sender that leaves the sequence out once does not lose it."""
    return Assessment(
        assessment_id=assessed.assessment_id,
        centre=envelope.centre,
        receiver=assessed.receiver,
        category=assessed.category,
        purpose=assessed.purpose,
        outcome=assessed.outcome,
        document_ref=assessed.document_ref,
        valid_until=assessed.valid_until,
        finding_id=assessed.finding_id,
        sequence=envelope.sequence if envelope.sequence is not None or earlier is None else earlier.sequence,
    )


def _is_news(verdict: Verdict, told: Told | None, *, is_no: bool) -> bool:
    """Whether a receiver's case is another now; what was shared is taken back by the sender's no alone."""
    if told is None:
        return True
    if isinstance(verdict, Shared):
        return not told.is_open
    return is_no if told.outcome == SHARED else verdict.reason != told.outcome


def _carried_out(finding: Finding, verdicts: Iterable[Verdict], told: Mapping[str, Told], at: datetime) -> Decision:
    """What a finding's verdicts come to; who knew of it is told that it is taken back."""
    decided, ref = tuple(verdicts), finding.payload_ref
    knew = {receiver for receiver, one in told.items() if one.outcome == SHARED}
    shared = [one for one in decided if isinstance(one, Shared)]
    lost = [one.receiver for one in decided if isinstance(one, Withheld) and one.receiver in knew]
    return Decision(
        finding=finding,
        verdicts=decided,
        messages=tuple(_message(finding, one, one.receiver in knew) for one in decided),
        grants=tuple(
            a_grant(ref, one.receiver, one.basis.id, one.assessment_id, at, one.until) for one in shared if ref
        ),
        ended=tuple((ref, receiver) for receiver in lost if ref),
    )


def _message(finding: Finding, verdict: Verdict, knew: bool) -> Message:
    of = {"finding_id": finding.finding_id, "operation_id": finding.operation_id, "sender": finding.sender}
    if isinstance(verdict, Shared):
        return FindingShared(
            **of,
            receiver=verdict.receiver,
            inspection_id=finding.inspection_id,
            rule_id=verdict.basis.id,
            assessment_id=verdict.assessment_id,
            purpose=verdict.purpose,
            category=finding.category,
            payload_ref=finding.payload_ref,
        )
    basis = verdict.basis
    return FindingWithheld(
        **of,
        receiver=verdict.receiver,
        reason_code=verdict.reason,
        rule_id=basis.id if basis else None,
        told_to=verdict.receiver if knew or (basis and basis.tell_receiver) else None,
        contact_function=basis.contact_function if basis else None,
    )
