"""Things said to people in Swedish and English: instants in a coordinator's words, and lists."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_SV_DAYS = ("mån", "tis", "ons", "tors", "fre", "lör", "sön")
_SV_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
_EN_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Said(NamedTuple):
    """One thing said in Swedish and in English."""

    sv: str
    en: str


def local(instant: int) -> datetime:
    """The aware datetime in Sweden of an instant in epoch seconds."""
    return datetime.fromtimestamp(instant, STOCKHOLM)


def in_swedish(instant: int, week: bool = True) -> str:
    """The instant in a coordinator's words: "tis 6 maj 08.00 (v. 19)"."""
    when = local(instant)
    text = f"{_SV_DAYS[when.weekday()]} {when.day} {_SV_MONTHS[when.month - 1]} {when:%H.%M}"
    return f"{text} (v. {when.isocalendar().week})" if week else text


def in_english(instant: int) -> str:
    """The instant in English: "Tue 6 May 08:00"."""
    when = local(instant)
    return f"{_EN_DAYS[when.weekday()]} {when.day} {_EN_MONTHS[when.month - 1]} {when:%H:%M}"


def when(instant: int) -> Said:
    """An instant as coordinators write it."""
    return Said(in_swedish(instant), in_english(instant))


def listed(things: Iterable[Said], most: int = 6) -> Said:
    """Things one after another: "a, b och c"; a long list ends with how many more."""
    all_things = list(things)
    shown, more = all_things[:most], len(all_things) - most
    sv, en = [thing.sv for thing in shown], [thing.en for thing in shown]
    if more > 0:
        sv, en = [*sv, f"{more} till"], [*en, f"{more} more"]
    return Said(_joined(sv, "och"), _joined(en, "and"))


def _joined(things: Sequence[str], word: str) -> str:
    if len(things) < 2:
        return "".join(things)
    return f"{', '.join(things[:-1])} {word} {things[-1]}"
