"""Days and clock times of Sweden: what day an instant falls on, and how it is written for people and files."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SV_DAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
_SV_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(instant: int) -> datetime:
    """The aware datetime in Sweden of an instant in epoch seconds."""
    return datetime.fromtimestamp(instant, STOCKHOLM)


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


def in_swedish(instant: int, week: bool = True) -> str:
    """The instant in a coordinator's words: "tis 6 maj 08.00 (v. 19)"."""
    when = local(instant)
    text = f"{_SV_DAYS[when.weekday()]} {when.day} {_SV_MONTHS[when.month - 1]} {when:%H.%M}"
    return f"{text} (v. {when.isocalendar().week})" if week else text


def in_english(instant: int) -> str:
    """The instant in English: "Tue 6 May 08:00"."""
    when = local(instant)
    return f"{_EN_DAYS[when.weekday()]} {when.day} {_EN_MONTHS[when.month - 1]} {when:%H:%M}"
