"""Every column of one session, tried: the oracle for the engine's pricing (bar B-1)."""

from collections.abc import Mapping
from typing import NamedTuple

from tests.support.brute_force import options_of
from tests.support.brute_force_points import differences
from tests.support.brute_force_rules import is_lost
from tests.support.brute_force_world import Form, opened

NO_CUTS: Mapping[frozenset[str], float] = {}


class Column(NamedTuple):
    """What a session may hold, as sets, with its value less the disruption on that session."""

    session: str
    inspections: frozenset[str]
    teams: frozenset[str]
    net: int
    is_changed: bool

    def less(
        self,
        inspection_prices: Mapping[str, float],
        team_prices: Mapping[str, float],
        cut_prices: Mapping[frozenset[str], float] = NO_CUTS,
    ) -> float:
        """Give the net less the prices; a cut's price is paid by columns that have two or more of its members (ids)."""
        paid = sum(inspection_prices.get(own, 0.0) for own in self.inspections)
        paid += sum(team_prices.get(own, 0.0) for own in self.teams)
        own = self.inspections | self.teams | {self.session}
        return self.net - paid - sum(cost for cut, cost in cut_prices.items() if len(cut & own) > 1)


def columns_of(problem: Form, session: str) -> list[Column]:
    """Give the best operation for each set of inspections and of teams, unshifted and shifted where that differs."""
    world = opened(problem)
    told = [own for own in world.published_on(session) if not is_lost(world, own)]
    return [
        Column(
            session,
            option.held.inspections,
            frozenset(option.held.teams),
            option.net,
            any(any(differences(world, own, option.held).values()) for own in told),
        )
        for option in options_of(world, session)
        if option.held is not None
    ]


def best_reduced_value(
    problem: Form,
    session: str,
    inspection_prices: Mapping[str, float],
    team_prices: Mapping[str, float],
    cut_prices: Mapping[frozenset[str], float] = NO_CUTS,
) -> float | None:
    """Give the best of (value - disruption on the session - prices) over every operation the session may hold.

    Prices are by inspection id, by team session id and by cut; what is not named is free. The disruption is that of
    the operations published on this session, not set off against what holding nothing would cost. None if the session
    can hold no operation.
    """
    priced = [own.less(inspection_prices, team_prices, cut_prices) for own in columns_of(problem, session)]
    return max(priced, default=None)


def net_of_nothing(problem: Form, session: str) -> int | None:
    """Give minus the disruption of a session that holds nothing; None where a frozen operation must stay."""
    held_nothing = [option.net for option in options_of(opened(problem), session) if option.held is None]
    return held_nothing[0] if held_nothing else None
