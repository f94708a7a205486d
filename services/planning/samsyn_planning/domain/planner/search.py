"""Builds a plan and betters it: insertion, relocation of lost operations, forced moves, ruin and recreate."""

from collections.abc import Iterable

from samsyn_planning.domain.planner.days import day_of
from samsyn_planning.domain.planner.dice import Dice
from samsyn_planning.domain.planner.facts import Former
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.moves import Moves, Prices
from samsyn_planning.domain.planner.progress import Progress, Watcher
from samsyn_planning.domain.planner.routes import Route
from samsyn_planning.domain.planner.schedule import Operation, Schedule
from samsyn_planning.domain.planner.scoring import as_published

# Moves of ruin and recreate where the limit names no work: a first plan may take seconds, a replan half a second.
FIRST_MOVES = 3000
REPLAN_MOVES = 100
# How many neighbours a ruin takes out with an inspection.
# How often a plan that is priced may still be bettered by a forced move.
MAX_AFTERTHOUGHTS = 12
# A first plan may pass through plans that are worse than the best by this share (one part in so many).
SLACK_SHARE = 100
MIN_RUINED, MAX_RUINED = 2, 6


class Search:
    """One search over one schedule."""

    def __init__(self, schedule: Schedule, budget: Budget, seed: int, say: Watcher) -> None:
        self._schedule = schedule
        self._facts = schedule.facts
        self._budget = budget
        self._dice = Dice(seed)
        self._say = say
        self.moves = Moves(schedule)

    def plan_first(self, rounds: int) -> None:
        """Plan from nothing."""
        self.moves.insert_all(self._schedule.unplanned())
        self._say(Progress("greedy", self._schedule.points, None))
        self._squeeze(self._schedule.unplanned())
        everything = range(len(self._facts.inspections))
        self._ruin_and_recreate([i for i in everything if self.moves.places(i)], rounds)
        self._settle()

    def replan(self, rounds: int) -> None:
        """Repair a plan that stands: lost operations find other sessions, then whatever gains more than it disturbs."""
        self._say(Progress("standing", self._schedule.points, None))
        affected = self.affected()
        self._rehouse(affected)
        self._say(Progress("rehoused", self._schedule.points, None))
        self._squeeze([i for i in affected if self._schedule.session_of[i] < 0])
        # Where something is hit only its surroundings are searched; else whatever waits for a place.
        focus = affected or self._schedule.unplanned()
        self._ruin_and_recreate([i for i in focus if self.moves.places(i)], rounds)
        self._settle()

    def priced(self) -> Prices:
        """What it would cost to plan each unplanned inspection; one that turns out to gain is planned instead."""
        schedule = self._schedule
        for _ in range(MAX_AFTERTHOUGHTS):
            prices: dict[int, tuple[int, list[int]]] = {}
            for inspection in schedule.unplanned():
                mark = schedule.mark()
                forced = None if self._budget.is_late() else self.moves.force_in(inspection)
                if forced is not None and forced[0] > 0:
                    break
                schedule.back(mark)
                if forced is not None:
                    prices[inspection] = (-forced[0], forced[1])
            else:
                return prices
            self._settle()
        return {}

    def affected(self) -> list[int]:
        """The inspections of operations that are hit."""
        return sorted(frozenset().union(*(former.inspections for former in self._facts.formers if former.is_hit)))

    def _rehouse(self, affected: list[int]) -> None:
        """Lost operations as wholes onto unused sessions, or their inspections one by one: whichever brings more."""
        schedule = self._schedule
        mark = schedule.mark()
        self.moves.insert_all(affected)
        singly, singly_points = schedule.copy_operations(), schedule.points
        schedule.back(mark)
        self.move_whole()
        self.moves.insert_all(affected)
        if schedule.points < singly_points:
            schedule.become(singly)
        self.moves.insert_all(schedule.unplanned())

    def move_whole(self) -> None:
        """Move lost operations, each as a whole, onto sessions that published does not use; best first."""
        schedule = self._schedule
        lost = [former for former in self._facts.formers if former.is_lost]
        while lost:
            best: tuple[tuple[int, int, int, int], Former, Operation] | None = None
            for former in lost:
                for session in self._unused():
                    packed = self._packed(session, [i for i in former.inspections if schedule.session_of[i] < 0])
                    if packed is None or packed.points <= 0:
                        continue
                    rank = self._rank(former, session, packed)
                    if best is None or rank < best[0]:
                        best = (rank, former, packed)
            if best is None:
                return
            schedule.put(best[0][3], best[2])
            lost.remove(best[1])

    def _rank(self, former: Former, session: int, packed: Operation) -> tuple[int, int, int, int]:
        """Most points first; of equals the same day, then the nearest time."""
        start = self._facts.sessions[session].start
        is_other_day = day_of(start) != day_of(former.start)
        return -packed.points, int(is_other_day), abs(start - former.start), session

    def refill(self, inspections: Iterable[int]) -> None:
        """Put inspections in on sessions that published does not use, and nowhere else."""
        sessions = range(len(self._facts.sessions))
        self.moves.insert_all(inspections, frozenset(s for s in sessions if s not in self._facts.former_at))

    def _unused(self) -> list[int]:
        held = self._schedule.operations
        sessions = range(len(self._facts.sessions))
        return [s for s in sessions if held[s] is None and s not in self._facts.former_at]

    def _packed(self, session: int, inspections: Iterable[int]) -> Operation | None:
        """The session with as many of the inspections as gain, best first."""
        waiting = sorted(inspections)
        route: Route = ()
        packed: Operation | None = None
        while waiting:
            found = [(self._inserted(session, inspection, route), -inspection) for inspection in waiting]
            offers = [(operation.points, inspection, operation) for operation, inspection in found if operation]
            if not offers:
                return packed
            points, inspection, operation = max(offers)
            if packed is not None and points <= packed.points:
                return packed
            packed, route = operation, operation.route
            waiting.remove(-inspection)
        return packed

    def _inserted(self, session: int, inspection: int, route: Route) -> Operation | None:
        if self._schedule.visits.of(session, inspection) is None:
            return None
        return self.moves.inserted(session, inspection, route)

    def _squeeze(self, inspections: Iterable[int]) -> None:
        """Force in each unplanned inspection where that gains."""
        schedule = self._schedule
        for inspection in inspections:
            if schedule.session_of[inspection] >= 0 or not self._budget.take():
                continue
            mark = schedule.mark()
            forced = self.moves.force_in(inspection)
            if forced is not None and forced[0] <= 0:
                schedule.back(mark)

    def _ruin_and_recreate(self, focus: list[int], rounds: int) -> None:
        """Take out a few neighbours and put them in again, as long as the budget lasts; end with the best seen.

        A first plan may pass through worse ones, less and less worse as the rounds go by, to leave a local optimum; a
        replan only ever betters, so that nothing published moves for less than it costs.
        """
        schedule = self._schedule
        slack = 0 if self._facts.formers else schedule.points // SLACK_SHARE
        best, best_points = schedule.copy_operations(), schedule.points
        for done in range(rounds):
            if not focus or not self._budget.take():
                break
            before, mark = schedule.points, schedule.mark()
            self._recreate(self._ruin(focus))
            floor = best_points - slack * (rounds - done) // rounds if slack else before + 1
            if schedule.points < floor:
                schedule.back(mark)
            elif schedule.points > best_points:
                best, best_points = schedule.copy_operations(), schedule.points
        schedule.become(best)

    def _recreate(self, gone: list[int]) -> None:
        waiting = [*gone, *(i for i in self._schedule.unplanned() if i not in gone)]
        if self._dice.roll(2):
            self._insert_in_turn(self._dice.shuffled(waiting))
        else:
            self.moves.insert_all(waiting)

    def _insert_in_turn(self, waiting: list[int]) -> None:
        for inspection in waiting:
            place = self.moves.best_place(inspection) if self._schedule.session_of[inspection] < 0 else None
            if place is not None:
                self._schedule.put(place[1], place[2])

    def _ruin(self, focus: list[int]) -> list[int]:
        centre = focus[self._dice.roll(len(focus))]
        gone = self._whole_operation(centre) if self._dice.roll(10) < 3 else []
        gone = gone or self._neighbours(centre, MIN_RUINED + self._dice.roll(MAX_RUINED - MIN_RUINED + 1))
        by_session: dict[int, list[int]] = {}
        for inspection in gone:
            by_session.setdefault(self._schedule.session_of[inspection], []).append(inspection)
        for session in sorted(by_session):
            self._schedule.put(session, self.moves.without(session, by_session[session]))
        return [inspection for inspection in gone if self._schedule.session_of[inspection] < 0]

    def _whole_operation(self, centre: int) -> list[int]:
        """All inspections of one open operation that could hold the centre."""
        held = self._schedule.operations
        sessions = [s for s in self.moves.places(centre) if held[s] is not None and not self._facts.is_closed(s)]
        if not sessions:
            return []
        chosen = held[sessions[self._dice.roll(len(sessions))]]
        return list(chosen.route) if chosen else []

    def _neighbours(self, centre: int, count: int) -> list[int]:
        """The centre and those nearest to it by road, a little at random, where they may be moved."""
        row = self._facts.travel.row(self._facts.inspections[centre].place)
        planned = [
            (row[self._facts.inspections[other].place] * (100 + self._dice.roll(100)), other)
            for other, session in enumerate(self._schedule.session_of)
            if session >= 0 and not self._facts.is_closed(session)
        ]
        return [other for _, other in sorted(planned)[:count]]

    def _settle(self) -> None:
        """Best orders and crews, then back to the published form wherever that is no worse, until nothing gains."""
        schedule = self._schedule
        for session in range(len(schedule.operations)):
            held = schedule.operations[session]
            if held is not None and not self._facts.is_closed(session):
                better = self.moves.retimed(session)
                if better is not None and better.points > held.points:
                    schedule.put(session, better)
        before = -1
        self.put_back()
        while schedule.points > before:
            before = schedule.points
            self.moves.insert_all(schedule.unplanned())
            self.put_back()

    def put_back(self) -> None:
        """Give operations that are not hit their published form again wherever that alone costs nothing."""
        standing = [(f.session, as_published(self._facts, f)) for f in self._facts.formers if not f.is_hit]
        again = True
        while again:
            again = False
            for session, published in standing:
                if session is None or published is None or self._schedule.operations[session] == published:
                    continue
                if self.can_put_back(session, published) and self._schedule.gain(session, published) >= 0:
                    self._schedule.put(session, published)
                    again = True

    def can_put_back(self, session: int, published: Operation) -> bool:
        """Whether the published form can stand again with everything else as it is (H1, H10, H15)."""
        if any(self._schedule.session_of[inspection] not in (-1, session) for inspection in published.route):
            return False
        busy = self._schedule.busy(session)
        calls = self._schedule.crews.calls[session]
        return not any(call.team in published.teams and call.bit & busy for call in calls)
