"""Every plan of a tiny problem, tried: the optimum that no engine can argue with.

All routes, all candidate start times and all sets of teams of each session, combined over the sessions. Start times
are exact: points change only at the candidates, so each visit may be pulled back to the latest candidate before it or
to its earliest start, and of two equal beginnings of a route the one that ends earlier with no fewer points does.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from tests.support import brute_force_points as scoring
from tests.support import brute_force_rules as rules
from tests.support.brute_force_world import Form, Held, Visit, World, midnights_between, opened, seconds_of, told_of


class FrozenClash(Exception):
    """Two frozen operations clash: the problem has no plan."""


@dataclass(frozen=True)
class Option:
    """One thing a session may hold, or nothing, with its value less the disruption on that session."""

    session: str
    held: Held | None
    net: int
    num_changed: int

    @property
    def rank(self) -> tuple[int, int]:
        """Objective first, then the fewest changed operations that were not hit."""
        return self.net, -self.num_changed


@dataclass(frozen=True)
class Optimum:
    """The best objective, the fewest changed operations that allow it, and one such plan."""

    objective: int
    num_changed: int
    plan: dict[str, Held]


@dataclass(frozen=True)
class _Beginning:
    points: int
    is_shifted: bool
    free_at: int
    visits: tuple[Visit, ...]


def optimum_of(problem: Form) -> Optimum:
    """Give the optimum of a tiny problem; FrozenClash if two frozen operations clash."""
    world = opened(problem)
    frozen = [(own.session, own.held) for own in world.published if rules.is_frozen(world, own)]
    if any(rules.clash(world, a, b) for a, b in combinations(frozen, 2)):
        raise FrozenClash
    choices = _choices(world)
    best = _best_combination(world, choices)
    if best is None:
        raise FrozenClash
    plan = {option.session: option.held for option in best if option.held is not None}
    return Optimum(sum(option.net for option in best), sum(option.num_changed for option in best), plan)


def best_objective_with(problem: Form, inspection: str) -> int | None:
    """Give the best objective of the plans that hold an inspection, None where no plan can."""
    world = opened(problem)
    found = []
    for forced in range(len(world.sessions)):
        choices = _choices(world)
        choices[forced] = [own for own in choices[forced] if own.held and inspection in own.held.inspections]
        best = _best_combination(world, choices)
        found += [sum(option.net for option in best)] if best else []
    return max(found, default=None)


def _choices(world: World) -> list[list[Option]]:
    """Give each session's options, the best first."""
    return [sorted(options_of(world, session), key=lambda o: o.rank, reverse=True) for session in world.sessions]


def plan_form(world: World, plan: dict[str, Held]) -> Form:
    """Give a first plan in the form of a plan's operations, with ids of new operations."""
    by_start = sorted(plan, key=lambda session: (world.sessions[session]["start"], f"op:{session}"))
    return {"schema": "samsyn-plan/1", "operations": [_operation_form(world, own, plan[own]) for own in by_start]}


def _operation_form(world: World, session: str, held: Held) -> Form:
    visits = [{"id": v.inspection, "start_at": told_of(v.start), "end_at": told_of(v.end)} for v in held.visits]
    needs_consent = sorted(rules.uses(world, session, held))
    return {
        "id": f"op:{session}",
        "session": session,
        "inspections": visits,
        "teams": sorted(held.teams),
        "needs_consent": needs_consent,
    }


def _best_combination(world: World, choices: list[list[Option]]) -> list[Option] | None:
    if not all(choices):
        return None
    hopes = [(0, 0)]
    for options in reversed(choices):
        top = options[0].rank
        hopes.insert(0, (hopes[0][0] + top[0], hopes[0][1] + top[1]))
    best: tuple[tuple[int, int], list[Option]] | None = None

    def choose(chosen: list[Option], rank: tuple[int, int]) -> None:
        nonlocal best
        depth = len(chosen)
        if depth == len(choices):
            best = (rank, chosen)
            return
        for option in choices[depth]:
            reached = (rank[0] + option.rank[0], rank[1] + option.rank[1])
            hope = (reached[0] + hopes[depth + 1][0], reached[1] + hopes[depth + 1][1])
            if best is not None and hope <= best[0]:
                continue
            if not any(_clash(world, option, other) for other in chosen):
                choose([*chosen, option], reached)

    choose([], (0, 0))
    return None if best is None else best[1]


def _clash(world: World, a: Option, b: Option) -> bool:
    return a.held is not None and b.held is not None and rules.clash(world, (a.session, a.held), (b.session, b.held))


def options_of(world: World, session_id: str) -> list[Option]:
    """Give the best operation for each set of inspections and of teams that a session may hold, and nothing."""
    frozen = rules.frozen_on(world, session_id)
    if frozen:
        return [_option(world, session_id, frozen[0].held)]
    operations = operations_of(world, session_id)
    return [_option(world, session_id, None), *(_option(world, session_id, held) for held in operations)]


def _option(world: World, session_id: str, held: Held | None) -> Option:
    value = 0 if held is None else scoring.value_of(world, session_id, held)
    net = value - scoring.disruption_on(world, session_id, held)
    return Option(session_id, held, net, scoring.num_changed_on(world, session_id, held))


def operations_of(world: World, session_id: str) -> Iterator[Held]:
    """Give what is worth trying on a session that is not frozen: the best times of each set of sites and teams."""
    session = world.sessions[session_id]
    if session["start"] <= world.now:
        yield from (own.held for own in world.published_on(session_id) if rules.may_hold(world, session_id, own.held))
        return
    crews = [crew for crew in _subsets(sorted(world.team_sessions)) if _may_be_crew(world, session_id, crew)]
    for visits in _timed_routes(world, session_id) if crews else ():
        for crew in crews:
            held = Held(visits, crew)
            if rules.may_hold(world, session_id, held):
                yield held


def _subsets(ids: Collection[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(ids) + 1):
        yield from combinations(ids, size)


def _may_be_crew(world: World, session_id: str, crew: Collection[str]) -> bool:
    session = world.sessions[session_id]
    each = all(rules.is_callable(world, session, world.team_sessions[team]) for team in crew)
    return each and rules.may_go_together(world, session, crew)


def _timed_routes(world: World, session_id: str) -> Iterable[tuple[Visit, ...]]:
    """Give the best timed route for each set of inspections, with and without a start moved beyond the tolerance."""
    session = world.sessions[session_id]
    limit = session["max_inspections"]
    sites = {id_: own for id_, own in world.inspections.items() if rules.may_take(world, session, own)}
    starts = {id_: _candidates(world, session_id, own) for id_, own in sites.items()}
    found: dict[tuple[frozenset[str], bool], tuple[int, tuple[Visit, ...]]] = {}

    def close(beginnings: list[_Beginning], place: object) -> None:
        back = world.travel(place, session["base"])
        for own in beginnings:
            key = frozenset(visit.inspection for visit in own.visits), own.is_shifted
            points = own.points - scoring.leg_points(world, back)
            if own.free_at + back <= session["end"] and (key not in found or points > found[key][0]):
                found[key] = points, own.visits

    def grow(beginnings: list[_Beginning], place: object, taken: frozenset[str]) -> None:
        for id_, site in sites.items():
            if id_ in taken or (limit is not None and len(taken) >= limit):
                continue
            leg = world.travel(place, site["place"])
            longer = [
                _extended(world, session_id, own, id_, start, leg)
                for own in beginnings
                for start in sorted({own.free_at + leg, *starts[id_]})
                if start >= own.free_at + leg and rules.may_start(site, start)
            ]
            kept = _undominated(longer)
            if kept:
                close(kept, site["place"])
                grow(kept, site["place"], taken | {id_})

    grow([_Beginning(0, False, session["start"], ())], session["base"], frozenset())
    return [visits for _, visits in found.values()]


def _extended(world: World, session_id: str, own: _Beginning, id_: str, start: int, leg: int) -> _Beginning:
    site = world.inspections[id_]
    visit = Visit(id_, start, start + site["duration_seconds"])
    moved = [
        scoring.near(world, published) * world.disruption["shifted"]
        for published in world.published_on(session_id)
        if not rules.is_lost(world, published) and scoring.is_shifted(world, published, visit)
    ]
    points = scoring.visit_points(world, world.sessions[session_id], site, start) - scoring.leg_points(world, leg)
    is_shifted = own.is_shifted or bool(moved)
    return _Beginning(own.points + points - sum(moved), is_shifted, visit.end, (*own.visits, visit))


def _undominated(beginnings: list[_Beginning]) -> list[_Beginning]:
    """Keep those that no other of the same kind matches in both points and time."""
    kept: list[_Beginning] = []
    for own in sorted(beginnings, key=lambda b: (b.free_at, -b.points)):
        if not any(other.points >= own.points and other.is_shifted == own.is_shifted for other in kept):
            kept.append(own)
    return kept


def _candidates(world: World, session_id: str, site: Form) -> set[int]:
    session, tolerance = world.sessions[session_id], world.disruption["shift_tolerance_seconds"]
    told = [
        visit.start
        for own in world.published_on(session_id)
        for visit in own.held.visits
        if visit.inspection == site["id"]
    ]
    themes = [seconds_of(row[end]) for row in world.weights["theme"] for end in ("from", "to")]
    return {
        *(opens for opens, _ in site["windows"]),
        *themes,
        *midnights_between(session["start"], session["end"]),
        *(start - tolerance for start in told),
        *(start + tolerance + 1 for start in told),
    }
