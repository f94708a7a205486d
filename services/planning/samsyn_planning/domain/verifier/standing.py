"""How each published operation stands before the new plan: lost, hit, frozen (M4, H11)."""

from dataclasses import dataclass

from samsyn_planning.domain.verifier.clashes import clashes
from samsyn_planning.domain.verifier.entities import Operation, Problem
from samsyn_planning.domain.verifier.operation_rules import broken_inside
from samsyn_planning.domain.verifier.reading import ProblemError
from samsyn_planning.domain.verifier.resolved import resolve, unlisted_ids


@dataclass(frozen=True, slots=True)
class Standing:
    """Ids of the published operations that are lost, hit (the lost are) and frozen."""

    lost: frozenset[str]
    hit: frozenset[str]
    frozen: frozenset[str]


def standing_of(problem: Problem) -> Standing:
    """Judge each published operation by itself; ProblemError of status 3 where two frozen ones clash."""
    lost = frozenset(operation.id for operation in problem.published if is_lost(problem, operation))
    hit = lost | {operation.id for operation in problem.published if _is_broken(problem, operation)}
    frozen = frozenset(
        operation.id for operation in problem.published if operation.id not in hit and _is_kept(problem, operation)
    )
    _refuse_frozen_clashes(problem, frozen)
    return Standing(lost, hit, frozen)


def is_lost(problem: Problem, operation: Operation) -> bool:
    """Say whether the operation's session is not listed, or listed without police and named in `lost`."""
    return operation.session in problem.lost or operation.session not in problem.sessions


def _is_broken(problem: Problem, operation: Operation) -> bool:
    if unlisted_ids(problem, operation):
        return True
    return next(broken_inside(problem, resolve(problem, operation)), None) is not None


def _is_kept(problem: Problem, operation: Operation) -> bool:
    is_soon = problem.freeze_until is not None and problem.session_start_at(operation) < problem.freeze_until
    return is_soon or operation.id in problem.pinned


def _refuse_frozen_clashes(problem: Problem, frozen: frozenset[str]) -> None:
    kept = [resolve(problem, operation) for operation in problem.published if operation.id in frozen]
    clash = next(clashes(problem, kept), None)
    if clash is not None:
        raise ProblemError(
            "/published/operations",
            f"two frozen operations clash by {clash.rule}: {clash.sentence}",
            "unpin one of them, move freeze_until, or name in lost what no longer holds",
            status=3,
        )
