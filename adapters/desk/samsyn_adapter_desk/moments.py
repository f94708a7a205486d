"""Days, times and weeks as people in Sweden read them, in Swedish and in English, and the order of å, ä and ö."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["sv", "en"]

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS: Mapping[Language, tuple[str, ...]] = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS: Mapping[Language, tuple[str, ...]] = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
MINUTES_BELOW = timedelta(minutes=90)
DAYS_FROM = timedelta(hours=48)
# After z, in this order; é and ü stand with e and u.
_LAST_LETTERS = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})


def local(at: datetime) -> datetime:
    """An aware instant in Swedish time."""
    if at.tzinfo is None:
        raise ValueError("An instant without a time zone is no instant: give an aware datetime.")
    return at.astimezone(STOCKHOLM)


def week(day: date | datetime, language: Language) -> str:
    """The ISO week, "v. 19" or "w. 19"."""
    number = _day_of(day).isocalendar().week
    return f"v. {number}" if language == "sv" else f"w. {number}"


def clock(at: datetime, language: Language) -> str:
    """The time of day, "13.30" or "13:30"."""
    return f"{local(at):%H.%M}" if language == "sv" else f"{local(at):%H:%M}"


def day(of: date | datetime, language: Language) -> str:
    """Weekday, day and month, "fre 9 maj" or "Fri 9 May"."""
    that = _day_of(of)
    return f"{DAYS[language][that.weekday()]} {that.day} {MONTHS[language][that.month - 1]}"


def day_and_year(of: date | datetime, language: Language) -> str:
    """The same with the year, "fre 9 maj 2025"."""
    return f"{day(of, language)} {_day_of(of).year}"


def moment(at: datetime, language: Language) -> str:
    """Day, time and week, "fre 9 maj 13.30 (v. 19)" or "Fri 9 May 13:30 (w. 19)"."""
    return f"{day(at, language)} {clock(at, language)} ({week(at, language)})"


def span(start: datetime, end: datetime, language: Language) -> str:
    """From when to when, "fre 9 maj 09.00–13.00 (v. 19)"; with both days where they differ."""
    if local(start).date() == local(end).date():
        return f"{day(start, language)} {clock(start, language)}–{clock(end, language)} ({week(start, language)})"
    return f"{moment(start, language)} – {moment(end, language)}"


def length(of: timedelta, language: Language) -> str:
    """How long, rounded down: "45 min", "26 tim" or "26 h", and from two days on "3 dygn" or "3 days"."""
    if of < MINUTES_BELOW:
        return f"{of // timedelta(minutes=1)} min"
    if of < DAYS_FROM:
        return f"{of // timedelta(hours=1)} {'tim' if language == 'sv' else 'h'}"
    return f"{of // timedelta(days=1)} {'dygn' if language == 'sv' else 'days'}"


def machine(at: datetime) -> str:
    """As `<time datetime="…">` wants it, in Swedish time with its offset, to the second."""
    return local(at).isoformat(timespec="seconds")


def in_order(text: str) -> tuple[str, str]:
    """A key that sorts as Swedish does: å, ä, ö after z, other accents as their letter, large as small."""
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LAST_LETTERS)
    plain = "".join(letter for letter in unicodedata.normalize("NFD", letters) if not unicodedata.combining(letter))
    return plain, text


def _day_of(of: date | datetime) -> date:
    return local(of).date() if isinstance(of, datetime) else of
