"""Days of Sweden: what day an instant falls on, when it begins, and how an instant is written in files."""

from datetime import timedelta
from functools import lru_cache

from samsyn_planning.domain.said import STOCKHOLM, local


@lru_cache(maxsize=65536)
def day_of(instant: int) -> int:
    """The date in Sweden of an instant in epoch seconds, as a count of days."""
    return local(instant).toordinal()


def midnights(first: int, last: int) -> list[int]:
    """Each midnight in Sweden after `first` and not after `last`, in epoch seconds."""
    found = []
    midnight = local(first).replace(hour=0, minute=0, second=0, microsecond=0)
    for _ in range(day_of(first), day_of(last)):
        midnight = (midnight + timedelta(days=1)).replace(tzinfo=STOCKHOLM, fold=0)
        found.append(int(midnight.timestamp()))
    return found


def iso(instant: int) -> str:
    """The instant as a plan's file writes it: time in Sweden with offset."""
    return local(instant).isoformat()
