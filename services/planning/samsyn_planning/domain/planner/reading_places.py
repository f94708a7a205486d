"""Reads the places of a problem and the travel between them (M1)."""

from collections.abc import Mapping
from typing import Any

from samsyn_planning.domain.planner.errors import ProblemError
from samsyn_planning.domain.planner.fields import Fields, list_from, text_from, whole_from
from samsyn_planning.domain.planner.travel import Travel

_TABLE = frozenset({"places", "seconds"})


class Places:
    """Turns places into indices: names of the table's rows, or coordinates in the order they are met."""

    def __init__(self, problem: Fields) -> None:
        told = problem.given("travel")
        is_table = isinstance(told, Mapping) and not _TABLE.isdisjoint(told)
        self._fields = Fields(told, "/travel", sorted(_TABLE) if is_table else ("kmh", "detour", "extra_seconds"))
        self._table = self._read_table() if is_table else None
        names = list_from(self._fields.given("places"), "/travel/places") if self._table is not None else []
        self._index: dict[Any, int] = {text_from(name, f"/travel/places/{row}"): row for row, name in enumerate(names)}
        if self._table is not None and not len(self._index) == len(names) == len(self._table):
            raise ProblemError("/travel/places", "does not name each row of seconds once", "give one name a row")

    def _read_table(self) -> list[list[int]]:
        rows = list_from(self._fields.given("seconds"), "/travel/seconds")
        table = []
        for number, value in enumerate(rows):
            pointer = f"/travel/seconds/{number}"
            row = list_from(value, pointer)
            if len(row) != len(rows):
                raise ProblemError(pointer, f"has {len(row)} entries", f"give {len(rows)}: the table is square")
            table.append([whole_from(entry, f"{pointer}/{place}", 0) for place, entry in enumerate(row)])
        return table

    def index(self, value: Any, pointer: str) -> int:
        """The place's index; raises ProblemError for a name that the table lacks or a faulty point."""
        if self._table is None:
            return self._point(value, pointer)
        name = text_from(value, pointer)
        if name not in self._index:
            raise ProblemError(pointer, f"{name!r} is not in /travel/places", "name a place of the travel table")
        return self._index[name]

    def _point(self, value: Any, pointer: str) -> int:
        fields = Fields(value, pointer, ("lat", "lon"))
        point = (fields.given("lat"), fields.given("lon"))
        for key, degrees, limit in (("lat", point[0], 90), ("lon", point[1], 180)):
            if isinstance(degrees, bool) or not isinstance(degrees, int | float) or not abs(degrees) <= limit:
                raise ProblemError(fields.at(key), f"is {degrees!r}", f"give degrees from -{limit} to {limit}")
        return self._index.setdefault((float(point[0]), float(point[1])), len(self._index))

    def travel(self) -> Travel:
        """Travel between all places met so far."""
        if self._table is not None:
            return Travel(table=self._table)
        return Travel(
            points=list(self._index),
            kmh=self._fields.number("kmh", 65, 0.001),
            detour=self._fields.number("detour", 1.3, 0),
            extra_seconds=self._fields.whole("extra_seconds", 240, 0),
        )
