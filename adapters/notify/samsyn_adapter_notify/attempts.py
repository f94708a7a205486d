"""How often a notification may have been taken without our knowing: tries whose end nobody saw, also over a restart."""

from __future__ import annotations

import sqlite3

MOST_ATTEMPTS = 3  # so many mails a function gets at worst of one notification
_SCHEMA = "CREATE TABLE IF NOT EXISTS attempt (notification_id TEXT PRIMARY KEY, number INTEGER NOT NULL)"


class Attempts:
    """Counted before the server sees anything, taken back where it has certainly not taken it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._db.execute(_SCHEMA)

    def begin(self, notification_id: str) -> bool:
        """Count one more; False where there have been as many as there may be."""
        row = self._db.execute(
            "INSERT INTO attempt VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number",
            (notification_id,),
        ).fetchone()
        return bool(row[0] <= MOST_ATTEMPTS)

    def undo(self, notification_id: str) -> None:
        """The one that was begun last has certainly come to nothing; where it was the only one nothing is kept."""
        self._db.execute("UPDATE attempt SET number = number - 1 WHERE notification_id = ?", (notification_id,))
        self._db.execute("DELETE FROM attempt WHERE notification_id = ? AND number = 0", (notification_id,))

    def end(self, notification_id: str) -> None:
        """There will be no more."""
        self._db.execute("DELETE FROM attempt WHERE notification_id = ?", (notification_id,))
