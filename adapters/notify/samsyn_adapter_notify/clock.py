"""What time it is for a party: what messages tell, and what the exchange answers; never the machine's own clock."""

from __future__ import annotations

from datetime import datetime


class Clock:
    """Moves forward only; `now` is None until somebody has told."""

    def __init__(self, until: datetime | None = None) -> None:
        self.now = until

    def tell(self, at: datetime) -> None:
        """It is at least so late."""
        if self.now is None or at > self.now:
            self.now = at
