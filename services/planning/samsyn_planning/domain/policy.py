"""How planning goes about it: horizons, deadlines and thresholds, one value per centre, dated in time to come."""

from __future__ import annotations

from datetime import timedelta

from samsyn_planning.domain.facts import Value


class Policy(Value):
    """Horizons and deadlines; the values are Samsyn's own choice (DECISIONS 11).

    `risk`: the weight of sessions that the police are likelier to cancel than others of the same area; 0 is none, at
    100 a site costs the value that is lost on average. `fairness_cap`: the most points by which a party's interest is
    weighed up or down for what it has had this year; 0 is none, and above 10 (the weight of interest) an interest
    could count against a site.
    """

    frozen: timedelta = timedelta(days=3)
    published: timedelta = timedelta(days=21)
    notice_of_new_team: timedelta = timedelta(hours=24)
    settle: timedelta = timedelta(minutes=10)
    reply: timedelta = timedelta(hours=72)
    reply_before_start: timedelta = timedelta(hours=24)
    reply_at_least_before: timedelta = timedelta(hours=1)
    decide: timedelta = timedelta(hours=4)
    decided_before_start: timedelta = timedelta(minutes=30)
    shortest_decision: timedelta = timedelta(minutes=10)
    planning_hour: int = 6
    clearly_better: int = 300
    kmh: int = 65
    detour: float = 1.3
    extra_seconds: int = 240
    low_interest: int = 20
    medium_interest: int = 50
    high_interest: int = 90
    rest_kept: timedelta = timedelta(hours=12)
    period_opens_before: timedelta = timedelta(days=28)
    risk: int = 0
    fairness_cap: int = 0


DEFAULT = Policy()
