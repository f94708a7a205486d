"""What inspection says of an operation: refusals, findings that have their place, and that it is over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from samsyn_contracts.carrying_out import OperationCompleted
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.findings import FindingPlaced, FindingRecorded
from samsyn_contracts.message import Message
from samsyn_contracts.platform import EventRejected
from samsyn_contracts.rejection import is_replayable, rejection

from samsyn_inspection.domain.counting import CountingRule, rule_of
from samsyn_inspection.domain.course import Course
from samsyn_inspection.domain.day import Day, Ending
from samsyn_inspection.domain.periods import HELD_AT_MOST
from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.statements import Heard, Refused, Taken, Verdict

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Saying:
    """A message, what caused it, when, and the key by which it is said once for good."""

    message: Message
    cause: Envelope
    at: datetime
    key: str


@dataclass(frozen=True)
class Account:
    """Whether an operation counts, and by which rule."""

    counts: bool
    rule_id: str | None


def sayings(heard: Sequence[Heard], run: Course, centre: str, rules: Sequence[CountingRule]) -> tuple[Saying, ...]:
    """Everything said of an operation so far; more statements and more plans only add to it."""
    return (*_answers(heard, run.verdicts), *_end(run.day, centre, rules))


def account(day: Day, centre: str, rules: Sequence[CountingRule]) -> Account:
    """Whether the operation counts, by who was there."""
    rule = rule_of(rules, centre, day.start.happened_at.astimezone(STOCKHOLM).date())
    num_others = len(day.present - {day.plan.police})
    is_counted = rule is not None and rule.counts(police_present=day.police_present, num_other_agencies=num_others)
    return Account(is_counted, None if rule is None else rule.id)


def refusal(envelope: Envelope, refused: Refused) -> EventRejected:
    """The answer to who said something that has no effect."""
    reasons = (rejection(refused.code, refused.pointer),)
    return EventRejected(
        rejected_id=envelope.id,
        party=envelope.party,
        reasons=reasons,
        replayable=is_replayable(reasons),
        rejected_type=envelope.type,
    )


def _answers(heard: Sequence[Heard], verdicts: Sequence[Verdict]) -> Iterator[Saying]:
    for one, verdict in zip(heard, verdicts, strict=True):
        if isinstance(verdict, Refused):
            at = one.at if one.expired is None else one.at + HELD_AT_MOST
            yield Saying(refusal(one.envelope, verdict), one.envelope, at, one.key)
        elif isinstance(verdict, Taken) and isinstance(one.message, FindingRecorded):
            yield Saying(_placed(one, one.message, verdict.plan), one.envelope, one.at, one.key)


def _placed(heard: Heard, found: FindingRecorded, plan: Plan) -> FindingPlaced:
    """The police's own part is no candidate: what others find is not theirs unless the sender names them."""
    candidates = {*plan.teams, *found.also_relevant_for} - {heard.party}
    return FindingPlaced(
        finding_id=found.finding_id,
        operation_id=found.operation_id,
        inspection_id=found.inspection_id,
        sender=heard.party,
        candidates=tuple(sorted(candidates)),
        category=found.category,
        subject_kind=found.subject_kind,
        payload_ref=found.payload_ref,
    )


def _end(day: Day | None, centre: str, rules: Sequence[CountingRule]) -> Iterator[Saying]:
    if day is not None and day.ending is not None:
        message = _completed(day, day.ending, account(day, centre, rules))
        yield Saying(message, day.ending.cause.envelope, day.ending.at, f"{message.operation_id}/{day.start.key}")


def _completed(day: Day, ending: Ending, counted: Account) -> OperationCompleted:
    return OperationCompleted.model_validate(
        {
            "operation_id": day.start.message.operation_id,
            "code_name": day.plan.code_name,
            "plan_version": day.plan.version,
            "outcome": day.state,
            "started_at": day.start.happened_at,
            "ended_at": ending.ended_at,
            "done_inspection_ids": day.done,
            "left_inspection_ids": day.left,
            "handed_in_by": day.handed_in_by,
            "missing_from": day.missing_from,
            "police_present": day.police_present,
            "counts_as_operation": counted.counts,
            "counting_rule_id": counted.rule_id,
        }
    )
