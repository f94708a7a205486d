"""Lets reporting say what a day brought under ids that nobody can have heard before it was restored from a backup."""

from __future__ import annotations

from datetime import datetime

from samsyn_chassis.database import Database
from sqlalchemy.dialects import postgresql

from samsyn_reporting.tables import MIGRATIONS, RestoredRow


async def put_reporting_beyond(url: str, now: datetime) -> None:
    """Keep that a backup has been restored now; one of an older Samsyn is brought up to date first."""
    database = Database(url)
    try:
        await database.migrate(MIGRATIONS)
        async with database.transaction() as transaction:
            await transaction.execute(postgresql.insert(RestoredRow).on_conflict_do_nothing(), [{"at": now}])
    finally:
        await database.close()
