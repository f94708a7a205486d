"""Reads all that is known of a centre, in one statement per table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlmodel import SQLModel, col, select

from samsyn_planning.domain.facts import Capacity, Centre, Consent, Operation, Participation, Proposal, Wanted
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.rows import V, key_of
from samsyn_planning.tables import (
    CapacityRow,
    ConsentRow,
    OperationRow,
    ParticipationRow,
    ProposalRow,
    WantedRow,
)


async def read_snapshot(transaction: Transaction, centre: Centre) -> Snapshot:
    """The snapshot of a centre: what is done, past, cancelled or decided is left out."""
    code = centre.code
    found: dict[type[SQLModel], Sequence[Any]] = {}
    for table, condition in (
        (CapacityRow, CapacityRow.centre == code),
        (WantedRow, sa.and_(col(WantedRow.centre) == code, sa.not_(col(WantedRow.is_done)))),
        (
            OperationRow,
            sa.and_(col(OperationRow.centre) == code, col(OperationRow.status).not_in(("past", "cancelled"))),
        ),
        (ParticipationRow, ParticipationRow.centre == code),
        (ConsentRow, ConsentRow.centre == code),
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
    )


def _sorted(kind: type[V], values: Sequence[Any]) -> tuple[V, ...]:
    return tuple(sorted((kind.model_validate(value) for value in values), key=key_of))
