"""The JSON Schemas of the forms say what the reader says: the same fields, defaults and refusals."""

import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import samsyn_planning
from jsonschema import Draft202012Validator
from samsyn_planning.domain.generator import disturb, generate
from samsyn_planning.domain.planner import Limit, ProblemError, plan_bytes, solve
from samsyn_planning.domain.planner.reading import read_problem
from samsyn_planning.domain.verifier.problem_form import read_problem as verifier_reads

from tests.support.planning_forms import Form, a_plan, a_problem, a_session, an_inspection, an_operation

FOLDER = Path(samsyn_planning.__file__).parents[1] / "schemas"
REMOVED: Any = object()


def schema(name: str) -> Draft202012Validator:
    """Give the validator of a form."""
    form = json.loads((FOLDER / f"{name}-1.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(form)
    return Draft202012Validator(form)


PROBLEM, PLAN = schema("samsyn-planning-problem"), schema("samsyn-plan")


@pytest.mark.parametrize("is_tabled", [False, True])
def test_generated_problems_and_their_plans_are_of_the_forms(is_tabled: bool) -> None:
    problem = generate("S", 7, is_tabled=is_tabled)
    plan = json.loads(plan_bytes(solve(problem, Limit(work=20))))
    later = disturb(problem, plan, 7, "mixed")

    assert [error.message for error in PROBLEM.iter_errors(problem)] == []
    assert [error.message for error in PLAN.iter_errors(plan)] == []
    assert [error.message for error in PROBLEM.iter_errors(json.loads(json.dumps(later)))] == []


def with_defaults(value: Form, described: Form) -> Form:
    """Fill in what is left out by the defaults that a schema tells."""
    told = {key: field["default"] for key, field in described["properties"].items() if "default" in field}
    return told | value


def test_the_defaults_that_are_told_are_those_of_planner_and_verifier() -> None:
    bare = a_problem()
    told = PROBLEM.schema["$defs"]
    full = deepcopy(bare)
    for key in ("session", "team_session", "inspection"):
        full[f"{key}s"] = [with_defaults(one, told[key]) for one in bare[f"{key}s"]]
    properties = PROBLEM.schema["properties"]
    full["rules"] = with_defaults({}, properties["rules"])
    disruption = with_defaults({}, properties["weights"]["properties"]["disruption"])
    full["weights"] = with_defaults({"disruption": disruption}, properties["weights"])

    assert len(full["sessions"][0]) > len(bare["sessions"][0])
    read = read_problem(bare)
    assert replace(read_problem(full), travel=read.travel) == read
    assert verifier_reads(full) == verifier_reads(bare)


def spoiled(pointer: str, value: Any) -> Form:
    """Give a problem with something published, one value of it replaced or removed."""
    problem: Form = deepcopy(
        a_problem([a_session(skills=[])], None, [an_inspection(interests={})])
        | {"published": a_plan([an_operation()]), "rules": {}, "weights": {}, "lost": [], "consented": []}
    )
    *path, last = [int(key) if key.isdigit() else key for key in pointer.split("/")[1:]]
    place: Any = problem
    for key in path:
        place = place[key]
    if value is REMOVED:
        del place[last]
    else:
        place[last] = value
    return problem


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/schema", "samsyn-plan/1"),
        ("/now", REMOVED),
        ("/shema", 1),
        ("/travel", {}),
        ("/travel", {"kmh": 0}),
        ("/travel", {"kmh": 65, "places": []}),
        ("/travel/seconds/0/1", -1),
        ("/sessions/0/base", REMOVED),
        ("/sessions/0/officers", 2.5),
        ("/sessions/0/max_inspections", None),
        ("/sessions/0/max_inspections", 0),
        ("/sessions/0/experience_band", "2"),
        ("/sessions/0/cancel_permille", 1001),
        ("/sessions/0/areas", None),
        ("/sessions/0/skills", None),
        ("/team_sessions/0/team", REMOVED),
        ("/team_sessions/0/consent", "maybe"),
        ("/team_sessions/0/alternatives_group", None),
        ("/inspections/0/duration_seconds", 0),
        ("/inspections/0/value", 1001),
        ("/inspections/0/time_windows", []),
        ("/inspections/0/time_windows/0", ["2025-05-13T09:00:00+02:00"]),
        ("/inspections/0/interests/skatteverket", 101),
        ("/inspections/0/ready", None),
        ("/inspections/0/tags", [""]),
        ("/rules/consent", "all"),
        ("/rules/max_agencies", -1),
        ("/rules/never_on_site", []),
        ("/weights/value", -1),
        ("/weights/disruption", {"removed": "60"}),
        ("/weights/theme", [{"tag": "x"}]),
        ("/published", None),
        ("/published/operations/0/inspections", []),
        ("/published/schema", "samsyn-plan/2"),
        ("/published/bound", "not read"),
        ("/lost", [{"id": "s1"}]),
        ("/lost", [{"cause": "x"}]),
        ("/consented", [["s1", None]]),
        ("/consented", [["s1"]]),
        ("/freeze_until", 7),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses_and_nothing_else(pointer: str, value: Any) -> None:
    problem = spoiled(pointer, value)
    try:
        read_problem(problem)
        is_read = True
    except ProblemError:
        is_read = False

    # /travel/{} of a problem with named places: the schema does not look from a place to the table.
    is_beyond_schemas = pointer == "/travel" and value == {}
    assert PROBLEM.is_valid(problem) == (is_read or is_beyond_schemas)


@pytest.mark.parametrize("field", ["operations", "bound", "truncated", "changes"])
def test_a_plan_without_one_of_its_fields_is_none(field: str) -> None:
    plan = a_plan()
    assert PLAN.is_valid(plan)
    del plan[field]
    assert not PLAN.is_valid(plan)
