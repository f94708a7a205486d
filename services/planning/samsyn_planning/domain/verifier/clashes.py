"""The rules between operations that do not ask what was published: H1, H10 and H15."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from samsyn_planning.domain.verifier.entities import Problem, day_of, seconds_between
from samsyn_planning.domain.verifier.resolved import Resolved
from samsyn_planning.domain.verifier.violation import Violation


def clashes(problem: Problem, plan: Sequence[Resolved]) -> Iterator[Violation]:
    """Give every breach of H1, H10 and H15 between operations."""
    yield from _h1(plan)
    yield from _h10(problem, plan)
    yield from _h15(plan)


def _h1(plan: Sequence[Resolved]) -> Iterator[Violation]:
    holders = defaultdict(list)
    for resolved in plan:
        for thing in {resolved.session.id} | resolved.operation.inspections:
            holders[thing].append(resolved.id)
    for thing, operations in sorted(holders.items()):
        if len(operations) > 1:
            yield Violation("H1", operations[1], f"{thing} is in {len(operations)} operations: {', '.join(operations)}")


def _h10(problem: Problem, plan: Sequence[Resolved]) -> Iterator[Violation]:
    calls: dict[str, dict[str, Resolved]] = defaultdict(dict)
    for resolved in plan:
        for team in resolved.teams:
            calls[team.team][resolved.id] = resolved
    for team_name, called in sorted(calls.items()):
        in_time = sorted(called.values(), key=lambda resolved: (resolved.session.start_at, resolved.id))
        for earlier, later in combinations(in_time, 2):
            yield from _h10_of_pair(problem, team_name, earlier, later)


def _h10_of_pair(problem: Problem, team_name: str, earlier: Resolved, later: Resolved) -> Iterator[Violation]:
    rest_seconds = seconds_between(earlier.session.end_at, later.session.start_at)
    is_other_day = day_of(earlier.session.start_at) != day_of(later.session.start_at)
    night_seconds = problem.rules.daily_rest_seconds if is_other_day else 0
    needed_seconds = max(problem.rules.team_gap_seconds, night_seconds)
    if rest_seconds < needed_seconds:
        told = f"{team_name} has {rest_seconds} s between {earlier.id} and {later.id}, needs {needed_seconds} s"
        yield Violation("H10", later.id, told)


def _h15(plan: Sequence[Resolved]) -> Iterator[Violation]:
    used: dict[str, set[str]] = defaultdict(set)
    for resolved in plan:
        for team in resolved.teams:
            if team.alternatives_group is not None:
                used[team.alternatives_group].add(team.id)
    for group, teams in sorted(used.items()):
        if len(teams) > 1:
            yield Violation("H15", None, f"{group} allows one team session, used are {', '.join(sorted(teams))}")
