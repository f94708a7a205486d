"""The teams that could come to each session by their hours, and the rules that bar them there on a finished plan."""

from collections.abc import Sequence
from typing import NamedTuple

from samsyn_planning.domain.planner.codes import BIT
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.schedule import Operation

# The rules that bar single teams, in the order in which they are blamed where one or another would do.
BARS = (BIT["H12"], BIT["H13"], BIT["H14"], BIT["H10"], BIT["H15"])
ALL_BARS = sum(BARS)


class Able(NamedTuple):
    """A team that could come to a session by its hours, and the rules that bar it there today (H14 aside)."""

    party: str
    covers: bool
    counts: bool
    skills: frozenset[str]
    group: str | None
    bars: int


class Free(NamedTuple):
    """The teams that no rule bars but those lifted, and their parties: who covers the session, who counts."""

    able: tuple[Able, ...]
    covering: frozenset[str]
    counted: frozenset[str]


class Pool:
    """The teams of one session."""

    def __init__(self, able: Sequence[Able], late: int) -> None:
        self.able = tuple(able)
        self.covering = frozenset(one.party for one in able if one.covers)
        self.has_rivals = has_rivals(able)
        # What bars any of them, and any that were sent for (H12).
        self.late = late
        self.bars = late
        for one in able:
            self.bars |= one.bars
        self._free: dict[int, Free] = {}

    def free(self, lifted: int) -> Free:
        """Who could come if these rules were lifted."""
        key = lifted & self.bars
        if key not in self._free:
            able = tuple(one for one in self.able if not one.bars & ~key)
            covering = frozenset(one.party for one in able if one.covers)
            self._free[key] = Free(able, covering, frozenset(one.party for one in able if one.counts))
        return self._free[key]


def has_rivals(able: Sequence[Able]) -> bool:
    """Whether two of the teams are alternatives of one another (H15)."""
    groups = [one.group for one in able if one.group is not None]
    return len(groups) > len(set(groups))


class AbleTeams:
    """Looks up each session's pool once."""

    def __init__(self, facts: Facts, operations: Sequence[Operation | None]) -> None:
        self._facts = facts
        self._pools: dict[int, Pool] = {}
        self._late = facts.problem.no_new_team_before
        self._uses: dict[int, int] = {}
        self._team_uses: dict[str, int] = {}
        for session, held in enumerate(operations):
            for team in held.teams if held else ():
                name = facts.teams[team].team
                self._uses[team] = self._uses.get(team, 0) | 1 << session
                self._team_uses[name] = self._team_uses.get(name, 0) | 1 << session
        self._hours = [(team.start, team.end, index) for index, team in enumerate(facts.teams)]

    def of(self, session: int) -> Pool:
        """The pool of one session."""
        if session not in self._pools:
            is_late = self._late is not None and self._facts.sessions[session].start < self._late
            able = [self._one(session, team) for team in self._callable(session)]
            self._pools[session] = Pool(able, BIT["H12"] if is_late else 0)
        return self._pools[session]

    def _callable(self, session: int) -> list[int]:
        offered, rules = self._facts.sessions[session], self._facts.rules
        latest, earliest = offered.start + rules.late_join, offered.end - rules.early_leave
        found = [team for start, end, team in self._hours if start <= latest and end >= earliest]
        return [team for team in found if self._facts.is_callable(session, team)]

    def _one(self, session: int, team: int) -> Able:
        facts, called, bars = self._facts, self._facts.teams[team], 0
        if self._late is not None and not facts.may_call(session, team):
            bars |= BIT["H12"]
        if facts.rules.consent == "given" and facts.needs_consent(session, team):
            bars |= BIT["H13"]
        if self._team_uses.get(called.team, 0) & facts.clash[session]:
            bars |= BIT["H10"]
        rivals = facts.groups[called.group] if called.group is not None else ()
        if any(self._uses.get(rival, 0) & ~(1 << session) for rival in rivals if rival != team):
            bars |= BIT["H15"]
        return Able(
            party=called.agency,
            covers=facts.covers(session, team),
            counts=called.agency not in facts.rules.not_an_agency,
            skills=called.skills,
            group=called.group,
            bars=bars,
        )
