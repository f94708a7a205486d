"""The problem as flat arrays for the compiled kernels: candidates, spans, steps and classes of teams by session.

A *candidate* is an inspection that a session could hold as far as it alone is concerned. A *class* is all team sessions
of one party that serve a session alike (same cover, same skills); which of them comes is chosen by the master. Indices
of sessions and inspections are those of `Facts`; `first[s]:first[s + 1]` are a session's rows in an array. Instants are
epoch seconds, gains are points.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from samsyn_planning.domain.planner.engine.reach import Reach
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.schedule import Schedule
from samsyn_planning.domain.planner.visits import FINE, Visit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Masks = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

# Routes longer than this are not enumerated; the local search has no such limit.
LONGEST = 64
# Parties of a session, and all skills, are bits of one word; of more parties those required somewhere come first.
MOST_PARTIES = 60
EVERY_PARTY = (1 << 64) - 1


class Tables(NamedTuple):
    """What the kernels read."""

    start: Ints
    end: Ints
    base: Ints
    most_visits: Ints
    least_counted: Ints
    most_parties: int
    fixed_gain: Ints
    has_triangles: Flags
    cand_first: Ints
    cand: Ints
    gain: Floats
    required: Masks
    ready: Masks
    needs: Masks
    span_first: Ints
    span_low: Ints
    span_high: Ints
    step_first: Ints
    step_at: Ints
    step_gain: Floats
    class_first: Ints
    class_party: Ints
    class_covers: Flags
    class_counts: Flags
    class_skills: Masks
    num_parties: Ints
    worth_first: Ints
    worth: Floats
    place: Ints
    duration: Ints
    travel: npt.NDArray[np.int32]
    minute_cost: int


class Option(NamedTuple):
    """A team session that a session could call: its class (a row of the class arrays) and what calling it brings."""

    session: int
    team: int
    row: int
    points: int


class Drawn(NamedTuple):
    """The tables, the options behind the classes, and whether every party and skill is in them."""

    tables: Tables
    options: list[Option]
    is_whole: bool


class _Grown:
    """The arrays that grow session by session."""

    def __init__(self) -> None:
        self.cand_first: list[int] = [0]
        self.cand: list[int] = []
        self.gain: list[float] = []
        self.required: list[int] = []
        self.ready: list[int] = []
        self.needs: list[int] = []
        self.span_first: list[int] = [0]
        self.span_low: list[int] = []
        self.span_high: list[int] = []
        self.step_first: list[int] = [0]
        self.step_at: list[int] = []
        self.step_gain: list[float] = []
        self.class_first: list[int] = [0]
        self.class_party: list[int] = []
        self.class_covers: list[bool] = []
        self.class_counts: list[bool] = []
        self.class_skills: list[int] = []
        self.num_parties: list[int] = []
        self.worth_first: list[int] = [0]
        self.worth: list[float] = []

    def close_session(self, num_parties: int) -> None:
        self.num_parties.append(num_parties)
        self.cand_first.append(len(self.cand))
        self.class_first.append(len(self.class_party))
        self.worth_first.append(len(self.worth))

    def add_visit(self, visit: Visit, steps: list[tuple[int, int]]) -> None:
        for low, high in visit.spans:
            self.span_low.append(low)
            self.span_high.append(high)
        self.span_first.append(len(self.span_low))
        if len(steps) > 1:
            self.step_at += [at for at, _ in steps]
            self.step_gain += [float(points) for _, points in steps]
        self.step_first.append(len(self.step_at))
        self.gain.append(float(steps[0][1]))

    def arrays(self) -> dict[str, Any]:
        masks = ("required", "ready", "needs", "class_skills")
        kinds: dict[str, Any] = dict.fromkeys(masks, np.uint64)
        kinds |= dict.fromkeys(("gain", "step_gain", "worth"), np.float64)
        kinds |= dict.fromkeys(("class_covers", "class_counts"), np.bool_)
        return {name: np.array(values, kinds.get(name, np.int64)) for name, values in vars(self).items()}


class Drawer:
    """Draws the tables of some sessions again and again; what never changes in a solve is worked out once."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._travel = facts.travel.matrix()
        self._reach = Reach(facts, self._travel)
        self._skill_bit = _skill_bits(facts)
        self._needed = frozenset().union(*(i.required_agencies for i in facts.inspections))
        num_skills = len(frozenset().union(*(i.required_participants for i in facts.inspections)))
        self._knows_all_skills = num_skills <= MOST_PARTIES
        listed = facts.sessions
        most = [LONGEST if s.max_inspections is None else min(LONGEST, s.max_inspections) for s in listed]
        self._place = np.array([i.place for i in facts.inspections], np.int64)
        self._same: dict[str, Any] = {
            "start": np.array([s.start for s in listed], np.int64),
            "end": np.array([s.end for s in listed], np.int64),
            "base": np.array([s.base for s in listed], np.int64),
            "most_visits": np.array(most, np.int64),
            "least_counted": np.array([facts.min_agencies(s) for s in range(len(listed))], np.int64),
            "most_parties": facts.rules.max_agencies,
            "place": self._place,
            "duration": np.array([i.duration for i in facts.inspections], np.int64),
            "travel": self._travel,
            "minute_cost": facts.weights.travel_minute,
        }

    def draw(self, schedule: Schedule, sessions: Sequence[int]) -> Drawn:
        """The tables of the open `sessions`, with what the schedule holds elsewhere taken as it stands.

        A candidate whose requirements no team that could come can meet is left out: else they would be lost silently.
        """
        facts, grown, options = schedule.facts, _Grown(), list[Option]()
        chosen = frozenset(sessions)
        for session in range(len(facts.sessions)):
            num_parties = 0
            if session in chosen:
                parties = _draw_classes(schedule, session, self._skill_bit, self._needed, grown, options)
                _draw_candidates(schedule, session, self._reach, self._skill_bit, parties, grown)
                num_parties = len(parties.bit)
            grown.close_session(num_parties)
        arrays = grown.arrays()
        fixed = np.array([schedule.fixed_gain(s) for s in range(len(facts.sessions))], np.int64)
        triangles = _triangles(facts, self._travel, arrays["cand_first"], arrays["cand"], self._place)
        tables = Tables(fixed_gain=fixed, has_triangles=triangles, **self._same, **arrays)
        is_whole = self._knows_all_skills and all(
            len({call.party for call in schedule.crews.calls[session]}) <= MOST_PARTIES for session in chosen
        )
        return Drawn(tables, options, is_whole)


def _skill_bits(facts: Facts) -> dict[str, int]:
    wanted = sorted(frozenset().union(*(i.required_participants for i in facts.inspections)))
    return {skill: 1 << place for place, skill in enumerate(wanted[:MOST_PARTIES])}


class _Parties(NamedTuple):
    """The parties that a session could call, each with its bit; as masks those that cover, and their skills."""

    bit: dict[str, int]
    covering: int
    skilled: int


def _draw_classes(
    schedule: Schedule,
    session: int,
    skill_bit: dict[str, int],
    needed: frozenset[str],
    grown: _Grown,
    options: list[Option],
) -> _Parties:
    busy = schedule.busy(session)
    calls = [call for call in schedule.crews.calls[session] if not call.bit & busy]
    ranked = sorted({call.party for call in calls}, key=lambda party: (party not in needed, party))
    parties = sorted(ranked[:MOST_PARTIES])
    bit = {party: 1 << place for place, party in enumerate(parties)}
    first_row = len(grown.class_party)
    rows: dict[tuple[str, bool, int], int] = {}
    for call in sorted((c for c in calls if c.party in bit), key=lambda c: c.party):
        skills = sum(skill_bit[skill] for skill in call.skills if skill in skill_bit) if call.covers else 0
        key = (call.party, call.covers, skills)
        if key not in rows:
            rows[key] = first_row + len(rows)
            grown.class_party.append(parties.index(call.party))
            grown.class_covers.append(call.covers)
            grown.class_counts.append(call.counts)
            grown.class_skills.append(skills)
        options.append(Option(session, call.team, rows[key], call.points))
    covering = sum(bit[party] for party in {party for party, covers, _ in rows if covers})
    skilled = 0
    for _, _, skills in rows:
        skilled |= skills
    return _Parties(bit, covering, skilled)


def _draw_candidates(
    schedule: Schedule,
    session: int,
    reach: Reach,
    skill_bit: dict[str, int],
    parties: _Parties,
    grown: _Grown,
) -> None:
    facts, bit = schedule.facts, parties.bit
    needs_readiness = facts.needs_readiness(session)
    for inspection, spans in reach.candidates(session).items():
        wanted = facts.inspections[inspection]
        if schedule.session_of[inspection] >= 0 or not all(party in bit for party in wanted.required_agencies):
            continue
        required = sum(bit[party] for party in wanted.required_agencies)
        needs = sum(skill_bit.get(skill, 1 << 63) for skill in wanted.required_participants)
        if required & ~parties.covering or needs & ~parties.skilled:
            continue
        visit = schedule.visits.of(session, inspection, spans)
        if visit is None:
            continue
        ready = EVERY_PARTY
        if needs_readiness and wanted.ready is not None and facts.is_new_on(session, inspection):
            ready = sum(bit[party] for party in bit if party in wanted.ready)
        grown.cand.append(inspection)
        grown.required.append(required)
        grown.needs.append(needs)
        grown.ready.append(ready)
        grown.add_visit(visit, _whole_steps(visit))
        worth = schedule.crews.worth_of(inspection)
        grown.worth += [float(worth.get(party, 0)) for party in bit]


def _whole_steps(visit: Visit) -> list[tuple[int, int]]:
    """The visit's steps in whole points: what is told apart only for the sake of equal plans is left aside."""
    if not visit.steps:
        return [(visit.spans[0][0], -(-visit.points // FINE))]
    steps: list[tuple[int, int]] = []
    for at, fine in visit.steps:
        points = -(-fine // FINE)
        if not steps or steps[-1][1] != points:
            steps.append((at, points))
    return steps


def _triangles(facts: Facts, travel: npt.NDArray[np.int32], first: Ints, cand: Ints, place: Ints) -> Flags:
    """For each session whether no way round by a further candidate is ever shorter or cheaper than the straight one."""
    num_sessions = len(facts.sessions)
    if facts.weights.travel_minute < 0:
        return np.zeros(num_sessions, np.bool_)
    if facts.travel.is_metric:
        return np.ones(num_sessions, np.bool_)
    flags = np.ones(num_sessions, np.bool_)
    for session in range(num_sessions):
        stops = np.unique(np.append(place[cand[first[session] : first[session + 1]]], facts.sessions[session].base))
        legs = travel[np.ix_(stops, stops)].astype(np.int64)
        flags[session] = all((legs[:, [via]] + legs[[via], :] >= legs).all() for via in range(len(stops)))
    return flags
