"""The search among long routes put to work on a schedule: which sessions have them, and with which teams."""

import numpy as np

from samsyn_planning.domain.planner.engine.long_routes import Field, roam
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.tables import Ints
from samsyn_planning.domain.planner.schedule import Schedule

# A session that could hold so many stops has long routes.
LONG = 9
# Tries of one call, and the share of the points that a worse plan may lie below the best at first.
CALL, HEAT = 3_000_000, 0.02
# A session whose teams are not known yet is looked at so thoroughly.
LOOK = (20_000, 5_000)

Crew = tuple[int, ...]


class Touring:
    """Betters the long routes of a schedule, each session's teams as they are; routes are in stops of the field."""

    def __init__(self, schedule: Schedule, whole: Pricer, seed: int) -> None:
        self._schedule, self._whole, self._seed = schedule, whole, seed
        self._long = [s for s in whole.sessions if whole.most_stops(s) >= LONG]

    def has_any(self) -> bool:
        """Whether some session has long routes."""
        return bool(self._long)

    def better(self, calls: int) -> bool:
        """Search for so many calls; whether that gained."""
        crews = self._crews()
        if not crews:
            return False
        before = self._schedule.points
        field = self._field(crews)
        stop, num = self._routes(field, crews)
        for _ in range(calls):
            self._seed += 1
            _, spent = roam(self._whole.tables, field, stop, num, CALL, HEAT, self._seed)
            self._whole.spend(spent)
            if self._whole.is_spent():
                break
        self._put(field, list(crews), stop, num)
        return self._schedule.points > before

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

    def _field(self, crews: dict[int, Crew]) -> Field:
        schedule, facts, tables = self._schedule, self._schedule.facts, self._whole.tables
        elsewhere = {i for i, s in enumerate(schedule.session_of) if s >= 0 and s not in crews}
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
        most = [facts.sessions[session].max_inspections or len(who) for session in crews]
        return Field(
            session=np.array(list(crews), np.int64),
            who=np.array(who, np.int64),
            row=row,
            gain=gain,
            most=np.array(most, np.int64),
            leg=leg,
            cost=(tables.minute_cost * -(-leg // 60)).astype(np.float64),
        )

    def _served(self, session: int, teams: Crew) -> frozenset[int]:
        """The candidates that these teams could serve, each by itself."""
        crews = self._schedule.crews
        own = (int(inspection) for inspection in self._whole.candidates(session))
        return frozenset(inspection for inspection in own if crews.crew_of(session, (inspection,), teams) is not None)

    def _routes(self, field: Field, crews: dict[int, Crew]) -> tuple[Ints, Ints]:
        place_of = {int(inspection): place for place, inspection in enumerate(field.who)}
        stop, num = np.full((len(crews), len(field.who) + 1), -1, np.int64), np.zeros(len(crews), np.int64)
        for r, session in enumerate(crews):
            held = self._schedule.operations[session]
            for inspection in held.route if held else ():
                if field.row[r, place_of[inspection]] >= 0:
                    stop[r, num[r]] = place_of[inspection]
                    num[r] += 1
        return stop, num

    def _put(self, field: Field, sessions: list[int], stop: Ints, num: Ints) -> None:
        """Let the schedule hold the routes, each with the best teams, where that is better as a whole."""
        schedule = self._schedule
        mark, before = schedule.mark(), schedule.points
        for session in sessions:
            schedule.put(session, None)
        for r, session in enumerate(sessions):
            route = tuple(int(field.who[u]) for u in stop[r, : num[r]])
            operation = schedule.evaluated(session, route) if route else None
            if operation is not None and schedule.gain(session, operation) > 0:
                schedule.put(session, operation)
        if schedule.points <= before:
            schedule.back(mark)
