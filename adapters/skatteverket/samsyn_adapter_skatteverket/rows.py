"""One row of a file, cell by cell: what cannot be read is named by its column, with a remedy, never by its contents."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from samsyn_adapter_sdk.codes import CodeTable, UnknownCodeError

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_FLAGS = {"ja": True, "nej": False}
_SEVERAL = re.compile(r"[,\s]+")


class BadCellError(ValueError):
    """A cell, or the whole row where `column` is empty, cannot be read; `remedy` tells in Swedish what to do."""

    def __init__(self, column: str, remedy: str) -> None:
        super().__init__(f"column {column or '(all)'}")
        self.column = column
        self.remedy = remedy


class Row:
    """The cells of a row by the names of the columns; an empty cell has no value."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells

    def optional(self, column: str) -> str | None:
        """The text of a cell that may be empty."""
        text = self._cells.get(column, "").strip()
        if not text.isprintable():
            raise BadCellError(column, "Cellen har tecken som inte är text: ta bort dem.")
        return text or None

    def text(self, column: str) -> str:
        """The text of a cell."""
        text = self.optional(column)
        if text is None:
            raise BadCellError(column, "Cellen är tom: fyll i den.")
        return text

    def whole(self, column: str) -> int:
        """A whole number."""
        try:
            return int(self.text(column))
        except ValueError:
            raise BadCellError(column, "Ange ett heltal.") from None

    def decimal(self, column: str) -> float | None:
        """A number with a decimal comma, if there is one."""
        text = self.optional(column)
        try:
            return None if text is None else float(text.replace(",", "."))
        except ValueError:
            raise BadCellError(column, "Ange ett tal med decimalkomma, som 57,7089.") from None

    def instant(self, column: str) -> datetime:
        """An instant; without an offset Swedish time is meant (of an hour that comes twice, the first)."""
        return _instant(column, self.text(column))

    def optional_instant(self, column: str) -> datetime | None:
        """An instant, if there is one."""
        text = self.optional(column)
        return None if text is None else _instant(column, text)

    def intervals(self, column: str) -> list[tuple[datetime, datetime]]:
        """Intervals `from/until`, separated by spaces."""
        halves = [interval.partition("/") for interval in self.several(column)]
        return [(_instant(column, opens), _instant(column, closes)) for opens, _, closes in halves]

    def several(self, column: str) -> list[str]:
        """Words separated by spaces or commas; none where the cell is empty."""
        text = self.optional(column)
        return [] if text is None else _SEVERAL.split(text)

    def flag(self, column: str) -> bool:
        """Ja or nej."""
        found = _FLAGS.get(self.text(column).lower())
        if found is None:
            raise BadCellError(column, "Skriv ja eller nej.")
        return found

    def code(self, column: str, table: CodeTable) -> Any:
        """What a code means."""
        return _meaning(column, self.text(column), table)

    def codes(self, column: str, table: CodeTable) -> list[Any]:
        """What several codes mean."""
        return [_meaning(column, code, table) for code in self.several(column)]


def _instant(column: str, text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        remedy = "Ange en tid som 2025-05-05T08:00 (svensk tid) eller med avvikelse från UTC."
        raise BadCellError(column, remedy) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=_STOCKHOLM)


def _meaning(column: str, code: str, table: CodeTable) -> Any:
    try:
        return table[code]
    except UnknownCodeError:
        remedy = "Koden finns inte i adapterns codes.json: använd en som finns där eller låt den läggas till."
        raise BadCellError(column, remedy) from None
