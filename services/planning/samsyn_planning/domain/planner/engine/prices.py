"""Prices: what the linear master pays for inspections, classes of teams, sessions and shared teams."""

from typing import NamedTuple

from samsyn_planning.domain.planner.engine.tables import Floats

# The price of a class whose teams cannot come.
NEVER = 1e18


class Prices(NamedTuple):
    """Points by inspection, class row and session, for the shared use of each option, and for each cut.

    `total` is the linear master's own value, `shared` what teams' cliques, alternatives and cuts are paid: with the
    prices of inspections and sessions and the reduced gains left it bounds every plan from above.
    """

    inspections: Floats
    classes: Floats
    sessions: Floats
    calls: Floats
    cuts: Floats
    shared: float
    total: float
