"""The plans that were published, each kept for good, and what of them is asked for later."""

from __future__ import annotations

from samsyn_chassis.database import Transaction
from samsyn_contracts.capacity import PoliceCancelled
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from samsyn_planning.domain.facts import Operation
from samsyn_planning.domain.former import Version, former_of, taken_back
from samsyn_planning.domain.snapshot import Snapshot
from samsyn_planning.rows import version_of
from samsyn_planning.tables import OperationRow, PlanVersionRow


class PlanVersions:
    """The plan versions of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def keep(self, row: PlanVersionRow) -> None:
        """Keep a published plan for good."""
        self._transaction.session.add(row)

    async def former(self, snapshot: Snapshot) -> tuple[Operation, ...] | None:
        """The operations without the effects of cancellations that were mistakes, if those can be undone."""
        mistaken = taken_back(snapshot)
        versions = [await self._answered(snapshot.centre.code, session) for session in sorted(mistaken)]
        return former_of(snapshot, [version for version in versions if version is not None], mistaken)

    async def used_names(self, centre: str) -> tuple[str, ...]:
        """Code names that the centre has used."""
        names = await self._transaction.session.exec(
            select(OperationRow.code_name).where(OperationRow.centre == centre)
        )
        return tuple(names)

    async def _answered(self, centre: str, session: str) -> Version | None:
        """The plan version that first answered the last cancellation of a session; a later one may name it too."""
        said = {"subject": session, "kind": PoliceCancelled.__name__}
        number = col(PlanVersionRow.version)
        last = (await self._transaction.session.exec(_with_cause(centre, said).order_by(number.desc()))).first()
        if last is None:
            return None
        event_id = [cause["event_id"] for cause in last.causes if said.items() <= cause.items()][-1]
        first = _with_cause(centre, {"event_id": event_id}).order_by(number)
        return version_of((await self._transaction.session.exec(first)).one())


def _with_cause(centre: str, cause: dict[str, str]) -> SelectOfScalar[PlanVersionRow]:
    """One plan version of a centre that has such a cause."""
    has_it = col(PlanVersionRow.causes).contains([cause])
    return select(PlanVersionRow).where(PlanVersionRow.centre == centre, has_it).limit(1)
