"""What stands between every inspection that a finished plan leaves out and every session, each rule asked alone."""

from collections.abc import Sequence

import numpy as np

from samsyn_planning.domain.planner.codes import BIT, codes_in
from samsyn_planning.domain.planner.crew_rules import CrewRules, Wants
from samsyn_planning.domain.planner.room import Room
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.site_obstacles import Marks, Numbers, Sites, site_obstacles


class Obstacles:
    """One row per inspection, one column per session.

    `bits` has the rules that the inspection breaks even if the session held nothing else, with the other operations
    as they are; where none is broken, TAKEN if the session's operation leaves no room for it, else VALUE.
    """

    def __init__(self, schedule: Schedule, inspections: Sequence[int]) -> None:
        self._schedule = schedule
        self.inspections = list(inspections)
        self.row = {inspection: row for row, inspection in enumerate(inspections)}
        self.crews = CrewRules(schedule.facts, schedule.operations)
        sites = Sites(schedule.facts, inspections)
        sited, self.within = site_obstacles(sites, schedule.visits.may_use)
        self._teams = self._team_bits(sited)
        self.bits = sited | self._teams
        self._say_what_is_taken(Room(sites))

    @property
    def only(self) -> Marks:
        """Where exactly one code stands, and nothing else would help."""
        return np.asarray((self.bits & (self.bits - 1)) == 0, np.bool_)

    def codes(self, session: int, inspection: int) -> list[str]:
        """All codes of one pair."""
        return codes_in(int(self.bits[self.row[inspection], session]))

    def missing_parties(self, session: int, inspection: int) -> frozenset[str]:
        """Required agencies without a team that covers the session."""
        return self.crews.missing_parties(session, self.crews.wants(session, (inspection,)))

    def _team_bits(self, sited: Numbers) -> Numbers:
        """Inspections that ask the same of a crew are asked for once a session."""
        bits = np.zeros_like(sited)
        facts = self._schedule.facts
        near = [session for session in range(len(facts.sessions)) if facts.needs_readiness(session)]
        far = [session for session in range(len(facts.sessions)) if session not in set(near)]
        alike: dict[Wants, list[int]] = {}
        for row, inspection in enumerate(self.inspections):
            wanted = facts.inspections[inspection]
            alike.setdefault(Wants(wanted.required_agencies, wanted.required_participants, None), []).append(row)
        for wants, rows in alike.items():
            of_sessions = np.array([self.crews.bits(session, wants) for session in far], np.int64)
            bits[np.ix_(rows, far)] = of_sessions[None, :]
        for session in near:
            for row, inspection in enumerate(self.inspections):
                bits[row, session] = self.crews.bits(session, self.crews.wants(session, (inspection,)))
        return bits

    def _say_what_is_taken(self, room: Room) -> None:
        for session, held in enumerate(self._schedule.operations):
            rows = np.flatnonzero(self.bits[:, session] == 0)
            if held is None:
                self.bits[rows, session] = BIT["VALUE"]
                continue
            if not len(rows):
                continue
            fits = room.beside(session, held.route, rows)
            for position in np.flatnonzero(fits):
                inspection = self.inspections[rows[position]]
                fits[position] = self.crews.serves(session, self.crews.wants(session, (*held.route, inspection)))
            self.bits[rows, session] = np.where(fits, BIT["VALUE"], BIT["TAKEN"])
