"""Keeps what was refused: where it stood, why, and every byte of it, sealed to a key that no service has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa
from samsyn_chassis.database import MAX_BODY_BYTES, Transaction
from samsyn_chassis.dead_letters import Original, digest_of, sealed_original, size_of
from samsyn_chassis.reading import is_stand_in
from samsyn_contracts.envelope import Event
from sqlalchemy.dialects import postgresql
from sqlmodel import col

from samsyn_exchange.domain.admission import Refused, Said
from samsyn_exchange.tables import RefusedRow

ROWS_AT_A_TIME = 100  # each may be a megabyte
NOT_READ = sa.func.substr(col(RefusedRow.sealed), 1, 0).label("sealed")
WITHOUT_ORIGINALS = sa.select(
    *(NOT_READ if column.name == "sealed" else column for column in sa.inspect(RefusedRow).columns)
).order_by(col(RefusedRow.number))
ONCE = postgresql.insert(RefusedRow).on_conflict_do_nothing(index_elements=["answer_id"])
OPENED = sa.text("update refused set opened = opened || cast(:entry as jsonb) where number = :number")


async def keep_refused(
    transaction: Transaction,
    refused: Iterable[tuple[Said, Refused, Event]],
    sealed_to: str | None,
    at: datetime,
) -> None:
    """Keep refused records beside the answers to them; one that is answered as before is kept as before."""
    rows = [_row(*one, sealed_to, at) for one in refused]
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        await transaction.execute(ONCE, rows[start : start + ROWS_AT_A_TIME])


async def all_refused(transaction: Transaction) -> Sequence[RefusedRow]:
    """Everything that was refused, the oldest first; what a row seals, up to a megabyte, is left empty."""
    found = await transaction.execute(WITHOUT_ORIGINALS)
    return [RefusedRow(**row) for row in found.mappings()]


async def one_refused(transaction: Transaction, number: int) -> RefusedRow | None:
    """What was refused, by its number."""
    return await transaction.session.get(RefusedRow, number)


async def note_opened(transaction: Transaction, number: int, reason: str, by: str) -> None:
    """Keep that somebody has read what a row seals, and why."""
    entry = json.dumps([{"by": by, "reason": reason, "at": datetime.now(UTC).isoformat()}])
    await transaction.execute(OPENED, {"number": number, "entry": entry})


def _row(said: Said, refused: Refused, answer: Event, sealed_to: str | None, at: datetime) -> dict[str, object]:
    original = Original(said.topic, said.partition, said.offset, said.key, said.body, said.headers)
    is_kept = size_of(original) <= MAX_BODY_BYTES and not is_stand_in(original)
    return {
        "answer_id": answer.envelope.id,
        "party": said.party,
        "topic": said.topic,
        "partition": said.partition,
        "record_offset": said.offset,
        "rejected_id": refused.rejected_id,
        "rejected_type": refused.rejected_type,
        "centre": refused.centre,
        "reasons": [{"code": reason.code, "pointer": reason.pointer} for reason in refused.reasons],
        "size": size_of(original),
        "sha256": digest_of(said.body),
        "sealed": sealed_original(original, sealed_to) if sealed_to is not None and is_kept else None,
        "refused_at": at,
    }
