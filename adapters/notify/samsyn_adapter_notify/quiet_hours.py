"""When a function may be told: at once, or after its quiet hours, unless it would have come, or comes, within a day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from samsyn_adapter_notify.recipients import QuietHours

SWEDEN = ZoneInfo("Europe/Stockholm")
BREAKS_QUIET = timedelta(hours=24)
# So long after a start that was moved away somebody may still stand where it was to be: as long as a session lasts.
WAITED = timedelta(hours=4)


def soonest(start_at: datetime | None, before_at: datetime | None, now: datetime) -> datetime | None:
    """When somebody would come, or has come in vain, at the earliest; a former start long past makes nothing soon."""
    waited_at = before_at if before_at is not None and now < before_at + WAITED else None
    return min((at for at in (waited_at, start_at) if at is not None), default=None)


def tell_at(wanted_at: datetime, quiet: QuietHours | None, start_at: datetime | None) -> datetime:
    """The first instant from `wanted_at` on (UTC) at which the function is told."""
    ends_at = _quiet_until(wanted_at, quiet) if quiet is not None else None
    if ends_at is None:
        return wanted_at
    if start_at is None:
        return ends_at
    return min(ends_at, max(wanted_at, start_at - BREAKS_QUIET))


def _quiet_until(at: datetime, quiet: QuietHours) -> datetime | None:
    """When the quiet hours end in which an instant lies; None where it lies in none."""
    local = at.astimezone(SWEDEN)
    now = local.time().replace(tzinfo=None)
    if not _is_between(now, quiet.from_time, quiet.until_time):
        return None
    day = local.date() if now < quiet.until_time else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.until_time, SWEDEN).astimezone(UTC)


def _is_between(now: time, from_time: time, until_time: time) -> bool:
    if from_time <= until_time:
        return from_time <= now < until_time
    return now >= from_time or now < until_time
