"""Puts the exchange together: two subscriptions, the clock, and what is asked over HTTP."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from samsyn_chassis.app import Service, Subscription
from samsyn_chassis.database import Database
from samsyn_contracts.bus import INSPECTION, PLANNING, REPORTING, from_topic
from samsyn_contracts.register import load_register

from samsyn_exchange.alerts import Watching
from samsyn_exchange.api.catalogue import Catalogue
from samsyn_exchange.api.clock import ClockDesk
from samsyn_exchange.api.contents import Contents
from samsyn_exchange.api.events import Events
from samsyn_exchange.api.inbox import InboxDesk
from samsyn_exchange.api.requests import Callers
from samsyn_exchange.api.routes import profile, routes
from samsyn_exchange.api.state import StateDesk
from samsyn_exchange.api.why import WhyDesk
from samsyn_exchange.border import Border, receive_from_services
from samsyn_exchange.domain.disclosure import load_rules
from samsyn_exchange.inbox import Inbox
from samsyn_exchange.settings import ExchangeSettings
from samsyn_exchange.timekeeping import Clock, Ticking


def build(settings: ExchangeSettings) -> Service:
    """The exchange as a service; nothing runs yet."""
    register = load_register()
    database, clock = Database(settings.async_database), Clock(settings)
    environment, sealed_to = settings.environment, settings.dead_letter_key
    border = Border(register, load_rules(), environment, clock.proposed, not clock.is_driven, sealed_to)
    every = timedelta(seconds=settings.clock_tick_seconds)
    ticking, watching = Ticking(database, border, clock, every), Watching(clock, every)
    secret = settings.token_secret
    inbox, callers = Inbox(settings.connection), Callers(register, secret)
    contents = Contents(database, border, callers, settings.contents_key)
    over_https = profile(
        Events(database, border, callers),
        InboxDesk(inbox, callers),
        StateDesk(database, border, inbox, callers),
        Catalogue(register),
    )
    return Service(
        name="exchange",
        database=database,
        migrations=Path(__file__).parent / "migrations",
        subscriptions=(
            Subscription([from_topic(party.code) for party in register.parties], border.receive),
            Subscription([PLANNING, INSPECTION, REPORTING], receive_from_services(border)),
        ),
        background=(inbox.run,) if clock.is_driven else (inbox.run, ticking.run),
        alerts=watching.standing,
        shows=watching.shown,
        routers=(routes(contents, ClockDesk(database, border, clock, secret), WhyDesk(database, secret)), over_https),
    )
