"""A kernel's store of columns: each set of stops and classes once, in its best form; where it is full, the best."""

from typing import NamedTuple

import numpy as np

from samsyn_planning.domain.planner.engine.kernels import kernel
from samsyn_planning.domain.planner.engine.tables import Floats, Ints, Masks

# A store of up to so many columns keeps the best and raises the threshold; a larger one must hold them all.
SMALL = 64


class Kept(NamedTuple):
    """`num[0]` columns as rows: gains, routes and class rows (-1 beyond the end), and where each code is kept."""

    num: Ints
    gain: Floats
    route: Ints
    classes: Ints
    code: Masks
    slot: Ints


@kernel
def empty_store(size: int, num_parties: int, most_stops: int) -> Kept:
    """A store for up to `size` columns of up to so many stops."""
    num_slots = 16
    while num_slots < 3 * size:
        num_slots *= 2
    return Kept(
        np.zeros(1, np.int64),
        np.empty(size, np.float64),
        np.full((size, most_stops), -1, np.int64),
        np.full((size, max(1, num_parties)), -1, np.int64),
        np.zeros(size, np.uint64),
        np.full(num_slots, -1, np.int64),
    )


@kernel
def _slot_of(kept: Kept, code: np.uint64) -> int:
    """The slot that holds the code, or the free one where it belongs."""
    num_slots = len(kept.slot)
    slot = np.int64(code % np.uint64(num_slots))
    while kept.slot[slot] >= 0 and kept.code[kept.slot[slot]] != code:
        slot = (slot + 1) % num_slots
    return int(slot)


@kernel
def place_for(kept: Kept, code: np.uint64, gain: float) -> int:
    """Where a column with this code and gain belongs; -1 where it need not be kept, -2 where there is no room."""
    slot = _slot_of(kept, code)
    known = kept.slot[slot]
    if known >= 0:
        return int(known) if gain > kept.gain[known] else -1
    size = len(kept.gain)
    if kept.num[0] < size:
        place = int(kept.num[0])
        kept.num[0] += 1
        kept.slot[slot] = place
        kept.code[place] = code
        return place
    if size > SMALL:
        return -2
    worst = 0
    for other in range(1, size):
        if kept.gain[other] < kept.gain[worst]:
            worst = other
    if gain <= kept.gain[worst]:
        return -1
    kept.code[worst] = code
    kept.gain[worst] = gain
    kept.slot[:] = -1
    for other in range(size):
        kept.slot[_slot_of(kept, kept.code[other])] = other
    return worst


@kernel
def raised(kept: Kept, threshold: float) -> float:
    """The threshold: once a small store is full, what does not beat its weakest is of no use."""
    size = len(kept.gain)
    if kept.num[0] < size or size > SMALL:
        return threshold
    weakest = float(kept.gain[0])
    for place in range(1, size):
        weakest = min(weakest, kept.gain[place])
    return max(threshold, weakest)
