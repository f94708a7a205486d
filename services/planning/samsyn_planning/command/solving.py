"""`samsyn plan PROBLEM.json`: a plan written to a file, progress told meanwhile, its figures at the end."""

import argparse
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

from samsyn_planning.command.arguments import solve_arguments
from samsyn_planning.command.failure import InputError
from samsyn_planning.command.files import check_may_write, read_json, shown_name, write
from samsyn_planning.command.party_names import party_names
from samsyn_planning.command.progress_lines import ProgressLines, shown_bound, shown_gap
from samsyn_planning.command.said_aside import say
from samsyn_planning.command.warming import warmed

LISTS = {"sessions": "session", "team_sessions": "team session", "inspections": "inspection"}


def run(arguments: Sequence[str]) -> int:
    """Plan as the arguments say and return the exit status; raises InputError."""
    began = monotonic()
    asked = solve_arguments().parse_args(arguments)
    problem = read_json(asked.problem)
    check_may_write(asked.output, [asked.problem])
    say(_what_is_planned(problem, shown_name(asked.problem)))
    from samsyn_planning.domain.planner import ProblemError, plan_bytes

    try:
        warmed(say)
        solving = monotonic()
        plan = _solved(problem, asked)
        seconds = monotonic() - solving
        write(asked.output, plan_bytes(plan))
        for line in _figures(plan, seconds, monotonic() - began):
            say(line)
        if asked.stability:
            say(f"{'stability':<11} {_price_of_stability(problem, plan, asked)}")
    except ProblemError as error:
        raise InputError(f"{shown_name(asked.problem)}: {error}", error.status) from None
    return 0


def _solved(problem: Mapping[str, Any], asked: argparse.Namespace) -> dict[str, Any]:
    from samsyn_planning.domain.planner import Limit, solve

    lines = ProgressLines(say)
    try:
        return solve(problem, Limit(asked.seconds, asked.work), asked.seed, lines.see, party_names())
    finally:
        lines.finish()


def _price_of_stability(problem: Mapping[str, Any], plan: Mapping[str, Any], asked: argparse.Namespace) -> str:
    if problem.get("published") is None:
        return "Nothing is published, so nothing is kept."
    from samsyn_planning.domain.planner import Limit
    from samsyn_planning.domain.planner.stability import stability_price

    return stability_price(problem, plan, Limit(asked.seconds, asked.work)).said.en


def _what_is_planned(problem: Any, name: str) -> str:
    lists = {noun: problem.get(key) for key, noun in LISTS.items()} if isinstance(problem, dict) else {}
    counts = [_counted(len(members), noun) for noun, members in lists.items() if isinstance(members, list)]
    is_replan = isinstance(problem, dict) and problem.get("published") is not None
    return f"{'replanning' if is_replan else 'planning'} {name}: {', '.join(counts) or 'nothing listed'}"


def _figures(plan: Mapping[str, Any], solve_seconds: float, all_seconds: float) -> list[str]:
    visited, left_out = sum(len(held["inspections"]) for held in plan["operations"]), len(plan["unplanned"])
    told = {
        "operations": f"{len(plan['operations'])} with {_counted(visited, 'inspection')}; {left_out} left out",
        "objective": plan["objective"],
        "value": plan["value"],
        "disruption": plan["disruption"],
        "bound": shown_bound(plan["bound"]),
        "gap": shown_gap(plan["gap"]),
        "proven": "yes, no plan is better" if plan["proven"] else "no",
        "seconds": f"{solve_seconds:.3f} (with reading and writing {all_seconds:.3f})",
    }
    if plan["truncated"]:
        told["truncated"] = "yes, by the seconds: another run may give another plan (--work gives the same)"
    return [f"{name:<11} {figure}" for name, figure in told.items()]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
