"""Runs `samsyn plan` where only the planner is installed: `python -m samsyn_planning.command PROBLEM.json`."""

import sys

from samsyn_planning.command.plan import plan

if __name__ == "__main__":
    sys.exit(plan(sys.argv[1:]))
