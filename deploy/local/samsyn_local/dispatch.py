"""Where `samsyn` begins: a plain command of another package runs at once, all else goes to the commands of this one."""

import sys
from importlib.metadata import entry_points
from types import FunctionType


def main() -> None:
    """Run the command that the first word names; a plain one loads nothing of Samsyn on this machine."""
    for entry in entry_points(group="samsyn.commands", name=sys.argv[1] if sys.argv[1:] else ""):
        command = entry.load()
        if is_plain(command):
            sys.exit(command(sys.argv[2:]))
    # Kafka's client, the database's and Typer take as long to import as a small problem to solve.
    from samsyn_local.cli import main as main_of_this_machine

    main_of_this_machine()


def is_plain(command: object) -> bool:
    """Whether a command reads its arguments itself, `(arguments) -> exit status`, instead of having Typer do it."""
    if not isinstance(command, FunctionType):
        return False
    code = command.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount] == ("arguments",)
