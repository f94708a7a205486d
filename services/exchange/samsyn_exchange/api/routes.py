"""Every path of the exchange under /v1."""

from __future__ import annotations

from fastapi import APIRouter

from samsyn_exchange.api import described
from samsyn_exchange.api.catalogue import Catalogue
from samsyn_exchange.api.clock import ClockDesk
from samsyn_exchange.api.contents import Contents
from samsyn_exchange.api.events import Events
from samsyn_exchange.api.inbox import InboxDesk
from samsyn_exchange.api.state import StateDesk
from samsyn_exchange.api.why import WhyDesk


def routes(contents: Contents, desk: ClockDesk, why: WhyDesk) -> APIRouter:
    """Everything under /v1."""
    router = APIRouter(prefix="/v1")
    router.add_api_route("/contents/{ref}", contents.put, methods=["PUT"], response_model=None)
    router.add_api_route("/contents/{ref}", contents.get, methods=["GET"], response_model=None)
    router.add_api_route("/contents/{ref}/acknowledged", contents.acknowledge, methods=["POST"], response_model=None)
    router.add_api_route("/clock", desk.show, methods=["GET"], response_model=None)
    router.add_api_route("/clock", desk.set, methods=["POST"], response_model=None)
    router.add_api_route("/clock/confirm", desk.confirm, methods=["POST"], response_model=None)
    router.add_api_route("/why/{asked}", why.show, methods=["GET"], response_model=None)
    return router


def profile(events: Events, inbox: InboxDesk, state: StateDesk, catalogue: Catalogue) -> APIRouter:
    """The HTTPS profile under /v1: what parties without Kafka say and hear, and what everybody may look up."""
    router = APIRouter(prefix="/v1")
    router.add_api_route("/events", events.say, methods=["POST"], **described.events())
    router.add_api_route("/events:validate", events.validate, methods=["POST"], **described.events())
    router.add_api_route("/inbox", inbox.read, methods=["GET"], **described.inbox())
    router.add_api_route("/state", state.read, methods=["GET"], **described.state())
    router.add_api_route("/codes", catalogue.codes, methods=["GET"], tags=["reference data"])
    router.add_api_route("/contracts", catalogue.contracts, methods=["GET"], tags=["reference data"])
    router.add_api_route("/contracts/asyncapi", catalogue.asyncapi, methods=["GET"], **described.contract())
    router.add_api_route("/contracts/{name}", catalogue.schema, methods=["GET"], **described.contract())
    return router
