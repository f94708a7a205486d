"""The demo's world: what the agencies of one centre have in their own systems, invented after real places."""

from __future__ import annotations

from datetime import date

from samsyn_demo.capacity import police_sessions, team_shifts
from samsyn_demo.period import checked_period
from samsyn_demo.records import World
from samsyn_demo.sites import wanted_sites


def build_world(centre: str = "akc-vast", from_day: date = date(2025, 5, 5), weeks: int = 4, seed: int = 1) -> World:
    """Build the same world for the same arguments, in any process; all instants in UTC.

    Raises DemoInputError naming the option and the remedy. It begins a week before `from_day` at 08:00, so that
    requests can be asked and answered, and ends with the last week.
    """
    period = checked_period(centre, from_day, weeks, seed)
    passes = police_sessions(period)
    return World(
        centre=centre,
        seed=seed,
        starts_at=period.starts_at,
        ends_at=period.ends_at,
        passes=passes,
        shifts=team_shifts(period, passes),
        sites=wanted_sites(period),
    )
