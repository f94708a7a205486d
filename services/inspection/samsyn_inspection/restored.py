"""Puts what inspection says beyond all that it may have said after the backup from which it was restored."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Database

from samsyn_inspection.domain.restoring import restored
from samsyn_inspection.store import last_restore
from samsyn_inspection.tables import MIGRATIONS, RestoredRow


async def put_beyond(url: str, cut_at: datetime, now: datetime) -> None:
    """Keep that the backup of `cut_at` has been restored; one of an older Samsyn is brought up to date first."""
    database = Database(url)
    try:
        await database.migrate(MIGRATIONS)
        async with database.transaction() as transaction:
            before = await last_restore(transaction.session)
            await transaction.execute(sa.insert(RestoredRow), [asdict(restored(before, cut_at, now))])
    finally:
        await database.close()
