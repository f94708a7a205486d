"""What a restore from a backup leaves behind: versions and ids that nobody can have heard in the time that is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# More versions than an operation's account has by a backup, and has more of since than seconds have passed.
STEP = 1_000


@dataclass(frozen=True)
class Restored:
    """When the database was last restored; accounts and briefings go on from versions beyond `versions_from`."""

    at: datetime
    versions_from: int


def restored(before: Restored | None, cut_at: datetime, now: datetime) -> Restored:
    """A restore of the backup of `cut_at`; another one of the same backup goes on beyond what came of this one."""
    age = max(0.0, (now - cut_at).total_seconds())
    return Restored(now, (0 if before is None else before.versions_from) + STEP + int(2 * age))


def own_key(last: Restored | None, key: str) -> str:
    """The key of something said: after a restore none that may have been used in the lost time."""
    return key if last is None else f"{key}/restored-{last.at.isoformat()}"
