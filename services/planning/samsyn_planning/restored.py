"""Puts planning's numbers beyond all that may have been used after the backup from which it was restored."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from samsyn_chassis.database import Database
from sqlmodel import select

from samsyn_planning.domain.facts import Centre
from samsyn_planning.rows import Values
from samsyn_planning.tables import CentreRow

# More than a centre can have published or replanned: a plan takes longer than a tenth of a second.
NUM_PER_SECOND = 10
STEP = 10_000


def beyond(number: int, age: timedelta) -> int:
    """A number that was not used in that time after `number`.

    It grows twice as fast as numbers are used: another restore of the same backup goes on beyond what came of this one.
    """
    return number + STEP + int(2 * NUM_PER_SECOND * max(0.0, age.total_seconds()))


async def put_beyond(url: str, centres: Iterable[str], cut_at: datetime, now: datetime) -> dict[str, int]:
    """Let every centre, also one that the backup does not know, go on beyond; returns the versions it goes on from.

    `cut_at` is the instant of the backup. Versions of plans, ids of replans and of what planning says were given to
    agencies after the backup, and nobody here knows which: none of them is ever given again.
    """
    database = Database(url)
    try:
        async with database.transaction() as transaction:
            values = Values(transaction)
            known = (await transaction.session.exec(select(CentreRow.id))).all()
            found = {code: await values.get(Centre, (code,)) for code in sorted({*known, *centres})}
            done = [gone_on(centre or Centre(code=code), cut_at, now) for code, centre in found.items()]
            for centre in done:
                values.keep(centre)
            await values.write()
    finally:
        await database.close()
    return {centre.code: centre.plan_version for centre in done}


def gone_on(centre: Centre, cut_at: datetime, now: datetime) -> Centre:
    """A centre as it was in a backup, with numbers and ids that were never used."""
    age = now - cut_at
    return centre.model_copy(
        update={
            "plan_version": beyond(centre.plan_version, age),
            "num_replans": beyond(centre.num_replans, age),
            "restored_at": now,
        }
    )
