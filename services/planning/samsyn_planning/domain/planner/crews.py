"""Which teams an operation calls (H7-H9, H12-H15): the set that brings most, given which teams are busy."""

from collections.abc import Iterable
from typing import NamedTuple

from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.visits import disrupted_former


class Call(NamedTuple):
    """A team session that an operation could call, and what calling it costs (negative) before interests."""

    bit: int
    team: int
    party: str
    covers: bool
    counts: bool
    skills: frozenset[str]
    group: str | None
    points: int
    was_published: bool


class Crew(NamedTuple):
    """The teams called, their points (interests less costs), and whether they differ from the published ones."""

    points: int
    teams: tuple[int, ...]
    is_changed: bool


class _Wants(NamedTuple):
    """What a set of inspections asks of its crew."""

    worth: dict[str, int]
    required: frozenset[str]
    skills: frozenset[str]
    least: int


class Crews:
    """Chooses crews and remembers what it chose."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self.calls: list[tuple[Call, ...]] = [self._calls(session) for session in range(len(facts.sessions))]
        self._worth = [self._interests(inspection.interests) for inspection in facts.inspections]
        self._known: dict[tuple[int, tuple[int, ...], int, bool], Crew | None] = {}

    def _interests(self, interests: dict[str, int]) -> dict[str, int]:
        weights = self._facts.weights
        return {
            party: (weights.interest + weights.fairness.get(party, 0)) * interest
            for party, interest in interests.items()
        }

    def worth_of(self, inspection: int) -> dict[str, int]:
        """What each party's presence at the inspection brings."""
        return self._worth[inspection]

    def _calls(self, session: int) -> tuple[Call, ...]:
        facts = self._facts
        calls: list[Call] = []
        for team in range(len(facts.teams)):
            if not facts.is_callable(session, team) or not facts.may_call(session, team):
                continue
            if facts.rules.consent == "given" and facts.needs_consent(session, team):
                continue
            calls.append(self._call(session, team, len(calls)))
        return tuple(calls)

    def _call(self, session: int, team: int, place: int) -> Call:
        facts, weights = self._facts, self._facts.weights
        called = facts.teams[team]
        points = -team_cost(facts, session, team)
        former = disrupted_former(facts, session)
        if former is not None:
            points += former.near * (weights.team_removed if team in former.teams else -weights.team_added)
        return Call(
            bit=1 << place,
            team=team,
            party=called.agency,
            covers=facts.covers(session, team),
            counts=called.agency not in facts.rules.not_an_agency,
            skills=called.skills,
            group=called.group,
            points=points,
            was_published=former is not None and team in former.teams,
        )

    def choose(self, session: int, inspections: Iterable[int], busy: int, is_changed: bool) -> Crew | None:
        """The best crew for the inspections, None where no allowed set of teams serves them.

        `busy` has the bits of calls that other operations bar; `is_changed` says that the operation differs from
        the published one anyway, so that other teams cost no further `changed`.
        """
        key = (session, tuple(sorted(inspections)), busy, is_changed)
        if key not in self._known:
            self._known[key] = self._choose(*key)
        return self._known[key]

    def crew_of(self, session: int, inspections: Iterable[int], teams: tuple[int, ...]) -> Crew | None:
        """Exactly these teams as a crew for the inspections, None where they may not serve them (H7-H9, H12-H15)."""
        route = tuple(inspections)
        called = frozenset(teams)
        calls = [call for call in self.calls[session] if call.team in called]
        if len(calls) < len(called) or not all(self._is_ready(session, call.party, route) for call in calls):
            return None
        wants = self._wants(session, route)
        return self._crew(session, _accepted(calls, wants, self._facts.rules.max_agencies), wants)

    def _choose(self, session: int, inspections: tuple[int, ...], busy: int, is_changed: bool) -> Crew | None:
        wants = self._wants(session, inspections)
        calls = [call for call in self.calls[session] if not call.bit & busy]
        calls = [call for call in calls if self._is_ready(session, call.party, inspections)]
        calls.sort(key=lambda call: (-call.points, not call.was_published, call.team))
        former = disrupted_former(self._facts, session)
        best = self._crew(session, _chosen(calls, wants, self._facts.rules.max_agencies), wants)
        if former is None or best is None or is_changed or not best.is_changed:
            return best
        published = [call for call in calls if call.was_published]
        same = self._crew(session, _accepted(published, wants, self._facts.rules.max_agencies), wants)
        if same is None or same.is_changed or same.points < best.points - self._facts.weights.changed:
            return best
        return same

    def _wants(self, session: int, inspections: tuple[int, ...]) -> _Wants:
        worth: dict[str, int] = {}
        required: frozenset[str] = frozenset()
        skills: frozenset[str] = frozenset()
        for inspection in inspections:
            for party, points in self._worth[inspection].items():
                worth[party] = worth.get(party, 0) + points
            required |= self._facts.inspections[inspection].required_agencies
            skills |= self._facts.inspections[inspection].required_participants
        return _Wants(worth, required, skills, self._facts.min_agencies(session))

    def _is_ready(self, session: int, party: str, inspections: tuple[int, ...]) -> bool:
        if not self._facts.needs_readiness(session):
            return True
        for inspection in inspections:
            ready = self._facts.inspections[inspection].ready
            if ready is not None and party not in ready and self._facts.is_new_on(session, inspection):
                return False
        return True

    def _crew(self, session: int, calls: list[Call] | None, wants: _Wants) -> Crew | None:
        if calls is None:
            return None
        former = disrupted_former(self._facts, session)
        teams = tuple(sorted(call.team for call in calls))
        points = sum(call.points + wants.worth.get(call.party, 0) for call in calls)
        return Crew(points, teams, former is not None and former.teams != frozenset(teams))


def team_cost(facts: Facts, session: int, team: int) -> int:
    """What calling the team costs, more where it has far to the session's base."""
    home = facts.teams[team].home
    is_far = home is not None and facts.travel.seconds(home, facts.sessions[session].base) > facts.rules.team_far
    return facts.weights.team + (facts.weights.team_far if is_far else 0)


def _accepted(calls: list[Call], wants: _Wants, most: int) -> list[Call] | None:
    """The calls where they are a lawful crew (H7-H9, H15), else None."""
    parties = {call.party for call in calls}
    groups = [call.group for call in calls if call.group is not None]
    covering = [call for call in calls if call.covers]
    skills = frozenset().union(*(call.skills for call in covering))
    is_lawful = (
        len(parties) == len(calls) <= most
        and len(set(groups)) == len(groups)
        and sum(call.counts for call in calls) >= wants.least
        and wants.required <= {call.party for call in covering}
        and wants.skills <= skills
    )
    return calls if is_lawful else None


def _chosen(calls: list[Call], wants: _Wants, most: int) -> list[Call] | None:
    """The crew: who is required, who has the skills, then whoever brings more than the calling costs."""
    best: list[Call] | None = None
    best_points = 0
    for forced in _forced(calls, wants, []):
        crew = _filled(forced, calls, wants, most)
        points = 0 if crew is None else sum(call.points + wants.worth.get(call.party, 0) for call in crew)
        if crew is not None and (best is None or points > best_points):
            best, best_points = crew, points
    return best


def _forced(calls: list[Call], wants: _Wants, crew: list[Call]) -> Iterable[list[Call]]:
    """Each way to meet the required agencies and skills, cheapest calls first; alternatives only where they differ."""
    missing = sorted(wants.required - {call.party for call in crew})
    if missing:
        options = [call for call in calls if call.covers and call.party == missing[0]]
        # Without wished-for skills or groups every covering team of the party serves alike: the cheapest will do.
        plain = not wants.skills and all(call.group is None for call in options[:1])
        for call in options[:1] if plain else options:
            if _fits(call, crew):
                yield from _forced(calls, wants, [*crew, call])
        return
    skill = min(wants.skills - frozenset().union(*(call.skills for call in crew)), default=None)
    if skill is None:
        yield crew
        return
    for call in calls:
        if call.covers and skill in call.skills and _fits(call, crew):
            yield from _forced(calls, wants, [*crew, call])


def _fits(call: Call, crew: list[Call]) -> bool:
    return all(call.party != member.party and (call.group is None or call.group != member.group) for member in crew)


def _filled(forced: list[Call], calls: list[Call], wants: _Wants, most: int) -> list[Call] | None:
    crew = list(forced)
    rest = sorted(calls, key=lambda call: -(call.points + wants.worth.get(call.party, 0)))
    for call in rest:
        if sum(member.counts for member in crew) < wants.least and call.counts and _fits(call, crew):
            crew.append(call)
    for call in rest:
        if len(crew) < most and call.points + wants.worth.get(call.party, 0) > 0 and _fits(call, crew):
            crew.append(call)
    return _accepted(crew, wants, most)
