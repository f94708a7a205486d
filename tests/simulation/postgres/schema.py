"""The tables of a service, as its own migrations make them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import samsyn_chassis
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.simulation.postgres.expressions import made_of

POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]
CHASSIS = Path(samsyn_chassis.__file__).parent / "migrations" / "versions"


@dataclass
class Shape:
    """A table's columns with their SQL types, its keys (the primary one first), and what the database fills in."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    keys: list[tuple[str, ...]] = field(default_factory=list)
    numbered: str | None = None
    defaults: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)

    @cached_property
    def makers(self) -> list[tuple[str, Callable[[Any], Any]]]:
        """The columns whose values are made what their type holds, with what makes them so."""
        made = ((name, made_of(kind)) for name, kind in self.columns.items())
        return [(name, make) for name, make in made if make is not None]

    def row(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """A whole row of the columns' types; null where nothing is told."""
        row = {name: told.get(name) for name in self.columns}
        for name, make in self.makers:
            if row[name] is not None:
                row[name] = make(row[name])
        return row


def shapes_of(*folders: Path) -> dict[str, Shape]:
    """The tables that the chassis' migrations and those in the folders leave behind."""
    recorder = _Recorder()
    for folder in (CHASSIS, *folders):
        for file in sorted(folder.glob("*_0*.py" if folder == CHASSIS else "*0*.py")):
            _run(file, recorder)
    return recorder.shapes


def _run(file: Path, recorder: _Recorder) -> None:
    spec = importlib.util.spec_from_file_location(f"simulated_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    vars(module)["op"] = recorder
    module.upgrade()


class _Nothing:
    """The rows of a new database: none."""

    def execute(self, *_: object) -> _Nothing:
        return self

    def all(self) -> Sequence[object]:
        return ()


class _Recorder:
    """Alembic's operations, as far as the migrations use them: anything else fails by its name."""

    def __init__(self) -> None:
        self.shapes: dict[str, Shape] = {}

    def create_table(self, name: str, *items: sa.Column[Any] | sa.UniqueConstraint | sa.CheckConstraint) -> None:
        columns = [item for item in items if isinstance(item, sa.Column)]
        shape = self.shapes[name] = Shape(name)
        shape.keys.append(tuple(column.name for column in columns if column.primary_key))
        for column in columns:
            _add(shape, column)
        for item in items:
            if isinstance(item, sa.UniqueConstraint):
                shape.keys.append(tuple(str(column) for column in item._pending_colargs))

    def add_column(self, table: str, column: sa.Column[Any]) -> None:
        _add(self.shapes[table], column)

    def drop_column(self, table: str, column: str) -> None:
        del self.shapes[table].columns[column]
        self.shapes[table].required.discard(column)

    def alter_column(self, table: str, column: str, **changes: Any) -> None:
        shape = self.shapes[table]
        for what, value in changes.items():
            if what == "nullable":
                (shape.required.discard if value else shape.required.add)(column)
            elif what == "server_default" and value is None:
                shape.defaults.pop(column, None)
            else:
                raise NotImplementedError(f"{table}.{column}: {what}")

    def drop_table(self, table: str) -> None:
        del self.shapes[table]

    def rename_table(self, old: str, new: str) -> None:
        shape = self.shapes[new] = self.shapes.pop(old)
        shape.name = new

    def create_index(self, _: str, table: str, columns: Iterable[Any], *, unique: bool = False, **__: Any) -> None:
        if unique:
            self.shapes[table].keys.append(tuple(str(column) for column in columns))

    def drop_index(self, *_: object, **__: object) -> None:
        """An index that is not unique is nothing but speed."""

    def execute(self, *_: object) -> None:
        """What migrations do to rows: there are none yet."""

    def get_bind(self) -> _Nothing:
        return _Nothing()


def _add(shape: Shape, column: sa.Column[Any]) -> None:
    name = column.name
    shape.columns[name] = str(column.type.compile(POSTGRESQL)).lower()
    if column.unique:
        shape.keys.append((name,))
    if column.identity is not None or (column.primary_key and column.autoincrement is True):
        shape.numbered = name
    elif column.server_default is not None:
        shape.defaults[name] = _default(column.server_default)
    if not column.nullable and name != shape.numbered:
        shape.required.add(name)


def _default(told: Any) -> Any:
    text = str(getattr(told.arg, "text", told.arg)).strip("'")
    return {"false": False, "true": True}.get(text.lower(), int(text) if text.isdigit() else text)
