"""What is said of wanted inspections and of the year changes: the list, the wheel, the targets and how far we are."""

from __future__ import annotations

from collections.abc import Iterable

from samsyn_contracts import indicators, inspections, periods
from samsyn_contracts.envelope import Envelope
from samsyn_contracts.message import Message

from samsyn_adapter_desk.domain.card import Card
from samsyn_adapter_desk.domain.cards_of_the_year import FiguresCard, TargetCard, WheelCard, WorkCard
from samsyn_adapter_desk.domain.cards_of_wishes import InspectionCard
from samsyn_adapter_desk.domain.known import Hearing, Known


def _wanted(message: inspections.InspectionProposed, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield InspectionCard(
        centre=envelope.centre,
        at=envelope.time,
        inspection_id=message.inspection_id,
        is_own=message.owner == known.party,
        municipality=message.site.municipality,
        industry=message.site.industry,
        site_name=message.site.name,
        site_address=message.site.address,
        indications=message.indications,
        police_need=message.police_need,
        programme=message.programme,
        duration_minutes=message.duration_minutes,
        due_at=message.due_at,
        required_agencies=message.required_agencies,
    )


def _amended(message: inspections.InspectionAmended, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        told = message.changes.model_dump(exclude_none=True)
        shown = {name: value for name, value in told.items() if name in InspectionCard.model_fields}
        yield inspection.model_copy(update=shown)


def _withdrawn(message: inspections.InspectionWithdrawn, envelope: Envelope, known: Known) -> Iterable[Card]:
    inspection = known.inspection(message.inspection_id)
    if inspection is not None:
        yield inspection.model_copy(update={"state": "withdrawn"})


def _wheel(message: periods.AnnualWheelPublished, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.wheel(message.wheel_id)
    if before is None or before.is_refused or before.version < message.version:
        yield WheelCard(
            centre=envelope.centre,
            at=envelope.time,
            wheel_id=message.wheel_id,
            year=message.year,
            version=message.version,
            periods=message.periods,
            fixed_days=message.fixed_days,
            opened=before.opened if before else (),
            frozen=before.frozen if before else {},
        )


def _opened(message: periods.PlanningPeriodOpened, envelope: Envelope, known: Known) -> Iterable[Card]:
    wheel = known.wheel(message.wheel_id)
    if wheel is not None and message.period_id not in wheel.opened:
        yield wheel.model_copy(update={"opened": (*wheel.opened, message.period_id)})


def _frozen(message: periods.PlanningPeriodFrozen, envelope: Envelope, known: Known) -> Iterable[Card]:
    wheel = known.wheel(message.wheel_id)
    if wheel is not None:
        yield wheel.model_copy(update={"frozen": {**wheel.frozen, message.period_id: message.frozen_operation_ids}})


def _target(message: periods.AnnualTargetSet, envelope: Envelope, known: Known) -> Iterable[Card]:
    yield TargetCard(
        centre=message.centre,
        at=envelope.time,
        year=message.year,
        unit=message.unit,
        baseline=message.baseline,
        target=message.target,
    )


def _figures(message: indicators.KpiSnapshotTaken, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.cards.get(("figures", f"{message.centre}/{message.year}"))
    # Of one day the newer word counts: reporting tells a day again after it was restored from a backup.
    if not isinstance(before, FiguresCard) or (before.as_of, before.at) < (message.as_of, envelope.time):
        yield FiguresCard(
            centre=message.centre,
            at=envelope.time,
            year=message.year,
            as_of=message.as_of,
            values={kpi.code: kpi.value for kpi in message.kpis},
        )


def _work(message: indicators.WorkCounted, envelope: Envelope, known: Known) -> Iterable[Card]:
    before = known.cards.get(("work", f"{message.centre}/{message.year}"))
    if not isinstance(before, WorkCard) or (before.as_of, before.at) < (message.as_of, envelope.time):
        yield WorkCard(
            centre=message.centre,
            at=envelope.time,
            year=message.year,
            as_of=message.as_of,
            agencies=message.agencies,
            areas=message.areas,
        )


HEARD: dict[type[Message], Hearing] = {
    inspections.InspectionProposed: _wanted,
    inspections.InspectionAmended: _amended,
    inspections.InspectionWithdrawn: _withdrawn,
    periods.AnnualWheelPublished: _wheel,
    periods.PlanningPeriodOpened: _opened,
    periods.PlanningPeriodFrozen: _frozen,
    periods.AnnualTargetSet: _target,
    indicators.KpiSnapshotTaken: _figures,
    indicators.WorkCounted: _work,
}
