"""Runs planning with settings from the environment."""

from samsyn_chassis.app import run

from samsyn_planning.app import build
from samsyn_planning.settings import PlanningSettings

if __name__ == "__main__":
    run(build, PlanningSettings)
