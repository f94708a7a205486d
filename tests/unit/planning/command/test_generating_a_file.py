"""`samsyn plan generate`: problems to try, the same for the same seed."""

import pytest

from tests.unit.planning.command.commanded import Desk


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(desk: Desk) -> None:
    for name, seed in (("a.json", "7"), ("b.json", "7"), ("c.json", "8")):
        assert desk.plan("generate", "--size", "S", "--seed", seed, "-o", name).status == 0

    assert desk.bytes_of("a.json") == desk.bytes_of("b.json") != desk.bytes_of("c.json")


def test_what_is_generated_can_be_planned_and_verified(desk: Desk) -> None:
    desk.plan("generate", "--size", "S", "--seed", "7", "-o", "problem.json")

    assert desk.plan("problem.json", "-o", "plan.json", "--work", "20").status == 0
    assert desk.plan("verify", "problem.json", "plan.json").status == 0


def test_a_disturbed_problem_has_a_published_plan_and_something_lost(desk: Desk) -> None:
    said = desk.plan("generate", "--size", "S", "--seed", "7", "--disturbed", "--work", "20", "-o", "problem.json")
    problem = desk.json_of("problem.json")

    assert said.status == 0
    assert problem["published"]["schema"] == "samsyn-plan/1"
    assert problem["lost"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: --size"),
        (["--size", "XXL"], "argument --size: invalid choice: 'XXL' (choose from 'S', 'M', 'L', 'XL')"),
        (["--size", "S", "--kind", "flood"], "argument --kind: invalid choice: 'flood'"),
        (["--size", "S", "-o", "gone/problem.json"], "-o gone/problem.json is in a folder that is not there"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(desk: Desk, arguments: list[str], sentence: str) -> None:
    said = desk.plan("generate", *arguments)

    assert said.status == 2
    assert sentence in said.err
    assert said.err.count("\n") == 1
