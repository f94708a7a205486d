"""What a plan claims of itself: its figures, its bound and proof, and the inspections that it leaves out."""

import math
from collections import Counter
from collections.abc import Iterator

from samsyn_planning.domain.verifier.entities import Problem
from samsyn_planning.domain.verifier.objective import Figures
from samsyn_planning.domain.verifier.plan_form import Plan, Unplanned
from samsyn_planning.domain.verifier.violation import Violation

REASON_CODES = frozenset({*(f"H{number}" for number in range(2, 17)), "TAKEN", "VALUE"})
_ROUNDING = 1e-6


def wrong_figures(plan: Plan, figures: Figures) -> Iterator[Violation]:
    """Give the figures that differ from those recomputed, and what does not follow of bound, gap and proof."""
    told = Figures(plan.objective, plan.value, plan.disruption)
    for name, claimed, recomputed in zip(Figures._fields, told, figures, strict=True):
        if claimed != recomputed:
            yield Violation(name, None, f"{name} is told as {claimed}, it is {recomputed}")
    if plan.bound is not None and plan.bound + _ROUNDING < figures.objective:
        yield Violation("bound", None, f"bound {plan.bound} is below the objective {figures.objective}")
    gap = None if plan.bound is None else (plan.bound - figures.objective) / max(1.0, abs(plan.bound))
    if not _is_equal(plan.gap, gap):
        yield Violation("gap", None, f"gap is told as {plan.gap}, it is {gap}")
    is_proven = plan.bound is not None and math.floor(plan.bound + _ROUNDING) == figures.objective
    if plan.proven != is_proven:
        yield Violation("proven", None, f"proven is told as {plan.proven}, by bound {plan.bound} it is {is_proven}")


def wrong_unplanned(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Give what is wrong in `unplanned`: inspections missing, doubled, planned or unlisted, and their reasons."""
    planned = {id_ for operation in plan.operations for id_ in operation.inspections}
    left_out = problem.inspections.keys() - planned
    told = Counter(entry.inspection for entry in plan.unplanned)
    for inspection in sorted(left_out - told.keys()):
        yield Violation("unplanned", None, f"{inspection} is neither planned nor told of in unplanned")
    for inspection, num_times in sorted(told.items()):
        if inspection not in left_out:
            yield Violation("unplanned", None, f"{inspection} is told of in unplanned but is planned or not listed")
        if num_times > 1:
            yield Violation("unplanned", None, f"{inspection} is told of {num_times} times in unplanned")
    for entry in plan.unplanned:
        yield from _wrong_reasons(problem, entry)


def _wrong_reasons(problem: Problem, entry: Unplanned) -> Iterator[Violation]:
    if not entry.reasons:
        yield Violation("unplanned", None, f"{entry.inspection} is left out without a reason")
    for reason in entry.reasons:
        if reason.code not in REASON_CODES:
            yield Violation("unplanned", None, f"{entry.inspection}: {reason.code} is no code of a reason")
        for session in sorted(reason.sessions - problem.sessions.keys()):
            yield Violation("unplanned", None, f"{entry.inspection}: {session} of {reason.code} is no listed session")


def _is_equal(told: float | None, computed: float | None) -> bool:
    if told is None or computed is None:
        return told is computed
    return math.isclose(told, computed, rel_tol=1e-9, abs_tol=1e-9)
