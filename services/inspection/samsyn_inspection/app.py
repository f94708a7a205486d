"""Puts the service together: its name, its database, what it listens to, what it shows."""

from __future__ import annotations

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, PLANNING

from samsyn_inspection.api import router, shown
from samsyn_inspection.domain.counting import load_counting_rules
from samsyn_inspection.handlers import HANDLERS
from samsyn_inspection.store import Store
from samsyn_inspection.tables import MIGRATIONS


def build(settings: Settings) -> Service:
    """The inspection service, not started; nothing is opened before the chassis runs it."""
    database, rules = Database(settings.async_database), load_counting_rules()

    def make_store(transaction: Transaction) -> Store:
        return Store(transaction, settings.environment, rules)

    return Service(
        name="inspection",
        database=database,
        migrations=MIGRATIONS,
        subscriptions=[
            Subscription(topics=(PLANNING, ADMITTED), receive=dispatching(HANDLERS, make_store, service="inspection"))
        ],
        routers=[router(database, settings.environment, rules)],
        shows=shown,
    )
