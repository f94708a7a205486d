"""`samsyn plan verify`: the verdict as lines and as an exit status."""

import json

import pytest

from tests.support.planning_forms import (
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
    at,
)
from tests.unit.planning.command.commanded import Desk


@pytest.fixture
def planned(desk: Desk) -> Desk:
    """A problem and the plan that the planner made of it."""
    desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json")
    return desk


def test_the_planners_own_plan_is_accepted(planned: Desk) -> None:
    said = planned.plan("verify", "problem.json", "plan.json")
    told = planned.json_of("plan.json")

    assert said.status == 0
    assert said.out.splitlines() == [
        "accepted",
        f"objective   {told['objective']}",
        f"value       {told['value']}",
        "disruption  0",
    ]


def test_a_spoiled_plan_is_refused_with_every_rule_and_sentence(planned: Desk) -> None:
    spoiled = planned.json_of("plan.json")
    spoiled["operations"][0]["teams"] = []
    spoiled["value"] += 1
    said = planned.plan("verify", "problem.json", planned.put("spoiled.json", spoiled))

    assert said.status == 1
    assert said.out.startswith("refused: ")
    violations = [line for line in said.out.splitlines() if line.startswith("violation ")]
    assert any(line.startswith("violation   H8 op:s1: ") for line in violations)
    assert any(line.startswith("violation   value: value is told as ") for line in violations)
    assert said.out.splitlines()[0] == f"refused: {len(violations)} violations"


def test_a_plan_that_is_no_plan_is_refused_and_the_field_named(planned: Desk) -> None:
    said = planned.plan("verify", "problem.json", "-", stdin=json.dumps({"schema": "x"}).encode())

    assert said.status == 1
    assert "violation   form: /schema" in said.out


def test_what_was_moved_needlessly_is_told(planned: Desk) -> None:
    published = planned.json_of("plan.json")
    replanning = planned.put("replanning.json", a_problem(published=published))
    moved = published | {"operations": [an_operation("s1", [a_visit("i1", at(13, 14), at(13, 15))])]}
    said = planned.plan("verify", replanning, planned.put("moved.json", moved))

    assert said.out.splitlines()[-1].startswith("needless    op:s1: put back as it was published, the plan is as good")


def test_files_that_cannot_be_read_are_bad_input(planned: Desk) -> None:
    assert planned.plan("verify", "problem.json", "gone.json").status == 2
    assert planned.plan("verify", planned.put("bad.json", {"schema": "x"}), "plan.json").status == 2
    assert planned.plan("verify", "problem.json").status == 2
    said = planned.plan("verify", "-", "-")
    assert (said.status, said.err.count("\n")) == (2, 1)


def test_a_problem_whose_frozen_operations_clash_has_status_3(desk: Desk) -> None:
    published = a_plan([an_operation("s1"), an_operation("s2", [a_visit("i2")])])
    problem = a_problem([a_session("s1"), a_session("s2")], [a_team_session()], [an_inspection(), an_inspection("i2")])
    clashing = desk.put("problem.json", problem | {"published": published, "pinned": ["op:s1", "op:s2"]})

    assert desk.plan("verify", clashing, desk.put("plan.json", published)).status == 3
