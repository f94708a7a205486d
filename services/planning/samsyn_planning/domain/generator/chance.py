"""The generator's randomness: what one purpose draws never moves what another draws, the same on every machine."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1


class Chance:
    """SplitMix64 (Steele, Lea and Flood 2014), begun from the seed and the purpose; whole numbers only."""

    def __init__(self, seed: int, *purpose: str) -> None:
        told = "/".join([str(seed), *purpose])
        self._state = int.from_bytes(sha256(told.encode()).digest()[:8], "big")

    def below(self, sides: int) -> int:
        """A number from 0 up to but not including `sides`."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % sides

    def between(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both possible."""
        return low + self.below(high - low + 1)

    def is_one_of(self, percent: int) -> bool:
        """True for so many in a hundred."""
        return self.below(100) < percent

    def one(self, members: Sequence[T]) -> T:
        """One of the members, each as likely."""
        return members[self.below(len(members))]

    def weighted(self, members: Sequence[T], weights: Sequence[int]) -> T:
        """One of the members, by whole-number weights."""
        left = self.below(sum(weights))
        for member, weight in zip(members, weights, strict=True):
            if left < weight:
                return member
            left -= weight
        raise ValueError("weights: give one that is above 0")

    def some(self, members: Sequence[T], count: int) -> list[T]:
        """So many different members (all if there are fewer), in the order given."""
        places = list(range(len(members)))
        for place in range(len(places) - 1, 0, -1):
            other = self.below(place + 1)
            places[place], places[other] = places[other], places[place]
        return [members[place] for place in sorted(places[:count])]

    def middling(self, middle: int, spread: int) -> int:
        """A number near `middle`, seldom further off than `spread`: the mean of four even draws."""
        return middle - spread + sum(self.below(2 * spread + 1) for _ in range(4)) // 4
