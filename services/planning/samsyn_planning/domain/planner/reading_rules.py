"""Reads the rules, the weights and the published plan of a problem, with the defaults that planning.md shows."""

from typing import Any

from samsyn_planning.domain.planner.errors import ProblemError
from samsyn_planning.domain.planner.fields import Fields
from samsyn_planning.domain.planner.problem import (
    PublishedOperation,
    PublishedVisit,
    Rules,
    ThemeRow,
    Weights,
)

_NEVER_ON_SITE = ("jamstalldhetsmyndigheten",)
PLAN_SCHEMA = "samsyn-plan/1"
_RULES = [
    "late_join_seconds",
    "early_leave_seconds",
    "team_gap_seconds",
    "daily_rest_seconds",
    "max_agencies",
    "min_other_agencies",
    "never_on_site",
    "not_an_agency",
    "team_far_seconds",
    "substitute_seconds",
    "readiness_seconds",
    "consent",
]
_WEIGHTS = [
    "value",
    "interest",
    "late_day",
    "earliness",
    "travel_minute",
    "team",
    "team_far",
    "experience",
    "risk",
    "no_police",
    "fairness",
    "theme",
    "disruption",
]
_DISRUPTION = ["removed", "team_removed", "team_added", "added", "shifted", "changed", "shift_tolerance_seconds"]
_PLAN = [
    "schema",
    "operations",
    "objective",
    "value",
    "disruption",
    "bound",
    "gap",
    "proven",
    "truncated",
    "work",
    "unplanned",
    "changes",
]


def read_rules(problem: Fields) -> Rules:
    """The rules' figures."""
    fields = Fields(problem.given("rules", {}), "/rules", _RULES)
    return Rules(
        late_join=fields.whole("late_join_seconds", 1800, 0),
        early_leave=fields.whole("early_leave_seconds", 1800, 0),
        team_gap=fields.whole("team_gap_seconds", 2700, 0),
        daily_rest=fields.whole("daily_rest_seconds", 39600, 0),
        max_agencies=fields.whole("max_agencies", 6, 0),
        min_other_agencies=fields.whole("min_other_agencies", 1, 0),
        never_on_site=fields.words("never_on_site", _NEVER_ON_SITE),
        not_an_agency=fields.words("not_an_agency"),
        team_far=fields.whole("team_far_seconds", 1800, 0),
        substitute=fields.whole("substitute_seconds", 3600, 0),
        readiness=fields.whole("readiness_seconds", 259200, 0),
        consent=fields.choice("consent", ("any", "given"), "any"),
    )


def read_weights(problem: Fields) -> Weights:
    """The objective's weights; they may be negative, 0 switches a term off."""
    fields = Fields(problem.given("weights", {}), "/weights", _WEIGHTS)
    disruption = Fields(fields.given("disruption", {}), "/weights/disruption", _DISRUPTION)
    return Weights(
        value=fields.whole("value", 10),
        interest=fields.whole("interest", 10),
        late_day=fields.whole("late_day", 15),
        earliness=fields.whole("earliness", 1),
        travel_minute=fields.whole("travel_minute", 2),
        team=fields.whole("team", 30),
        team_far=fields.whole("team_far", 20),
        experience=fields.whole("experience", 5),
        risk=fields.whole("risk", 0),
        no_police=fields.whole("no_police", 20),
        fairness=fields.points("fairness"),
        theme=tuple(_theme_row(pointer, value) for pointer, value in fields.items("theme")),
        removed=disruption.whole("removed", 60),
        team_removed=disruption.whole("team_removed", 40),
        team_added=disruption.whole("team_added", 20),
        added=disruption.whole("added", 10),
        shifted=disruption.whole("shifted", 20),
        changed=disruption.whole("changed", 1),
        shift_tolerance=disruption.whole("shift_tolerance_seconds", 900, 0),
    )


def _theme_row(pointer: str, value: Any) -> ThemeRow:
    row = Fields(value, pointer, ("tag", "from", "to", "points"))
    return ThemeRow(row.text("tag"), row.moment("from"), row.moment("to"), row.whole("points"))


def read_published(problem: Fields) -> tuple[PublishedOperation, ...] | None:
    """The operations of the published plan sorted by id, None where nothing is published yet."""
    value = problem.given("published", None)
    if value is None:
        return None
    plan = Fields(value, "/published", _PLAN)
    if plan.given("schema", None) not in (None, PLAN_SCHEMA):
        raise ProblemError("/published/schema", f"is {plan.given('schema')!r}", f'give "{PLAN_SCHEMA}"')
    operations = [_operation(pointer, member) for pointer, member in plan.items("operations")]
    ids = [operation.id for operation in operations]
    for place, operation in enumerate(ids):
        if operation in ids[:place]:
            pointer = f"/published/operations/{place}/id"
            raise ProblemError(pointer, f"{operation!r} is used twice", "give each operation an id of its own")
    return tuple(sorted(operations, key=lambda operation: operation.id))


def _operation(pointer: str, value: Any) -> PublishedOperation:
    fields = Fields(value, pointer, ("id", "session", "inspections", "teams", "needs_consent"))
    visits = [_visit(where, member) for where, member in fields.items("inspections")]
    if not visits:
        raise ProblemError(fields.at("inspections"), "is empty", "publish an operation with at least one inspection")
    fields.ids("needs_consent")
    return PublishedOperation(fields.text("id"), fields.text("session"), tuple(visits), fields.ids("teams"))


def _visit(pointer: str, value: Any) -> PublishedVisit:
    fields = Fields(value, pointer, ("id", "start_at", "end_at"))
    return PublishedVisit(fields.text("id"), fields.moment("start_at"), fields.moment("end_at"))
