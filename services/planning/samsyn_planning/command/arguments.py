"""The words and options of `samsyn plan`, read by argparse; what is wrong with them is one line."""

import argparse
import math
from collections.abc import Sequence
from typing import NoReturn

from samsyn_planning.command.failure import InputError
from samsyn_planning.command.files import STANDARD

SOLVE_HELP = """\
samsyn plan PROBLEM.json        plan (or replan) a problem
samsyn plan verify PROBLEM PLAN judge a plan by every rule
samsyn plan diff A B            tell what differs between two plans
samsyn plan generate --size S   make a problem to try

The first word decides: a problem file named verify, diff or generate is planned as ./verify.
Forms: services/planning/FORMS.md. Exit status: 0 done, 1 refused (verify), 2 bad input,
3 frozen operations clash, 130 interrupted."""


class OneLineParser(argparse.ArgumentParser):
    """Raises InputError where argparse would print its usage and a second line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is."""
        raise InputError(f"{message}; see {self.prog} --help")


def solve_arguments() -> argparse.ArgumentParser:
    """Of `samsyn plan PROBLEM.json`."""
    parser = OneLineParser(
        prog="samsyn plan", epilog=SOLVE_HELP, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.description = "Plan a problem in the form samsyn-planning-problem/1; progress goes to standard error."
    parser.add_argument("problem", metavar="PROBLEM.json", help="the problem; - is standard input")
    _add_output(parser, "the plan (samsyn-plan/1), written whole or not at all")
    parser.add_argument("--seconds", type=_seconds, metavar="S", help="stop after so many seconds of solving")
    parser.add_argument(
        "--work", type=_whole, metavar="W", help="do at most so much work: the same work, the same plan"
    )
    parser.add_argument("--seed", type=_integer, metavar="N", help="replaces the problem's seed")
    parser.add_argument(
        "--stability",
        action="store_true",
        help="of a replan: solve once more with nothing worth keeping, and tell what stability costs in value",
    )
    return parser


def verify_arguments() -> argparse.ArgumentParser:
    """Of `samsyn plan verify`."""
    parser = OneLineParser(prog="samsyn plan verify", allow_abbrev=False)
    parser.description = "Judge a plan by every rule, with code that shares nothing with the planner."
    parser.epilog = "Exit status: 0 accepted, 1 refused, 2 bad input, 3 the problem's frozen operations clash."
    parser.add_argument("problem", metavar="PROBLEM.json", help="the problem; - is standard input")
    parser.add_argument("plan", metavar="PLAN.json", help="its plan; - is standard input")
    return parser


def diff_arguments() -> argparse.ArgumentParser:
    """Of `samsyn plan diff`."""
    parser = OneLineParser(prog="samsyn plan diff", allow_abbrev=False)
    parser.description = "Tell in sentences what differs between two plans; operations pair up by id."
    parser.add_argument("before", metavar="A.json", help="the plan before; - is standard input")
    parser.add_argument("after", metavar="B.json", help="the plan after; - is standard input")
    parser.add_argument("--lang", choices=("sv", "en", "both"), default="both", help="both: Swedish first")
    return parser


def generate_arguments(sizes: Sequence[str], kinds: Sequence[str]) -> argparse.ArgumentParser:
    """Of `samsyn plan generate`."""
    parser = OneLineParser(prog="samsyn plan generate", allow_abbrev=False)
    parser.description = "Make an invented problem with a real centre's geography; the same for the same seed."
    parser.add_argument("--size", choices=sizes, required=True, help="50, 150, 300 or 1000 inspections")
    parser.add_argument("--seed", type=_integer, default=1, metavar="N", help="another seed, another problem (1)")
    parser.add_argument(
        "--disturbed", action="store_true", help="plan it, lose something of the plan, and give the replanning problem"
    )
    parser.add_argument("--kind", choices=kinds, default=kinds[0], help=f"what is lost when --disturbed ({kinds[0]})")
    parser.add_argument("--work", type=_whole, metavar="W", help="of planning, when --disturbed")
    _add_output(parser, "the problem (samsyn-planning-problem/1)")
    return parser


def _add_output(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument(
        "-o", dest="output", default=STANDARD, metavar="FILE", help=f"{what}; without it, or as -, standard output"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (math.isfinite(seconds) and seconds >= 0):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds, give 0 or more")
    return seconds


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number, give 0 or more")
    return int(text)


def _integer(text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number, give one as 7")
    return int(text)
