"""Lots drawn inside the compiled search: numbers that follow from the seed alone (see `Dice`)."""

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.tables import Masks


@kernel
def _draw(lots: Masks) -> np.uint64:
    """SplitMix64."""
    lots[0] += np.uint64(0x9E3779B97F4A7C15)
    mixed = np.uint64(lots[0])
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@kernel
def roll(lots: Masks, sides: int) -> int:
    """A number from 0 up to but not including `sides`."""
    return int(np.int64(_draw(lots) % np.uint64(max(1, sides))))


@kernel
def share(lots: Masks) -> float:
    """A number from 0 up to but not including 1."""
    return float(_draw(lots) >> np.uint64(11)) / 9007199254740992.0
