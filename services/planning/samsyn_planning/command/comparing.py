"""`samsyn plan diff`: what differs between two plans, in sentences."""

from collections.abc import Sequence

from samsyn_planning.command.arguments import diff_arguments
from samsyn_planning.command.failure import InputError
from samsyn_planning.command.files import STANDARD, read_json, shown_name, write
from samsyn_planning.domain.plan_diff import difference_of
from samsyn_planning.domain.plan_diff_report import report
from samsyn_planning.domain.verifier import ProblemError
from samsyn_planning.domain.verifier.plan_form import Plan, read_plan


def run(arguments: Sequence[str]) -> int:
    """Tell the differences; raises InputError."""
    asked = diff_arguments().parse_args(arguments)
    if asked.before == asked.after == STANDARD:
        raise InputError("both plans cannot be standard input; name a file for one of them")
    lines = report(difference_of(_plan(asked.before), _plan(asked.after)))
    told = {"sv": [line.sv for line in lines], "en": [line.en for line in lines]}
    chosen = ("sv", "en") if asked.lang == "both" else (asked.lang,)
    write(STANDARD, "\n".join("\n".join([*told[language], ""]) for language in chosen).encode())
    return 0


def _plan(name: str) -> Plan:
    try:
        return read_plan(read_json(name))
    except ProblemError as error:
        raise InputError(f"{shown_name(name)}: {error}", error.status) from None
