"""Which row keeps which value; values are read and written many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any, TypeVar

import sqlalchemy as sa
from samsyn_chassis.database import Transaction
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col

from samsyn_planning.domain.backups import Backup
from samsyn_planning.domain.compromise import Compromise
from samsyn_planning.domain.facts import (
    Capacity,
    Centre,
    Consent,
    Disturbance,
    Operation,
    Participation,
    Pin,
    Proposal,
    Value,
    Wanted,
    Wheel,
)
from samsyn_planning.domain.former import Version
from samsyn_planning.domain.officers import OfficerSlot
from samsyn_planning.domain.what_if import WhatIf
from samsyn_planning.tables import (
    BackupRow,
    CapacityRow,
    CentreRow,
    CompromiseRow,
    ConsentRow,
    DisturbanceRow,
    OfficerSlotRow,
    OperationRow,
    ParticipationRow,
    PinRow,
    PlanVersionRow,
    ProposalRow,
    WantedRow,
    WhatIfRow,
    WheelRow,
)

TABLES: dict[type[Value], type[SQLModel]] = {
    Centre: CentreRow,
    Capacity: CapacityRow,
    Wanted: WantedRow,
    Operation: OperationRow,
    Participation: ParticipationRow,
    Consent: ConsentRow,
    Proposal: ProposalRow,
    Backup: BackupRow,
    Pin: PinRow,
    Compromise: CompromiseRow,
    Wheel: WheelRow,
    Disturbance: DisturbanceRow,
    OfficerSlot: OfficerSlotRow,
    WhatIf: WhatIfRow,
}
_SEARCHED: dict[type[Value], tuple[str, ...]] = {
    Centre: ("facts_version", "planned_version"),
    Capacity: ("id", "centre", "team"),
    Wanted: ("id", "centre", "is_done"),
    Operation: ("id", "centre", "status", "end_at", "code_name"),
    Participation: ("operation_id", "capacity_id", "centre", "status", "reply_by"),
    Consent: ("id", "centre"),
    Proposal: ("id", "centre", "status"),
    Backup: ("id", "centre", "session_id", "status", "facts_version", "plan_version", "valid_until"),
    Pin: ("id", "centre", "is_pinned"),
    Compromise: ("id", "centre", "is_held"),
    Wheel: ("id", "centre", "due_at"),
    Disturbance: ("id", "centre", "at"),
    OfficerSlot: ("id", "centre"),
    WhatIf: ("id", "centre", "status", "asked_at"),
}
WITH_OWN_ID = (
    Capacity,
    Wanted,
    Operation,
    Consent,
    Proposal,
    Backup,
    Pin,
    Compromise,
    Wheel,
    Disturbance,
    OfficerSlot,
    WhatIf,
)
# What a centre has many of, without whole plans in it. A snapshot reads all of them again, twice for each plan.
SMALL = (Capacity, Wanted, Operation, Participation, Consent, Pin, Wheel, OfficerSlot)
NUM_REMEMBERED = 4096
V = TypeVar("V", bound=Value)
Key = tuple[str, ...]


class _RowType(sa.types.UserDefinedType[object]):
    """The type of a table's rows."""

    cache_ok = True

    def __init__(self, table: str) -> None:
        self.table = table

    def get_col_spec(self, **_more: object) -> str:
        return self.table


class Values:
    """The values of one transaction: each is read at most once, and what changed is written in one go.

    Values that belong together are read together: capacities of a team, the parts in an operation, and the operations
    of a centre that are scheduled.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._known: dict[tuple[type[Value], Key], Value | None] = {}
        self._changed: dict[tuple[type[Value], Key], Value] = {}
        self._groups: dict[tuple[type[Value], str], set[Key]] = {}

    async def read(self, kind: type[V], keys: Iterable[Key]) -> None:
        """Read those that are not known yet, in one statement."""
        missing = {key for key in keys if (kind, key) not in self._known}
        if not missing:
            return
        for key in missing:
            self._known[kind, key] = None
        columns = zip(_keys(TABLES[kind]), zip(*missing, strict=True), strict=True)
        asked = {name: list(values) for name, values in columns}
        for row in await self._transaction.execute(_by_keys(kind), asked):
            value = value_of(kind, row[0])
            self._known[kind, key_of(value)] = value

    async def get(self, kind: type[V], key: Key) -> V | None:
        """One value."""
        await self.read(kind, [key])
        return self.known(kind, key)

    def known(self, kind: type[V], key: Key) -> V | None:
        """One value if it has been read or kept; asks no database."""
        value = self._known.get((kind, key))
        return value if isinstance(value, kind) else None

    async def read_groups(self, kind: type[V], names: Iterable[str], but: sa.ColumnElement[bool] | None = None) -> None:
        """Read all that belongs to these groups, in one statement; `but` leaves out what nobody will ask for."""
        missing = {name for name in names if (kind, name) not in self._groups}
        if not missing:
            return
        self._groups |= {(kind, name): set() for name in missing}
        wanted = _in_groups(kind, missing)
        for value in await self._found(kind, wanted if but is None else sa.and_(wanted, sa.not_(but))):
            self._known.setdefault((kind, key_of(value)), value)
        for (of, _), known in self._known.items():
            if of is kind and known is not None:
                self._note_group(known)

    async def group(self, kind: type[V], name: str) -> list[V]:
        """All that belongs to a group as things stand now, sorted by key."""
        await self.read_groups(kind, [name])
        members = (self.known(kind, key) for key in sorted(self._groups[kind, name]))
        return [value for value in members if value is not None and _group_of(value) == name]

    def keep(self, value: Value) -> None:
        """Note a value to be written."""
        key = (type(value), key_of(value))
        self._known[key] = self._changed[key] = value
        self._note_group(value)

    async def write(self) -> set[type[Value]]:
        """Write every changed value, one statement per table; the kinds that had any."""
        rows: defaultdict[type[Value], list[dict[str, Any]]] = defaultdict(list)
        for (kind, _), value in self._changed.items():
            rows[kind].append(row_of(value))
        for kind in TABLES:  # always in the same order, or two transactions could wait for each other
            if kind in rows:
                await self._transaction.execute(_upsert(TABLES[kind]), {"rows": rows[kind]})
        self._changed.clear()
        return set(rows)

    async def _found(self, kind: type[V], condition: sa.ColumnElement[bool]) -> list[V]:
        found = await self._transaction.execute(sa.select(text_of(kind)).where(condition))
        return [value_of(kind, row[0]) for row in found]

    def _note_group(self, value: Value) -> None:
        group = self._groups.get((type(value), _group_of(value)))
        if group is not None:
            group.add(key_of(value))


def key_of(value: Value) -> tuple[str, ...]:
    """The primary key of a value."""
    if isinstance(value, Participation):
        return (value.operation_id, value.capacity_id)
    if isinstance(value, Centre):
        return (value.code,)
    if isinstance(value, WITH_OWN_ID):
        return (value.id,)
    raise TypeError(type(value).__name__)


def text_of(kind: type[Value]) -> sa.ColumnElement[str]:
    """The column of a kind's values as text: to be read by `value_of`, which needs no JSON made into dicts first."""
    return sa.cast(_table(TABLES[kind]).c["value"], sa.Text)


def value_of(kind: type[V], text: str) -> V:
    """The value that a text says; raises ValidationError. What is read again and again is validated once."""
    return _remembered(kind, text) if issubclass(kind, SMALL) else kind.model_validate_json(text)


@lru_cache(maxsize=NUM_REMEMBERED)
def _remembered(kind: type[V], text: str) -> V:
    return kind.model_validate_json(text)


def row_of(value: Value) -> dict[str, Any]:
    """The columns of a value's row, as JSON."""
    dumped = value.model_dump(mode="json")
    row = {name: dumped[name] for name in _SEARCHED[type(value)]}
    if isinstance(value, Centre):
        row["id"] = value.code
    if isinstance(value, Capacity):
        row["end_at"] = dumped["offer"]["end_at"]
    return {**row, "value": dumped}


def version_of(row: PlanVersionRow) -> Version:
    """What is kept of a published plan, as far as taking it back needs."""
    return Version.model_validate(
        {
            "number": row.version,
            "causes": row.causes,
            "before": row.before,
            "holds": frozenset(operation["id"] for operation in row.plan["operations"]),
        }
    )


def _group_of(value: Value) -> str:
    if isinstance(value, Capacity):
        return value.team
    if isinstance(value, Participation):
        return value.operation_id
    return value.centre if isinstance(value, Operation) and value.status == "scheduled" else ""


def _in_groups(kind: type[Value], names: Iterable[str]) -> sa.ColumnElement[bool]:
    if kind is Capacity:
        return col(CapacityRow.team).in_(names)
    if kind is Participation:
        return col(ParticipationRow.operation_id).in_(names)
    if kind is Operation:
        return sa.and_(col(OperationRow.centre).in_(names), col(OperationRow.status) == "scheduled")
    raise TypeError(kind.__name__)


def _table(row: type[SQLModel]) -> sa.Table:
    table = sa.inspect(row).local_table
    if not isinstance(table, sa.Table):
        raise TypeError(f"{row.__name__} is no table")
    return table


def _keys(table: type[SQLModel]) -> list[str]:
    return [column.name for column in _table(table).primary_key]


@cache
def _by_keys(kind: type[Value]) -> sa.Executable:
    """A statement whose text is the same for one key and for hundreds; its parameters are arrays, one per column."""
    columns = [_table(TABLES[kind]).c[name] for name in _keys(TABLES[kind])]
    given = [sa.bindparam(column.name, type_=sa.ARRAY(sa.Text)) for column in columns]
    if len(columns) == 1:
        return sa.select(text_of(kind)).where(columns[0] == sa.any_(given[0]))
    asked = sa.func.unnest(*given).table_valued(*(column.name for column in columns), name="asked").render_derived()
    return sa.select(text_of(kind)).join(asked, sa.and_(*(column == asked.c[column.name] for column in columns)))


@cache
def _upsert(table: type[SQLModel]) -> sa.Executable:
    """A statement whose text is the same for one row and for hundreds, so that it is compiled once."""
    columns = _table(table)
    given = sa.bindparam("rows", type_=postgresql.JSONB)
    read = sa.func.jsonb_populate_recordset(sa.cast(sa.null(), _RowType(columns.name)), given)
    rows = read.table_valued(*(sa.column(column.name, column.type) for column in columns.c))
    statement = postgresql.insert(columns).from_select([column.name for column in columns.c], sa.select(rows))
    update = {c.name: statement.excluded[c.name] for c in columns.c if c.name not in _keys(table)}
    return statement.on_conflict_do_update(index_elements=_keys(table), set_=update)
