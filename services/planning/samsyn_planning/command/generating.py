"""`samsyn plan generate`: an invented problem, first or disturbed, to try the planner on."""

from collections.abc import Mapping, Sequence
from typing import Any

from samsyn_planning.command.arguments import generate_arguments
from samsyn_planning.command.failure import InputError
from samsyn_planning.command.files import check_may_write, json_bytes, write
from samsyn_planning.command.progress_lines import ProgressLines
from samsyn_planning.command.said_aside import say
from samsyn_planning.command.warming import warmed
from samsyn_planning.domain.generator import KINDS, SIZES, disturb, generate


def run(arguments: Sequence[str]) -> int:
    """Write the problem; raises InputError."""
    asked = generate_arguments(tuple(SIZES), KINDS).parse_args(arguments)
    check_may_write(asked.output, [])
    problem = generate(asked.size, asked.seed)
    if asked.disturbed:
        try:
            problem = disturb(problem, _plan_of(problem, asked.work), asked.seed, asked.kind)
        except ValueError as error:
            raise InputError(f"this problem cannot be disturbed: {error}") from None
    write(asked.output, json_bytes(problem))
    return 0


def _plan_of(problem: Mapping[str, Any], work: int | None) -> dict[str, Any]:
    from samsyn_planning.domain.planner import Limit, solve

    warmed(say)
    lines = ProgressLines(say)
    try:
        return solve(problem, Limit(None, work), None, lines.see)
    finally:
        lines.finish()
