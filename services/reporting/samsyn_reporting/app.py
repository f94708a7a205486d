"""Puts the service together: its name, its database, what it listens to, its pages."""

from __future__ import annotations

from pathlib import Path

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import dispatching
from samsyn_chassis.database import Database
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, PLANNING

from samsyn_reporting.api import ledger_pages
from samsyn_reporting.handlers import HANDLERS
from samsyn_reporting.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service:
    """The reporting service, not started; nothing is opened before the chassis runs it."""
    database = Database(settings.async_database)
    heard = Subscription(topics=(PLANNING, ADMITTED), receive=dispatching(HANDLERS, Store))
    return Service("reporting", database, MIGRATIONS, [heard], routers=[ledger_pages(database)])
