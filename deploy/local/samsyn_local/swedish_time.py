"""Instants as people in Sweden read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def local(instant: str) -> datetime:
    """An instant of the wire in Swedish time."""
    return datetime.fromisoformat(instant).astimezone(STOCKHOLM)


def day_and_time(instant: str) -> str:
    """Day, month, year and time, "Fri 9 May 2025 06:12"."""
    at = local(instant)
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M}"


def short(instant: str) -> str:
    """The same without the year, "Fri 9 May 06:12"."""
    at = local(instant)
    return f"{DAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]} {at:%H:%M}"


def span(start: str, end: str) -> str:
    """From when to when, "Fri 9 May 09:00–13:00"; with both days where they differ."""
    first, last = local(start), local(end)
    return f"{short(start)}–{last:%H:%M}" if first.date() == last.date() else f"{short(start)} – {short(end)}"
