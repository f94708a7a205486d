"""Which id each operation of a new plan must bear (M3)."""

from collections.abc import Iterator, Sequence

from samsyn_planning.domain.verifier.entities import Operation, Problem
from samsyn_planning.domain.verifier.standing import Standing
from samsyn_planning.domain.verifier.violation import Violation


def wrong_ids(problem: Problem, standing: Standing, plan: Sequence[Operation]) -> Iterator[Violation]:
    """Give each operation whose id is not the one that its session or its inspections give it."""
    goes_on = lost_ids_that_go_on(problem, standing, plan)
    for operation in plan:
        kept = sorted(before.id for before in problem.published_on(operation.session))
        if not kept and operation.session in goes_on:
            kept = [goes_on[operation.session]]
        if kept and operation.id not in kept:
            told = f"{operation.id} on {operation.session} must keep the id {' or '.join(kept)}"
            yield Violation("M3", operation.id, told)
        if not kept and not _is_fresh(problem, operation, plan):
            told = f"{operation.id} on {operation.session} is new and must be op:{operation.session}, or the next free"
            yield Violation("M3", operation.id, told)


def lost_ids_that_go_on(problem: Problem, standing: Standing, plan: Sequence[Operation]) -> dict[str, str]:
    """Give by new session the lost id that goes on there: most shared inspections first, each once."""
    used = {before.session for before in problem.published}
    still_held = {operation.session for operation in plan}
    lost = [old for old in problem.published if old.id in standing.lost and old.session not in still_held]
    pairs = [
        (-len(old.inspections & new.inspections), problem.session_start_at(new), new.session, old.id)
        for old in lost
        for new in plan
        if new.session not in used and old.inspections & new.inspections
    ]
    goes_on: dict[str, str] = {}
    for _, _, session, lost_id in sorted(pairs):
        if session not in goes_on and lost_id not in goes_on.values():
            goes_on[session] = lost_id
    return goes_on


def _is_fresh(problem: Problem, operation: Operation, plan: Sequence[Operation]) -> bool:
    taken = {before.id for before in problem.published}
    taken |= {other.id for other in plan if other is not operation}
    first, num_taken = f"op:{operation.session}", 1
    expected = first
    while expected in taken:
        num_taken += 1
        expected = f"{first}:{num_taken}"
    return operation.id == expected
