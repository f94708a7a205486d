"""The Tax Agency's simulated exchange of files: an office that drops rows in `in` and reads those in `ut`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from samsyn_contracts.envelope import ALL_CENTRES

from samsyn_demo.agencies.deeds import Booking, Deed, Question, Received, Visit
from samsyn_demo.agencies.diary import Entry
from samsyn_demo.agencies.office import Office
from samsyn_demo.agencies.tax_agency_rows import HEADERS, Cells, row_of

_STOCKHOLM = ZoneInfo("Europe/Stockholm")
_STATE = {"preliminär": "scheduled", "bekräftad": "confirmed", "avbokad": "released"}
_BOOKINGS, _QUESTIONS, _FINDINGS = "bokningar", "forfragningar", "fynd"


class TaxAgencyFiles:
    """The agency's side of the folder: a row for each deed at once; `look` reads what the adapter has written.

    A file a kind and day; it appears under its final name with its first row, and grows by whole rows.
    """

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.folder = folder
        self._in, self._ut = folder / "in", folder / "ut"
        self._num_dropped = 0
        self._num_lines: dict[str, int] = {}
        self._looked: dict[str, tuple[int, int, int]] = {}
        self._num_read: dict[str, int] = {}
        for part in (self._in, self._ut):
            part.mkdir(parents=True, exist_ok=True)
        office.diary.on_growth.append(self._drop)

    @property
    def num_lines(self) -> Mapping[str, int]:
        """How many lines each file has, the header included."""
        return self._num_lines

    def look(self) -> None:
        """Read the rows that have come since the last look, in the order of the plan's versions."""
        rows = [(kind, row) for kind in (_BOOKINGS, _QUESTIONS) for row in self._new_rows(kind)]
        for kind, row in sorted(rows, key=lambda found: int(found[1]["planversion"])):
            if kind == _BOOKINGS:
                self.office.book(_booking(row))
            else:
                self.office.ask(_question(row))
        for row in self._new_rows(_FINDINGS):
            if row["mottagare"] == self.office.agency:
                self.office.receive(_received(row))

    def _drop(self) -> None:
        for entry in self.office.diary.after(self._num_dropped):
            self._num_dropped = entry.number
            self._drop_one(entry)

    def _drop_one(self, entry: Entry[Deed]) -> None:
        kind, cells = row_of(entry.deed)
        name = f"{kind}_{entry.at.astimezone(_STOCKHOLM).date().isoformat()}.csv"
        common = {"nyckel": str(entry.number), "version": "1", "tidpunkt": entry.at.isoformat()}
        row = _line(kind, {**common, "region": _region(entry.centre), **cells})
        path = self._in / name
        if name in self._num_lines:
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(row)
        else:
            unfinished = path.with_suffix(".part")
            unfinished.write_text(_csv(HEADERS[kind]) + row, "utf-8", newline="")
            unfinished.replace(path)
        self._num_lines[name] = self._num_lines.get(name, 1) + 1

    def _new_rows(self, kind: str) -> Iterator[dict[str, str]]:
        for path in sorted(self._ut.glob(f"{kind}_*.csv")):
            stat = path.stat()
            stands = (stat.st_size, stat.st_mtime_ns, stat.st_ino)
            if self._looked.get(path.name) == stands:
                continue
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
            yield from rows[self._num_read.get(path.name, 0) :]
            self._looked[path.name], self._num_read[path.name] = stands, len(rows)


def _region(centre: str) -> str:
    return "ALLA" if centre == ALL_CENTRES else centre.removeprefix("akc-").upper()


def _line(kind: str, cells: Cells) -> str:
    return _csv([cells.get(column, "") for column in HEADERS[kind]])


def _csv(cells: list[str] | tuple[str, ...]) -> str:
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def _question(row: Mapping[str, str]) -> Question:
    return Question(
        question_id=row["handelse"],
        operation_id=row["insats"],
        shift_id=row["pass"],
        session_id=row["polispass"],
        start_at=datetime.fromisoformat(row["start"]),
        inspection_ids=tuple(row["kontroller"].split()),
    )


def _booking(row: Mapping[str, str]) -> Booking:
    hours = [interval.partition("/") for interval in row["tider"].split()]
    visits = zip(row["kontroller"].split(), hours, strict=True)
    return Booking(
        operation_id=row["insats"],
        state=_STATE[row["lage"]],
        plan_version=int(row["planversion"]),
        shift_ids=tuple(row["pass"].split()),
        start_at=datetime.fromisoformat(row["start"]),
        visits=tuple(
            Visit(own, datetime.fromisoformat(start), datetime.fromisoformat(end)) for own, (start, _, end) in visits
        ),
        accepted=tuple(row["deltar"].split()),
        has_police=row["polis"] == "ja",
        is_change=row["andring"] == "ja",
        told_by=row["handelse"],
    )


def _received(row: Mapping[str, str]) -> Received:
    return Received(row["fynd"], row["avsandare"], content=row["innehall"], ask=row["kontakt"])
