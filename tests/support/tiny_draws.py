"""Small draws that the tiny problems share."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.support.brute_force_world import Form


def sometimes(random: Random, share: float, **own: Any) -> Form:
    """Give each keyword with the given probability, called if it can be."""
    return {key: told() if callable(told) else told for key, told in own.items() if random.random() < share}


def near(random: Random, told: str, hours: Sequence[float]) -> str:
    instant = datetime.fromisoformat(told) + timedelta(hours=random.choice(hours), seconds=random.choice((0, 0, 17)))
    return instant.isoformat()
