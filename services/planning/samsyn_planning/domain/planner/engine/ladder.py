"""The anytime ladder: each rung leaves a valid plan that is no worse, and where it can a bound on the best there is.

Standing (what was published, without the lost) · greedy · neighbourhoods solved exactly around what was hit · columns:
the linear master over all sessions, tightened by cuts, and the best plan of its columns · proof: every column that a
better plan could use, enumerated inside the gap. Where there are too many sessions for that, neighbourhoods all over.
"""

from collections.abc import Sequence
from contextlib import suppress
from math import isfinite

import numpy as np
import numpy.typing as npt

from samsyn_planning.domain.planner.dice import Dice
from samsyn_planning.domain.planner.engine.generation import EXACT, QUICK, THOROUGH
from samsyn_planning.domain.planner.engine.greedy import Greedy
from samsyn_planning.domain.planner.engine.master import LinearError
from samsyn_planning.domain.planner.engine.opened import Opened
from samsyn_planning.domain.planner.engine.pricer import Pricer
from samsyn_planning.domain.planner.engine.prices import Prices
from samsyn_planning.domain.planner.engine.remembered import ColumnPool
from samsyn_planning.domain.planner.engine.tables import Drawer
from samsyn_planning.domain.planner.engine.touring import Touring
from samsyn_planning.domain.planner.limit import Budget
from samsyn_planning.domain.planner.progress import Progress, Watcher
from samsyn_planning.domain.planner.schedule import Schedule

Counts = npt.NDArray[np.int64]

# Sessions of a neighbourhood around a loss, the rounds of column generation, its integer columns and nodes.
NEIGHBOURS, NEIGHBOUR_ROUNDS, NEIGHBOUR_COLUMNS, NEIGHBOUR_NODES = 7, 12, 400, 5
# Up to so many sessions with so many candidates are solved together; of more, blocks of so many.
WHOLE_SESSIONS, WHOLE_CANDIDATES, BLOCK, BLOCK_ROUNDS = 80, 8000, 20, 30
# Fewer sessions than this are solved sooner anew than from columns of an earlier solve.
RECALLED_SESSIONS = 12
# From so many sessions on a first plan is swept together before anything else.
SWEPT_SESSIONS = 40
# Shares of what there is to spend.
HALF, MOST = 0.5, 0.75
# Beyond so many candidates a session's columns are looked for thoroughly, and the bound is less tight than it could be.
EXACT_CANDIDATES = 2000
ROUNDS, CUT_ROUNDS, CUTS = 200, 5, 40
# Cutting ends when a round closes less than this share of the gap.
WORTH_CUTTING = 0.08
# A plan that misses the bound by less than this share is tried for a proof before a better one is looked for.
NEAR = 0.005
FIRST_COLUMNS, INTEGER_COLUMNS, INTEGER_NODES = 400, 700, 10
# A proof goes by shares of the gap, each with so many columns at most.
SOON, LATER, LAST = ((1.0, 2000),), ((0.7, 3000), (1.0, 5000)), ((0.5, 30_000), (1.0, 30_000), (1.0, 30_000))
PROOF_NODES = 20_000
# With more candidates than this, the account of the plan needs this share of the seconds.
MANY_CANDIDATES, FOR_ACCOUNT = 10_000, 0.2
# So many neighbourhoods in a row without a gain end the roaming.
FRUITLESS = 60
FRUITLESS_TOURS = 40


class Ladder:
    """Climbs from the schedule as it stands; `bound` is None while no limit of what can be brought is known."""

    def __init__(
        self, schedule: Schedule, budget: Budget, seed: int, say: Watcher, pool: ColumnPool | None = None
    ) -> None:
        self._remembered = pool
        self._schedule, self._facts, self._budget, self._say = schedule, schedule.facts, budget, say
        self._dice = Dice(seed)
        self._drawer = Drawer(schedule.facts)
        self._open = [s for s in range(len(schedule.operations)) if not self._is_frozen(s)]
        self.bound: float | None = None
        self._tell("standing")
        self.whole = self._drawn_whole()
        self._is_whole = self.whole.is_whole()
        self.is_large = len(self.whole.tables.cand) > MANY_CANDIDATES
        if self.is_large:
            budget.hold_back(FOR_ACCOUNT)

    def _is_frozen(self, session: int) -> bool:
        former = self._facts.former_at.get(session)
        return former is not None and former.is_frozen

    def climb(self) -> None:
        """Use the whole budget, or stop at the proof."""
        whole = self.whole
        Greedy(whole).fill()
        self._tell("greedy")
        hit = [former for former in self._facts.formers if former.is_hit]
        overlap = self._overlap(whole)
        for former in hit:
            self._around(former.inspections, whole)
        touring = Touring(self._schedule, whole, self._dice.roll(1 << 30))
        if touring.has_any():
            # Where columns do well they do so at once.
            if len(self._open) <= BLOCK and self._solve_block(self._open):
                self._tell("columns")
            self._tour(touring)
        if len(self._open) >= SWEPT_SESSIONS:
            if not self._facts.formers:
                self._sweep()
            self._roam(overlap, FRUITLESS, HALF)
        num_candidates = len(whole.tables.cand)
        is_small = len(self._open) < SWEPT_SESSIONS or self._budget.is_ample()
        if is_small and len(self._open) <= WHOLE_SESSIONS and num_candidates <= WHOLE_CANDIDATES:
            self._solve_whole(overlap, is_exact=num_candidates <= EXACT_CANDIDATES)
        if self.bound is None or self.bound >= self._schedule.points + 1:
            self._roam(overlap)

    def _tour(self, touring: Touring) -> None:
        """Search among long routes for most of what there is to spend."""
        fruitless = 0
        while fruitless < FRUITLESS_TOURS and not self._budget.is_spent(MOST):
            fruitless = 0 if touring.better(1) else fruitless + 1
            self._tell("tours")

    def _drawn_whole(self) -> Pricer:
        """All open sessions as they could be used, while the schedule holds what it holds."""
        schedule = self._schedule
        mark = schedule.mark()
        for session in self._open:
            schedule.put(session, None)
        whole = Pricer(schedule, self._drawer, self._open, self._budget)
        schedule.back(mark)
        return whole

    def _tell(self, rung: str) -> None:
        self._say(Progress(rung, self._schedule.points, self.bound))

    def _overlap(self, whole: Pricer) -> Counts:
        """How many candidates each two sessions share."""
        could = np.zeros((len(whole.tables.start), len(whole.tables.place)), np.int64)
        for session in self._open:
            could[session, whole.candidates(session)] = 1
        return could @ could.T

    def _around(self, inspections: frozenset[int], whole: Pricer) -> None:
        """Solve the sessions that could take most of these inspections."""
        ranked = []
        for session in self._open:
            shared = len(inspections.intersection(int(i) for i in whole.candidates(session)))
            if shared:
                ranked.append((-shared, self._facts.sessions[session].start, session))
        chosen = [session for *_, session in sorted(ranked)[:NEIGHBOURS]]
        if chosen and self._improve(chosen):
            self._tell("neighbourhood")

    def _improve(self, sessions: Sequence[int]) -> bool:
        """Solve these sessions together, the others as they are; whether that gained."""
        before = self._schedule.points
        opened = Opened(self._schedule, self._drawer, sessions, self._budget)
        with suppress(LinearError):
            prices = opened.generate(NEIGHBOUR_ROUNDS, QUICK, THOROUGH)
            if opened.bound >= before + 1:
                opened.choose(prices, NEIGHBOUR_COLUMNS, NEIGHBOUR_NODES)
        opened.close()
        return self._schedule.points > before

    def _roam(self, overlap: Counts, most: int = FRUITLESS, share: float = 1.0) -> None:
        """Blocks of sessions all over, each around a session drawn by lot and solved by rounding.

        It ends when `most` in a row gain nothing, or a share of what there is to spend is spent.
        """
        fruitless = 0
        while fruitless < most and not self._budget.is_spent(share):
            if self._solve_block(self._block(overlap)):
                fruitless = 0
                self._tell("neighbourhood")
            else:
                fruitless += 1

    def _sweep(self) -> None:
        """From nothing, block by block in time; kept where that is better than what there is."""
        schedule = self._schedule
        mark, before, old = schedule.mark(), schedule.points, schedule.copy_operations()
        for session in self._open:
            schedule.put(session, None)
        order = sorted(self._open, key=lambda session: (self._facts.sessions[session].start, session))
        for first in range(0, len(order), BLOCK):
            if not self._budget.is_spent():
                self._solve_block(order[first : first + BLOCK])
        # Where time ran out, what stood before goes on as far as it still can.
        for session in order:
            operation = old[session]
            if schedule.operations[session] is None and operation and schedule.can_put(session, operation):
                schedule.put(session, operation)
        if schedule.points < before:
            schedule.back(mark)
        self._tell("sweep")

    def _solve_block(self, sessions: Sequence[int]) -> bool:
        """Solve these sessions together by rounding, the others as they are; whether that gained."""
        before = self._schedule.points
        opened = Opened(self._schedule, self._drawer, sessions, self._budget)
        with suppress(LinearError):
            opened.generate(BLOCK_ROUNDS, QUICK)
            if opened.generation.linear.objective + opened.base >= before + 1:
                opened.dive()
        opened.close()
        return self._schedule.points > before

    def _block(self, overlap: Counts) -> list[int]:
        """A session drawn by lot, and those that share most candidates with it, a little at random."""
        centre = self._open[self._dice.roll(len(self._open))]
        near = [(int(overlap[centre, s]) * (50 + self._dice.roll(100)), s) for s in self._open if s != centre]
        return sorted([centre, *(s for weight, s in sorted(near, reverse=True)[: BLOCK - 1] if weight)])

    def _solve_whole(self, overlap: Counts, is_exact: bool) -> None:
        """All open sessions: a good plan by rounding, then the bound, cuts, and the proof where it can be had."""
        opened = Opened(self._schedule, self._drawer, self._open, self._budget)
        with suppress(LinearError):
            if self._remembered is not None and len(self._open) >= RECALLED_SESSIONS:
                opened.recall(self._remembered)
            prices = self._climb_whole(opened, overlap, is_exact)
            if self._remembered is not None:
                opened.remember(self._remembered, prices)
        opened.close()

    def _climb_whole(self, opened: Opened, overlap: Counts, is_exact: bool) -> Prices:
        is_small = len(self._open) <= BLOCK
        prices = opened.generate(ROUNDS, QUICK)
        opened.dive()
        self._note(opened, "columns")
        if not is_small:
            self._choose(opened, prices, FIRST_COLUMNS, 1)
        levels = (QUICK, THOROUGH, EXACT) if is_exact else (QUICK, THOROUGH)
        prices = opened.generate(ROUNDS, *levels)
        self._note(opened, "columns")
        self._choose(opened, prices, INTEGER_COLUMNS, INTEGER_NODES)
        is_near = is_small or opened.bound - opened.points < NEAR * opened.points
        if not is_near:
            self._lend(opened, overlap)
        prices = self._cut(opened, prices, levels)
        if is_exact:
            self._prove(opened, prices, SOON)
        self._choose(opened, prices, INTEGER_COLUMNS, INTEGER_NODES)
        if is_exact:
            self._prove(opened, prices, LATER)
        if is_near and not is_small:
            self._lend(opened, overlap)
        if not self._is_done(opened):
            opened.dive()
            self._choose(opened, prices, INTEGER_COLUMNS, INTEGER_NODES)
        if is_exact:
            self._prove(opened, prices, LAST)
        return prices

    def _lend(self, opened: Opened, overlap: Counts) -> None:
        """Look for better plans in blocks of sessions."""
        if not self._is_done(opened):
            opened.lend(lambda: self._roam(overlap, most=len(self._open) // 5))
            self._note(opened, "neighbourhood")

    def _choose(self, opened: Opened, prices: Prices, most: int, nodes: int) -> None:
        if not self._is_done(opened):
            opened.choose(prices, most, nodes)
            self._note(opened, "columns")

    def _cut(self, opened: Opened, prices: Prices, levels: Sequence[tuple[int, int]]) -> Prices:
        """Tighten the bound as long as that closes enough of the gap; the prices then."""
        for _ in range(CUT_ROUNDS):
            if self._is_done(opened) or not opened.generation.tighten(CUTS):
                break
            before = opened.bound
            prices = opened.generate(ROUNDS, *levels)
            self._note(opened, "columns")
            if before - opened.bound < WORTH_CUTTING * (before - opened.points):
                break
        return prices

    def _prove(self, opened: Opened, prices: Prices, stages: Sequence[tuple[float, int]]) -> None:
        """Try to prove, by larger and larger shares of the gap: a better plan found on the way makes it smaller."""
        for share, most in stages:
            if self._is_done(opened) or not opened.prove(prices, share, most, PROOF_NODES):
                break
            self._note(opened, "proof")

    def _is_done(self, opened: Opened) -> bool:
        return (self._is_whole and opened.bound < opened.points + 1 - 1e-6) or self._budget.is_spent()

    def _note(self, opened: Opened, rung: str) -> None:
        bound = max(opened.bound, float(opened.points))
        self.bound = bound if self._is_whole and isfinite(bound) else None
        self._say(Progress(rung, opened.points, self.bound))
