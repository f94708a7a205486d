"""What follows from a problem before any search: what is still listed, lost, hit, frozen and open (M3, M4, H10-H14)."""

from dataclasses import dataclass

from samsyn_planning.domain.planner.days import day_of
from samsyn_planning.domain.planner.errors import FrozenClashError
from samsyn_planning.domain.planner.form_rules import broken_rules
from samsyn_planning.domain.planner.problem import (
    Inspection,
    Problem,
    PublishedOperation,
    Session,
    TeamSession,
)


@dataclass(frozen=True, slots=True)
class Former:
    """A published operation seen from today: `session` is its listed session's index, None where that is gone."""

    operation: PublishedOperation
    session: int | None
    start: int
    is_lost: bool
    broken: tuple[str, ...]
    is_frozen: bool
    is_fixed: bool
    near: int
    inspections: frozenset[int]
    teams: frozenset[int]

    @property
    def is_hit(self) -> bool:
        """Whether the published form no longer stands by itself."""
        return self.is_lost or bool(self.broken)


class Facts:
    """The problem with its losses taken in; sessions, team sessions and inspections are indices sorted by id."""

    def __init__(self, problem: Problem) -> None:
        lost = problem.lost
        self.problem = problem
        self.rules = problem.rules
        self.weights = problem.weights
        self.travel = problem.travel
        self.sessions: list[Session] = [s for s in problem.sessions if s.id not in lost or not s.police]
        self.teams: list[TeamSession] = [t for t in problem.team_sessions if t.id not in lost]
        self.inspections: list[Inspection] = [i for i in problem.inspections if i.id not in lost]
        self.session_index = {session.id: index for index, session in enumerate(self.sessions)}
        self.team_index = {team.id: index for index, team in enumerate(self.teams)}
        self.inspection_index = {inspection.id: index for index, inspection in enumerate(self.inspections)}
        self.formers = [self._former(operation) for operation in problem.published or ()]
        self.former_at: dict[int, Former] = {}
        # Of several published on one session what is frozen stands for it.
        for former in sorted(self.formers, key=lambda former: not former.is_frozen):
            if former.session is not None:
                self.former_at.setdefault(former.session, former)
        self._check_frozen()
        self.clash = self._clashes()
        self.groups = self._groups()
        self.had = self._had()
        self._open_before_freeze = frozenset().union(*(f.inspections for f in self.formers if f.is_hit))

    def _former(self, operation: PublishedOperation) -> Former:
        session = self.session_index.get(operation.session)
        is_lost = session is None or operation.session in self.problem.lost
        start = self._published_start(operation, session)
        broken = broken_rules(self, operation)
        is_standing = not is_lost and not broken
        freeze = self.problem.freeze_until
        is_frozen = is_standing and (operation.id in self.problem.held or (freeze is not None and start < freeze))
        return Former(
            operation=operation,
            session=session,
            start=start,
            is_lost=is_lost,
            broken=broken,
            is_frozen=is_frozen,
            is_fixed=is_frozen or (is_standing and start <= self.problem.now),
            near=self._near(start) * (2 if operation.id in self.problem.confirmed else 1),
            inspections=frozenset(
                self.inspection_index[visit.inspection]
                for visit in operation.visits
                if visit.inspection in self.inspection_index
            ),
            teams=frozenset(self.team_index[team] for team in operation.teams if team in self.team_index),
        )

    def _published_start(self, operation: PublishedOperation, session: int | None) -> int:
        if session is not None:
            return self.sessions[session].start
        return operation.visits[0].start if operation.visits else self.problem.now

    def _near(self, start: int) -> int:
        distance = start - self.problem.now
        for factor, reach in ((4, 259200), (3, 604800), (2, 1209600)):
            if distance <= reach:
                return factor
        return 1

    def _check_frozen(self) -> None:
        frozen = [former for former in self.formers if former.is_frozen]
        for place, one in enumerate(frozen):
            for other in frozen[:place]:
                rule = self.clash_rule(one, other)
                if rule:
                    raise FrozenClashError(other.operation.id, one.operation.id, rule)

    def clash_rule(self, one: Former, other: Former) -> str | None:
        """Which of H1, H10 and H15 forbids that both published operations stand, if any."""
        if one.session == other.session or one.inspections & other.inspections:
            return "H1"
        busy = {self.teams[team].team for team in one.teams} & {self.teams[team].team for team in other.teams}
        if busy and self._is_clash(*(self.sessions[f.session] for f in (one, other) if f.session is not None)):
            return "H10"
        for team in sorted(one.teams):
            group = self.teams[team].group
            if group is not None and any(self.teams[t].group == group and t != team for t in other.teams):
                return "H15"
        return None

    def _is_clash(self, one: Session, other: Session) -> bool:
        first, second = (one, other) if (one.start, one.end) <= (other.start, other.end) else (other, one)
        gap = second.start - first.end
        if day_of(first.start) != day_of(second.start) and gap < self.rules.daily_rest:
            return True
        return gap < self.rules.team_gap

    def _clashes(self) -> list[int]:
        """For each session the sessions that one team cannot serve beside it (H10), as bits."""
        masks = [0] * len(self.sessions)
        for a, one in enumerate(self.sessions):
            for b in range(a):
                if self._is_clash(one, self.sessions[b]):
                    masks[a] |= 1 << b
                    masks[b] |= 1 << a
        return masks

    def _groups(self) -> dict[str, list[int]]:
        """The team sessions of each alternatives group (H15)."""
        groups: dict[str, list[int]] = {}
        for team, called in enumerate(self.teams):
            if called.group is not None:
                groups.setdefault(called.group, []).append(team)
        return groups

    def _had(self) -> frozenset[tuple[str, str | None]]:
        """The uses that `published` or `consented` has (H13)."""
        pairs = set(self.problem.consented)
        for former in self.formers:
            pairs.add((former.operation.session, None))
            pairs.update((former.operation.session, team) for team in former.operation.teams)
        return frozenset(pairs)

    def needs_consent(self, session: int, team: int | None) -> bool:
        """Whether this use of an "ask" resource has not been consented to (H13)."""
        resource = self.sessions[session] if team is None else self.teams[team]
        pair = (self.sessions[session].id, None if team is None else self.teams[team].id)
        return resource.asks and pair not in self.had

    def is_new_on(self, session: int, inspection: int) -> bool:
        """Whether the inspection was not published on this session (H11, H14)."""
        former = self.former_at.get(session)
        return former is None or inspection not in former.inspections

    def is_closed(self, session: int) -> bool:
        """Whether the session can take nothing new at all: under way, or frozen as published (H11)."""
        former = self.former_at.get(session)
        return self.sessions[session].start <= self.problem.now or (former is not None and former.is_fixed)

    def is_open_to(self, session: int, inspection: int) -> bool:
        """Whether H11 lets the session take the inspection."""
        if self.is_closed(session):
            return False
        freeze = self.problem.freeze_until
        if freeze is None or self.sessions[session].start >= freeze:
            return True
        return inspection in self._open_before_freeze or not self.is_new_on(session, inspection)

    def may_call(self, session: int, team: int) -> bool:
        """Whether H12 lets the session call the team."""
        limit = self.problem.no_new_team_before
        start = self.sessions[session].start
        if limit is None or start >= limit:
            return True
        return any(
            team in former.teams
            and (former.session == session or (former.is_hit and abs(former.start - start) <= self.rules.substitute))
            for former in self.formers
        )

    def needs_readiness(self, session: int) -> bool:
        """Whether the session starts so soon that parties must have declared themselves ready (H14)."""
        return self.sessions[session].start - self.problem.now < self.rules.readiness

    def is_callable(self, session: int, team: int) -> bool:
        """Whether the team's time fits the session and its party may be on site (H7, H8)."""
        offered, called = self.sessions[session], self.teams[team]
        return (
            called.start <= offered.start + self.rules.late_join
            and called.end >= offered.end - self.rules.early_leave
            and called.agency not in self.rules.never_on_site
        )

    def covers(self, session: int, team: int) -> bool:
        """Whether the team is there for the whole session (H7)."""
        offered, called = self.sessions[session], self.teams[team]
        return called.start <= offered.start and called.end >= offered.end

    def min_agencies(self, session: int) -> int:
        """How many other agencies an operation on the session needs (H8)."""
        least = self.rules.min_other_agencies
        return least if self.sessions[session].police else max(2, least)
