"""How a plan must tell what differs from the published one: an entry for each operation, kinds by sets."""

from collections import Counter
from collections.abc import Iterator

from samsyn_planning.domain.verifier.entities import Operation, Problem, day_of
from samsyn_planning.domain.verifier.objective import num_shifted
from samsyn_planning.domain.verifier.plan_form import Change, Plan
from samsyn_planning.domain.verifier.violation import Violation

KEPT = frozenset({"kept"})


def wrong_changes(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Give what is wrong in `changes`: entries missing, doubled or of nothing, kinds, ends and causes."""
    published = {before.id: before for before in problem.published}
    planned = {operation.id: operation for operation in plan.operations}
    told = Counter(change.operation for change in plan.changes)
    for operation in sorted((published.keys() | planned.keys()) - told.keys()):
        yield Violation("changes", operation, f"{operation} is not told of in changes")
    for operation, num_times in sorted(told.items()):
        if num_times > 1:
            yield Violation("changes", operation, f"{operation} is told of {num_times} times in changes")
    for change in plan.changes:
        before, now = published.get(change.operation), planned.get(change.operation)
        for sentence in _wrong_entry(problem, plan, change, before, now):
            yield Violation("changes", change.operation, f"{change.operation}: {sentence}")


def kinds_of(
    problem: Problem, plan: tuple[Operation, ...], before: Operation | None, now: Operation | None
) -> frozenset[str]:
    """Give every kind whose definition holds of an operation before and now (the one of the same id).

    An operation that swaps some inspections for others is both shrunk and grown. One whose id is no longer in the plan
    is dropped, or shrunk if any of its inspections is planned elsewhere: there is nothing else to compare.
    """
    if before is None:
        return frozenset({"new"})
    planned = {id_ for operation in plan for id_ in operation.inspections}
    is_dropped = not before.inspections & problem.inspections.keys() & planned
    if now is None:
        return frozenset({"dropped" if is_dropped else "shrunk"})
    kinds = {"dropped"} if is_dropped else _kinds_of_inspections(problem, before, now)
    kinds |= _kinds_of_session(problem, before, now)
    if before.teams != now.teams:
        kinds.add("team_changed")
    return frozenset(kinds) or KEPT


def _kinds_of_inspections(problem: Problem, before: Operation, now: Operation) -> set[str]:
    if before.inspections != now.inspections:
        removed, added = before.inspections - now.inspections, now.inspections - before.inspections
        return ({"shrunk"} if removed else set()) | ({"grown"} if added else set())
    was, becomes = ([visit.inspection for visit in operation.visits] for operation in (before, now))
    is_shifted = num_shifted(problem, before, now) > 0
    return ({"reordered"} if was != becomes else set()) | ({"moved"} if is_shifted else set())


def _kinds_of_session(problem: Problem, before: Operation, now: Operation) -> set[str]:
    kinds: set[str] = set()
    if _had_police(problem, before) and not problem.sessions[now.session].is_police:
        kinds.add("without_police")
    if before.session != now.session:
        was, becomes = (day_of(problem.session_start_at(operation)) for operation in (before, now))
        kinds.add("postponed" if becomes > was else "moved_session")
    return kinds


def _had_police(problem: Problem, before: Operation) -> bool:
    session = problem.sessions.get(before.session)
    return session is None or session.is_police or session.id in problem.lost


def _wrong_entry(
    problem: Problem, plan: Plan, change: Change, before: Operation | None, now: Operation | None
) -> Iterator[str]:
    if before is None and now is None:
        yield "is neither published nor planned"
        return
    expected = kinds_of(problem, plan.operations, before, now)
    if frozenset(change.kinds) != expected or len(change.kinds) != len(expected):
        yield f"kinds are {sorted(change.kinds)}, they should be {sorted(expected)}"
    if change.has_from != (before is not None):
        yield "`from` is null exactly for a new operation"
    if change.has_to != (now is not None):
        yield "`to` is null exactly for an operation that is not in the plan"
    for cause in sorted(change.causes - problem.lost):
        yield f"cause {cause} is not in lost"
