"""Prices: what the linear master pays for inspections, classes of teams, sessions and shared teams."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.cuts import Charges
from samsyn_planning.domain.planner.engine.tables import Floats, Ints

# The price of a class whose teams cannot come.
NEVER = 1e18


class Prices(NamedTuple):
    """Points by inspection, class row and session, for the shared use of each option, and what cuts charge.

    `total` is the linear master's own value, `shared` what teams' cliques, alternatives and cuts are paid: with the
    prices of inspections and sessions and the reduced gains left it bounds every plan from above.
    """

    inspections: Floats
    classes: Floats
    sessions: Floats
    calls: Floats
    cuts: Charges
    shared: float
    total: float

    def paid(self, session: Ints, route: Ints, classes: Ints) -> Floats:
        """What columns pay for their inspections and classes (rows, -1 beyond the end), and what cuts charge them."""
        paid = self.cuts.of(session, route, classes)
        paid += np.append(self.inspections, 0.0)[route].sum(axis=1) + np.append(self.classes, 0.0)[classes].sum(axis=1)
        return paid
