"""`samsyn plan PROBLEM.json`: files in, files out, what is said beside them, and exit statuses."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest
from samsyn_planning.domain.planner import plan_bytes, solve

from tests.support.planning_forms import (
    Form,
    a_plan,
    a_problem,
    a_session,
    a_team_session,
    a_visit,
    an_inspection,
    an_operation,
)
from tests.unit.planning.command.commanded import Desk


def a_published_problem(**overrides: Any) -> Form:
    """Give a problem whose one operation has been published as the planner made it."""
    first = a_problem()
    return first | {"published": solve(first)} | overrides


class TestTheFile:
    def test_a_plan_is_what_the_library_answers_as_bytes(self, desk: Desk) -> None:
        problem = a_problem()
        said = desk.plan(desk.put("problem.json", problem), "-o", "plan.json", "--work", "50", "--seed", "3")

        assert said.status == 0
        assert said.out == ""
        assert desk.json_of("plan.json")["operations"] == solve(problem, seed=3)["operations"]
        assert desk.bytes_of("plan.json") == plan_bytes(desk.json_of("plan.json"))

    def test_the_same_work_gives_the_same_bytes_twice(self, desk: Desk) -> None:
        inspections = [an_inspection(f"i{number}", value=100 + 7 * number) for number in range(9)]
        problem = desk.put("problem.json", a_problem([a_session("s1"), a_session("s2")], None, inspections))
        for name in ("a.json", "b.json"):
            assert desk.plan(problem, "-o", name, "--work", "40").status == 0

        assert desk.bytes_of("a.json") == desk.bytes_of("b.json")

    def test_without_a_file_the_plan_is_all_of_standard_output(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()))

        assert json.loads(said.out)["schema"] == "samsyn-plan/1"
        assert desk.names == {"problem.json"}

    def test_a_dash_is_standard_input_and_output(self, desk: Desk) -> None:
        said = desk.plan("-", "-o", "-", stdin=json.dumps(a_problem()).encode())

        assert said.status == 0
        assert json.loads(said.out)["schema"] == "samsyn-plan/1"
        assert said.err.startswith("planning standard input: 1 session, 1 team session, 1 inspection\n")

    def test_an_earlier_plan_is_replaced_and_nothing_else_is_left(self, desk: Desk) -> None:
        desk.put("plan.json", "the former one")
        desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json")

        assert desk.json_of("plan.json")["schema"] == "samsyn-plan/1"
        assert desk.names == {"problem.json", "plan.json"}

    def test_a_link_goes_on_leading_to_the_file_that_is_replaced(self, desk: Desk) -> None:
        (desk.folder / "plan.json").symlink_to(desk.folder / "elsewhere.json")
        desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json")

        assert (desk.folder / "plan.json").is_symlink()
        assert desk.json_of("elsewhere.json")["schema"] == "samsyn-plan/1"

    def test_a_device_is_written_to_and_stays(self, desk: Desk) -> None:
        assert desk.plan(desk.put("problem.json", a_problem()), "-o", "/dev/null").status == 0

    def test_a_file_named_as_a_subcommand_is_planned_by_its_path(self, desk: Desk) -> None:
        desk.put("verify", a_problem())

        assert desk.plan("./verify", "-o", "plan.json").status == 0
        assert desk.plan("-o", "plan.json", "verify").status == 0
        assert "PLAN.json" in desk.plan("verify").err

    def test_a_mark_of_byte_order_is_read_over(self, desk: Desk) -> None:
        (desk.folder / "problem.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(a_problem()).encode())

        assert desk.plan("problem.json").status == 0

    def test_reasons_name_agencies_as_the_register_does(self, desk: Desk) -> None:
        inspection = an_inspection("i2", required_agencies=["skatteverket"])
        problem = desk.put("problem.json", a_problem(inspections=[an_inspection(), inspection]))
        desk.plan(problem, "-o", "plan.json")

        told = [reason["en"] for left in desk.json_of("plan.json")["unplanned"] for reason in left["reasons"]]
        assert "Swedish Tax Agency" in " ".join(told)


class TestWhatIsSaid:
    def test_progress_is_aligned_and_the_figures_follow(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json").err.splitlines()
        told = desk.json_of("plan.json")

        head = next(number for number, line in enumerate(said) if line.split()[:2] == ["seconds", "rung"])
        assert said[head].split() == ["seconds", "rung", "best", "bound", "gap"]
        assert len(said[head + 1]) == len(said[head])
        assert f"objective   {told['objective']}" in said[head + 2 :]
        assert f"value       {told['value']}" in said
        assert f"disruption  {told['disruption']}" in said
        assert any(line.startswith("seconds     ") for line in said)

    def test_the_plan_itself_holds_no_seconds(self, desk: Desk) -> None:
        desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json")

        assert "seconds" not in desk.json_of("plan.json")["work"]

    def test_seconds_that_run_out_are_told(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json", "--seconds", "0")

        assert said.status == 0
        assert desk.json_of("plan.json")["truncated"] == ("truncated   yes" in said.err)

    def test_a_replan_can_tell_what_stability_costs(self, desk: Desk) -> None:
        problem = desk.put("problem.json", a_published_problem())
        assert desk.plan(problem, "--stability").err.splitlines()[-1].startswith("stability   ")
        assert "stability" not in desk.plan(problem).err

    def test_a_first_plan_has_no_price_of_stability(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()), "--stability")
        assert said.err.endswith("stability   Nothing is published, so nothing is kept.\n")


def clashing() -> Form:
    """Give a problem with two pinned operations of one team at the same time."""
    published = a_plan([an_operation("s1"), an_operation("s2", [a_visit("i2")])])
    problem = a_problem([a_session("s1"), a_session("s2")], [a_team_session()], [an_inspection(), an_inspection("i2")])
    return problem | {"published": published, "pinned": ["op:s1", "op:s2"]}


class TestBadInput:
    def test_frozen_operations_that_clash_have_a_status_of_their_own(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", clashing()), "-o", "plan.json")

        assert said.status == 3
        assert "clash by H10" in said.err.splitlines()[-1]
        assert desk.names == {"problem.json"}

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (
                b'{"schema": \n  nonsense}',
                "problem.json is no JSON: Expecting value at line 2, column 3; mend it there",
            ),
            (b"", "problem.json is no JSON: Expecting value at line 1, column 1; mend it there"),
            (b'{"a": 1, "a": 2}', "the key 'a' is there twice in one object; keep one of them"),
            (b'{"seed": NaN}', "NaN is no number of JSON; give a finite number"),
            (b'{"centre": "\\ud800"}', "has half a surrogate pair"),
            (b'{"centre": "g\xf6teborg"}', "problem.json is not UTF-8: byte 13; save it as UTF-8"),
            (b"[" * 100_000, "problem.json is nested too deeply"),
            (b"[]", "problem.json: /: is no object; give a JSON object"),
            (b'{"shema": 1}', "problem.json: /shema: is unknown; leave it out"),
        ],
    )
    def test_it_is_told_in_one_line_that_says_where(self, desk: Desk, content: bytes, sentence: str) -> None:
        (desk.folder / "problem.json").write_bytes(content)
        said = desk.plan("problem.json", "-o", "plan.json")

        assert said.status == 2
        assert sentence in said.err.splitlines()[-1]
        assert said.err.splitlines()[-1].startswith("samsyn plan: ")
        assert "Traceback" not in said.err
        assert desk.names == {"problem.json"}

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            ([], "the following arguments are required: PROBLEM.json"),
            (["gone.json"], "gone.json cannot be read: No such file or directory"),
            (["."], ". cannot be read: Is a directory"),
            (["problem.json", "--seconds", "-1"], "--seconds: '-1' is no number of seconds, give 0 or more"),
            (["problem.json", "--seconds", "inf"], "--seconds: 'inf' is no number of seconds, give 0 or more"),
            (["problem.json", "--work", "1.5"], "--work: '1.5' is no whole number, give 0 or more"),
            (["problem.json", "--seed", "x"], "--seed: 'x' is no whole number, give one as 7"),
            (["problem.json", "--sedd", "1"], "unrecognized arguments: --sedd"),
            (["problem.json", "-o", "problem.json"], "-o problem.json would overwrite what is read"),
            (["problem.json", "-o", "gone/plan.json"], "-o gone/plan.json is in a folder that is not there"),
            (["problem.json", "-o", "."], "-o . is a folder; name a file"),
        ],
    )
    def test_a_wrong_argument_is_told_in_one_line(self, desk: Desk, arguments: list[str], sentence: str) -> None:
        desk.put("problem.json", a_problem())
        said = desk.plan(*arguments)

        assert said.status == 2
        assert sentence in said.err
        assert said.err.count("\n") == 1
        assert desk.names == {"problem.json"}

    def test_what_cannot_be_written_is_told_before_any_work(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()), "-o", "gone/plan.json")

        assert "planning" not in said.err

    def test_a_full_disk_is_told(self, desk: Desk) -> None:
        said = desk.plan(desk.put("problem.json", a_problem()), "-o", "/dev/full")

        assert said.status == 2
        assert said.err.splitlines()[-1] == "samsyn plan: -o /dev/full cannot be written: No space left on device"

    def test_a_disk_that_fills_up_leaves_the_former_plan_and_no_half_one(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def written_in_part(path: Path, content: bytes) -> int:
            with path.open("wb") as part:
                part.write(content[:100])
            raise OSError(errno.ENOSPC, "No space left on device")

        problem, _ = desk.put("problem.json", a_problem()), desk.put("plan.json", "the former one")
        monkeypatch.setattr(Path, "write_bytes", written_in_part)
        said = desk.plan(problem, "-o", "plan.json")

        assert said.err.splitlines()[-1] == "samsyn plan: -o plan.json cannot be written: No space left on device"
        assert desk.json_of("plan.json") == "the former one"
        assert desk.names == {"problem.json", "plan.json"}

    def test_an_interrupted_run_leaves_no_plan(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: Any) -> Form:
            raise KeyboardInterrupt

        monkeypatch.setattr("samsyn_planning.domain.planner.solve", interrupted)
        said = desk.plan(desk.put("problem.json", a_problem()), "-o", "plan.json")

        assert said.status == 130
        assert said.err.splitlines()[-1] == "samsyn plan: interrupted; a file is written whole or not at all"
        assert desk.names == {"problem.json"}
