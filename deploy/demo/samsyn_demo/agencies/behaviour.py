"""How simulated agencies answer and prepare: assumptions, seeded, the same for the same question in every run.

A question is answered after 1 to 48 hours (evenly on a logarithmic scale: the median is 7 hours), one in ten with no,
and one in twenty never. An agency is prepared beforehand for four inspections of five; for the others it prepares
once it is booked or accepts. What it is told of a confirmed operation it acknowledges after 5 to 75 minutes, one in
twenty never.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, TypeVar

SHARE_DECLINED = 0.10
SHARE_SILENT = 0.05
SHARE_READY_BEFOREHAND = 0.80
FASTEST_ANSWER = timedelta(hours=1)
SLOWEST_ANSWER = timedelta(hours=48)
SHARE_NEVER_ACKNOWLEDGED = 0.05
FASTEST_ACKNOWLEDGEMENT = timedelta(minutes=5)
SLOWEST_ACKNOWLEDGEMENT = timedelta(minutes=75)

T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What an agency answers, and how long it takes."""

    kind: Literal["yes", "no", "silence"]
    after: timedelta


def answer_to(seed: int, operation_id: str, capacity_id: str) -> Answer:
    """The answer to a question about one capacity for one operation."""
    drawn = chance(seed, "answer", operation_id, capacity_id)
    after = delay(seed, operation_id, capacity_id)
    if drawn < SHARE_SILENT:
        return Answer("silence", after)
    return Answer("no" if drawn < SHARE_SILENT + SHARE_DECLINED else "yes", after)


def delay(seed: int, *parts: str) -> timedelta:
    """How long an agency takes: 1 to 48 hours in whole minutes, evenly on a logarithmic scale."""
    factor = (SLOWEST_ANSWER / FASTEST_ANSWER) ** chance(seed, "delay", *parts)
    return timedelta(minutes=round(FASTEST_ANSWER / timedelta(minutes=1) * factor))


def is_ready_beforehand(seed: int, party: str, inspection_id: str) -> bool:
    """Whether a party (agency, or agency/role) has prepared for an inspection before anybody asks."""
    return chance(seed, "ready", party, inspection_id) < SHARE_READY_BEFOREHAND


def acknowledgement_after(seed: int, party: str, *told: str) -> timedelta | None:
    """How long it takes until a party has seen what it was told; None if it never tells so."""
    if chance(seed, "acknowledge", party, *told) < SHARE_NEVER_ACKNOWLEDGED:
        return None
    drawn = chance(seed, "seen", party, *told)
    return FASTEST_ACKNOWLEDGEMENT + drawn * (SLOWEST_ACKNOWLEDGEMENT - FASTEST_ACKNOWLEDGEMENT)


def one_of(choices: Sequence[T], seed: int, *parts: str) -> T:
    """One of several, by the seed and the parts alone."""
    return choices[int(chance(seed, *parts) * len(choices))]


def chance(seed: int, *parts: str) -> float:
    """A number from 0 up to 1 that depends on the seed and the parts alone."""
    digest = hashlib.blake2b("\x1f".join((str(seed), *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64
