"""Runs planning with settings from the environment."""

from samsyn_chassis.app import run
from samsyn_chassis.settings import Settings

from samsyn_planning.app import build

if __name__ == "__main__":
    run(build, Settings)
