"""Operations over HTTP, to be read only: where each is in its life, who has handed in, and counts; P1 alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel
from samsyn_chassis.database import Database, Transaction
from samsyn_contracts.envelope import Environment
from samsyn_contracts.message import OperationId, PartyCode
from sqlmodel import col, select

from samsyn_inspection.domain.counting import CountingRule
from samsyn_inspection.domain.day import Day
from samsyn_inspection.domain.plans import Plan
from samsyn_inspection.domain.record import Life, Record
from samsyn_inspection.domain.sayings import account
from samsyn_inspection.store import Store
from samsyn_inspection.tables import CentreTimeRow, HeardRow, HeldRow, OperationRow

STOCKHOLM = ZoneInfo("Europe/Stockholm")
HELD_BY_PLANNING = sa.select(sa.func.coalesce(sa.func.sum(sa.func.jsonb_array_length(col(HeldRow.messages))), 0))
HELD_OF_AGENCIES = sa.select(sa.func.count()).select_from(HeardRow).where(col(HeardRow.is_held))


class StartPage(BaseModel):
    """That an operation has begun: by whose word, when, and whether the police were there."""

    agency: str
    started_at: datetime
    police_present: bool


class PartPage(BaseModel):
    """A capacity's part in an operation."""

    agency: str
    capacity_id: str
    status: str


class InspectionPage(BaseModel):
    """An inspection of the route, in its order, and who has handed it in."""

    inspection_id: str
    handed_in_by: tuple[str, ...]
    is_given_back: bool


class OperationPage(BaseModel):
    """An operation as those on the spot act by it, else as planning last said it; what is not known is absent.

    `checked_in` tells when each agency came; `completeness` is the percentage known of what was asked of its sites.
    `num_findings` counts findings by agency. `is_counted` tells whether it counts as an operation, by `rule_id`.
    """

    operation_id: str
    centre: str
    code_name: str
    life: Life
    plan_version: int
    start_at: datetime
    end_at: datetime
    participants: tuple[PartPage, ...]
    inspections: tuple[InspectionPage, ...]
    num_held: int
    checked_in: dict[str, datetime] = {}
    completeness: int | None = None
    briefing_version: int | None = None
    started: StartPage | None = None
    ended_at: datetime | None = None
    handed_in_by: tuple[str, ...] = ()
    missing_from: tuple[str, ...] = ()
    num_findings: dict[str, int] = {}
    is_counted: bool | None = None
    rule_id: str | None = None


class OperationsPage(BaseModel):
    """A centre's operations that begin from the first day to the last, both included."""

    centre: str
    from_day: date
    to_day: date
    operations: tuple[OperationPage, ...]


def router(database: Database, environment: Environment, rules: Sequence[CountingRule]) -> APIRouter:
    """`GET /v1/operations/{operation_id}` and `GET /v1/operations?centre=&from=&to=`; the days are Swedish days."""
    routes = APIRouter(prefix="/v1", tags=["operations"])

    @routes.get("/operations/{operation_id}", response_model_exclude_none=True)
    async def operation(operation_id: OperationId) -> OperationPage:
        async with database.transaction() as transaction:
            row = await transaction.session.get(OperationRow, operation_id)
            if row is None:
                raise HTTPException(404, f"{operation_id}: insatsen är inte känd. / The operation is not known.")
            record = await Store(transaction, environment, rules).record(operation_id, row.centre)
        return _page(record, _plan_of(record), rules)

    @routes.get("/operations", response_model_exclude_none=True)
    async def operations(
        centre: PartyCode,
        from_day: Annotated[date, Query(alias="from")],
        to_day: Annotated[date, Query(alias="to")],
    ) -> OperationsPage:
        if to_day < from_day:
            raise HTTPException(422, "Till-dagen ligger före från-dagen. / The day `to` is before the day `from`.")
        async with database.transaction() as transaction:
            found = await _between(transaction, centre, _begin(from_day), _begin(to_day + timedelta(days=1)))
            records = await Store(transaction, environment, rules).records(found, centre)
        pages = tuple(_page(record, _plan_of(record), rules) for record in records)
        return OperationsPage(centre=centre, from_day=from_day, to_day=to_day, operations=pages)

    return routes


async def shown(transaction: Transaction) -> Mapping[str, object]:
    """What /status tells beside: how much is held, and up to when each centre knows that everything has happened."""
    num_held = [(await transaction.execute(counted)).scalar_one() for counted in (HELD_BY_PLANNING, HELD_OF_AGENCIES)]
    times = (await transaction.session.exec(select(CentreTimeRow))).all()
    return {"held": sum(num_held), "times": {row.centre: row.until.isoformat() for row in times}}


async def _between(transaction: Transaction, centre: str, since: datetime, until: datetime) -> Sequence[str]:
    statement = (
        select(OperationRow.operation_id)
        .where(OperationRow.centre == centre, OperationRow.start_at >= since, OperationRow.start_at < until)
        .order_by(col(OperationRow.start_at), col(OperationRow.operation_id))
    )
    return (await transaction.session.exec(statement)).all()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, STOCKHOLM)


def _plan_of(record: Record) -> Plan:
    if record.plan is None:
        raise ValueError(f"{record.operation_id} is kept without a plan")
    return record.plan


def _page(record: Record, plan: Plan, rules: Sequence[CountingRule]) -> OperationPage:
    day, before = record.course.day, record.preparation
    return OperationPage.model_validate(
        {
            "operation_id": record.operation_id,
            "centre": record.centre,
            "code_name": plan.code_name,
            "life": record.life,
            "plan_version": plan.version,
            "start_at": plan.start_at,
            "end_at": plan.end_at,
            "participants": [PartPage.model_validate(part, from_attributes=True) for part in plan.parts],
            "inspections": [_inspection(inspection_id, day) for inspection_id in plan.route],
            "num_held": record.course.num_held,
            "checked_in": {one.agency: one.at for one in record.course.check_ins},
            "completeness": None if before.account is None else before.account.completeness,
            "briefing_version": None if before.briefing is None else before.briefing.version,
            **({} if day is None else _of_the_day(day, record.centre, rules)),
        }
    )


def _inspection(inspection_id: str, day: Day | None) -> InspectionPage:
    handed_in = (
        () if day is None else sorted(agency for agency, handed_in in day.hand_ins if handed_in == inspection_id)
    )
    is_given_back = day is not None and inspection_id in day.given_back
    return InspectionPage(inspection_id=inspection_id, handed_in_by=tuple(handed_in), is_given_back=is_given_back)


def _of_the_day(day: Day, centre: str, rules: Sequence[CountingRule]) -> dict[str, object]:
    counted = account(day, centre, rules)
    return {
        "started": StartPage(
            agency=day.start.party, started_at=day.start.happened_at, police_present=day.police_present
        ),
        "ended_at": None if day.ending is None else day.ending.ended_at,
        "handed_in_by": day.handed_in_by,
        "missing_from": day.missing_from,
        "num_findings": Counter(agency for agency, _ in sorted(day.findings)),
        "is_counted": counted.counts,
        "rule_id": counted.rule_id,
    }
