"""Names of what can happen to an operation when something it needs is lost (events.md, "Ladder")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SHIFT_TOLERANCE = timedelta(minutes=15)


def ladder_step(kinds: Collection[str], from_at: datetime, to_at: datetime) -> str:
    """The step that a change is called by; `kinds` as in the plan's form."""
    if "postponed" in kinds or "moved_session" in kinds:
        return _moved(from_at, to_at)
    for kind, step in (
        ("without_police", "without_police"),
        ("dropped", "postponed"),
        ("shrunk", "smaller"),
        ("reordered", "smaller"),
        ("moved", "smaller"),
        ("grown", "grown"),
        ("team_changed", "team_changed"),
    ):
        if kind in kinds:
            return step
    return "unchanged"


def _moved(from_at: datetime, to_at: datetime) -> str:
    if from_at.astimezone(STOCKHOLM).date() != to_at.astimezone(STOCKHOLM).date():
        return "postponed"
    return "other_police_session" if abs(to_at - from_at) <= SHIFT_TOLERANCE else "moved_session"
