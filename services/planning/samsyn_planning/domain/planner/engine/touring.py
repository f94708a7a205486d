"""The search among long routes put to work on a schedule: which sessions have them, and with which teams."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.columns import assembled
from samsyn_planning.domain.planner.engine.field import Cooling, Field, Plan
from samsyn_planning.domain.planner.engine.long_routes import roam
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.schedule import Operation, Schedule

# A session that could hold so many stops has long routes.
LONG = 9
# Tries of one call, or one of so many parts of what the last gain took, with a look at the clock in between.
CALL, PART, LOOK_UP = 2_000_000, 8, 1_000_000
# The share of what there is to spend that may go into this search.
MOST = 0.75
# From hot to cold, in shares of what a stop brings on average; the first cooling in so many tries, each next slower.
HOT, COLD, FIRST_COOLING, SLOWER = 0.8, 0.08, 10_000_000, 2
# A session whose teams are not known yet is looked at so thoroughly.
LOOK = (20_000, 5_000)

Crew = tuple[int, ...]


class _Search(NamedTuple):
    """A search under way: the best plan in its field and the one it is at, and what they were found for."""

    crews: dict[int, Crew]
    elsewhere: frozenset[int]
    field: Field
    best: Plan
    now: Plan


class Touring:
    """Betters the long routes of a schedule, each session's teams as they are; routes are in stops of the field."""

    def __init__(self, schedule: Schedule, whole: Pricer, seed: int) -> None:
        self._schedule, self._whole = schedule, whole
        self._long = [s for s in whole.sessions if whole.most_stops(s) >= LONG]
        self._lots = np.array([seed], np.uint64)
        self._search: _Search | None = None
        self._done, self._total = 0, FIRST_COOLING
        self._spent, self._gained_after = 0, 0

    def has_any(self) -> bool:
        """Whether some session has long routes."""
        return bool(self._long)

    def better(self, calls: int) -> bool:
        """Search for so many calls; whether that gained."""
        before = self._schedule.points
        search = self._going_on()
        if search is None:
            return False
        for _ in range(calls):
            self._call(search)
            if self._whole.is_spent(MOST):
                break
        self._put(search)
        if self._schedule.points > before:
            self._gained_after = self._spent
        return self._schedule.points > before

    def _going_on(self) -> _Search | None:
        """The search under way, or one begun anew where the schedule has other teams or stops than it knows."""
        crews = self._crews()
        if not crews:
            return None
        elsewhere = frozenset(i for i, s in enumerate(self._schedule.session_of) if s >= 0 and s not in crews)
        search = self._search
        if search is None or search.crews != crews or search.elsewhere != elsewhere:
            field = self._field(crews, elsewhere)
            best = self._plan(field, crews)
            search = _Search(crews, elsewhere, field, best, Plan(best.stop.copy(), best.num.copy()))
            self._search, self._done = search, 0
        return search

    def _call(self, search: _Search) -> None:
        """Search on, and begin to cool anew, from the best plan and more slowly, whenever all is cold."""
        left = 0 if _has_everything(search) else max(CALL, self._gained_after // PART)
        worth = search.field.gain[search.field.can_hold & (search.field.gain > 0)]
        unit = float(worth.mean()) if len(worth) else 1.0
        while left > 0 and not self._whole.is_spent(MOST):
            cooling = Cooling(HOT * unit, COLD * unit, self._done, self._total)
            spent = roam(search.field, search.best, search.now, cooling, min(left, LOOK_UP), self._lots)
            self._whole.spend(spent)
            left -= spent
            self._spent += spent
            self._done += spent
            if self._done >= self._total:
                self._done, self._total = 0, SLOWER * self._total
                search.now.stop[:, :], search.now.num[:] = search.best.stop, search.best.num

    def _crews(self) -> dict[int, Crew]:
        """The teams of each session with long routes: those it has, else those that would serve it best."""
        schedule, crews = self._schedule, dict[int, Crew]()
        mark = schedule.mark()
        for session in self._long:
            held = schedule.operations[session]
            if held is None:
                self._whole.allow(schedule.session_of)
                best = self._whole.best_alone(session, LOOK)
                held = None if best is None else schedule.evaluated(session, best[0].route)
                schedule.put(session, held)
            if held is not None:
                crews[session] = held.teams
        schedule.back(mark)
        return crews

    def _field(self, crews: dict[int, Crew], elsewhere: frozenset[int]) -> Field:
        schedule, facts, tables = self._schedule, self._schedule.facts, self._whole.tables
        served = [self._served(session, teams) for session, teams in crews.items()]
        who = sorted(frozenset().union(*served) - elsewhere)
        place_of = {inspection: place for place, inspection in enumerate(who)}
        row, gain = np.full((len(crews), len(who)), -1, np.int64), np.zeros((len(crews), len(who)))
        for r, (session, teams) in enumerate(crews.items()):
            parties = [facts.teams[team].agency for team in teams]
            for at in range(tables.cand_first[session], tables.cand_first[session + 1]):
                inspection = int(tables.cand[at])
                if inspection in place_of and inspection in served[r]:
                    worth = schedule.crews.worth_of(inspection)
                    row[r, place_of[inspection]] = at
                    gain[r, place_of[inspection]] = tables.gain[at] + sum(worth.get(party, 0) for party in parties)
        stops = [int(tables.place[i]) for i in who] + [facts.sessions[session].base for session in crews]
        leg = tables.travel[np.ix_(stops, stops)].astype(np.int64)
        among = leg[: len(who), : len(who)]
        most = [facts.sessions[session].max_inspections or len(who) for session in crews]
        return Field(
            who=np.array(who, np.int64),
            can_hold=row >= 0,
            gain=gain,
            most=np.array(most, np.int64),
            start=tables.start[list(crews)],
            end=tables.end[list(crews)],
            stay=tables.duration[who],
            leg=leg,
            cost=(tables.minute_cost * -(-leg // 60)).astype(np.float64),
            span_first=tables.span_first[np.maximum(row, 0)],
            span_last=tables.span_first[np.maximum(row, 0) + 1] - 1,
            span_low=tables.span_low,
            span_high=tables.span_high,
            near=np.argsort(among + among.T, axis=1, kind="stable"),
        )

    def _served(self, session: int, teams: Crew) -> frozenset[int]:
        """The candidates that these teams could serve, each by itself."""
        crews = self._schedule.crews
        own = (int(inspection) for inspection in self._whole.candidates(session))
        return frozenset(inspection for inspection in own if crews.crew_of(session, (inspection,), teams) is not None)

    def _plan(self, field: Field, crews: dict[int, Crew]) -> Plan:
        """What the schedule holds on these sessions."""
        place_of = {int(inspection): place for place, inspection in enumerate(field.who)}
        stop, num = np.full((len(crews), len(field.who) + 1), -1, np.int64), np.zeros(len(crews), np.int64)
        for r, session in enumerate(crews):
            held = self._schedule.operations[session]
            for inspection in held.route if held else ():
                u = place_of.get(inspection)
                if u is not None and field.can_hold[r, u]:
                    stop[r, num[r]] = u
                    num[r] += 1
        return Plan(stop, num)

    def _put(self, search: _Search) -> None:
        """Let the schedule hold the routes with the search's teams, or better ones, where that is better as a whole."""
        schedule, (stop, num) = self._schedule, search.best
        mark, before = schedule.mark(), schedule.points
        for session in search.crews:
            schedule.put(session, None)
        routes = [tuple(int(search.field.who[u]) for u in stop[r, : num[r]]) for r in range(len(num))]
        for (session, teams), route in zip(search.crews.items(), routes, strict=True):
            self._hold(session, assembled(schedule, session, route, teams) if route else None)
        for session, route in zip(search.crews, routes, strict=True):
            self._hold(session, schedule.evaluated(session, route) if route else None)
        if schedule.points <= before:
            schedule.back(mark)

    def _hold(self, session: int, operation: Operation | None) -> None:
        """Let the session hold the operation where that gains and the others let it."""
        schedule = self._schedule
        if operation is not None and schedule.gain(session, operation) > 0 and schedule.can_put(session, operation):
            schedule.put(session, operation)


def _has_everything(search: _Search) -> bool:
    """Whether every stop is served where it brings most, and legs cost nothing: then no plan is better."""
    field, (stop, num) = search.field, search.best
    held = sum(float(field.gain[r, stop[r, : num[r]]].sum()) for r in range(len(num)))
    return not field.cost.any() and held >= float(field.gain.max(axis=0).clip(0).sum())
