"""Judges a plan against its problem by the text of M0 to H16 alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from samsyn_planning.domain.verifier.changes import KEPT, kinds_of, wrong_changes
from samsyn_planning.domain.verifier.claims import wrong_figures, wrong_unplanned
from samsyn_planning.domain.verifier.clashes import clashes
from samsyn_planning.domain.verifier.entities import Operation, Problem
from samsyn_planning.domain.verifier.identity import wrong_ids
from samsyn_planning.domain.verifier.objective import Figures, figures_of
from samsyn_planning.domain.verifier.operation_rules import broken_inside
from samsyn_planning.domain.verifier.plan_form import Plan, read_operations, read_plan
from samsyn_planning.domain.verifier.problem_form import read_problem
from samsyn_planning.domain.verifier.reading import Node, ProblemError
from samsyn_planning.domain.verifier.replanning_rules import broken_promises
from samsyn_planning.domain.verifier.resolved import Resolved, resolve, resolve_listed_part, unlisted_ids
from samsyn_planning.domain.verifier.standing import Standing, standing_of
from samsyn_planning.domain.verifier.violation import Violation


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a plan, its figures as recomputed, and the published operations hit or needlessly moved."""

    violations: tuple[Violation, ...]
    objective: int
    value: int
    disruption: int
    hit: frozenset[str]
    needless: tuple[str, ...]

    @property
    def is_accepted(self) -> bool:
        """Say whether the plan may be published; needless moves are reported and do not refuse it."""
        return not self.violations


def verify(problem: Mapping[str, Any], plan: Mapping[str, Any]) -> Verdict:
    """Judge a `samsyn-plan/1` against its `samsyn-planning-problem/1`, both JSON-decoded.

    A plan that cannot be read is refused by rule "form" with figures 0; what it names without being listed is refused
    by "M4" and left out of the rest. ProblemError where the problem itself cannot be judged (status 2, or 3 where
    frozen operations clash).
    """
    read = read_problem(problem)
    standing = standing_of(read)
    try:
        told = read_plan(plan)
    except ProblemError as error:
        return Verdict((Violation("form", None, str(error)),), 0, 0, 0, standing.hit, ())
    unlisted = tuple(_unlisted(read, told))
    listed = [resolve_listed_part(read, operation) for operation in told.operations]
    resolved = [operation for operation in listed if operation is not None]
    figures = figures_of(read, standing, resolved)
    broken = unlisted + tuple(_broken(read, standing, resolved))
    account = () if unlisted else tuple(_wrong_account(read, standing, told))
    return Verdict(
        violations=broken + tuple(wrong_figures(told, figures)) + account,
        objective=figures.objective,
        value=figures.value,
        disruption=figures.disruption,
        hit=standing.hit,
        needless=() if broken else tuple(_needless(read, standing, resolved, figures)),
    )


def objective_of(problem: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> Figures:
    """Compute (objective, value, disruption) of a plan's operations, kept rules or not.

    ProblemError where the problem or the operations cannot be read, or an operation names an unlisted id.
    """
    read = read_problem(problem)
    node = Node(list(operations), "/operations")
    told = read_operations(node)
    for index, operation in enumerate(told):
        if unlisted := unlisted_ids(read, operation):
            raise node.at(index).error(f"names {', '.join(unlisted)}, not listed", "value only what is listed")
    return figures_of(read, standing_of(read), [resolve(read, operation) for operation in told])


def _unlisted(problem: Problem, plan: Plan) -> Iterator[Violation]:
    for operation in plan.operations:
        for id_ in unlisted_ids(problem, operation):
            yield Violation("M4", operation.id, f"{operation.id} names {id_}, which is not listed or is lost")


def _broken(problem: Problem, standing: Standing, plan: Sequence[Resolved]) -> Iterator[Violation]:
    for resolved in plan:
        yield from broken_inside(problem, resolved)
    yield from clashes(problem, plan)
    yield from broken_promises(problem, standing, plan)


def _wrong_account(problem: Problem, standing: Standing, plan: Plan) -> Iterator[Violation]:
    in_order = sorted(plan.operations, key=lambda operation: (problem.session_start_at(operation), operation.id))
    if list(plan.operations) != in_order:
        yield Violation("form", None, "operations are not in the order of session start and id")
    yield from wrong_ids(problem, standing, plan.operations)
    yield from wrong_unplanned(problem, plan)
    yield from wrong_changes(problem, plan)


def _needless(problem: Problem, standing: Standing, plan: Sequence[Resolved], figures: Figures) -> Iterator[str]:
    planned = tuple(resolved.operation for resolved in plan)
    held = {operation.session: operation for operation in planned}
    for before in problem.published:
        if before.id in standing.hit or kinds_of(problem, planned, before, held.get(before.session)) == KEPT:
            continue
        put_back = _put_back(problem, before, plan)
        is_valid = next(_broken(problem, standing, put_back), None) is None
        if is_valid and figures_of(problem, standing, put_back).objective >= figures.objective:
            yield before.id


def _put_back(problem: Problem, before: Operation, plan: Sequence[Resolved]) -> list[Resolved]:
    others = [resolved for resolved in plan if resolved.session.id != before.session]
    return [*others, resolve(problem, replace(before, needs_consent=frozenset()))]
