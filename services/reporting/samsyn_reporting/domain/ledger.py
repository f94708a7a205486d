"""The ledger of a period: a line per loss and operation, and every total; a function of the set of facts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import Field
from samsyn_contracts.operations import LadderStep

from samsyn_reporting.domain.accounts import Account, Entry, Fact, Operation, Outcome, accounts_of
from samsyn_reporting.domain.acknowledgements import Acknowledgement, Acknowledgements, acknowledgements_of
from samsyn_reporting.domain.agencies import OfAgency, agencies_of
from samsyn_reporting.domain.areas import OfArea, areas_of
from samsyn_reporting.domain.carried_out import (
    BreakOff,
    CarriedOut,
    Ending,
    HandIn,
    Start,
    carried_out_of,
    days_of,
)
from samsyn_reporting.domain.evaluations import Evaluation, Evaluations, evaluations_of
from samsyn_reporting.domain.findings import Disclosure, Finding, Findings, findings_of
from samsyn_reporting.domain.hours import Hours, Offer, hours_of
from samsyn_reporting.domain.losses import Loss, TakenBack, loss_behind
from samsyn_reporting.domain.notice import CauseCount, Notice, causes_of, notice_of
from samsyn_reporting.domain.programmes import OfProgramme, programmes_of
from samsyn_reporting.domain.told import Told, Value, each_once, grouped, newest_by_thing
from samsyn_reporting.domain.units import Proposal, Units, fates, units_of

T = TypeVar("T", bound=Told)


class Period(Value):
    """Some centres, and the operations that are planned to start from one instant until before another."""

    centres: frozenset[str]
    from_at: datetime
    until_at: datetime

    def holds(self, centre: str, start_at: datetime) -> bool:
        """Whether what is planned there and then belongs to the period."""
        return centre in self.centres and self.from_at <= start_at < self.until_at


class Line(Value):
    """One cause and one operation."""

    cause_event_id: Annotated[str, Field(description="The event by which the loss was told")]
    cause_kind: Annotated[str, Field(description="Name of that message")]
    cause_code: Annotated[str, Field(description="Why, as the party that lost it said")]
    caused_at: Annotated[datetime, Field(description="When it was told, by message time")]
    is_taken_back: Annotated[bool, Field(description="The police have said that the cancellation was a mistake")]
    centre: Annotated[str, Field(description="Party code of the centre")]
    operation_id: Annotated[str, Field(description="The operation that was hit")]
    code_name: Annotated[str, Field(description="Its code name")]
    planned_start_at: Annotated[datetime, Field(description="When it was planned to start before it was hit")]
    outcome: Annotated[Outcome, Field(description="How it ended so far")]
    ladder_step: Annotated[LadderStep, Field(description="The ladder's name for how it ended so far")]
    notice_minutes: Annotated[
        int | None, Field(description="Framförhållning: minutes from the first answer to the planned start")
    ]
    num_inspections: Annotated[int, Field(description="Inspections that it had when it was hit")]
    inspections: Annotated[
        dict[str, int],
        Field(description="What became of those: a ladder step, `other_operation`, `waiting` or `lost`"),
    ]
    plan_version: Annotated[int, Field(description="Plan version of the newest answer to the cause")]


class Totals(Units):
    """Everything that is counted in a period; operations, inspections, sites and companies are never added together."""

    hours: Annotated[Hours, Field(description="Person-hours per agency, the police apart")]
    notice: Annotated[Notice, Field(description="How long before their start operations were hit")]
    causes: Annotated[tuple[CauseCount, ...], Field(description="Operations hit, by the cause of their last hit")]
    carried_out: Annotated[CarriedOut, Field(description="What became of the operations on their day")]
    programmes: Annotated[
        tuple[OfProgramme, ...],
        Field(description="The same by programme, a row for each listed; none while it is unknown of what is counted"),
    ]
    agencies: Annotated[tuple[OfAgency, ...], Field(description="What each agency joined and initiated")]
    areas: Annotated[
        tuple[OfArea, ...],
        Field(description="What was wanted, planned and done in each area; none while one is unknown"),
    ]
    findings: Annotated[Findings, Field(description="What was found, and who got to know it")]
    evaluations: Annotated[Evaluations, Field(description="Which agencies have evaluated, and what they would learn")]
    acknowledgements: Annotated[Acknowledgements, Field(description="Who has seen the newest word")]


class Ledger(Value):
    """The lines of a period and their totals."""

    lines: tuple[Line, ...]
    totals: Totals


@dataclass(frozen=True)
class Known:
    """Facts of every kind, of the period and maybe more, each once; `heard_until` per centre, by message time."""

    told: Mapping[type[Told], Sequence[Told]]
    heard_until: Mapping[str, datetime]

    def of(self, kind: type[T]) -> Sequence[T]:
        """The facts of a kind."""
        return [fact for fact in self.told.get(kind, ()) if isinstance(fact, kind)]


def known_from(told: Iterable[Told], heard_until: Mapping[str, datetime] | None = None) -> Known:
    """What facts say together, in whatever order they come; without `heard_until` they are all that was heard."""
    facts = each_once(told)
    by_kind: dict[type[Told], list[Told]] = {}
    for fact in facts:
        by_kind.setdefault(type(fact), []).append(fact)
    latest = {fact.centre: fact.said_at for fact in facts}  # each_once sorts by time
    return Known(by_kind, latest if heard_until is None else heard_until)


def hits_of(accounts: Mapping[str, Account], losses: Iterable[Loss]) -> Mapping[tuple[str, str], Loss]:
    """The loss behind each entry that has one, by operation and cause."""
    by_event = grouped(losses, "event_id")
    found = {
        (entry.operation_id, entry.cause_event_id): loss_behind(entry, account, by_event.get(entry.cause_event_id, ()))
        for account in accounts.values()
        for entry in account.entries
    }
    return {key: loss for key, loss in found.items() if loss is not None}


def ledger_of(known: Known, period: Period) -> Ledger:
    """The ledger of a period: hits are those of operations that were planned to start in it."""
    accounts = accounts_of(known.of(Fact))
    losses = hits_of(accounts, known.of(Loss))
    hits = sorted(
        (
            entry
            for account in accounts.values()
            for entry in account.entries
            if (entry.operation_id, entry.cause_event_id) in losses
            and period.holds(entry.centre, entry.planned_on.start_at)
        ),
        key=lambda entry: entry.place,
    )
    every = [account.operation for account in accounts.values()]
    operations = [each for each in every if period.holds(each.centre, each.occasion.start_at)]
    standing = standing_inspections(every)
    mistakes = {(each.source, each.cancelled_event_id) for each in known.of(TakenBack)}
    lines = [_line(entry, losses[entry.operation_id, entry.cause_event_id], standing, mistakes) for entry in hits]
    return Ledger(
        lines=tuple(sorted(lines, key=lambda line: (line.planned_start_at, line.operation_id, line.cause_event_id))),
        totals=_totals(known, period, operations, hits, losses, standing),
    )


def wanted_in(known: Known, period: Period) -> frozenset[str]:
    """The inspections proposed, or proposed anew, in the period."""
    told = known.of(Proposal)
    return frozenset(each.inspection_id for each in told if period.holds(each.centre, each.said_at))


def standing_inspections(operations: Iterable[Operation]) -> frozenset[str]:
    """The inspections that have an occasion."""
    return frozenset(id_ for operation in operations if operation.stands for id_ in operation.inspection_ids)


def _totals(
    known: Known,
    period: Period,
    operations: Sequence[Operation],
    hits: Sequence[Entry],
    losses: Mapping[tuple[str, str], Loss],
    standing: Collection[str],
) -> Totals:
    last_hits = {entry.operation_id: entry for entry in hits}
    days = days_of(operations, known.of(Start), known.of(HandIn), known.of(BreakOff), known.of(Ending))
    proposals = newest_by_thing(known.of(Proposal), "inspection_id")
    units = units_of(
        [operation.operation_id for operation in operations],
        [id_ for operation in operations for id_ in operation.inspection_ids],
        hits,
        standing,
        proposals,
    )
    begun = [(day.operation, day.had_police) for day in days if day.has_started]
    return Totals(
        **dict(units),
        hours=hours_of(operations, last_hits, begun, newest_by_thing(known.of(Offer), "capacity_id")),
        notice=notice_of(list(last_hits.values())),
        causes=causes_of(list(last_hits.values()), losses),
        carried_out=carried_out_of(days, known.heard_until),
        programmes=programmes_of(days, proposals),
        agencies=agencies_of(days),
        areas=areas_of(days, proposals, wanted_in(known, period)),
        findings=findings_of(operations, known.of(Finding), known.of(Disclosure)),
        evaluations=evaluations_of(days, known.of(Evaluation)),
        acknowledgements=acknowledgements_of(operations, known.of(Acknowledgement)),
    )


def _line(entry: Entry, loss: Loss, standing: Collection[str], mistakes: Collection[tuple[str, str]]) -> Line:
    return Line(
        cause_event_id=entry.cause_event_id,
        cause_kind=loss.kind,
        cause_code=loss.cause_code,
        caused_at=loss.said_at,
        is_taken_back=(loss.source, loss.event_id) in mistakes,
        centre=entry.centre,
        operation_id=entry.operation_id,
        code_name=entry.code_name,
        planned_start_at=entry.planned_on.start_at,
        outcome=entry.outcome,
        ladder_step=entry.ladder_step,
        notice_minutes=entry.notice_minutes,
        num_inspections=len(entry.inspection_ids),
        inspections=dict(sorted(Counter(fates(entry, standing).values()).items())),
        plan_version=entry.plan_version,
    )
