"""Reads what a batch needs, keeps and says what follows, and writes everything that changed at its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_chassis.telemetry import span
from samsyn_contracts.bus import INSPECTION
from samsyn_contracts.carrying_out import EvaluationSubmitted
from samsyn_contracts.envelope import Envelope, Environment, derived_id, service_source
from samsyn_contracts.site_information import SiteInformationProvided
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from samsyn_inspection.domain.counting import CountingRule
from samsyn_inspection.domain.learning import told_lessons
from samsyn_inspection.domain.periods import LESSONS_FOR
from samsyn_inspection.domain.preparation import NOT_PREPARED, Answers, Wanted
from samsyn_inspection.domain.preparing import Prepared
from samsyn_inspection.domain.record import ENDED, Record, news
from samsyn_inspection.domain.restoring import Restored, own_key
from samsyn_inspection.domain.sayings import Saying
from samsyn_inspection.rows import (
    changed_rows,
    heard_of,
    heard_rows,
    held_of,
    held_row,
    operation_rows,
    plans_of,
    preparation_of,
)
from samsyn_inspection.tables import (
    CentreTimeRow,
    HeardRow,
    HeldRow,
    LessonRow,
    OperationRow,
    RestoredRow,
    SiteAnswerRow,
)

Key = tuple[str, str]  # operation and centre


async def last_restore(session: AsyncSession) -> Restored | None:
    """The last restore of the database from a backup, None where there was none."""
    row = (await session.exec(select(RestoredRow).order_by(col(RestoredRow.at).desc()).limit(1))).first()
    return None if row is None else Restored(row.at, row.versions_from)


class Store:
    """The operations and times that one batch touches."""

    def __init__(self, transaction: Transaction, environment: Environment, rules: Sequence[CountingRule]) -> None:
        self._transaction, self._session = transaction, transaction.session
        self._environment, self._rules = environment, rules
        self._records: dict[Key, Record] = {}
        self._read: dict[Key, Record] = {}
        self._times: dict[str, datetime | None] = {}
        self._changed_times: set[str] = set()
        self._restored: Restored | None = None

    async def record(self, operation_id: str, centre: str) -> Record:
        """What is known of an operation; an empty record where nothing is."""
        await self._load([operation_id], centre)
        return replace(self._records[operation_id, centre], until=await self.time_of(centre))

    async def records(self, operation_ids: Sequence[str], centre: str) -> list[Record]:
        """What is known of several operations."""
        await self._load(operation_ids, centre)
        return [self._records[operation_id, centre] for operation_id in operation_ids]

    async def touched(self, centre: str, until: datetime) -> Sequence[Record]:
        """The centre's operations that the passing of time may change: begun and not over, or with something held."""
        going_on = select(OperationRow.operation_id).where(
            OperationRow.centre == centre, OperationRow.start_at <= until, col(OperationRow.life).not_in(ENDED)
        )
        holding = select(HeardRow.operation_id).where(HeardRow.centre == centre, col(HeardRow.is_held)).distinct()
        found = [*(await self._session.exec(going_on)).all(), *(await self._session.exec(holding)).all()]
        await self._load(found, centre)
        return [r for (_, its), r in sorted(self._records.items()) if its == centre and r.is_touched_by(until)]

    async def to_be_briefed(self, centre: str, until: datetime) -> Sequence[Record]:
        """The centre's operations whose briefing falls due by then."""
        due = select(OperationRow.operation_id).where(OperationRow.centre == centre, col(OperationRow.look_at) <= until)
        await self._load((await self._session.exec(due)).all(), centre)
        looked_at = [(r.preparation.look_at, r) for (_, its), r in sorted(self._records.items()) if its == centre]
        return [record for at, record in looked_at if at is not None and at <= until]

    async def answers(self, record: Record) -> Answers:
        """What is known of the sites of an operation that takes place."""
        if not record.takes_place:
            return {}
        asked = select(SiteAnswerRow).where(
            SiteAnswerRow.centre == record.centre, col(SiteAnswerRow.inspection_id).in_(record.plans[-1].route)
        )
        rows = (await self._session.exec(asked)).all()
        return {
            Wanted(row.agency, row.inspection_id, row.section): SiteInformationProvided.model_validate(row.body)
            for row in rows
        }

    async def lessons(self, record: Record, at: datetime) -> Sequence[str]:
        """What was learnt lately at the centre of an operation that takes place, as far as its briefing may tell."""
        if not record.takes_place:
            return ()
        lately = LessonRow.centre == record.centre, LessonRow.at > at - LESSONS_FOR
        return told_lessons((await self._session.exec(select(LessonRow.agency, LessonRow.codes).where(*lately))).all())

    async def time_of(self, centre: str) -> datetime | None:
        """Up to when everything has happened at the centre; None before its first tick."""
        if centre not in self._times:
            row = await self._session.get(CentreTimeRow, centre)
            self._times[centre] = row.until if row is not None else None
        return self._times[centre]

    def keep(self, record: Record) -> None:
        """Keep what is now known of an operation, and say what follows from it."""
        key = record.operation_id, record.centre
        for saying in news(self._records[key], record, self._rules):
            self._say(saying, record.centre)
        self._records[key] = record

    def keep_prepared(self, prepared: Prepared) -> None:
        """Keep what is asked and told before an operation's day, and say what of it is new."""
        record = prepared.record
        for saying in prepared.sayings:
            self._say(saying, record.centre)
        self._records[record.operation_id, record.centre] = record

    async def keep_answer(self, provided: SiteInformationProvided, centre: str) -> None:
        """Keep what an agency has answered about a site, unless a newer answer of its own is known."""
        row = {
            "centre": centre,
            "inspection_id": provided.inspection_id,
            "section": provided.section,
            "agency": provided.agency,
            "as_of": provided.as_of,
            "body": provided.model_dump(mode="json", exclude_none=True),
        }
        statement = postgresql.insert(SiteAnswerRow).values([row])
        newer = {"as_of": statement.excluded.as_of, "body": statement.excluded.body}
        key = [column.name for column in sa.inspect(SiteAnswerRow).primary_key]
        is_newer = col(SiteAnswerRow.as_of) <= statement.excluded.as_of
        await self._session.exec(statement.on_conflict_do_update(index_elements=key, set_=newer, where=is_newer))

    async def keep_lessons(self, evaluated: EvaluationSubmitted, envelope: Envelope) -> None:
        """Keep what an agency says is to be learnt from an operation: the newest of it alone."""
        row = {
            "centre": envelope.centre,
            "operation_id": evaluated.operation_id,
            "agency": evaluated.agency,
            "at": envelope.time,
            "codes": list(evaluated.lesson_codes),
        }
        await self._upsert(LessonRow, [row])

    def keep_time(self, centre: str, until: datetime) -> None:
        """Keep the centre's time."""
        self._times[centre] = until
        self._changed_times.add(centre)

    async def save(self) -> None:
        """Write everything that changed."""
        pairs = [(self._read[key], record) for key, record in sorted(self._records.items())]
        await self._upsert(
            OperationRow, [r for b, a in pairs for r in changed_rows(operation_rows(b), operation_rows(a))]
        )
        await self._upsert(HeardRow, [r for b, a in pairs for r in changed_rows(heard_rows(b), heard_rows(a))])
        await self._save_held([(before, after) for before, after in pairs if before.held != after.held])
        times = [{"centre": centre, "until": self._times[centre]} for centre in sorted(self._changed_times)]
        await self._upsert(CentreTimeRow, times)

    async def _save_held(self, pairs: Iterable[tuple[Record, Record]]) -> None:
        rows = {after.operation_id: held_row(after) for _, after in pairs}
        await self._upsert(HeldRow, [row for row in rows.values() if row is not None])
        if empty := [operation_id for operation_id, row in rows.items() if row is None]:
            await self._session.exec(sa.delete(HeldRow).where(col(HeldRow.operation_id).in_(empty)))

    async def _load(self, operation_ids: Iterable[str], centre: str) -> None:
        """Read operations not read yet, a statement per table; an operation of another centre is unknown at this."""
        missing = sorted({one for one in operation_ids if (one, centre) not in self._records})
        if not missing:
            return
        self._restored = await last_restore(self._session)
        beyond = 0 if self._restored is None else self._restored.versions_from
        rows = {row.operation_id: row for row in await self._rows(OperationRow, missing, centre)}
        plans = {one: plans_of(row) for one, row in rows.items()}
        preparations = {one: preparation_of(row) for one, row in rows.items()}
        held = {row.operation_id: held_of(row) for row in await self._rows(HeldRow, missing, centre)}
        heard: defaultdict[str, list[HeardRow]] = defaultdict(list)
        for row in await self._rows(HeardRow, missing, centre):
            heard[row.operation_id].append(row)
        until = await self.time_of(centre)
        for one in missing:
            known = Record(one, centre, plans.get(one, ()), held.get(one, ()), heard_of(heard[one]), until)
            known = replace(known, preparation=preparations.get(one, NOT_PREPARED), versions_from=beyond)
            self._records[one, centre] = self._read[one, centre] = known

    async def _rows(self, table: Any, operation_ids: Sequence[str], centre: str) -> Sequence[Any]:
        statement = select(table).where(table.operation_id.in_(operation_ids), table.centre == centre)
        return (await self._session.exec(statement)).all()

    async def _upsert(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            await self._transaction.execute(_upsert(table, tuple(rows[0])), rows)

    def _say(self, saying: Saying, centre: str) -> None:
        """Say it on the trace of the statement that caused it, which may have waited for another's message."""
        name, cause = type(saying.message).__name__, saying.cause
        envelope = Envelope.model_validate(
            {
                "id": derived_id("inspection", name, own_key(self._restored, saying.key)),
                "source": service_source("inspection"),
                "type": saying.message.type_name(),
                "subject": saying.message.subject,
                "time": saying.at,
                "centre": centre,
                "environment": self._environment,
                "correlationid": cause.correlationid or cause.id,
                "causationid": cause.id,
                "traceparent": cause.traceparent,
            }
        )
        with span(f"say {name}", cause.traceparent, id=envelope.id, centre=centre):
            self._transaction.say(INSPECTION, centre, envelope, saying.message)


@cache
def _upsert(table: type[SQLModel], names: tuple[str, ...]) -> sa.Executable:
    """A statement without rows in it, made once: its text is the same for one row and for hundreds."""
    key = [column.name for column in sa.inspect(table).primary_key]
    statement = postgresql.insert(table)
    newer = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=key, set_=newer)
