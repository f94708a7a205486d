"""Keeps findings, what each receiver was told of them, and what agencies have assessed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlalchemy.dialects import postgresql
from sqlmodel import col, select

from samsyn_exchange.domain.bases import Assessment, Shared, Verdict
from samsyn_exchange.domain.findings import SHARED, Decision, Finding, Known, Told
from samsyn_exchange.tables import AssessmentRow, ExchangeTable, FindingDecisionRow, FindingRow, GrantRow


class FindingsStore:
    """Findings and assessments of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    async def known(self, owner: str, finding_id: str | None, at: datetime, assessment_id: str = "") -> Known:
        """What bears on a finding of an agency's, and on an assessment that is said anew."""
        row = await self._session.get(FindingRow, finding_id) if finding_id else None
        earlier = await self._session.get(AssessmentRow, assessment_id, populate_existing=True)
        return Known(
            finding=None if row is None else _finding(row),
            told={} if row is None else await self._told(row, at),
            assessments=await self.assessments_of({owner}, finding_id),
            earlier=None if earlier is None else _assessment(earlier),
        )

    async def assessments_of(self, owners: Collection[str], finding_id: str | None = None) -> tuple[Assessment, ...]:
        """What agencies have assessed: all that is standing, and what is about the finding alone."""
        about = col(AssessmentRow.finding_id)
        wanted = select(AssessmentRow).where(
            col(AssessmentRow.owner).in_(owners), about.is_(None) | (about == finding_id)
        )
        rows = await self._session.exec(wanted.execution_options(populate_existing=True))
        return tuple(_assessment(row) for row in rows)

    async def save(self, decision: Decision, at: datetime) -> None:
        """Remember what was decided."""
        if decision.assessment is not None:
            kept = asdict(decision.assessment) | {"owner": decision.assessment.owner, "assessed_at": at}
            await self._keep(AssessmentRow, ["assessment_id"], [kept])
        finding = decision.finding
        if finding is not None:
            placed = asdict(finding) | {"candidates": list(finding.candidates), "placed_at": at}
            await self._transaction.execute(postgresql.insert(FindingRow).values(placed).on_conflict_do_nothing())
            decided = [_decided(finding, verdict) | {"decided_at": at} for verdict in decision.verdicts]
            await self._keep(FindingDecisionRow, ["finding_id", "receiver"], decided)

    async def _keep(self, table: type[ExchangeTable], keys: list[str], rows: list[dict[str, object]]) -> None:
        """Write rows; each takes the place of the one with the same keys."""
        if rows:
            insert = postgresql.insert(table).values(rows)
            newer = {name: insert.excluded[name] for name in rows[0] if name not in keys}
            await self._transaction.execute(insert.on_conflict_do_update(index_elements=keys, set_=newer))

    async def _told(self, finding: FindingRow, at: datetime) -> Mapping[str, Told]:
        """What each receiver was last told; contents without a reference stay open, for there is nothing to fetch."""
        grant = (col(GrantRow.ref) == finding.payload_ref) & (col(GrantRow.party) == col(FindingDecisionRow.receiver))
        is_open = col(GrantRow.acknowledged_at).is_(None) & (col(GrantRow.expires_at) > at)
        decided = (
            sa.select(col(FindingDecisionRow.receiver), col(FindingDecisionRow.outcome), is_open)
            .join(GrantRow, grant, isouter=True)
            .where(col(FindingDecisionRow.finding_id) == finding.finding_id)
        )
        rows = await self._transaction.execute(decided)
        has_none = finding.payload_ref is None
        return {receiver: Told(outcome, has_none or bool(is_open)) for receiver, outcome, is_open in rows}


def _decided(finding: Finding, verdict: Verdict) -> dict[str, object]:
    return {
        "finding_id": finding.finding_id,
        "receiver": verdict.receiver,
        "outcome": SHARED if isinstance(verdict, Shared) else verdict.reason,
        "rule_id": verdict.basis.id if verdict.basis else None,
        "assessment_id": verdict.assessment_id if isinstance(verdict, Shared) else None,
    }


def _finding(row: FindingRow) -> Finding:
    told = row.model_dump(exclude={"placed_at"})
    return Finding(**{**told, "candidates": tuple(row.candidates)})


def _assessment(row: AssessmentRow) -> Assessment:
    return Assessment(**row.model_dump(exclude={"owner", "assessed_at"}))
