"""Puts the service together: its name, its database, what it listens to."""

from __future__ import annotations

from pathlib import Path

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import dispatching
from samsyn_chassis.database import Database
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, PLANNING

from samsyn_inspection.handlers import HANDLERS
from samsyn_inspection.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service:
    """The inspection service, not started; nothing is opened before the chassis runs it."""
    heard = Subscription(topics=(PLANNING, ADMITTED), receive=dispatching(HANDLERS, Store))
    return Service("inspection", Database(settings.async_database), MIGRATIONS, [heard])
