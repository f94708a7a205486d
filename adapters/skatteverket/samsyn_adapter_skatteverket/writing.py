"""Writing the files in the folder `ut`: a row for each thing heard, whole or not at all, and never twice."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping, Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from samsyn_adapter_sdk import RetryError

from samsyn_adapter_skatteverket.reading import Encoding

REJECTS = "avvisade"
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "forfragningar": (
        *("handelse", "insats", "namn", "pass", "polispass", "start", "slut", "kontroller"),
        *("svar_senast", "planversion"),
    ),
    "bokningar": (
        *("handelse", "insats", "namn", "lage", "planversion", "andring", "pass", "polispass", "start", "slut"),
        *("kontroller", "tider", "deltar", "polis"),
    ),
    "fynd": (
        *("handelse", "fynd", "insats", "kontroll", "lage", "avsandare", "mottagare", "omrade", "innehall"),
        *("skal", "kontakt"),
    ),
    REJECTS: ("handelse", "fil", "rad", "kolumn", "atgard"),
}
# What a spreadsheet would take for a formula; others' text is never to be run.
_FORMULA = ("=", "+", "-", "@")


class OutFolder:
    """The folder that the agency's system reads: one file a kind and day, and one of all that was refused.

    A file is replaced as a whole; a row that stands there is not written again. RetryError if the folder is away.
    """

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self._path = path
        # With a mark at the beginning, for those spreadsheets that would else take the file for Windows-1252.
        self._encoding = "utf-8-sig" if encoding == "utf-8" else encoding

    def add(self, kind: str, day: date | None, row: Mapping[str, str]) -> None:
        """Add a row to the file of a kind and a day (None: the one file of that kind), known by its first column."""
        name = f"{kind}.csv" if day is None else f"{kind}_{day.isoformat()}.csv"
        cells = [self._cell(row.get(column, "")) for column in COLUMNS[kind]]
        try:
            rows = self._rows(name) or [list(COLUMNS[kind])]
            if any(_is_same(kind, known, cells) for known in rows):
                return
            self._replace(name, [*rows, cells])
        except OSError as error:
            raise RetryError(f"the folder ut: {type(error).__name__}") from error

    def _rows(self, name: str) -> list[list[str]]:
        path = self._path / name
        if not path.exists():
            return []
        with path.open(encoding=self._encoding, newline="") as file:
            return list(csv.reader(file, delimiter=";"))

    def _replace(self, name: str, rows: Sequence[Sequence[str]]) -> None:
        text = StringIO()
        csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
        unfinished = self._path / f".{name}.tmp"
        with unfinished.open("wb") as file:
            file.write(text.getvalue().encode(self._encoding))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self._path / name)

    def _cell(self, text: str) -> str:
        """A cell's text on one line, in letters that the encoding has, and never a formula."""
        line = " ".join(text.split()).encode(self._encoding, "replace").decode(self._encoding)
        return f"'{line}" if line.startswith(_FORMULA) else line


def _is_same(kind: str, known: Sequence[str], cells: Sequence[str]) -> bool:
    return list(known) == cells if kind == REJECTS else known[:1] == cells[:1]
