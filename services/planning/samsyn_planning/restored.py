"""Puts planning's numbers beyond all that may have been used after the backup from which it was restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from samsyn_chassis.database import Database
from sqlmodel import select

from samsyn_planning.domain.facts import Centre
from samsyn_planning.rows import Values
from samsyn_planning.tables import CentreRow

# More than a centre can have published or replanned: a plan takes longer than a tenth of a second.
NUM_PER_SECOND = 10
STEP = 10_000


def beyond(number: int, age: timedelta) -> int:
    """A number that was not used in that time after `number`: a whole ten thousand, so that people see the gap."""
    used = number + max(0, int(age.total_seconds() * NUM_PER_SECOND))
    return (used // STEP + 1) * STEP


async def put_beyond(url: str, centres: Iterable[str], age: timedelta) -> dict[str, int]:
    """Let every centre, also one that the backup does not know, go on beyond; returns the versions it goes on from.

    `age` is the time since the backup. Versions of plans, ids of replans and of what planning says were given to
    agencies after the backup, and nobody here knows which: none of them is ever given again.
    """
    database = Database(url)
    try:
        async with database.transaction() as transaction:
            values = Values(transaction)
            known = (await transaction.session.exec(select(CentreRow.id))).all()
            done = [_put_beyond(await values.get(Centre, (code,)), code, age) for code in sorted({*known, *centres})]
            for centre in done:
                values.keep(centre)
            await values.write()
    finally:
        await database.close()
    return {centre.code: centre.plan_version for centre in done}


def _put_beyond(known: Centre | None, code: str, age: timedelta) -> Centre:
    centre = known or Centre(code=code)
    return centre.model_copy(
        update={
            "plan_version": beyond(centre.plan_version, age),
            "num_replans": beyond(centre.num_replans, age),
            "num_restores": centre.num_restores + 1,
        }
    )
