"""Puts the service together: its name, its database, what it listens to, its pages."""

from __future__ import annotations

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import dispatching
from samsyn_chassis.database import Database
from samsyn_chassis.settings import Settings

from samsyn_reporting.api.pages import pages_of
from samsyn_reporting.handlers import HANDLERS, TOPICS
from samsyn_reporting.store import making_stores
from samsyn_reporting.tables import MIGRATIONS


def build(settings: Settings) -> Service:
    """The reporting service, not started; nothing is opened before the chassis runs it."""
    database, make_store = Database(settings.async_database), making_stores(settings.environment)
    heard = Subscription(topics=TOPICS, receive=dispatching(HANDLERS, make_store))
    return Service("reporting", database, MIGRATIONS, [heard], routers=[pages_of(database, make_store)])
