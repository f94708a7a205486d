"""The planner's one door: solve(problem, limit, seed) -> plan."""

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any

from samsyn_planning.domain.planner.account import plan_form
from samsyn_planning.domain.planner.engine.ladder import Ladder
from samsyn_planning.domain.planner.engine.remembered import ColumnPool
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.fields import whole_from
from samsyn_planning.domain.planner.finishing import priced, put_back
from samsyn_planning.domain.planner.limit import Budget, Limit
from samsyn_planning.domain.planner.progress import Watcher
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand
from samsyn_planning.domain.planner.words import Names


def solve(
    problem: Mapping[str, Any],
    limit: Limit | None = None,
    seed: int | None = None,
    progress: Watcher | None = None,
    names: Names | None = None,
    clock: Callable[[], float] = monotonic,
    pool: ColumnPool | None = None,
) -> dict[str, Any]:
    """A plan in the form `samsyn-plan/1`: the first where nothing is published, else a replan that disturbs little.

    The same problem, seed and work give the same bytes unless `truncated`. A given seed replaces `problem.seed`;
    `names` gives parties' Swedish and English names for the reasons. `pool` holds
    columns of the centre's last solve and is filled anew for the next. Raises ProblemError.
    """
    given = read_problem(problem)
    budget = Budget(limit or Limit(), clock)
    schedule = Schedule(Facts(given))
    stand(schedule)
    number = given.seed if seed is None else whole_from(seed, "/seed")
    ladder = Ladder(schedule, budget, number, progress or (lambda _: None), pool)
    ladder.climb()
    put_back(schedule)
    # Of many candidates none is priced where no time is left.
    prices = {} if ladder.is_large and ladder.whole.is_over() else priced(schedule, ladder.whole)
    # Published operations that share a session disturb it twice: what the bound says of them is not known.
    is_bound = len(schedule.facts.former_at) == sum(former.session is not None for former in schedule.facts.formers)
    return plan_form(schedule, budget, prices, names or {}, ladder.bound if is_bound else None)
