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

# Points of one thing; sums of heavier ones would not be exact in the search.
HEAVIEST = 10**9
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
        value=_weight(fields, "value", 10),
        interest=_weight(fields, "interest", 10),
        late_day=_weight(fields, "late_day", 15),
        earliness=_weight(fields, "earliness", 1),
        travel_minute=_weight(fields, "travel_minute", 2),
        team=_weight(fields, "team", 30),
        team_far=_weight(fields, "team_far", 20),
        experience=_weight(fields, "experience", 5),
        risk=_weight(fields, "risk", 0),
        no_police=_weight(fields, "no_police", 20),
        fairness=fields.points("fairness", -HEAVIEST, HEAVIEST),
        theme=tuple(_theme_row(pointer, value) for pointer, value in fields.items("theme")),
        removed=_weight(disruption, "removed", 60),
        team_removed=_weight(disruption, "team_removed", 40),
        team_added=_weight(disruption, "team_added", 20),
        added=_weight(disruption, "added", 10),
        shifted=_weight(disruption, "shifted", 20),
        changed=_weight(disruption, "changed", 1),
        shift_tolerance=disruption.whole("shift_tolerance_seconds", 900, 0, HEAVIEST),
    )


def _weight(fields: Fields, key: str, default: int) -> int:
    return fields.whole(key, default, -HEAVIEST, HEAVIEST)


def _theme_row(pointer: str, value: Any) -> ThemeRow:
    row = Fields(value, pointer, ("tag", "from", "to", "points"))
    return ThemeRow(
        row.text("tag"), row.moment("from"), row.moment("to"), row.whole("points", low=-HEAVIEST, high=HEAVIEST)
    )


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
