"""Reads all that is known of a centre, in one statement per table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlmodel import SQLModel, col, select
from sqlmodel.sql.expression import SelectOfScalar

from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.delay import Delay
from samsyn_planning.domain.facts import (
    Capacity,
    Centre,
    Consent,
    Disturbance,
    Operation,
    Participation,
    Pin,
    Proposal,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.rows import V, key_of
from samsyn_planning.tables import (
    CapacityRow,
    CompromiseRow,
    ConsentRow,
    DelayRow,
    DisturbanceRow,
    OperationRow,
    ParticipationRow,
    PinRow,
    ProposalRow,
    WantedRow,
    WheelRow,
)

OVER = ("past", "cancelled")


async def read_snapshot(
    transaction: Transaction,
    centre: Centre,
    done_since: datetime | None = None,
    disturbed_since: datetime | None = None,
) -> Snapshot:
    """The snapshot of a centre: what is done, past, cancelled or decided is left out.

    With `done_since` it has what was done in operations that ended since, with `disturbed_since` what has happened.
    """
    code = centre.code
    found: dict[type[SQLModel], Sequence[Any]] = {}
    for table, condition in (
        (CapacityRow, CapacityRow.centre == code),
        (WantedRow, sa.and_(col(WantedRow.centre) == code, sa.not_(col(WantedRow.is_done)))),
        (OperationRow, sa.and_(col(OperationRow.centre) == code, col(OperationRow.status).not_in(OVER))),
        (ParticipationRow, ParticipationRow.centre == code),
        (ConsentRow, ConsentRow.centre == code),
        (PinRow, sa.and_(col(PinRow.centre) == code, col(PinRow.is_pinned), col(PinRow.id).in_(_not_over(code)))),
        (CompromiseRow, sa.and_(col(CompromiseRow.centre) == code, col(CompromiseRow.is_held))),
        (DelayRow, sa.and_(col(DelayRow.centre) == code, col(DelayRow.id).in_(_not_over(code)))),
        (WheelRow, WheelRow.centre == code),
        (ProposalRow, sa.and_(col(ProposalRow.centre) == code, col(ProposalRow.status).in_(("open", "approved")))),
    ):
        rows = (await transaction.session.execute(select(table).where(condition))).scalars().all()
        found[table] = [row.value for row in rows]
    return Snapshot(
        centre=centre,
        capacities=_sorted(Capacity, found[CapacityRow]),
        wanted=_sorted(Wanted, found[WantedRow]),
        operations=_sorted(Operation, found[OperationRow]),
        participations=_sorted(Participation, found[ParticipationRow]),
        consents=_sorted(Consent, found[ConsentRow]),
        proposals=_sorted(Proposal, found[ProposalRow]),
        pins=_sorted(Pin, found[PinRow]),
        wheels=_sorted(Wheel, found[WheelRow]),
        compromises=_sorted(Compromise, found[CompromiseRow]),
        delays=_sorted(Delay, found[DelayRow]),
        done_this_year=() if done_since is None else await _done_since(transaction, code, done_since),
        disturbances=() if disturbed_since is None else await _disturbed_since(transaction, code, disturbed_since),
    )


def _not_over(code: str) -> SelectOfScalar[str]:
    return select(OperationRow.id).where(OperationRow.centre == code, col(OperationRow.status).not_in(OVER))


async def _done_since(transaction: Transaction, code: str, since: datetime) -> tuple[Wanted, ...]:
    ended = select(OperationRow.id).where(OperationRow.centre == code, col(OperationRow.end_at) >= since)
    is_done = sa.and_(col(WantedRow.centre) == code, col(WantedRow.is_done))
    done_in = col(WantedRow.value)["done_in"].astext
    rows = (await transaction.session.execute(select(WantedRow).where(is_done, done_in.in_(ended)))).scalars().all()
    return _sorted(Wanted, [row.value for row in rows])


async def _disturbed_since(transaction: Transaction, code: str, since: datetime) -> tuple[Disturbance, ...]:
    query = select(DisturbanceRow).where(DisturbanceRow.centre == code, col(DisturbanceRow.at) >= since)
    return _sorted(Disturbance, [row.value for row in (await transaction.session.execute(query)).scalars().all()])


def _sorted(kind: type[V], values: Sequence[Any]) -> tuple[V, ...]:
    return tuple(sorted((kind.model_validate(value) for value in values), key=key_of))
