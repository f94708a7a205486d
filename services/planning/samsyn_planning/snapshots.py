"""Reads all that is known of a centre, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlmodel import col, select

from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import (
    Capacity,
    Centre,
    Consent,
    Disturbance,
    Operation,
    Participation,
    Pin,
    Proposal,
    Value,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.officers import OfficerSlot
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.rows import V, key_of, text_of, value_of
from samsyn_planning.tables import (
    CapacityRow,
    CompromiseRow,
    ConsentRow,
    DisturbanceRow,
    OfficerSlotRow,
    OperationRow,
    ParticipationRow,
    PinRow,
    ProposalRow,
    WantedRow,
    WheelRow,
)

CODE = sa.bindparam("code", type_=sa.String)
IS_NOT_OVER = sa.and_(
    col(OperationRow.centre) == CODE, *(col(OperationRow.status) != status for status in ("past", "cancelled"))
)
NOT_OVER = select(OperationRow.id).where(IS_NOT_OVER)
IS_UNDECIDED = sa.or_(*(col(ProposalRow.status) == status for status in ("open", "approved")))
KEPT: tuple[tuple[type[Value], sa.ColumnElement[bool]], ...] = (
    (Capacity, col(CapacityRow.centre) == CODE),
    (Wanted, sa.and_(col(WantedRow.centre) == CODE, sa.not_(col(WantedRow.is_done)))),
    (Operation, IS_NOT_OVER),
    (Participation, col(ParticipationRow.centre) == CODE),
    (Consent, col(ConsentRow.centre) == CODE),
    (Pin, sa.and_(col(PinRow.centre) == CODE, col(PinRow.is_pinned), col(PinRow.id).in_(NOT_OVER))),
    (Compromise, sa.and_(col(CompromiseRow.centre) == CODE, col(CompromiseRow.is_held))),
    (Wheel, col(WheelRow.centre) == CODE),
    (OfficerSlot, col(OfficerSlotRow.centre) == CODE),
    (Proposal, sa.and_(col(ProposalRow.centre) == CODE, IS_UNDECIDED)),
)
# One trip for all tables, always of the same text: nothing is built or compiled anew under the centre's lock.
OF_CENTRE: sa.Executable = sa.union_all(
    *(
        sa.select(sa.literal_column(f"'{kind.__name__}'").label("kind"), text_of(kind).label("value")).where(condition)
        for kind, condition in KEPT
    )
)


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
    found: dict[str, list[str]] = {kind.__name__: [] for kind, _ in KEPT}
    for name, text in await transaction.execute(OF_CENTRE, {"code": code}):
        found[name].append(text)
    return Snapshot(
        centre=centre,
        capacities=_sorted(Capacity, found),
        wanted=_sorted(Wanted, found),
        operations=_sorted(Operation, found),
        participations=_sorted(Participation, found),
        consents=_sorted(Consent, found),
        proposals=_sorted(Proposal, found),
        pins=_sorted(Pin, found),
        wheels=_sorted(Wheel, found),
        compromises=_sorted(Compromise, found),
        officer_slots=_sorted(OfficerSlot, found),
        done_this_year=() if done_since is None else await _done_since(transaction, code, done_since),
        disturbances=() if disturbed_since is None else await read_disturbances(transaction, code, disturbed_since),
    )


async def _done_since(transaction: Transaction, code: str, since: datetime) -> tuple[Wanted, ...]:
    ended = select(OperationRow.id).where(OperationRow.centre == code, col(OperationRow.end_at) >= since)
    is_done = sa.and_(col(WantedRow.centre) == code, col(WantedRow.is_done))
    done_in = col(WantedRow.value)["done_in"].astext
    rows = await transaction.execute(select(text_of(Wanted)).where(is_done, done_in.in_(ended)))
    return _sorted(Wanted, {Wanted.__name__: [row[0] for row in rows]})


async def read_disturbances(transaction: Transaction, code: str, since: datetime) -> tuple[Disturbance, ...]:
    """What has happened in a centre since then, by id."""
    query = select(text_of(Disturbance)).where(DisturbanceRow.centre == code, col(DisturbanceRow.at) >= since)
    return _sorted(Disturbance, {Disturbance.__name__: [row[0] for row in await transaction.execute(query)]})


def _sorted(kind: type[V], found: Mapping[str, Sequence[str]]) -> tuple[V, ...]:
    return tuple(sorted((value_of(kind, text) for text in found[kind.__name__]), key=key_of))
