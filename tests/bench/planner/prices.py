"""B-1: no column of positive reduced cost is missed, by trying every column of tiny sessions at drawn prices."""

from collections.abc import Iterator

import numpy as np
from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.planner import Limit
from samsyn_planning.domain.planner.engine.generation import KEPT, Generation
from samsyn_planning.domain.planner.engine.master import NEVER, Prices, reduced
from samsyn_planning.domain.planner.engine.pricing import EPSILON
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar
from tests.support.brute_force_columns import best_reduced_value, net_of_nothing
from tests.support.planning_forms import Form
from tests.support.tiny_problems import any_problem

NUM_TINY, NUM_TINY_QUICK = 1000, 100
NUM_DRAWS = 4
NODES = 10**9
BARRED = 1e9
# What an inspection or a call may cost: nothing, a little, about what it is worth, or too much.
LEVELS = (0, 0, 40, 300, 1000, 4000)


def misses_nothing(bench: Bench) -> list[Bar]:
    """B-1: the best column of each open session of tiny problems, against all routes and all sets of teams."""
    num_problems = NUM_TINY_QUICK if bench.is_quick else NUM_TINY
    tried, num_positive, missed, overstated = 0, 0, list[str](), list[str]()
    for seed in range(bench.seed_base, bench.seed_base + num_problems):
        for session, found, best in _compared(any_problem(seed), seed):
            tried += 1
            num_positive += best > EPSILON
            told = f"tiny seed {seed}, {session}: pricing finds {found:.3f}, all columns {best:.3f}"
            missed += [told] if found < best - EPSILON else []
            overstated += [told] if found > best + EPSILON else []
    bench.say(f"{tried} sessions priced and tried")
    figures = (
        f"tiny problems {num_problems}, sessions at drawn prices {tried} ({num_positive} with a column worth adding): "
        f"columns missed {len(missed)}, overstated {len(overstated)}",
        *missed[:5],
        *overstated[:5],
    )
    return [Bar("B-1", not missed and not overstated, figures)]


def _compared(problem: Form, seed: int) -> Iterator[tuple[str, float, float]]:
    """For each open session and draw: the best gain over being idle that pricing finds, and the best there is."""
    schedule = _only_frozen(problem)
    facts = schedule.facts
    free = [s for s in range(len(facts.sessions)) if schedule.operations[s] is None and not facts.is_closed(s)]
    if not free:
        return
    generation = Generation(schedule, free, Budget(Limit(), lambda: 0.0))
    for draw in range(NUM_DRAWS):
        prices = _drawn(generation, Chance(seed, "prices", str(draw)))
        for session in free:
            best = _best_of_all(problem, generation, prices, session)
            yield facts.sessions[session].id, _found(generation, prices, session), best


def _only_frozen(problem: Form) -> Schedule:
    schedule = Schedule(Facts(read_problem(problem)))
    stand(schedule)
    for session, operation in enumerate(schedule.operations):
        if operation is not None and not schedule.facts.is_closed(session):
            schedule.put(session, None)
    return schedule


def _drawn(generation: Generation, chance: Chance) -> Prices:
    """Prices of inspections and of each call; a class costs what its cheapest call does, as in the master."""
    tables, options = generation.tables, generation.rows.options
    inspections = np.array([float(chance.one(LEVELS) + chance.below(50)) for _ in tables.place])
    calls = np.array([float(chance.one(LEVELS[:4]) + chance.below(50)) for _ in options])
    classes = np.full(max(1, len(tables.class_party)), NEVER)
    for place, option in enumerate(options):
        classes[option.row] = min(classes[option.row], calls[place] - option.points)
    return Prices(inspections, classes, np.zeros(len(tables.start)), calls, 0.0, 0.0)


def _found(generation: Generation, prices: Prices, session: int) -> float:
    columns, found = generation.price(prices, session, EPSILON, KEPT, NODES, NODES)
    if not found.is_exact:
        return -NEVER
    same = generation._unchanged.get(session)
    gains = [reduced(column, prices, generation.rows) for column in columns]
    gains += [] if same is None else [reduced(same, prices, generation.rows)]
    return max([0.0, *gains])


def _best_of_all(problem: Form, generation: Generation, prices: Prices, session: int) -> float:
    """By trying all: what other operations hold for good is priced out of reach, as it is for the engine."""
    schedule = generation.schedule
    facts = schedule.facts
    own_id = facts.sessions[session].id
    sites = {
        inspection.id: BARRED if schedule.session_of[place] >= 0 else float(prices.inspections[place])
        for place, inspection in enumerate(facts.inspections)
    }
    teams = {
        facts.teams[option.team].id: float(prices.calls[place])
        for place, option in enumerate(generation.rows.options)
        if option.session == session
    }
    busy = schedule.busy(session)
    teams |= {facts.teams[call.team].id: BARRED for call in schedule.crews.calls[session] if call.bit & busy}
    best, idle = best_reduced_value(problem, own_id, sites, teams), net_of_nothing(problem, own_id)
    return 0.0 if best is None or idle is None else max(0.0, best - idle)
