"""Two simple answers to a loss, to measure the planner against: just cancel, and refill unused sessions only."""

from collections.abc import Mapping
from typing import Any

from samsyn_planning.domain.planner.account import plan_form
from samsyn_planning.domain.planner.engine.greedy import Greedy
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand
from samsyn_planning.domain.planner.words import Names


def _never() -> float:
    return 0.0


def just_cancel(problem: Mapping[str, Any], names: Names | None = None) -> dict[str, Any]:
    """The old plan without the lost; operations that are hit without being lost keep what they can by themselves."""
    budget = Budget(Limit(), _never)
    schedule = Schedule(Facts(read_problem(problem)))
    stand(schedule, is_bare=True)
    return plan_form(schedule, budget, {}, names or {})


def refill_only(problem: Mapping[str, Any], names: Names | None = None) -> dict[str, Any]:
    """As `just_cancel`, then lost operations' inspections go onto sessions that published does not use.

    Nothing that was published is touched and no operation grows by what was not lost.
    """
    budget = Budget(Limit(), _never)
    schedule = Schedule(Facts(read_problem(problem)))
    stand(schedule, is_bare=True)
    facts = schedule.facts
    unused = [s for s in range(len(facts.sessions)) if schedule.operations[s] is None and s not in facts.former_at]
    lost = frozenset().union(*(former.inspections for former in facts.formers if former.is_hit))
    Greedy(Pricer(schedule, Drawer(facts), unused, budget), only=lost).fill()
    return plan_form(schedule, budget, {}, names or {})
