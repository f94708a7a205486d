"""What those who run planning must look at: plans refused, proposals nobody decided; each centre's time and backups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from samsyn_chassis.alerts import Alert
from samsyn_chassis.database import Transaction
from sqlmodel import col

from samsyn_planning.domain.facts import Centre
from samsyn_planning.domain.proposals import is_missed
from samsyn_planning.kept_backups import progress
from samsyn_planning.tables import CentreRow, ProposalRow

DECIDE_BY = sa.cast(ProposalRow.value["decide_by"].astext, sa.DateTime(timezone=True))


async def standing(transaction: Transaction) -> Sequence[Alert]:
    """The alerts of planning, by message time."""
    centres = {centre.code: centre for centre in await _centres(transaction)}
    refused = [Alert("plan_refused", c.code, c.refused_at) for c in centres.values() if c.refused_at is not None]
    # Without the problem and the plan that each proposal holds.
    waiting = col(ProposalRow.status).in_(("open", "expired"))
    columns = (col(ProposalRow.id), col(ProposalRow.centre), col(ProposalRow.status), DECIDE_BY)
    rows = (await transaction.execute(sa.select(*columns).where(waiting))).all()
    times = {code: centre.now_at for code, centre in centres.items()}
    missed = [
        Alert("proposal_undecided", id_, decide_by)
        for id_, centre, status, decide_by in rows
        if (now_at := times.get(centre)) is not None and is_missed(status, decide_by, now_at)
    ]
    return [*refused, *missed]


async def shown(transaction: Transaction) -> Mapping[str, object]:
    """What /status tells beside: up to when each centre knows that everything has happened, and of its backups."""
    times = {c.code: c.now_at.isoformat() for c in await _centres(transaction) if c.now_at is not None}
    return {"times": times, "backups": await progress(transaction)}


async def _centres(transaction: Transaction) -> list[Centre]:
    return [Centre.model_validate(row[0]) for row in await transaction.execute(sa.select(col(CentreRow.value)))]
