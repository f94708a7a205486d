"""Runs the exchange: `python -m samsyn_exchange`, settings from the environment."""

from __future__ import annotations

from samsyn_chassis.app import run

from samsyn_exchange.app import build
from samsyn_exchange.settings import ExchangeSettings

if __name__ == "__main__":
    run(build, ExchangeSettings)
