"""Keeps contents sealed, who may fetch them, and every try to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlalchemy.dialects import postgresql
from sqlmodel import col, select

from samsyn_exchange.domain.contents import BY_OWNER, FetchOutcome, Grant, GrantPart, owner_of
from samsyn_exchange.domain.operations import KnownOperation
from samsyn_exchange.sealing import KEY_VERSION, new_data_key, opened, sealed
from samsyn_exchange.tables import ContentsKeyRow, ContentsRow, FetchRow, GrantPartRow, GrantRow

END_PARTS = sa.text("""
update contents_grant_part set ended_at = :at where operation_id = :operation_id and ended_at is null
  and not (party = any(cast(:parties as text[])) and inspection_id = any(cast(:route as text[])))
""")
# What a party may fetch for another part's sake, too, it may fetch still.
END_GRANTS = sa.text("""
update contents_grant g set ended_at = :at where g.ended_at is null
  and exists (select from contents_grant_part p
    where p.operation_id = :operation_id and (p.ref, p.party) = (g.ref, g.party))
  and not exists (select from contents_grant_part p where (p.ref, p.party) = (g.ref, g.party) and p.ended_at is null)
""")


class ErasedError(LookupError):
    """The key of these contents is gone, by a disposal decision: nobody can read them any more."""


class OtherContentsError(ValueError):
    """The reference has other contents already, or they are about something else."""


class ContentsStore:
    """Contents, grants and fetches of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._session = transaction.session

    async def keep(self, contents_key: str, ref: str, about: str, body: bytes, at: datetime) -> bool:
        """Keep contents, sealed; whether they are new. Raises ErasedError, OtherContentsError or CannotOpenError."""
        kept = await self._session.get(ContentsRow, ref)
        if kept is not None:
            key = await self._key_of(kept)
            if key.about != about or opened(contents_key, key.about, key.wrapped, ref, kept.body) != body:
                raise OtherContentsError(ref)
            return False
        key = await self._key_about(contents_key, about, at)
        secret = sealed(contents_key, about, key.wrapped, ref, body)
        row = {"ref": ref, "owner": owner_of(ref), "key_id": key.id, "body": secret, "stored_at": at}
        await self._transaction.execute(sa.insert(ContentsRow), [row])
        return True

    async def read(self, contents_key: str, ref: str) -> bytes | None:
        """Contents in clear, None where there are none. Raises ErasedError or CannotOpenError."""
        kept = await self._session.get(ContentsRow, ref)
        if kept is None:
            return None
        key = await self._key_of(kept)
        return opened(contents_key, key.about, key.wrapped, ref, kept.body)

    async def grant_of(self, ref: str, party: str) -> Grant | None:
        """What lets a party fetch, or did."""
        row = await self._session.get(GrantRow, (ref, party))
        return None if row is None else Grant(**row.model_dump())

    async def give(self, grants: Iterable[Grant]) -> None:
        """Give grants by a new decision: each takes the place of what the party had."""
        rows = [asdict(grant) for grant in grants]
        if rows:
            insert, newer = _grants(rows)
            await self._transaction.execute(insert.on_conflict_do_update(index_elements=["ref", "party"], set_=newer))

    async def give_again(self, grants: Iterable[Grant]) -> None:
        """Give grants for what is told again and again: one that lasts still stays, and so does one acknowledged.

        One that ended with its party's part begins anew.
        """
        rows = [asdict(grant) for grant in grants]
        if rows:
            insert, newer = _grants(rows)
            is_acknowledged = col(GrantRow.acknowledged_at).is_not(None)
            has_run_out = (col(GrantRow.expires_at) <= insert.excluded.granted_at) & ~is_acknowledged
            is_over = has_run_out | col(GrantRow.ended_at).is_not(None)
            renewed = insert.on_conflict_do_update(index_elements=["ref", "party"], set_=newer, where=is_over)
            await self._transaction.execute(renewed)

    async def note_parts(self, parts: Collection[GrantPart], taken: Collection[GrantPart], at: datetime) -> None:
        """Remember for which parts contents may be fetched; those not `taken` now wait until they are."""
        rows = [asdict(part) | {"ended_at": None if part in taken else at} for part in parts]
        if rows:
            insert = postgresql.insert(GrantPartRow).values(rows)
            newer = {"category": insert.excluded.category, "ended_at": insert.excluded.ended_at}
            keys = ["operation_id", "ref", "party", "inspection_id"]
            await self._transaction.execute(insert.on_conflict_do_update(index_elements=keys, set_=newer))

    async def end_parts(self, operation: KnownOperation, at: datetime) -> None:
        """Who takes no part any more may not fetch for its sake, nor anybody what is known of a site that is off."""
        parts = {"parties": sorted(operation.taking), "route": list(operation.route)}
        told = {"operation_id": operation.operation_id, "at": at}
        await self._transaction.execute(END_PARTS, told | parts)
        await self._transaction.execute(END_GRANTS, told)

    async def waiting_parts(self, operation_id: str) -> Sequence[GrantPart]:
        """Parts in an operation for which nothing may be fetched now, sorted."""
        row = GrantPartRow
        wanted = select(row).where(col(row.operation_id) == operation_id, col(row.ended_at).is_not(None))
        rows = await self._session.exec(wanted.order_by(col(row.ref), col(row.party), col(row.inspection_id)))
        return [GrantPart(**found.model_dump(exclude={"ended_at"})) for found in rows]

    async def end(self, ref: str, party: str, at: datetime) -> None:
        """The owner takes a grant back."""
        until = sa.func.least(col(GrantRow.expires_at), at)
        await self._transaction.execute(_grant_of(ref, party).values(expires_at=until))

    async def end_by(self, assessment_id: str | None, at: datetime) -> None:
        """The owner takes an assessment back: who could fetch by it cannot any more."""
        by_it = (col(GrantRow.assessment_id) == assessment_id) & (col(GrantRow.expires_at) > at)
        if assessment_id is not None:
            await self._transaction.execute(sa.update(GrantRow).where(by_it).values(expires_at=at))

    async def acknowledge(self, ref: str, party: str, at: datetime) -> bool:
        """The party has what it may fetch, and need not fetch it again; whether it ever had a grant."""
        first = sa.func.coalesce(col(GrantRow.acknowledged_at), at)
        done = await self._transaction.execute(_grant_of(ref, party).values(acknowledged_at=first))
        return done.rowcount > 0

    async def note_fetch(self, ref: str, party: str, outcome: FetchOutcome, grant: Grant | None, at: datetime) -> None:
        """Log a try to fetch, given or not, and by what right."""
        basis = BY_OWNER if owner_of(ref) == party else grant and grant.basis
        told = {"ref": ref, "party": party, "outcome": outcome, "basis": basis, "fetched_at": at}
        await self._transaction.execute(sa.insert(FetchRow), [told])

    async def _key_of(self, kept: ContentsRow) -> ContentsKeyRow:
        key = await self._session.get(ContentsKeyRow, kept.key_id)
        if key is None:
            raise ErasedError(kept.ref)
        return key

    async def _key_about(self, contents_key: str, about: str, at: datetime) -> ContentsKeyRow:
        """The data key of an operation or site, made the first time."""
        row = {"about": about, "wrapped": new_data_key(contents_key, about), "key_version": KEY_VERSION, "made_at": at}
        insert = postgresql.insert(ContentsKeyRow).values(row).on_conflict_do_nothing(index_elements=["about"])
        await self._transaction.execute(insert)
        return (await self._session.exec(select(ContentsKeyRow).where(col(ContentsKeyRow.about) == about))).one()


def _grants(rows: list[dict[str, object]]) -> tuple[postgresql.Insert, dict[str, object]]:
    insert = postgresql.insert(GrantRow).values(rows)
    return insert, {name: insert.excluded[name] for name in rows[0] if name not in ("ref", "party")}


def _grant_of(ref: str, party: str) -> sa.Update:
    return sa.update(GrantRow).where(col(GrantRow.ref) == ref, col(GrantRow.party) == party)
