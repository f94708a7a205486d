"""Published TOPTW instances (tests/data/toptw) put as planning problems: the objective is the score."""

import csv
from datetime import datetime, timedelta
from functools import cache
from math import isqrt
from pathlib import Path
from typing import NamedTuple

from tests.support.planning_forms import STOCKHOLM, Form

FOLDER = Path(__file__).parent.parent / "data" / "toptw"
MIDNIGHT = datetime(2025, 5, 13, tzinfo=STOCKHOLM)
NO_WEIGHT = (
    "interest",
    "late_day",
    "earliness",
    "travel_minute",
    "team",
    "team_far",
    "experience",
    "risk",
    "no_police",
)


class Customer(NamedTuple):
    """A row of an instance: place in thousandths, service time, score, and when service may start."""

    x: int
    y: int
    service: int
    score: int
    opens: int
    closes: int


class Best(NamedTuple):
    """The best known score of an instance with so many routes, and where the figure comes from."""

    instance: str
    num_routes: int
    score: int
    source: str


@cache
def best_known() -> tuple[Best, ...]:
    """Every instance and number of routes with a best known score."""
    rows = csv.DictReader((FOLDER / "best_known.csv").read_text("utf-8").splitlines())
    return tuple(Best(row["instance"], int(row["m"]), int(row["best_known"]), row["source"]) for row in rows)


@cache
def customers_of(instance: str) -> tuple[Customer, ...]:
    """The depot and the customers of an instance."""
    rows = csv.DictReader((FOLDER / f"{instance}.csv").read_text("utf-8").splitlines())
    return tuple(
        Customer(
            round(1000 * float(row["x"])),
            round(1000 * float(row["y"])),
            *(int(row[name]) for name in ("service", "score", "opens", "closes")),
        )
        for row in rows
    )


def units_of(instance: str) -> int:
    """How many seconds stand for one unit of time: distances keep one decimal (Solomon) or two (Cordeau)."""
    return 100 if instance.startswith("pr") else 10


def distance(instance: str, one: Customer, other: Customer) -> int:
    """The Euclidean distance in the instance's seconds, rounded down."""
    thousandths = (one.x - other.x) ** 2 + (one.y - other.y) ** 2
    return isqrt(thousandths // (1000 // units_of(instance)) ** 2)


def toptw_problem(instance: str, num_routes: int) -> Form:
    """The instance with so many police sessions, each with a team of its own, where nothing but time binds."""
    depot, *customers = customers_of(instance)
    places = ["depot", *(f"kund-{number:03}" for number in range(1, len(customers) + 1))]
    points = [depot, *customers]
    units = units_of(instance)
    day = {"start_at": _at(depot.opens * units), "end_at": _at(depot.closes * units)}
    return {
        "schema": "samsyn-planning-problem/1",
        "centre": "akc-vast",
        "now": (MIDNIGHT - timedelta(days=8)).isoformat(),
        "seed": 1,
        "sessions": [
            {"id": f"pass-{k}", "base": "depot", "max_inspections": None, "max_travel_seconds": None} | day
            for k in range(1, num_routes + 1)
        ],
        "team_sessions": [
            {"id": f"lag-{k}", "team": f"lag-{k}", "agency": "arbetsmiljoverket"} | day
            for k in range(1, num_routes + 1)
        ],
        "inspections": [
            _inspection(place, customer, units) for place, customer in zip(places[1:], customers, strict=True)
        ],
        "travel": {"places": places, "seconds": [[distance(instance, a, b) for b in points] for a in points]},
        "rules": {"team_gap_seconds": 0, "daily_rest_seconds": 0, "readiness_seconds": 0},
        "weights": {"value": 1} | dict.fromkeys(NO_WEIGHT, 0),
        "published": None,
    }


def _inspection(place: str, customer: Customer, units: int) -> Form:
    """A TOPTW window says when service may start; the form's says when it must be over."""
    return {
        "id": place,
        "place": place,
        "duration_seconds": customer.service * units,
        "time_windows": [[_at(customer.opens * units), _at((customer.closes + customer.service) * units)]],
        "value": customer.score,
    }


def _at(seconds: int) -> str:
    return (MIDNIGHT + timedelta(seconds=seconds)).isoformat()
