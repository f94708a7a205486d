"""Builders of small worlds of agencies, with defaults."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from samsyn_demo.records import PoliceLoss, PolicePass, TeamShift, WantedSite, World

MONDAY = datetime(2025, 5, 5, 6, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
HOUR = timedelta(hours=1)


def a_pass(number: str = "p1", **overrides: Any) -> PolicePass:
    own: Mapping[str, Any] = {
        "start_at": MONDAY + timedelta(days=7),
        "end_at": MONDAY + timedelta(days=7, hours=6),
        "municipality": "1480",
        "lat": 57.7,
        "lon": 11.97,
        "officers": 4,
        "experience_band": "1-3",
        "consent": "ask",
        "max_travel_minutes": 45,
        "max_inspections": 4,
    }
    return PolicePass(pass_id=number, **{**own, **overrides})


def a_shift(shift_id: str = "t1", agency: str = "arbetsmiljoverket", **overrides: Any) -> TeamShift:
    own: Mapping[str, Any] = {
        "team": "Lag-1",
        "start_at": MONDAY + timedelta(days=7),
        "end_at": MONDAY + timedelta(days=7, hours=8),
        "inspectors": 2,
        "skills": ("byggarbetsmiljo",) if agency == "arbetsmiljoverket" else (),
        "lat": 57.7,
        "lon": 11.97,
        "consent": "ask",
        "role": "miljoforvaltningen" if agency == "kommun-goteborg" else None,
    }
    return TeamShift(shift_id=shift_id, agency=agency, **{**own, **overrides})


def a_site(inspection_id: str = "obj-1", agency: str = "arbetsmiljoverket", **overrides: Any) -> WantedSite:
    own: Mapping[str, Any] = {
        "role": "miljoforvaltningen" if agency == "kommun-goteborg" else None,
        "name": "Påhittade Krogen AB",
        "organisation_number": "456789-1231",
        "is_sole_trader": False,
        "municipality": "1480",
        "lat": 57.71,
        "lon": 11.98,
        "industry": "5610",
        "indications": ("unsafe_workplace",),
        "police_need": "required",
        "value": 300,
        "duration_minutes": 60,
        "windows": ((MONDAY + timedelta(days=7), MONDAY + timedelta(days=7, hours=8)),),
        "due_at": None,
        "deadline_at": None,
        "required_agencies": (),
        "min_officers": 2,
        "exploitation_indicated": False,
        "interests": ((agency, "high"),),
    }
    return WantedSite(inspection_id=inspection_id, agency=agency, **{**own, **overrides})


def a_sole_traders_site(inspection_id: str = "obj-2", agency: str = "arbetsmiljoverket") -> WantedSite:
    return a_site(
        inspection_id, agency, name="Frisör Ada Påhitt", organisation_number="401399-1234", is_sole_trader=True
    )


def a_world(**overrides: Any) -> World:
    own: Mapping[str, Any] = {
        "centre": "akc-vast",
        "seed": 1,
        "starts_at": MONDAY,
        "ends_at": MONDAY + timedelta(days=28),
        "passes": (a_pass("p1"), a_pass("p2", consent="standing")),
        "shifts": (a_shift("t1"), a_shift("t2", team="Lag-2", consent="standing")),
        "sites": (a_site("obj-1"), a_sole_traders_site("obj-2")),
    }
    return World(**{**own, **overrides})


def a_loss(number: str = "p1", **overrides: Any) -> PoliceLoss:
    own: Mapping[str, Any] = {
        "disturbance_id": "s1",
        "kind": "shooting",
        "severity": "heavy",
        "municipality": "1480",
        "occurred_at": TUESDAY,
        "said_at": TUESDAY + timedelta(minutes=30),
    }
    return PoliceLoss(pass_id=number, **{**own, **overrides})
