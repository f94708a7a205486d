"""Makes planning problems of a real centre's size, the same for the same seed, to measure the planner on."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from samsyn_planning.domain.planner.dice import Dice

Form = dict[str, Any]
STOCKHOLM = ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2025, 5, 5, 8, tzinfo=STOCKHOLM)
BASES = ((57.71, 11.97), (57.65, 12.02), (57.94, 12.37), (58.28, 12.29), (57.72, 12.94), (57.49, 12.08))
AGENCIES = (
    "arbetsmiljoverket",
    "skatteverket",
    "arbetsformedlingen",
    "forsakringskassan",
    "migrationsverket",
    "kommun-goteborg",
    "ekobrottsmyndigheten",
)


def a_centre(seed: int = 1, num_inspections: int = 150, num_sessions: int = 60, num_teams: int = 120) -> Form:
    """A first problem of a centre: four weeks, sessions from six bases, teams of seven agencies, sites around."""
    dice = Dice(seed)
    days = [MONDAY + timedelta(days=day) for day in range(1, 28) if (MONDAY + timedelta(days=day)).weekday() < 5]
    return {
        "schema": "samsyn-planning-problem/1",
        "centre": "akc-vast",
        "now": MONDAY.isoformat(),
        "seed": seed,
        "sessions": [_session(dice, number, days) for number in range(num_sessions)],
        "team_sessions": [_team_session(dice, number, days) for number in range(num_teams)],
        "inspections": [_inspection(dice, number, days) for number in range(num_inspections)],
        "travel": {"kmh": 65, "detour": 1.3, "extra_seconds": 240},
        "rules": {"consent": "any"},
        "published": None,
    }


def after_losses(problem: Form, plan: Form, lost: list[str], now_at: str, freeze_until: str | None = None) -> Form:
    """The centre's next problem: the plan is published and something is lost."""
    return problem | {
        "published": plan,
        "lost": [{"id": loss, "cause": "skjutning"} for loss in lost],
        "now": now_at,
        "freeze_until": freeze_until,
        "rules": {"consent": "any"},
    }


def _session(dice: Dice, number: int, days: list[datetime]) -> Form:
    start = days[dice.roll(len(days))].replace(hour=(8, 9, 12, 13)[dice.roll(4)])
    base = BASES[dice.roll(len(BASES))]
    return {
        "id": f"pass-{number:03}",
        "start_at": start.isoformat(),
        "end_at": (start + timedelta(hours=4 + dice.roll(4))).isoformat(),
        "base": {"lat": base[0], "lon": base[1]},
        "officers": 2 + dice.roll(4),
        "experience_band": ("0", "1-3", "4+")[dice.roll(3)],
        "max_travel_seconds": 2700,
        "max_inspections": 4,
        "consent": "ask" if dice.roll(10) < 2 else "standing",
    }


def _team_session(dice: Dice, number: int, days: list[datetime]) -> Form:
    day = days[dice.roll(len(days))]
    agency = AGENCIES[number % len(AGENCIES)]
    home = BASES[dice.roll(len(BASES))]
    return {
        "id": f"lag-{number:03}",
        "team": f"{agency}-{number % 3}-{number % len(AGENCIES)}",
        "agency": agency,
        "start_at": day.replace(hour=7 + dice.roll(2)).isoformat(),
        "end_at": day.replace(hour=17 + dice.roll(4)).isoformat(),
        "home": {"lat": home[0], "lon": home[1]},
        "consent": "ask" if dice.roll(10) < 4 else "standing",
    }


def _inspection(dice: Dice, number: int, days: list[datetime]) -> Form:
    base = BASES[dice.roll(len(BASES))]
    opens = 7 + dice.roll(4)
    windows = []
    for day in sorted({dice.roll(len(days)) for _ in range(12)}):
        last = opens + 6 + dice.roll(6)
        windows.append([days[day].replace(hour=opens).isoformat(), days[day].replace(hour=last).isoformat()])
    due = days[8 + dice.roll(len(days) - 8)]
    interests = {AGENCIES[dice.roll(len(AGENCIES))]: 20 + dice.roll(80) for _ in range(4)}
    return {
        "id": f"plats-{number:03}",
        "place": {"lat": base[0] + (dice.roll(400) - 200) / 1000, "lon": base[1] + (dice.roll(600) - 300) / 1000},
        "duration_seconds": 1800 * (2 + dice.roll(3)),
        "time_windows": windows,
        "due_at": due.isoformat(),
        "deadline_at": None if dice.roll(2) else (due + timedelta(days=10)).isoformat(),
        "value": 100 + dice.roll(500),
        "police_need": ("required", "required", "wanted", "not_needed")[dice.roll(4)],
        "required_agencies": sorted(interests)[:1] if dice.roll(3) == 0 else [],
        "interests": {agency: interests[agency] for agency in sorted(interests)},
        "min_officers": 2 + dice.roll(2),
    }
