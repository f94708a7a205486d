"""Runs the service: `python -m samsyn_reporting`."""

from __future__ import annotations

from samsyn_chassis.app import run
from samsyn_chassis.settings import Settings

from samsyn_reporting.app import build

if __name__ == "__main__":
    run(build, Settings)
