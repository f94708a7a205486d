"""`samsyn plan verify`: what an independent verifier finds in a plan."""

from collections.abc import Iterator, Sequence

from samsyn_planning.command.arguments import verify_arguments
from samsyn_planning.command.failure import InputError
from samsyn_planning.command.files import STANDARD, read_json, shown_name, write
from samsyn_planning.domain.verifier import ProblemError, Verdict, verify


def run(arguments: Sequence[str]) -> int:
    """Tell the verdict; 0 where the plan is accepted, 1 where it is refused; raises InputError."""
    asked = verify_arguments().parse_args(arguments)
    if asked.problem == asked.plan == STANDARD:
        raise InputError("the problem and the plan cannot both be standard input; name a file for one of them")
    problem, plan = read_json(asked.problem), read_json(asked.plan)
    try:
        verdict = verify(problem, plan)
    except ProblemError as error:
        raise InputError(f"{shown_name(asked.problem)}: {error}", error.status) from None
    write(STANDARD, "".join(f"{line}\n" for line in lines_of(verdict)).encode())
    return 0 if verdict.is_accepted else 1


def lines_of(verdict: Verdict) -> Iterator[str]:
    """The verdict, its figures as computed anew, every violation, and what was moved needlessly."""
    count = len(verdict.violations)
    yield "accepted" if verdict.is_accepted else f"refused: {count} violation{'' if count == 1 else 's'}"
    yield f"objective   {verdict.objective}"
    yield f"value       {verdict.value}"
    yield f"disruption  {verdict.disruption}"
    if verdict.hit:
        yield f"hit         {', '.join(sorted(verdict.hit))}"
    for violation in verdict.violations:
        place = "" if violation.operation is None else f" {violation.operation}"
        yield f"violation   {violation.rule}{place}: {_one_line(violation.sentence)}"
    for operation in verdict.needless:
        yield f"needless    {operation}: put back as it was published, the plan is as good and keeps every rule"


def _one_line(sentence: str) -> str:
    return " ".join(sentence.split())
