"""The backups of centres: read for a loss, for the pass that renews them, and for the pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlmodel import col

from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.policy import DEFAULT, Policy
from samsyn_planning.rows import text_of, value_of
from samsyn_planning.tables import BackupRow

OF_CENTRE = sa.select(text_of(Backup)).where(col(BackupRow.centre) == sa.bindparam("centre", type_=sa.String))
STATES = ("fresh", "stale", "missing")
# By searched columns and single fields: what backups hold is large, and pages ask often.
PROGRESS = sa.text("""
select operation.centre, case
    when backup.id is null or backup.status = 'refused' then 'missing'
    when backup.status = 'fresh' and backup.facts_version = centre.facts_version
        and backup.plan_version = cast(centre.value ->> 'plan_version' as integer)
        and cast(centre.value ->> 'now_at' as timestamptz) < backup.valid_until then 'fresh'
    else 'stale' end, count(*)
from operation join centre on centre.id = operation.centre left join backup on backup.id = operation.id
where operation.status in ('scheduled', 'confirmed')
    and cast(operation.value ->> 'start_at' as timestamptz) > cast(centre.value ->> 'now_at' as timestamptz)
    and cast(operation.value ->> 'start_at' as timestamptz) < cast(centre.value ->> 'now_at' as timestamptz) + :frozen
    and not exists (select from participation where operation_id = operation.id
        and capacity_id = operation.value ->> 'session_id' and participation.status = 'released')
group by 1, 2
""")


class Backups:
    """The backups of one transaction; the store keeps them as it keeps any value."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def of(self, centre: str) -> list[Backup]:
        """The backups of a centre."""
        rows = await self._transaction.execute(OF_CENTRE, {"centre": centre})
        return sorted((value_of(Backup, row[0]) for row in rows), key=lambda backup: backup.id)

    async def forget(self, ids: Iterable[str]) -> None:
        """Backups of operations that are no longer in the frozen part."""
        if gone := list(ids):
            await self._transaction.execute(sa.delete(BackupRow).where(col(BackupRow.id).in_(gone)))


async def progress(transaction: Transaction, policy: Policy = DEFAULT) -> dict[str, dict[str, int]]:
    """Per centre, how many operations of its frozen part have a backup that is fresh, one that is stale, or none."""
    found = await transaction.execute(PROGRESS, {"frozen": policy.frozen})
    by_centre: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(STATES, 0))
    for centre, state, number in found:
        by_centre[centre][state] = number
    return dict(by_centre)
