"""Names of what can happen to an operation when something it needs is lost (events.md, "Ladder")."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from samsyn_planning.domain.said import Said

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SHIFT_TOLERANCE = timedelta(minutes=15)

# What coordinators call each step.
STEP_NAMES: dict[str, Said] = {
    "other_police_session": Said("annat polispass vid samma tid", "another police session at the same time"),
    "moved_session": Said("flyttad till ett annat pass", "moved to another session"),
    "smaller": Said("mindre, i annan ordning eller vid andra tider", "smaller, in another order or at other times"),
    "without_police": Said("utan polis", "without police"),
    "postponed": Said("uppskjuten", "postponed"),
    "cancelled": Said("inställd", "cancelled"),
    "unchanged": Said("oförändrad", "unchanged"),
    "grown": Said("med fler kontroller", "with more inspections"),
    "team_changed": Said("med andra deltagare", "with other participants"),
    "restored": Said("åter som före", "as before again"),
}


def called(step: str) -> Said:
    """The sentence that names a step."""
    name = STEP_NAMES[step]
    return Said(f"Åtgärd: {name.sv}.", f"Step: {name.en}.")


def ladder_step(kinds: Collection[str], from_at: datetime, to_at: datetime) -> str:
    """The step that a change is called by; `kinds` as in the plan's form.

    That the police will not be there is what people must know first, wherever the operation goes.
    """
    if "without_police" in kinds:
        return "without_police"
    if "postponed" in kinds or "moved_session" in kinds:
        return _moved(from_at, to_at)
    for kind, step in (
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
    """By day, as planning.md's kinds: only a later one postpones."""
    before, now = (moment.astimezone(STOCKHOLM).date() for moment in (from_at, to_at))
    if now > before:
        return "postponed"
    is_near = now == before and abs(to_at - from_at) <= SHIFT_TOLERANCE
    return "other_police_session" if is_near else "moved_session"
