"""Puts planning together: one subscription, the planner task, and the page of plan versions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.batches import dispatching
from samsyn_chassis.database import Database, Transaction
from samsyn_chassis.settings import Settings
from samsyn_contracts.bus import ADMITTED, INSPECTION

from samsyn_planning.alerts import shown, standing
from samsyn_planning.api import router
from samsyn_planning.domain.planner import solve
from samsyn_planning.handlers import HANDLERS
from samsyn_planning.replanning import Planner
from samsyn_planning.settings import policy_of
from samsyn_planning.store import Store
from samsyn_planning.worker import Engine


def build(settings: Settings, engine: Engine = solve) -> Service:
    """The planning service; its planner's processes start with it."""
    service = without_planner(settings)
    planner = Planner(service.database, settings, policy_of(settings), engine)
    return replace(service, background=[planner.run], is_idle=planner.is_idle)


def without_planner(settings: Settings) -> Service:
    """What planning hears and keeps: enough for whoever has a record processed again, and starts no process."""
    database = Database(settings.async_database)

    def make_store(transaction: Transaction) -> Store:
        return Store(transaction, settings.environment)

    return Service(
        name="planning",
        database=database,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=[Subscription([ADMITTED, INSPECTION], dispatching(HANDLERS, make_store, Store.load, "planning"))],
        routers=[router(database)],
        alerts=standing,
        shows=shown,
    )
