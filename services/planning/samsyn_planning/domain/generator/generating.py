"""Generates a first planning problem of a centre: nothing is published yet."""

from typing import Any

from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.generator.geography import area_of
from samsyn_planning.domain.generator.parties import Party, parties_of
from samsyn_planning.domain.generator.period import Period, drawn_period, text
from samsyn_planning.domain.generator.sessions import police_sessions
from samsyn_planning.domain.generator.sites import inspections
from samsyn_planning.domain.generator.sizes import size_of
from samsyn_planning.domain.generator.teams import team_sessions
from samsyn_planning.domain.generator.trades import TRADES
from samsyn_planning.domain.generator.travel_table import with_travel_table

Form = dict[str, Any]
SPEEDS = (55, 60, 65, 65, 70)


def generate(size: str, seed: int, centre: str = "akc-vast", *, is_tabled: bool = False) -> Form:
    """A problem in the form `samsyn-planning-problem/1`: S, M, L or XL, the same for the same seed and centre.

    Travel is by speed, or with `is_tabled` by a table of seconds with rush hours' odd directions (not for XL: it
    would be a million entries). Raises ValueError naming what is wrong and what can be chosen.
    """
    wanted, area = size_of(size), area_of(centre)
    purpose = (centre, size)
    parties = parties_of(centre, wanted.num_parties)
    period = drawn_period(Chance(seed, *purpose, "period"), wanted.num_weeks)
    sessions = police_sessions(Chance(seed, *purpose, "sessions"), area, period, wanted.num_sessions)
    problem = {
        "schema": "samsyn-planning-problem/1",
        "centre": centre,
        "now": period.now_at.isoformat(),
        "seed": seed,
        "sessions": sessions,
        "team_sessions": team_sessions(Chance(seed, *purpose, "teams"), area, parties, sessions),
        "inspections": inspections(Chance(seed, *purpose, "sites"), area, parties, period, wanted.num_inspections),
        "travel": {
            "kmh": Chance(seed, *purpose, "speed").one(SPEEDS),
            "detour": 1.3,
            "extra_seconds": 240,
        },
        "rules": {"consent": "any"},
        "weights": _weights(Chance(seed, *purpose, "weights"), parties, period),
        "published": None,
    }
    return with_travel_table(problem, Chance(seed, *purpose, "table")) if is_tabled else problem


def _weights(chance: Chance, parties: tuple[Party, ...], period: Period) -> Form:
    """The weights as planning.md has them, with a theme week in half of the problems and fairness in a third."""
    weights: Form = {"risk": chance.weighted((0, 5, 10), (60, 20, 20))}
    if chance.is_one_of(50):
        day = period.days[7 * chance.below(period.num_weeks - 1) + 5]
        row = {"tag": chance.one(TRADES).name, "points": 100 * chance.between(1, 5)}
        weights["theme"] = [row | {"from": text(day, 0), "to": text(day, 7 * 1440)}]
    if chance.is_one_of(33):
        favoured = chance.some(parties, 3)
        weights["fairness"] = {party.code: chance.between(-3, 8) for party in favoured}
    return weights
