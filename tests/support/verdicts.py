"""Plans that account for themselves truly, so that a test of one rule breaks that rule alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from samsyn_planning.domain.verifier import objective_of, verify

from tests.support.planning_forms import Form, a_change, a_plan, an_unplanned


def a_true_plan(
    problem: Form, operations: Iterable[Form], kinds: Mapping[str, Iterable[str]] | None = None, **overrides: Any
) -> Form:
    """Give a plan with true figures, unplanned and changes; published operations are kept unless `kinds` says else."""
    planned = list(operations)
    figures = objective_of(problem, planned)
    account = {"unplanned": _unplanned(problem, planned), "changes": _changes(problem, planned, kinds or {})}
    return a_plan(planned, value=figures.value, disruption=figures.disruption, **(account | overrides))


def rules_broken(problem: Form, plan: Form) -> set[str]:
    """Names of the rules by which the verifier refuses a plan."""
    return {violation.rule for violation in verify(problem, plan).violations}


def rules_broken_by(problem: Form, *operations: Form, kinds: Mapping[str, Iterable[str]] | None = None) -> set[str]:
    """Names of the rules by which these operations, truly told, are refused."""
    return rules_broken(problem, a_true_plan(problem, operations, kinds))


def lost(*ids: str) -> list[Form]:
    """Give entries of `lost`."""
    return [{"id": id_, "cause": "disturbance"} for id_ in ids]


def published(*operations: Form) -> Form:
    """Give a published plan of these operations."""
    return a_plan(operations)


def _unplanned(problem: Form, planned: list[Form]) -> list[Form]:
    taken = {visit["id"] for operation in planned for visit in operation["inspections"]}
    gone = {entry["id"] for entry in problem.get("lost", [])}
    listed = [inspection["id"] for inspection in problem["inspections"]]
    return [an_unplanned(id_) for id_ in listed if id_ not in taken | gone]


def _changes(problem: Form, planned: list[Form], kinds: Mapping[str, Iterable[str]]) -> list[Form]:
    before = {
        operation["id"]: operation for operation in (problem.get("published") or {"operations": []})["operations"]
    }
    now = {operation["id"]: operation for operation in planned}
    return [
        a_change(
            id_,
            kinds.get(id_, ["kept"] if id_ in before else ["new"]),
            **{"from": before.get(id_), "to": now.get(id_)},
        )
        for id_ in sorted(before.keys() | now.keys())
    ]
