"""Every column of one session, tried: the oracle for the engine's pricing (bar B-1)."""

from collections.abc import Mapping

from tests.support.brute_force import options_of
from tests.support.brute_force_world import Form, opened


def best_reduced_value(
    problem: Form, session: str, inspection_prices: Mapping[str, float], team_prices: Mapping[str, float]
) -> float | None:
    """Give the best of (value - disruption on the session - prices) over every operation the session may hold.

    Prices are by inspection id and by team session id; what is not named is free. The disruption is that of the
    operations published on this session, not set off against what holding nothing would cost. None if the session
    can hold no operation.
    """
    priced = [
        option.net
        - sum(inspection_prices.get(inspection, 0.0) for inspection in option.held.inspections)
        - sum(team_prices.get(team, 0.0) for team in option.held.teams)
        for option in options_of(opened(problem), session)
        if option.held is not None
    ]
    return max(priced, default=None)


def net_of_nothing(problem: Form, session: str) -> int | None:
    """Give minus the disruption of a session that holds nothing; None where a frozen operation must stay."""
    held_nothing = [option.net for option in options_of(opened(problem), session) if option.held is None]
    return held_nothing[0] if held_nothing else None
