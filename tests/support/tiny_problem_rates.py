"""Prints how often each feature occurs and binds in the tiny problems: `python -m tests.support.tiny_problem_rates`."""

import sys
from collections import Counter
from itertools import combinations

from tests.support import brute_force_rules as rules
from tests.support.brute_force import FrozenClash, optimum_of
from tests.support.brute_force_points import num_changed
from tests.support.brute_force_world import Form, Held, World, opened
from tests.support.tiny_problems import any_problem


def features_of(problem: Form) -> set[str]:
    """Name what a problem has and what its optimum shows."""
    world = opened(problem)
    found = {
        key for key in ("published", "lost", "freeze_until", "no_new_team_before", "consented") if problem.get(key)
    }
    found |= {f"published {standing}" for standing in _standings(world)}
    found |= {f"rule {key}" for key in problem["rules"]} | {f"weight {key}" for key in problem["weights"]}
    try:
        best = optimum_of(problem)
    except FrozenClash:
        return found | {"frozen clash"}
    sizes = [len(held.visits) for held in best.plan.values()]
    found |= {"optimum not empty"} if sizes else set()
    found |= {"two operations"} if len(sizes) > 1 else set()
    found |= {"two visits in an operation"} if max(sizes, default=0) > 1 else set()
    found |= {"two teams in an operation"} if any(len(own.teams) > 1 for own in best.plan.values()) else set()
    found |= {"a published operation not hit is changed"} if num_changed(world, best.plan) else set()
    found |= {"without police"} if any(not world.sessions[session]["police"] for session in best.plan) else set()
    found |= {"one team twice"} if _team_twice(world, best.plan) else set()
    waits = any(_waits(world, session, own) for session, own in best.plan.items())
    return found | ({"waits"} if waits else set())


def _standings(world: World) -> set[str]:
    found = set()
    for own in world.published:
        found |= {"lost"} if rules.is_lost(world, own) else set()
        found |= {"hit"} if rules.is_hit(world, own) else {"not hit"}
        found |= {"frozen"} if rules.is_frozen(world, own) else set()
        found |= {"by-passed police"} if own.session in world.lost else set()
    return found


def _team_twice(world: World, plan: rules.Plan) -> bool:
    teams = [{world.team_sessions[team]["team"] for team in own.teams} for own in plan.values()]
    return any(a & b for a, b in combinations(teams, 2))


def _waits(world: World, session_id: str, held: Held) -> bool:
    session = world.sessions[session_id]
    place, free_at = session["base"], session["start"]
    for visit in held.visits:
        site = world.inspections[visit.inspection]["place"]
        if visit.start > free_at + world.travel(place, site):
            return True
        place, free_at = site, visit.end
    return False


def main(number: int) -> None:
    """Print the share of each feature over the first seeds."""
    counts = Counter(feature for seed in range(number) for feature in features_of(any_problem(seed)))
    for feature, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        sys.stdout.write(f"{count / number:6.1%}  {feature}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
