"""A plan in the making: at most one operation a session, and who is busy because of it (H1, H10, H15)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from samsyn_planning.domain.planner.crews import Crews
from samsyn_planning.domain.planner.facts import Facts
from samsyn_planning.domain.planner.routes import Route, Routes
from samsyn_planning.domain.planner.visits import Visits, disrupted_former

# For each inspection what the best way found to hold it costs, and whom it pushes out.
Prices = Mapping[int, tuple[int, list[int]]]


class Operation(NamedTuple):
    """A session in use: route, starts, teams, and what all that brings to the objective, disruption included."""

    route: Route
    starts: tuple[int, ...]
    teams: tuple[int, ...]
    points: int


class Schedule:
    """Operations by session; every change is written down, so that a trial can be taken back."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.visits = Visits(facts)
        self.routes = Routes(facts, self.visits)
        self.crews = Crews(facts)
        self.operations: list[Operation | None] = [None] * len(facts.sessions)
        self.session_of = [-1] * len(facts.inspections)
        self._idle = [self._idle_points(session) for session in range(len(facts.sessions))]
        self._kept = [self._kept_points(session) for session in range(len(facts.sessions))]
        self.points = sum(self._idle)
        self._journal: list[tuple[int, Operation | None]] = []
        self._uses = [0] * len(facts.teams)
        self._team_uses: dict[str, int] = {}
        self._busy: list[int | None] = [None] * len(facts.sessions)
        self._callers = self._sessions_that_call()

    def _kept_points(self, session: int) -> int:
        """Disruption of dropping everything published here, to which each thing kept adds its own share back."""
        former = disrupted_former(self.facts, session)
        if former is None:
            return 0
        weights = self.facts.weights
        return -former.near * (weights.removed * len(former.inspections) + weights.team_removed * len(former.teams))

    def _idle_points(self, session: int) -> int:
        """What a session that is not used costs, because published things are missed."""
        former = disrupted_former(self.facts, session)
        if former is None or not (former.inspections or former.teams):
            return 0
        return self._kept_points(session) - self.facts.weights.changed

    def idle_points(self, session: int) -> int:
        """What the session brings unused: nothing, or the disruption of dropping what was published."""
        return self._idle[session]

    def kept_points(self, session: int) -> int:
        """What holding nothing of the published operation costs, before each thing kept adds its own share back."""
        return self._kept[session]

    def is_changed(self, session: int, operation: Operation) -> bool:
        """Whether the published operation on the session, if any, counts as changed (disruption's last term)."""
        former = disrupted_former(self.facts, session)
        if former is None:
            return False
        return former.teams != frozenset(operation.teams) or self.routes.is_changed(
            session, operation.route, operation.starts
        )

    def fixed_gain(self, session: int) -> int:
        """What an operation that differs from the published one brings over the idle session, its parts aside."""
        former = disrupted_former(self.facts, session)
        changed = self.facts.weights.changed if former is not None else 0
        return self._kept[session] - changed - self._idle[session]

    def _sessions_that_call(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        by_team: dict[str, list[int]] = {}
        by_group: dict[str, list[int]] = {}
        for session, calls in enumerate(self.crews.calls):
            for call in calls:
                by_team.setdefault(self.facts.teams[call.team].team, []).append(session)
                if call.group is not None:
                    by_group.setdefault(call.group, []).append(session)
        return by_team, by_group

    def busy(self, session: int) -> int:
        """Bits of the session's calls that operations on other sessions bar (H10, H15)."""
        known = self._busy[session]
        if known is None:
            known = self._busy_among(session, self._team_uses, self._uses)
            self._busy[session] = known
        return known

    def _busy_among(self, session: int, team_uses: dict[str, int], uses: list[int]) -> int:
        clash, others, bits = self.facts.clash[session], ~(1 << session), 0
        for call in self.crews.calls[session]:
            if team_uses.get(self.facts.teams[call.team].team, 0) & clash or (
                call.group is not None
                and any(uses[team] & others for team in self.facts.groups[call.group] if team != call.team)
            ):
                bits |= call.bit
        return bits

    def evaluated(self, session: int, route: Route, busy: int | None = None) -> Operation | None:
        """The best operation with this route, None where the rules forbid it; `busy` defaults to today's."""
        timed = self.routes.timed(session, route) if route else None
        if timed is None:
            return None
        crew = self.crews.choose(session, route, self.busy(session) if busy is None else busy, timed.is_changed)
        if crew is None:
            return None
        points = self._kept[session] + timed.points + crew.points
        if timed.is_changed or crew.is_changed:
            points -= self.facts.weights.changed
        return Operation(route, timed.starts, crew.teams, points)

    def points_of(self, session: int, operation: Operation | None) -> int:
        """What the session brings with this operation, or unused."""
        return self._idle[session] if operation is None else operation.points

    def gain(self, session: int, operation: Operation | None) -> int:
        """What the objective gains when the session holds this operation instead of its own."""
        return self.points_of(session, operation) - self.points_of(session, self.operations[session])

    def can_put(self, session: int, operation: Operation) -> bool:
        """Whether the session can hold the operation with everything else as it is (H1, H10, H15)."""
        if any(self.session_of[inspection] not in (-1, session) for inspection in operation.route):
            return False
        busy = self.busy(session)
        return not any(call.bit & busy for call in self.crews.calls[session] if call.team in operation.teams)

    def put(self, session: int, operation: Operation | None) -> None:
        """Let the session hold this operation, or nothing."""
        self._journal.append((session, self.operations[session]))
        self._put(session, operation)

    def _put(self, session: int, operation: Operation | None) -> None:
        before = self.operations[session]
        self.points += self.gain(session, operation)
        for inspection in before.route if before else ():
            self.session_of[inspection] = -1
        self.operations[session] = operation
        for inspection in operation.route if operation else ():
            self.session_of[inspection] = session
        old, new = before.teams if before else (), operation.teams if operation else ()
        if old != new:
            self._note_uses(session, old, new)

    def _note_uses(self, session: int, old: Iterable[int], new: Iterable[int]) -> None:
        by_team, by_group = self._callers
        bit = 1 << session
        for teams, is_used in ((old, False), (new, True)):
            for team in teams:
                called = self.facts.teams[team]
                uses = self._team_uses.get(called.team, 0)
                self._team_uses[called.team] = uses | bit if is_used else uses & ~bit
                self._uses[team] = self._uses[team] | bit if is_used else self._uses[team] & ~bit
                for other in by_team.get(called.team, ()):
                    self._busy[other] = None
                for other in by_group.get(called.group or "", ()):
                    self._busy[other] = None

    def mark(self) -> int:
        """A point in the journal to which `back` can return."""
        return len(self._journal)

    def back(self, mark: int) -> None:
        """Undo every change since the mark."""
        while len(self._journal) > mark:
            session, operation = self._journal.pop()
            self._put(session, operation)

    def copy_operations(self) -> list[Operation | None]:
        """The operations as they are now."""
        return list(self.operations)

    def become(self, operations: list[Operation | None]) -> None:
        """Hold exactly these operations."""
        for session, operation in enumerate(operations):
            if self.operations[session] != operation:
                self.put(session, None)
        for session, operation in enumerate(operations):
            if self.operations[session] != operation:
                self.put(session, operation)

    def unplanned(self) -> list[int]:
        """The inspections that no operation holds."""
        return [inspection for inspection, session in enumerate(self.session_of) if session < 0]
