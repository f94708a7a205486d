"""The table that planning ships: each municipality's point and its sessions cancelled in a thousand, by cell."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import samsyn_planning.domain
from samsyn_demo.places import municipalities
from samsyn_planning.domain.cancellation_risk import SHIFTS, WEEKDAYS
from samsyn_planning.domain.shrinkage import Rates

PATH = Path(next(iter(samsyn_planning.domain.__path__))) / "data" / "cancellation_risk.csv"


def table_of(rates: Rates) -> str:
    """The table's text: one row a municipality, by code."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    cells = [(weekday, shift) for weekday in range(len(WEEKDAYS)) for shift in range(len(SHIFTS))]
    names = [f"{WEEKDAYS[weekday]}_{SHIFTS[shift]}" for weekday, shift in cells]
    rows.writerow(["kommunkod", "kommun", "lat", "lon", *names])
    for code, place in sorted(municipalities().items()):
        permille = [round(1000 * rates.by_cell[code][cell]) for cell in cells]
        rows.writerow([code, place.name, place.lat, place.lon, *permille])
    return text.getvalue()
