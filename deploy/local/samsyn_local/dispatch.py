"""Where `samsyn` begins: a plain command of another package runs at once, all else goes to the commands of this one."""

import inspect
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any


def main() -> None:
    """Run the command that the first word names; a plain one loads nothing of Samsyn on this machine."""
    for entry in entry_points(group="samsyn.commands", name=sys.argv[1] if sys.argv[1:] else ""):
        command = entry.load()
        if is_plain(command):
            sys.exit(command(sys.argv[2:]))
    # Kafka's client, Typer and a database's take half a second to import: only for those who ask for them.
    from samsyn_local.cli import main as main_of_this_machine

    main_of_this_machine()


def is_plain(command: Callable[..., Any]) -> bool:
    """Whether a command reads its arguments itself, `(arguments) -> exit status`, instead of having Typer do it."""
    return list(inspect.signature(command).parameters) == ["arguments"]
