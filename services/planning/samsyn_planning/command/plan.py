"""`samsyn plan`: plans a problem, judges a plan, tells what differs between two plans, makes a problem to try."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from samsyn_planning.command.failure import InputError
from samsyn_planning.command.said_aside import say

# Each is a module of this package with a `run`; it and what it needs are imported only when its word is said.
SUBCOMMANDS = {"verify": "verifying", "diff": "comparing", "generate": "generating"}
INTERRUPTED = 130


def plan(arguments: Sequence[str]) -> int:
    """Plan operations from a file, to a file; also verify, diff and generate."""
    try:
        return _run(arguments)
    except InputError as error:
        say(f"samsyn plan: {error}")
        return error.status
    except KeyboardInterrupt:
        say("samsyn plan: interrupted; a file is written whole or not at all")
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads has seen enough (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except SystemExit as ended:  # argparse has shown its help
        return int(ended.code or 0)


def _run(arguments: Sequence[str]) -> int:
    word = arguments[0] if arguments else ""
    module = import_module(f"samsyn_planning.command.{SUBCOMMANDS.get(word, 'solving')}")
    return int(module.run(arguments[1:] if word in SUBCOMMANDS else arguments))
