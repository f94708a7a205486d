"""B-1: no column of positive reduced cost is missed, by trying every column of tiny sessions at drawn prices."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from samsyn_planning.domain.generator.chance import Chance
from samsyn_planning.domain.planner import Limit, ProblemError
from samsyn_planning.domain.planner.engine.columns import Column, unchanged
from samsyn_planning.domain.planner.engine.cuts import NOBODY, Charges, Triple, holds_two
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.prices import NEVER, Prices
from samsyn_planning.domain.planner.engine.pricing import EPSILON
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.standing import stand

from tests.bench.planner.bench import Bench
from tests.bench.planner.figures import Bar
from tests.support.brute_force import Option, options_of
from tests.support.brute_force_world import opened
from tests.support.planning_forms import Form
from tests.support.tiny_problems import any_problem

NUM_TINY, NUM_TINY_QUICK = 1500, 200
NUM_DRAWS = 4
KEPT, NODES = 12, 1 << 60
# What an inspection, a call or a cut may cost: nothing, a little, about what it is worth, or too much.
LEVELS = (0, 0, 40, 300, 1000, 4000)


def misses_nothing(bench: Bench) -> list[Bar]:
    """B-1: the best column of each open session of tiny problems, against all routes and all sets of teams."""
    num_problems = NUM_TINY_QUICK if bench.is_quick else NUM_TINY
    tried, num_positive, missed, above = 0, 0, list[str](), list[str]()
    for seed in range(bench.seed_base, bench.seed_base + num_problems):
        for session, found, best in _compared(any_problem(seed), seed):
            tried += 1
            num_positive += best > EPSILON
            told = f"tiny seed {seed}, {session}: pricing finds {found:.3f}, all columns {best:.3f}"
            missed += [told] if found < best - EPSILON else []
            above += [told] if found > best + EPSILON else []
    bench.say(f"{tried} sessions priced and tried")
    figures = (
        f"tiny problems {num_problems}, sessions at drawn prices {tried} ({num_positive} with a column worth adding): "
        f"columns missed {len(missed)}, priced above what they bring {len(above)} (a looser bound, no miss)",
        *missed[:5],
        *above[:3],
    )
    return [Bar("B-1", not missed, figures)]


def _compared(problem: Form, seed: int) -> Iterator[tuple[str, float, float]]:
    """For each open session and draw: the best gain over being idle that pricing finds, and the best there is."""
    schedule = _only_frozen(problem)
    if schedule is None:
        return
    facts, world = schedule.facts, opened(problem)
    free = [s for s in range(len(facts.sessions)) if schedule.operations[s] is None and not facts.is_closed(s)]
    pricer = Pricer(schedule, Drawer(facts), free, Budget(Limit(), lambda: 0.0))
    options = {session: options_of(world, facts.sessions[session].id) for session in free}
    for draw in range(NUM_DRAWS):
        chance = Chance(seed, "prices", str(draw))
        cuts = chance.some(list(combinations(range(len(facts.inspections)), 3)), 2) if draw % 2 else []
        prices = _drawn(pricer, chance, cuts)
        for session in free:
            best = _best_of_all(options[session], pricer, prices, cuts, session)
            yield facts.sessions[session].id, _found(pricer, prices, cuts, session), best


def _only_frozen(problem: Form) -> Schedule | None:
    """What holds for good; None where frozen operations clash, so that there is no plan."""
    try:
        schedule = Schedule(Facts(read_problem(problem)))
    except ProblemError as error:
        if error.status != 3:
            raise
        return None
    stand(schedule)
    for session, operation in enumerate(schedule.operations):
        if operation is not None and not schedule.facts.is_closed(session):
            schedule.put(session, None)
    return schedule


def _drawn(pricer: Pricer, chance: Chance, cuts: list[Triple]) -> Prices:
    """Prices of inspections, calls and cuts; a class costs what its cheapest call does, as in the master."""
    tables = pricer.tables
    inspections = np.array([float(chance.one(LEVELS) + chance.below(50)) for _ in tables.place])
    calls = np.array([float(chance.one(LEVELS[:4]) + chance.below(50)) for _ in pricer.options])
    classes = np.full(max(1, len(tables.class_party)), NEVER)
    for place, option in enumerate(pricer.options):
        classes[option.row] = min(classes[option.row], calls[place] - option.points)
    charges = Charges(
        np.array(cuts, np.int64).reshape(-1, 3),
        np.full(len(cuts), NOBODY, np.int64),
        np.zeros((len(cuts), len(classes)), np.int64),
        np.array([float(chance.one(LEVELS[:5])) for _ in cuts]),
    )
    return Prices(inspections, classes, np.zeros(len(tables.start)), calls, charges, 0.0, 0.0)


def _found(pricer: Pricer, prices: Prices, cuts: list[Triple], session: int) -> float:
    """The best gain that pricing finds, the published operation as it stands included."""
    columns, found = pricer.price(prices, session, EPSILON, KEPT, NODES, NODES)
    if not found.is_exact:
        return -NEVER
    standing = unchanged(pricer.schedule, session)
    gains = [_reduced(column, pricer, prices, cuts) for column in columns]
    if standing is not None and _is_free(standing, pricer):
        gains.append(_reduced(standing, pricer, prices, cuts))
    return max([0.0, *gains])


def _is_free(standing: Column, pricer: Pricer) -> bool:
    """Whether no frozen operation holds a site or a team of the published one: else the engine leaves it out too."""
    is_callable = {(option.session, option.team) for option in pricer.options}
    is_free = all(pricer.schedule.session_of[inspection] < 0 for inspection in standing.route)
    return is_free and all((standing.session, team) in is_callable for team in standing.teams)


def _reduced(column: Column, pricer: Pricer, prices: Prices, cuts: list[Triple]) -> float:
    calls = {(option.session, option.team): place for place, option in enumerate(pricer.options)}
    cost = sum(prices.inspections[inspection] for inspection in column.route)
    cost += sum(prices.classes[row] for row in column.classes)
    cost += sum(prices.calls[calls[column.session, team]] for team in column.teams)
    cost += sum(price for cut, price in zip(cuts, prices.cuts.price, strict=True) if holds_two(column.route, cut))
    return float(column.points - cost)


def _best_of_all(options: list[Option], pricer: Pricer, prices: Prices, cuts: list[Triple], session: int) -> float:
    """The best gain over being idle by trying all; what frozen operations hold or bar is left out."""
    facts, schedule = pricer.schedule.facts, pricer.schedule
    calls = {facts.teams[o.team].id: place for place, o in enumerate(pricer.options) if o.session == session}
    busy = schedule.busy(session)
    barred = {facts.teams[call.team].id for call in schedule.crews.calls[session] if call.bit & busy}
    idle = next((option.net for option in options if option.held is None), None)
    best = 0.0
    for option in options:
        if option.held is None or idle is None or barred & set(option.held.teams):
            continue
        route = [facts.inspection_index[inspection] for inspection in option.held.inspections]
        if any(schedule.session_of[inspection] >= 0 for inspection in route):
            continue
        cost = sum(float(prices.inspections[inspection]) for inspection in route)
        cost += sum(float(prices.calls[calls[team]]) for team in option.held.teams)
        cost += sum(float(price) for cut, price in zip(cuts, prices.cuts.price, strict=True) if holds_two(route, cut))
        best = max(best, option.net - idle - cost)
    return best
