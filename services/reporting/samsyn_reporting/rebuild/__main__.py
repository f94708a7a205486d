"""Rebuilds the read models: `python -m samsyn_reporting.rebuild [--replace]`, with the settings of the service."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence

from aiokafka.errors import KafkaError
from samsyn_chassis.settings import Settings, read_settings
from sqlalchemy.exc import SQLAlchemyError

from samsyn_reporting.rebuild.rebuilding import rebuild
from samsyn_reporting.rebuild.replaying import RebuildError

EQUAL, DIFFERENT, NOT_DONE = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Exit status 0: equal, or replaced; 1: the live read models are not what the log gives; 2: not done."""
    parser = argparse.ArgumentParser(
        "python -m samsyn_reporting.rebuild", description="Make the read models anew from the log, and compare."
    )
    parser.add_argument("--replace", action="store_true", help="put the rebuilt rows in place of the live ones")
    asked = parser.parse_args(arguments)
    settings = read_settings(Settings)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        outcome = asyncio.run(rebuild(settings, _say, replace=asked.replace))
    except RebuildError as error:
        print(error, file=sys.stderr)
        return NOT_DONE
    except (KafkaError, SQLAlchemyError, OSError) as error:
        print(f"Kafka or PostgreSQL does not answer as it should ({type(error).__name__}).", file=sys.stderr)
        return NOT_DONE
    return EQUAL if outcome.is_equal or outcome.is_replaced else DIFFERENT


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
