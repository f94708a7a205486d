"""Whether an adapter reaches the exchange: told in the log when it does not, once a minute then, and when it does."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from time import monotonic

from samsyn_adapter_sdk.settings import Settings

_LOG = logging.getLogger("samsyn.adapter")
_TOLD_AGAIN_SECONDS = 60.0


class Reach:
    """The other end of one party's line: Kafka, or the exchange over HTTPS."""

    def __init__(self, party: str, settings: Settings) -> None:
        is_kafka = settings.kafka is not None
        self._party = party
        self._name = "Kafka" if is_kafka else "the exchange"
        self._place = settings.kafka or settings.exchange_url
        self._setting = "SAMSYN_KAFKA" if is_kafka else "SAMSYN_EXCHANGE_URL"
        self._since: datetime | None = None
        self._told_at = 0.0
        self.is_there = False
        self.was_there = False

    @property
    def awaited(self) -> str | None:
        """What is waited for, by name; None while it answers."""
        return None if self.is_there else self._name

    def lost(self, why: str) -> None:
        """It does not answer, or no more."""
        self.is_there = False
        if self._since is not None and monotonic() - self._told_at < _TOLD_AGAIN_SECONDS:
            return
        self._since, self._told_at = self._since or datetime.now(UTC), monotonic()
        since = self._since.isoformat(timespec="seconds")
        told = (self._party, self._name, self._place, since, why, self._setting)
        _LOG.warning(
            "%s is not connected: %s (%s) is away since %s (%s). What is said waits in the journal, and it connects by "
            "itself then: start it, or correct %s.",
            *told,
        )

    def found(self) -> None:
        """It answers."""
        if self._since is not None:
            away = (datetime.now(UTC) - self._since).total_seconds()
            _LOG.info("%s is connected: %s answers, after %.0f s", self._party, self._name, away)
        self._since, self.is_there, self.was_there = None, True, True
