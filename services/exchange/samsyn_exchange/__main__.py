"""Runs the exchange: `python -m samsyn_exchange`, settings from the environment."""

from __future__ import annotations

import sys

from pydantic import ValidationError
from samsyn_chassis.app import run

from samsyn_exchange.app import build
from samsyn_exchange.settings import ExchangeSettings


def main() -> None:
    """Start with what the environment says, or end with a sentence on what is wrong with it."""
    try:
        settings = ExchangeSettings()
    except ValidationError as error:
        # Sentences only: pydantic's own text would show the values, and some of them are secrets.
        faults = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}".lstrip(": ") for e in error.errors()]
        sys.exit("The exchange does not start.\n" + "\n".join(faults))
    run(build(settings), settings)


if __name__ == "__main__":
    main()
