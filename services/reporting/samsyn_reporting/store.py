"""Keeps what one batch told, reads the facts that a ledger is made of, and says what follows when a day has ended."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from samsyn_contracts.bus import REPORTING
from samsyn_contracts.envelope import Envelope, Environment, derived_id, service_source
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel

from samsyn_reporting.domain.accounts import Fact, accounts_of
from samsyn_reporting.domain.acknowledgements import Acknowledgement
from samsyn_reporting.domain.carried_out import BreakOff, Ending, HandIn, Start
from samsyn_reporting.domain.evaluations import Evaluation
from samsyn_reporting.domain.findings import Disclosure, Finding
from samsyn_reporting.domain.hours import Offer
from samsyn_reporting.domain.ledger import Known, Period, hits_of, known_from
from samsyn_reporting.domain.losses import Loss, TakenBack
from samsyn_reporting.domain.targets import (
    News,
    SaidSoFar,
    Standing,
    Target,
    key_of,
    last_whole_day,
    standing_of,
    year_of,
    years_of,
)
from samsyn_reporting.domain.told import Told
from samsyn_reporting.domain.units import Proposal
from samsyn_reporting.tables import (
    AcknowledgementRow,
    BreakOffRow,
    DisclosureRow,
    EndingRow,
    EvaluationRow,
    FactRow,
    FindingRow,
    HandInRow,
    HeardRow,
    LossRow,
    OfferRow,
    ProposalRow,
    RestoredRow,
    SaidRow,
    StartRow,
    TakenBackRow,
    TargetRow,
    ToldRow,
)

TABLES: Mapping[type[Told], type[ToldRow]] = {
    Fact: FactRow,
    Loss: LossRow,
    TakenBack: TakenBackRow,
    Offer: OfferRow,
    Proposal: ProposalRow,
    Acknowledgement: AcknowledgementRow,
    Start: StartRow,
    HandIn: HandInRow,
    BreakOff: BreakOffRow,
    Ending: EndingRow,
    Finding: FindingRow,
    Disclosure: DisclosureRow,
    Evaluation: EvaluationRow,
    Target: TargetRow,
}
# Made once, with no rows in them: the text is the same for one row and for thousands.
INSERTS = {kind: postgresql.insert(table).on_conflict_do_nothing() for kind, table in TABLES.items()}
_HEARD = postgresql.insert(HeardRow)
HEARD = _HEARD.on_conflict_do_update(
    index_elements=["centre"], set_={"until": sa.func.greatest(HeardRow.until, _HEARD.excluded.until)}
)
T = TypeVar("T", bound=Told)
MakeStore = Callable[[Transaction], "Store"]
OF_THE_DAY: tuple[type[Told], ...] = (Acknowledgement, Start, HandIn, BreakOff, Ending, Finding, Disclosure, Evaluation)


class Store:
    """The facts that one batch told, the facts of a period, and what has been said of each centre."""

    def __init__(self, transaction: Transaction, environment: Environment) -> None:
        self._transaction, self._environment = transaction, environment
        self._told: list[Told] = []
        self._said: dict[str, SaidSoFar] = {}
        self._news: dict[str, SaidSoFar] = {}

    def keep(self, fact: Told) -> None:
        """Keep a fact."""
        self._told.append(fact)

    async def save(self) -> None:
        """Write all that was told and said; a fact that is kept already stays as it is."""
        for kind, insert in INSERTS.items():
            if rows := [fact.model_dump() for fact in self._told if type(fact) is kind]:
                await self._transaction.execute(insert, rows)
        await self._note_heard()
        self._told.clear()
        for so_far in self._news.values():
            statement = postgresql.insert(SaidRow).values(so_far.model_dump(mode="json") | {"day": so_far.day})
            newer = {name: statement.excluded[name] for name in ("day", "kpis", "at_risk", "agencies", "areas")}
            await self._transaction.execute(statement.on_conflict_do_update(index_elements=["centre"], set_=newer))
        self._news.clear()

    async def look_at_one_instant(self) -> None:
        """Let everything that is read from here on be of one instant; the first thing of a transaction."""
        await self._transaction.execute(sa.text("set transaction isolation level repeatable read, read only"))

    async def centres(self) -> frozenset[str]:
        """Every centre that anything was heard of."""
        return frozenset(await self._transaction.session.scalars(sa.select(_of(HeardRow).c.centre)))

    async def known(self, period: Period) -> Known:
        """All facts that the ledger of a period hangs on."""
        fact, loss, mistake = _of(FactRow), _of(LossRow), _of(TakenBackRow)
        facts = await self._facts_of(period)
        accounts = accounts_of(facts)
        causes = {entry.cause_event_id for account in accounts.values() for entry in account.entries}
        losses = await self._read(Loss, loss.c.event_id == _any(causes))
        hit = hits_of(accounts, losses).keys()
        entries = [entry for account in accounts.values() for entry in account.entries]
        hit_ids = {id_ for e in entries if (e.operation_id, e.cause_event_id) in hit for id_ in e.inspection_ids}
        # Where inspections that were hit may have found another place: operations of any time.
        others = sa.select(fact.c.operation_id).where(fact.c.inspection_ids.has_any(_array(hit_ids)))
        facts += await self._read(Fact, fact.c.operation_id.in_(others))
        told: list[Told] = [*facts, *losses, *await self._read(TakenBack, mistake.c.cancelled_event_id == _any(causes))]
        told += await self._things_of(facts, period)
        for kind in OF_THE_DAY:
            told += await self._read(kind, _of(TABLES[kind]).c.operation_id == _any(accounts.keys()))
        return known_from(told, await self._heard_until())

    async def said_so_far(self, centre: str) -> SaidSoFar:
        """What has been said of a centre."""
        if centre not in self._said:
            said = _of(SaidRow)
            row = (await self._transaction.execute(sa.select(said).where(said.c.centre == centre))).mappings().first()
            self._said[centre] = SaidSoFar(centre=centre) if row is None else SaidSoFar.model_validate(dict(row))
        return self._said[centre]

    async def standing(self, centre: str, day: date) -> Standing:
        """Where a centre stands when a day has ended, by all that has been heard, in this batch too."""
        await self.save()
        target, evaluation, ending = _of(TargetRow), _of(EvaluationRow), _of(EndingRow)
        told: list[Told] = [*await self._read(Target, (target.c.centre == centre) & (target.c.year == day.year))]
        if told:  # without a target there is nothing to say, and nothing to count
            facts = await self._facts_of(years_of(centre, day))
            operation_ids = _any({fact.operation_id for fact in facts})
            told += facts
            told += await self._read(Ending, ending.c.operation_id == operation_ids)
            told += await self._read(Evaluation, evaluation.c.operation_id == operation_ids)
            told += await self._proposals_of(facts, year_of(centre, day))
        return standing_of(known_from(told), centre, day)

    async def standings(self, centres: Collection[str], year: int) -> list[Standing]:
        """Where centres stand in a year, each on the last day of it that it was heard to the end of."""
        heard = await self._heard_until()
        days = {code: min(last_whole_day(heard[code]), date(year, 12, 31)) for code in sorted(centres) if code in heard}
        return [await self.standing(code, day) for code, day in days.items() if day.year == year]

    async def say(self, news: News, cause: Envelope) -> None:
        """Say what is news, at the time that has passed, and keep that it was said: both or neither."""
        restored_at = await self._restored_at() if news.messages else None
        for message in news.messages:
            envelope = Envelope.model_validate(
                {
                    "id": derived_id("reporting", *key_of(message, news.so_far, restored_at)),
                    "source": service_source("reporting"),
                    "type": message.type_name(),
                    "subject": message.subject,
                    "time": cause.time,
                    "centre": cause.centre,
                    "environment": self._environment,
                    "correlationid": cause.correlationid or cause.id,
                    "causationid": cause.id,
                    "purpose": "report",
                }
            )
            self._transaction.say(REPORTING, cause.centre, envelope, message)
        self._said[news.so_far.centre] = self._news[news.so_far.centre] = news.so_far

    async def _facts_of(self, period: Period) -> list[Fact]:
        """Every fact of the operations that are, or once were, planned to start in the period."""
        fact = _of(FactRow)
        starts = [
            (column >= period.from_at) & (column < period.until_at)
            for column in (fact.c.start_at, fact.c.from_start_at)
        ]
        inside = sa.select(fact.c.operation_id).where(fact.c.centre == _any(period.centres), sa.or_(*starts))
        return await self._read(Fact, fact.c.operation_id.in_(inside))

    async def _things_of(self, facts: Iterable[Fact], period: Period) -> list[Told]:
        """What is known of the capacities and inspections that facts name, and what was proposed in the period."""
        listed = list(facts)
        capacity_ids = {part.capacity_id for fact in listed for part in fact.parts}
        offers = await self._read(Offer, _of(OfferRow).c.capacity_id == _any(capacity_ids))
        return [*offers, *await self._proposals_of(listed, period)]

    async def _proposals_of(self, facts: Iterable[Fact], period: Period) -> list[Proposal]:
        """What was proposed of the inspections that facts name, and in the period."""
        proposal, inspection_ids = _of(ProposalRow), {id_ for fact in facts for id_ in fact.inspection_ids}
        is_inside = (proposal.c.said_at >= period.from_at) & (proposal.c.said_at < period.until_at)
        is_wanted = (proposal.c.centre == _any(period.centres)) & is_inside
        return await self._read(Proposal, sa.or_(proposal.c.inspection_id == _any(inspection_ids), is_wanted))

    async def _restored_at(self) -> datetime | None:
        """When the database was last restored from a backup, None where it never was."""
        at: datetime | None = (await self._transaction.execute(sa.select(sa.func.max(_of(RestoredRow).c.at)))).scalar()
        return at

    async def _heard_until(self) -> Mapping[str, datetime]:
        heard = _of(HeardRow)
        rows = await self._transaction.execute(sa.select(heard.c.centre, heard.c.until))
        return {row.centre: row.until for row in rows}

    async def _read(self, kind: type[T], condition: sa.ColumnElement[bool]) -> list[T]:
        rows = await self._transaction.execute(sa.select(_of(TABLES[kind])).where(condition))
        return [kind.model_validate(dict(row)) for row in rows.mappings()]

    async def _note_heard(self) -> None:
        until: dict[str, datetime] = {}
        for fact in self._told:
            until[fact.centre] = max(fact.said_at, until.get(fact.centre, fact.said_at))
        if until:
            await self._transaction.execute(HEARD, [{"centre": centre, "until": at} for centre, at in until.items()])


def making_stores(environment: Environment) -> MakeStore:
    """What makes the store of a batch."""
    return partial(Store, environment=environment)


def _of(table: type[SQLModel]) -> sa.Table:
    return cast(sa.Table, sa.inspect(table).local_table)


def _array(values: Collection[str]) -> sa.ColumnElement[Any]:
    return sa.cast(sorted(values), postgresql.ARRAY(sa.Text))


def _any(values: Collection[str]) -> Any:
    return sa.any_(_array(values))
