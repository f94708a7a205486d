"""The table that planning ships: each municipality's point and its sessions cancelled in a thousand, by cell."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import samsyn_planning.domain
from samsyn_demo.places import municipalities
from samsyn_planning.domain.cancellation_risk import SHIFTS, WEEKDAYS
from samsyn_planning.domain.shrinkage import Rates

from tests.bench.risk.losses import Days, counted

PATH = Path(next(iter(samsyn_planning.domain.__path__))) / "data" / "cancellation_risk.csv"
MODEL_PATH = PATH.with_suffix(".json")


def model_of(rates: Rates, days: Days) -> str:
    """The model's text: what it was trained on, a cell's sessions (the least of any), and as how many the prior counts.

    The prior of a cell is its area's rate, in the shape that weekdays and shifts have in the whole.
    """
    counts = counted(frozenset(), days)
    told = {
        "version": f"disturbances {days.first}/{days.last}",
        "num_sessions": min(one.num_sessions for own in counts.values() for one in own.values()),
        "num_prior": round(rates.cell_strength),
    }
    return json.dumps(told, indent=1) + "\n"


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
